"""Where no plan exists: the smallest conflict, ways out that are ways out, and words a planner can use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from model.scenario.scenario import Scenario
from model.solve.diagnose import Diagnosis, WayOut
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.formulation.ash_and_birch import ash_and_birch
from tests.scenarios import scenario, tiny_scenario
from tests.solve.test_by_hand import free, member, pair, solo

CLOSE = 1e-3


def refused(s: Scenario, **more: Any) -> tuple[Plan, Diagnosis]:
    plan = Problem(s, **more).solve()
    assert plan.status == "infeasible"
    assert plan.x is None
    assert plan.measures == {}
    assert plan.diagnosis is not None
    assert plan.message == plan.diagnosis.summary
    assert plan.message.startswith("No plan satisfies all policies. These cannot hold together: ")
    return plan, plan.diagnosis


def way(diagnosis: Diagnosis, rule: str) -> WayOut:
    return next(found for found in diagnosis.ways_out if found.rule == rule)


def amount(words: str) -> float:
    """The first number that is no part of a name or a year."""
    found = re.search(r"(?<![\w.])\d+(\.\d+)?(e-?\d+)?(?= (USD m|units|tank|more|fewer|less|of)|$)", words)
    assert found is not None, words
    return float(found[0])


def enough(make: Callable[[float], Problem], needed: float) -> None:
    """The amount makes a plan possible, and a little less does not."""
    assert make(needed * (1 + CLOSE)).solve().found
    assert make(needed * (1 - CLOSE)).solve().status == "infeasible"


def test_a_pledge_beyond_the_budget() -> None:
    """8 tanks promised at 1 each, 5 to spend: 3 more money, or 3 tanks fewer."""

    def problem(more: float = 0.0, fewer: float = 0.0) -> Problem:
        return Problem(solo({None: 4.0}, budget=5.0 + more, pledges={("Solo", "tank", None): (8.0 - fewer, None)}))

    _, diagnosis = refused(problem().scenario)
    assert {(clash.rule, clash.key) for clash in diagnosis.conflict} == {
        ("budget_is_respected", ("Solo", 2026)),
        ("pledge_is_kept", ("Solo", "tank", 2026)),
    }
    budget, pledge = way(diagnosis, "budget_is_respected"), way(diagnosis, "pledge_is_kept")
    assert budget.says == ("Solo would need 3 USD m more in 2026",)
    assert pledge.says == ("Solo would hold 3 fewer of tank (units) than pledged in 2026",)
    assert (pledge.size, budget.size) == (pytest.approx(3 / 8), pytest.approx(3 / 5))
    assert diagnosis.ways_out[0] is pledge
    enough(lambda x: problem(more=x), amount(budget.says[0]))
    enough(lambda x: problem(fewer=x), amount(pledge.says[0]))


def test_a_ceiling_on_risk_that_is_too_low() -> None:
    """The least risk is 0.2 (see tiny_scenario); 0.1 is asked for: 0.1 more, or half a tank's money twice, 2, more."""
    s = tiny_scenario()
    plan, diagnosis = refused(s, ceilings={"risk": 0.1})
    assert {clash.rule for clash in diagnosis.conflict} == {
        "ceiling",
        "budget_is_respected",
        "requirement_is_met",
        "forces_are_used_once",
    }
    ceiling, budget = way(diagnosis, "ceiling"), way(diagnosis, "budget_is_respected")
    assert ceiling.says == ("the ceiling on risk would have to rise by 0.1",)
    assert budget.says == ("Northland would need 2 USD m more in 2026",)
    enough(lambda x: Problem(s, ceilings={"risk": 0.1 + x}), amount(ceiling.says[0]))
    richer = 10 + amount(budget.says[0])
    assert Problem(s.scale("alliance_share", richer * 1.001 / 10, "Northland"), {"risk": 0.1}).solve().found
    assert "the ceiling set on a measure [risk]" in plan.message


def test_two_pledges_and_an_industry_too_slow() -> None:
    """A and B promise 4 tanks each; industry delivers 5 a year. Either pledge, or industry, gives way by 3."""

    def problem(more: float = 0.0, fewer: float = 0.0) -> Problem:
        pledges = {("A", "tank", None): (4.0 - fewer, None), ("B", "tank", None): (4.0, None)}
        tank = {"build_limit": 5.0 + more}
        return Problem(pair(member(50.0), member(50.0), 8.0, pledges=pledges, tank=tank))

    _, diagnosis = refused(problem().scenario)
    assert {(clash.rule, clash.key) for clash in diagnosis.conflict} == {
        ("industry_keeps_up", ("tank", 2026)),
        ("pledge_is_kept", ("A", "tank", 2026)),
        ("pledge_is_kept", ("B", "tank", 2026)),
    }
    industry, pledge = way(diagnosis, "industry_keeps_up"), way(diagnosis, "pledge_is_kept")
    assert industry.says == ("industry would have to take on 3 more of tank (units) in 2026",)
    assert sum(amount(said) for said in pledge.says) == pytest.approx(3)
    enough(lambda x: problem(more=x), 3.0)
    enough(lambda x: problem(fewer=x), 3.0)


