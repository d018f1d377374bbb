"""A price says what a little more room is worth: it lies between the slopes to the left and to the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model.language.registry import PARTS
from model.scenario.scenario import Scenario
from model.solve.lp import LP, Key
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import random_scenario

POLICIES = [name for name, part in PARTS.items() if part.may_bend]
SEEDS = (1, 5, 6)


@cache
def solved(seed: int) -> tuple[Problem, Plan]:
    options = {"challenge": 1.5, "fairness_band": 0.8, "equipment_floor": 0.08, "max_share": 0.5}
    problem = Problem(random_scenario(seed, consensus=seed == 1, **({} if seed == 5 else options)))
    plan = problem.solve(("risk", "cost"))
    assert plan.found, plan.message
    return problem, plan


def with_room(lp: LP, rule: str, key: Key, room: float) -> LP:
    """The same problem with more room in one row or bound of a policy."""
    if rule in lp.bounds:
        limit = lp.bounds[rule].copy()
        limit[lp.columns[lp.bound_blocks[rule].name].at[key]] += room
        return replace(lp, bounds={**lp.bounds, rule: limit})
    place, lower, upper = lp.rows[rule].at[key], lp.row_lower.copy(), lp.row_upper.copy()
    if np.isfinite(upper[place]):
        upper[place] += room
    else:
        lower[place] -= room
    return replace(lp, row_lower=lower, row_upper=upper)


def optimum(problem: Problem, lp: LP, measure: str) -> float:
    answer = problem.engine.solve(lp, {measure: 1.0}, settings="tight tolerances")
    if answer.status == "infeasible":
        return np.inf
    assert answer.status == "optimal"
    return float((lp.K @ answer.x)[lp.measure(measure)])


def slopes(problem: Problem, lp: LP, measure: str, rule: str, key: Key, step: float) -> tuple[float, float]:
    """The gain by unit of room, to the right and to the left: an optimum is convex in its limits."""
    less, here, more = (optimum(problem, with_room(lp, rule, key, room), measure) for room in (-step, 0.0, step))
    return (here - more) / step, (less - here) / step


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["risk", "cost"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_price_lies_between_the_slopes(seed: int, measure: str) -> None:
    """Of every policy with a price, its dearest row."""
    problem, plan = solved(seed)
    lp = problem.lp
    for name, limit in plan.stage(measure).ceilings.items():
        lp = lp.keep(name, limit)
    priced = set()
    for rule in POLICIES:
        gains = plan.gains(rule, measure)
        assert all(gain >= -1e-9 for gain in gains.values())
        key = max(gains, key=gains.__getitem__, default=None)
        if key is None or gains[key] <= 1e-6:
            continue
        step = 1e-4
        right, left = slopes(problem, lp, measure, rule, key, step)
        close = 1e-5 * gains[key] + 1e-9 / step
        assert right - close <= gains[key] <= left + close, (rule, key)
        priced.add(rule)
    assert len(priced) >= 5, priced


def risk(s: Scenario) -> float:
    plan = Problem(s).solve(("risk",))
    assert plan.found
    return plan.measures["risk"]


CHANGES: dict[str, tuple[Callable[[Scenario, float], Scenario], Callable[[Plan, Key], float], str]] = {
    "budget": (
        lambda s, by: s.scale("alliance_share", by),
        lambda plan, key: plan.data.budget[key],
        "budget_is_respected",
    ),
    "build limit": (
        lambda s, by: s.scale("build_limit", by),
        lambda plan, key: plan.data.deliverable[key],
        "industry_keeps_up",
    ),
    "most pledged": (
        lambda s, by: s.scale("max_stock", by),
        lambda plan, key: plan.data.most_pledged[key],
        "pledge_is_not_exceeded",
    ),
    "largest share": (
        lambda s, by: s.scale("capability_max_share", by),
        lambda plan, key: plan.data.capability_max_share[key[2]] * plan.data.required[key[1:]],
        "share_is_limited",
    ),
    "challenge": (
        lambda s, by: s.with_settings(challenge=by * s.settings["challenge"]),
        lambda plan, key: plan.data.settings["challenge"] * plan.data.fair_share[key[0]] * plan.data.required[key[1:]],
        "challenge_is_reasonable",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGES)
def test_prices_foretell_what_an_edit_of_the_scenario_does(what: str) -> None:
    """A thousandth more of a figure moves all its rows at once: the sum of their prices foretells the change."""
    change, size, rule = CHANGES[what]
    total = 0.0
    for seed in range(6, 10):
        s = random_scenario(seed, members=3, tasks=3, periods=2, challenge=1.2, max_share=0.4)
        s = s.scale("max_stock", 0.15) if "pledged" in what else s
        plan = Problem(s).solve(("risk",))
        if not plan.found:
            continue
        gain = sum(value * size(plan, key) for key, value in plan.gains(rule).items())
        step = 1e-3
        right = (plan.measures["risk"] - risk(change(s, 1 + step))) / step
        left = (risk(change(s, 1 - step)) - plan.measures["risk"]) / step
        close = 1e-5 * abs(gain) + 1e-7
        assert right - close <= gain <= left + close, seed
        total += gain
    assert total > 1e-4
