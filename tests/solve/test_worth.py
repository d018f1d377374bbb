"""The worth of columns: what they take up and earn adds up to their reduced costs, and the two that walk by it agree."""

import math

import numpy as np
import pytest

from model.questions.explain.accounts import Accounts
from model.report.causes import Causes, pricing_stage
from model.solve.problem import Problem
from model.solve.worth import Worth
from tests.scenarios import random_scenario, tiny_scenario


@pytest.fixture(scope="module", params=["random", "ceiling", "tiny"])
def plan(request):
    if request.param == "tiny":
        return Problem(tiny_scenario()).solve()
    scenario = random_scenario(6)
    if request.param == "random":
        return Problem(scenario).solve()
    cost = Problem(scenario).solve().measures["cost"]
    return Problem(scenario, {"cost": 0.5 * cost}).solve()


def test_every_reduced_cost_is_what_rows_take_and_measures_add(plan):
    for stage in plan.stages:
        worth = Worth(plan.lp, stage)
        weights = np.array([stage.weights.get(name, 0.0) for name in plan.lp.measures])
        direct = weights @ worth.measures - worth.ceilings
        size = float(np.abs(stage.reduced).max() + np.abs(direct).max())
        for variable, block in plan.lp.columns.items():
            for key in block.keys:
                place = worth.place(variable, key)
                taken = math.fsum(entry.takes for entry in worth.entries(place))
                assert taken + direct[place] == pytest.approx(worth.reduced(variable, key), abs=1e-7 * size)


def test_a_price_is_the_gain_of_the_same_rule(plan):
    """The one sign convention of all prices, in both places that state it."""
    stage = plan.stages[0]
    worth = Worth(plan.lp, stage)
    for rule, block in plan.lp.rows.items():
        assert list(plan.gains(rule, stage.measure).values()) == (worth.prices[block.places] + 0.0).tolist()


def test_causes_and_accounts_tell_the_same_of_a_contribution(plan):
    """The parts of what an effective unit takes up are the costs of its account, over their sum."""
    causes, accounts = Causes(plan), Accounts(plan, pricing_stage(plan))
    compared = 0
    for key in plan.lp.columns["contributed"].keys:
        costs = {}
        for term in accounts.account({("contributed", key): 1.0}).terms:
            costs[term.rule] = costs.get(term.rule, 0.0) - term.value
        costs = {rule: cost for rule, cost in costs.items() if cost > 1e-12 and rule != "objective"}
        found = causes._spent("contributed", key)
        for rule, cost in costs.items():
            assert found[rule] == pytest.approx(cost, rel=1e-9)
            compared += 1
    assert compared


def test_a_stranger_has_no_place(plan):
    with pytest.raises(KeyError):
        Worth(plan.lp, plan.stages[0]).place("ordered", ("Atlantis", "tank", 1900))
