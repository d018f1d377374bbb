"""Linear production games: the alliance small enough for paper, and Owen's theorem on random programmes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.solutions import LinearGame, core_excess
from tests.questions.published_games import ALLIANCE


def paper():
    """Three members, ground and transport: a column a member and capability, owned by the member; requirements pooled.

    Requirements A (10, 4), B (6, 2), C (4, 6); unit costs A (5, 8), B (7, 6), C (9, 10); capacities A (12, 5), B (10, 10), C (8, 8).
    Everybody: 12 ground of A at 5 and 8 of B at 7, 10 transport of B at 6 and 2 of A at 8: 60 + 56 + 60 + 16 = 192. Prices 7 and 8.
    """
    own = np.repeat(np.eye(3), 2, axis=0)
    return LinearGame(
        ("A", "B", "C"),
        np.array([5.0, 8, 7, 6, 9, 10]),
        np.tile(np.eye(2), 3),
        np.array([[10.0, 6, 4], [4, 2, 6]]),
        own * np.array([12.0, 5, 10, 10, 8, 8])[:, None],
    )


def test_costs_on_paper():
    assert paper().costs() == pytest.approx(ALLIANCE)


def test_owen_on_paper():
    """Prices 7 and 8 on needs, less rents of 2 on A's 12 ground and B's 10 transport."""
    charges = paper().owen()
    assert charges == pytest.approx({"A": 78.0, "B": 38.0, "C": 76.0})
    assert core_excess(ALLIANCE, charges)[1] <= 1e-9


def random_linear_game(seed, members, rows, columns):
    """Pooled needs and limits; a dear column for each row makes every group able to pay."""
    rng = np.random.default_rng(seed)
    cost = np.r_[rng.uniform(1, 5, columns), np.full(rows, 50.0)]
    A = np.hstack([rng.uniform(0, 2, (rows, columns)) * (rng.random((rows, columns)) < 0.6), np.eye(rows)])
    limits = rng.uniform(0, 3, (columns, members)) * (rng.random((columns, members)) < 0.6)
    needs = rng.uniform(-0.5, 3, (rows, members))
    return LinearGame(
        tuple(f"m{i}" for i in range(members)), cost, A, needs, np.vstack([limits, np.full((rows, members), np.inf)])
    )


@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(1, 4), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_owen_pays_the_cost_and_is_in_the_core(seed, members, rows, columns):
    made = random_linear_game(seed, members, rows, columns)
    costs, charges = made.costs(), made.owen()
    size = max(map(abs, costs.values()))
    assert sum(charges.values()) == pytest.approx(costs[frozenset(made.members)], abs=1e-7 * size)
    assert core_excess(costs, charges)[1] <= 1e-7 * size


def test_shapes_that_do_not_fit_and_needs_that_cannot_be_met_are_refused():
    with pytest.raises(UsageError, match="shapes"):
        LinearGame(("A",), np.ones(2), np.ones((1, 2)), np.ones((2, 1)), np.ones((2, 1)))
    poor = LinearGame(("A",), np.ones(1), np.ones((1, 1)), np.array([[5.0]]), np.array([[1.0]]))
    with pytest.raises(SolverError, match="cannot meet their needs"):
        poor.of({"A"})