def test_a_consensus_that_cannot_be_had() -> None:
    """Guest leads when alone, and its 10 tanks do all; beside Host, with nothing in common, they count half."""

    def guest(**changed: Any) -> Scenario:
        return scenario(
            {"Guest": member(1.0), "Host": member(1.0)},
            {"tank": free()},
            {"attack": (1.0, "Host")},
            {"defend": ("attack", 1.0)},
            {("defend", "tank", None): 10.0},
            holding={("Guest", "tank"): 10.0},
            cost_factor={},
            levels={"apart": (0.5, 0.0, 0.0)},
            commonality={("Guest", "Host"): 0.0},
            bands={1.0: 1.0},
            **changed,
        )

    plan, diagnosis = refused(guest(consensus=True))
    assert ("consensus_holds", ("Guest",)) in {(clash.rule, clash.key) for clash in diagnosis.conflict}
    assert {clash.rule for clash in diagnosis.conflict} <= {
        "consensus_holds",
        "requirement_is_met",
        "forces_are_used_once",
    }
    assert way(diagnosis, "consensus_holds").says == ("Guest would perceive 0.5 more risk than alone",)
    assert "than it would face alone [Guest]" in plan.message
    assert Problem(guest(consensus=True), off=["consensus_holds"]).solve().found
    assert Problem(guest()).solve().measures["risk"] == pytest.approx(0.5)


def test_a_guideline_nobody_can_pay() -> None:
    """A pledge to keep 10 tanks costs 10 a year; under a guideline of a half, 20 must be spent, and there are 15."""
    pledges = {("Solo", "tank", None): (10.0, None)}
    tank = {"sustainment_cost": 1.0}

    def problem(more: float = 0.0) -> Problem:
        s = solo({None: 10.0}, budget=15.0 + more, held=10.0, tank=tank, pledges=pledges, equipment_floor=0.5)
        return Problem(s)

    _, diagnosis = refused(problem().scenario)
    assert {clash.rule for clash in diagnosis.conflict} == {
        "budget_is_respected",
        "pledge_is_kept",
        "equipment_is_renewed",
    }
    budget = way(diagnosis, "budget_is_respected")
    enough(lambda x: problem(more=x), amount(budget.says[0]))
    assert amount(budget.says[0]) == pytest.approx(5)
    assert amount(way(diagnosis, "equipment_is_renewed").says[0]) == pytest.approx(2.5)


def test_a_burden_out_of_band_and_a_ceiling_on_cost() -> None:
    """A promises 8 tanks, B nothing, shares are equal: without a band B must spend 8 too, but the ceiling is 10."""
    pledges = {("A", "tank", None): (8.0, None)}
    s = pair(member(20.0), member(20.0), 8.0, pledges=pledges, fairness_band=0.0)
    _, diagnosis = refused(s, ceilings={"cost": 10.0})
    rules = {clash.rule for clash in diagnosis.conflict}
    assert {"ceiling", "pledge_is_kept"} <= rules
    assert rules & {"burden_is_not_too_high", "burden_is_not_too_low"}
    assert amount(way(diagnosis, "ceiling").says[0]) == pytest.approx(6)
    enough(lambda x: Problem(s, ceilings={"cost": 10 + x}), 6.0)


def test_where_the_workbook_says_so_is_told() -> None:
    """The cell of each policy in the conflict, where the scenario remembers it."""
    s = solo({None: 4.0}, budget=5.0, pledges={("Solo", "tank", None): (8.0, None)})
    cells = {("alliance_share", "Solo"): "Members!H2", ("min_stock", ("Solo", "tank", None)): "Pledges!D2"}
    object.__setattr__(s, "cells", cells)
    plan, diagnosis = refused(s)
    assert {clash.where for clash in diagnosis.conflict} == {"Members!H2", "Pledges!D2"}
    assert "Pledges!D2" in plan.message
    assert "Members!H2" in plan.message


def test_switching_off_what_is_in_conflict_helps() -> None:
    """Any one policy of a smallest conflict, switched off, resolves it."""
    s = ash_and_birch(consensus=False, fairness_band=0.0)
    plan = Problem(s).solve()
    rules = {clash.rule for clash in plan.diagnosis.conflict} if plan.diagnosis else set()
    hard = solo({None: 4.0}, budget=5.0, pledges={("Solo", "tank", None): (8.0, None)})
    for scenario_, names in ((s, rules), (hard, {"budget_is_respected", "pledge_is_kept"})):
        for name in names:
            assert Problem(scenario_, off=[name]).solve().found, name
