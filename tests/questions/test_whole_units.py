"""The apportionment in whole units: by hand, against enumeration, and every policy kept."""

import time
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from model.language.faults import SolverError, UsageError
from model.questions.whole_units.result import targets, whole_units
from model.solve.problem import Problem
from model.solve.whole import blend_of
from tests.scenarios import random_scenario, scenario, tiny_scenario

pytestmark = pytest.mark.slow


def _solved(one):
    problem = Problem(one)
    return problem, problem.solve()


def _odd(north=90.0, south=75.0):
    """The tiny problem with 9 for Northland, which could hold 6½ tanks, and 6 for Southland, which could hold 1½."""
    return tiny_scenario().with_values("gdp", {"Northland": north, "Southland": south})


@pytest.mark.parametrize("method", ["branch and bound", "rounding"])
def test_the_odd_problem_by_hand(method):
    """Six and one are all whole tanks there is money for: 7 of 10, for 8 + 4."""
    found = whole_units(*_solved(_odd()), method=method)
    assert found.table["linear"].tolist() == pytest.approx([6.5, 1.5])
    assert found.table["whole"].tolist() == [6, 1]
    assert found.found.measures["risk"] == pytest.approx(0.3)
    assert found.found.measures["cost"] == pytest.approx(12.0)
    loss = dict(zip(found.losses["measure"], found.losses["loss"], strict=True))
    assert loss["risk"] == pytest.approx(0.1)
    assert loss["cost"] == pytest.approx(-3.0)
    assert not found.close_calls["close_call"].any()


def test_a_pledge_in_fractions_is_kept_by_the_whole_number_above():
    one = scenario(
        {"Northland": {}},
        {"tank": {"unit": "tank"}},
        {"attack": (1.0, "Northland")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 5.0},
        holding={("Northland", "tank"): 4.0},
        pledges={("Northland", "tank", None): (6.2, None)},
    )
    for method in ("branch and bound", "rounding"):
        assert whole_units(*_solved(one), method=method).table["whole"].tolist() == [7]


def test_a_pledge_that_only_fractions_can_keep_has_no_whole_plan():
    """Money for seven tanks; six and a half pledged at least and at most 6.8."""
    one = _odd(100.0).with_values("min_stock", {("Northland", "tank", None): 6.5})
    one = one.with_values("max_stock", {("Northland", "tank", None): 6.8})
    for method in ("branch and bound", "rounding"):
        with pytest.raises(SolverError, match="whole units"):
            whole_units(*_solved(one), method=method)


@pytest.mark.parametrize("seed", range(4))
def test_branch_and_bound_is_the_best_of_all_whole_plans(seed):
    problem, plan = _solved(random_scenario(seed, members=2, capabilities=2, tasks=2, periods=2))
    keys = targets(plan)[:3]
    found = whole_units(problem, plan, method="branch and bound")
    weights = blend_of(plan.stages, plan.lp)
    at = plan.lp.columns["held"].at
    columns = np.array([at[m, c, 0, t] for m, c, t in targets(plan)])
    assert found.found.gap <= 1e-6
    cost = plan.lp.K.T @ (np.array([weights.get(name, 0.0) for name in plan.lp.measures]) * plan.lp.scale)
    chosen = np.round(found.found.plan.x[columns])
    best = np.inf
    around = [range(max(0, int(v) - 2), int(v) + 3) for v in chosen[: len(keys)]]
    for values in product(*around):
        lower, upper = plan.lp.lower.copy(), plan.lp.upper.copy()
        lower[columns] = upper[columns] = np.r_[values, chosen[len(keys) :]]
        answer = problem.engine.solve(replace(plan.lp, lower=lower, upper=upper), weights)
        if answer.status == "optimal":
            best = min(best, float(cost @ answer.x))
    assert found.found.objective == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("changed", [{}, {"challenge": 2.0}, {"equipment_floor": 0.05, "fairness_band": 0.9}])
@pytest.mark.parametrize("seed", range(4))
def test_every_policy_is_kept_and_every_target_whole(seed, changed):
    problem, plan = _solved(random_scenario(seed, **changed))
    found = whole_units(problem, plan, method="rounding")
    held = found.found.plan.values["held"]
    for m, c, t in targets(plan):
        assert held[m, c, 0, t] == pytest.approx(round(held[m, c, 0, t]), abs=1e-6)
    assert found.found.broken <= 1e-6
    x, lp = found.found.plan.x, problem.lp
    live = lp.live_rows({"risk": 1.0, "cost": 1.0})
    done, size = lp.A @ x, 1e-6 * (1 + abs(lp.A) @ np.abs(x))
    assert (done[live] <= (lp.row_upper + size)[live]).all()
    assert (done[live] >= (lp.row_lower - size)[live]).all()
    assert (x <= lp.upper_bounds() + 1e-6).all()
    assert found.found.measures["risk"] >= plan.measures["risk"] - 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_rounding_is_never_better_than_branch_and_bound(seed):
    problem, plan = _solved(random_scenario(seed))
    rounded, best = (whole_units(problem, plan, method=how).found for how in ("rounding", "branch and bound"))
    assert best.objective <= rounded.objective * (1 + 1e-6)


