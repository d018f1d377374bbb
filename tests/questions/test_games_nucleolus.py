"""The nucleolus against what defines it: Kohlberg's criterion, checked by programmes that share no code with the rounds."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from model.questions.cost_sharing.solutions import core_excess, nucleolus, per_capita_nucleolus, shapley
from tests.questions.published_games import AIRPORT, ALLIANCE, TENNESSEE, concave_game, game, random_game


def is_nucleolus(costs, charges, per_capita=False):
    """Kohlberg 1971: no payments among members help the groups with the largest complaints, at any level, without hurting one.

    For charges below what each would pay alone (no bound binds). For every level, payments z with z(N) = 0 and z(S) <= 0 for
    the groups whose complaint is at least the level must have z(S) = 0 for all of them.
    """
    members = sorted(charges)
    inner = [g for g in costs if len(g) < len(members)]
    rows = np.array([[m in g for m in members] for g in inner], dtype=float)
    sizes = rows.sum(axis=1) if per_capita else np.ones(len(inner))
    excess = (rows @ [charges[m] for m in members] - [costs[g] for g in inner]) / sizes
    size = max(map(abs, costs.values()))
    for level in sorted(set(np.round(excess / size, 7)), reverse=True):
        chosen = rows[excess / size >= level - 2e-7]
        done = linprog(
            chosen.sum(axis=0), A_ub=chosen, b_ub=np.zeros(len(chosen)), A_eq=np.ones((1, len(members))), b_eq=[0.0],
            bounds=[(-1, 1)] * len(members),
        )  # fmt: skip
        if done.fun < -1e-6:
            return False
    return True


@pytest.mark.slow
@given(st.integers(0, 10**6), st.integers(2, 6))
@settings(max_examples=12, deadline=None)
def test_random_games_with_a_core(seed, members):
    costs = concave_game(seed, members)
    assert is_nucleolus(costs, nucleolus(costs))
    assert is_nucleolus(costs, per_capita_nucleolus(costs), per_capita=True)


@given(st.integers(0, 10**6), st.integers(3, 5), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_games_of_small_whole_numbers_which_are_full_of_ties(seed, members, largest):
    """Whole numbers make many groups tight at once, and most rounds have many optima: the case programmes get wrong."""
    rng = np.random.default_rng(seed)
    weight = {f"m{i}": int(w) for i, w in enumerate(rng.integers(1, largest + 1, members))}
    costs = game(weight, lambda g: 4 + max(weight[m] for m in g) + len(g) // 2)
    charges = nucleolus(costs)
    if all(charges[m] < costs[frozenset({m})] - 1e-6 for m in charges):
        assert is_nucleolus(costs, charges)


@pytest.mark.parametrize("costs", [TENNESSEE, AIRPORT, ALLIANCE])
def test_published_games_pass_and_other_charges_fail(costs):
    charges = nucleolus(costs)
    assert is_nucleolus(costs, charges)
    moved = shapley(costs)
    assert not is_nucleolus(costs, moved)


def test_a_round_with_many_optima_settles_only_what_every_optimum_has():
    """Two pairs, each with a cheap group of its own: in the first round only the pairs' total is settled, not who pays in a pair.

    Costs: a pair {a, b} or {c, d} 2, any single 3, any other pair 6, any three 8, everybody 4. The pairs together pay 4 = all,
    so that their complaint is 0 in every optimum. Any split within a pair is an optimum of the first round; the later rounds
    split equally. Settling whatever is tight in one vertex could leave 3 and -1.
    """
    pairs = (frozenset("ab"), frozenset("cd"))
    costs = game("abcd", lambda g: 2.0 if g in pairs else {1: 3.0, 2: 6.0, 3: 8.0, 4: 4.0}[len(g)])
    assert nucleolus(costs) == pytest.approx(dict.fromkeys("abcd", 1.0))


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=30, deadline=None)
def test_where_nobody_has_to_pay_more_than_alone_nobody_does(seed, members):
    costs = random_game(seed, members, 0.9)
    alone = {m: costs[frozenset({m})] for m in max(costs, key=len)}
    if sum(alone.values()) >= costs[frozenset(alone)]:
        charges = nucleolus(costs)
        assert all(charges[m] <= alone[m] + 1e-7 for m in alone)


@given(st.integers(0, 10**6), st.integers(2, 6))
@settings(max_examples=20, deadline=None)
def test_it_is_in_the_core_where_there_is_one(seed, members):
    costs = concave_game(seed, members)
    assert core_excess(costs, nucleolus(costs))[1] <= 1e-7


def test_twelve_members_take_seconds():
    costs = random_game(3, 12)
    begun = time.process_time()
    nucleolus(costs)
    assert time.process_time() - begun < 20
