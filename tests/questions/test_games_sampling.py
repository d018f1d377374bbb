"""The sampled Shapley value: its interval covers the exact value at the rate it states, and it is the same for the same seed."""

import numpy as np
import pytest

from model.language.faults import UsageError
from model.questions.cost_sharing.solutions import ShapleySample, sampled_shapley, shapley
from tests.questions.published_games import concave_game, random_game


@pytest.mark.slow
@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_covers_the_exact_value_at_its_stated_rate(stratified, confidence):
    """250 samples of a skewed game; each member's rate has to lie within what chance allows (four deviations)."""
    costs, times = random_game(5, 5), 250
    exact = shapley(costs)
    hits = np.zeros(len(exact))
    for seed in range(times):
        found = sampled_shapley(tuple(exact), costs.__getitem__, 32, confidence, seed, stratified)
        hits += [abs(found.charges[m] - exact[m]) <= found.margin[m] for m in exact]
    allowed = 4 * np.sqrt(confidence * (1 - confidence) / times)
    assert (np.abs(hits / times - confidence) <= allowed).all(), hits / times


def test_charges_pay_the_cost_whatever_was_drawn():
    costs = concave_game(1, 8)
    everybody = max(costs, key=len)
    found = sampled_shapley(tuple(everybody), costs.__getitem__, 4, seed=3)
    assert sum(found.charges.values()) == pytest.approx(costs[everybody])


def test_more_rounds_narrow_the_interval():
    costs = random_game(2, 7)
    members = tuple(max(costs, key=len))
    few, many = (sampled_shapley(members, costs.__getitem__, rounds, seed=1) for rounds in (10, 400))
    assert max(many.margin.values()) < 0.35 * max(few.margin.values())


def test_reversed_orders_pull_errors_apart():
    """On a game with falling marginal costs, pairs of an order and its reverse vary less than as many single orders."""
    costs = concave_game(4, 7)
    members = sorted(max(costs, key=len))
    rng, single = np.random.default_rng(0), []
    for _ in range(400):
        order, before, added = rng.permutation(members).tolist(), 0.0, {}
        for i, m in enumerate(order):
            cost = costs[frozenset(order[: i + 1])]
            added[m], before = cost - before, cost
        single.append([added[m] for m in members])
    found = sampled_shapley(members, costs.__getitem__, 200, seed=0)
    plain = 1.972 * np.std(single, axis=0, ddof=1) / np.sqrt(400)
    assert np.mean([found.margin[m] for m in members]) < 0.8 * plain.mean()


def test_the_same_seed_gives_the_same_and_another_does_not():
    costs = random_game(2, 6)
    members = tuple(max(costs, key=len))
    one, two, other = (sampled_shapley(members, costs.__getitem__, 5, seed=seed) for seed in (7, 7, 8))
    assert one == two
    assert one.charges != other.charges


def test_too_little_is_refused():
    with pytest.raises(UsageError, match="two rounds"):
        sampled_shapley(("a", "b"), lambda g: 1.0, 1)
    with pytest.raises(UsageError, match="two members"):
        ShapleySample(("a",), lambda g: 1.0)
    with pytest.raises(UsageError, match="confidence"):
        sampled_shapley(("a", "b"), lambda g: 1.0, 3, confidence=1.0)