def test_without_time_a_whole_plan_is_still_found():
    found = whole_units(*_solved(random_scenario(0)), time_limit=0.0)
    assert found.found.broken <= 1e-6
    assert len(found.close_calls) == 0
    assert any("time was out" in line for line in found.says)


def test_the_time_limit_holds_for_search_proof_and_close_calls():
    problem, plan = _solved(random_scenario(1, members=8, capabilities=4, tasks=4, periods=3))
    begun = time.perf_counter()
    whole_units(problem, plan, method="rounding", time_limit=3.0)
    assert time.perf_counter() - begun < 6.0


def test_members_in_turn_lose_less_than_rounding_down():
    problem, plan = _solved(random_scenario(1))
    down, better = (whole_units(problem, plan, method="rounding", time_limit=limit).found for limit in (0.0, 60.0))
    assert better.objective < down.objective * (1 - 1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_lies_below_the_best_whole_plan_and_above_the_linear_plan(seed):
    problem, plan = _solved(random_scenario(seed, members=2, capabilities=2, tasks=2, periods=2))
    best = whole_units(problem, plan, method="branch and bound").found
    found = whole_units(problem, plan, method="rounding").found
    assert found.objective * (1 - found.gap) <= best.objective * (1 + 1e-6)
    assert plan.measures["risk"] - 1e-9 <= found.least <= best.measures["risk"] * (1 + 1e-6)


def test_the_bound_says_more_than_the_linear_plan():
    """Money for 6.5 and 1.5 tanks is money for seven whole ones, at a tenth of risk each: less than 0.3 cannot be, for all that
    fractions reach 0.2."""
    problem, plan = _solved(_odd())
    found = whole_units(problem, plan, method="rounding").found
    assert found.least == pytest.approx(0.3, abs=1e-3)
    assert found.least <= 0.3


def test_close_calls_are_those_of_a_re_solve():
    """A random problem; the other whole number, all others as they are."""
    problem, plan = _solved(random_scenario(1))
    found = whole_units(problem, plan)
    at, weights = plan.lp.columns["held"].at, blend_of(plan.stages, plan.lp)
    columns = np.array([at[m, c, 0, t] for m, c, t in targets(plan)])
    chosen = np.round(found.found.plan.x[columns])
    assert len(found.close_calls) > 0
    for row in found.close_calls.itertuples():
        place = at[row.member, row.capability, 0, row.year]
        lower, upper = plan.lp.lower.copy(), plan.lp.upper.copy()
        lower[columns] = upper[columns] = chosen
        lower[place] = upper[place] = row.other
        answer = problem.engine.solve(replace(plan.lp, lower=lower, upper=upper), weights)
        if answer.status == "optimal":
            risk = (plan.lp.K @ answer.x)[plan.lp.measure("risk")]
            assert row.risk_change == pytest.approx(risk - found.found.measures["risk"], abs=1e-6)
        else:
            assert np.isnan(row.risk_change)


def test_a_close_call_by_hand():
    """Money for 8.5 tanks where six and a half are required and seven are proposed at the second weight: the eighth adds nothing."""
    one = _odd(130.0, 0.5).with_values("quantity", {("defend", "tank", None): 6.5})
    found = whole_units(*_solved(one))
    assert found.table["whole"].tolist() == [7, 0]
    row = found.close_calls.iloc[0]
    assert (row["other"], row["close_call"]) == (6, False)
    assert row["risk_change"] == pytest.approx(0.5 / 6.5)


def test_some_capabilities_only():
    problem, plan = _solved(random_scenario(1))
    found = whole_units(problem, plan, ["capability 1"])
    assert set(found.table["capability"]) == {"capability 1"}
    with pytest.raises(UsageError, match="no capability"):
        whole_units(problem, plan, ["dragons"])


def test_a_plan_already_whole_stays():
    found = whole_units(*_solved(tiny_scenario()))
    assert found.table["whole"].tolist() == [7, 1]
    assert found.losses["loss"].abs().max() == pytest.approx(0.0, abs=1e-9)
    assert len(found.close_calls) == 0
