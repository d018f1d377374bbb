"""Tasks a member stays out of: by hand against a caveat of nothing, in both readings, and what must hold whatever the scenario."""

from __future__ import annotations

from typing import Any

import pytest

from model.core.parameters import Data
from model.questions.explain.result import explain
from model.report.workbook_out import pages
from model.scenario.scenario import Scenario
from model.solve.alone import alone
from model.solve.compared import risk_alone
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.formulation.ash_and_birch import ALONE, helped
from tests.scenarios import random_scenario, scenario
from tests.solve.test_two_readings import same
from tests.solve.variants import varied

pytestmark = pytest.mark.slow

FLAT = {1.0: 1.0}


def three(sharing: str = "rival", hold: float = 4.5, required: float = 9.0, **more: Any) -> Scenario:
    """A and B hold as much as they may need, C none; equal shares of a third; nobody can buy; one task."""
    return scenario(
        {member: {} for member in "ABC"},
        {"unit": {"sharing": sharing, "sustainment_cost": 0.0}},
        {"crisis": (1.0, None)},
        {"guard": ("crisis", 1.0)},
        {("guard", "unit", None): required},
        holding={("A", "unit"): hold, ("B", "unit"): hold},
        cost_factor={("C", "unit"): 1.0},
        bands=FLAT,
        burden_key="equal",
        **more,
    ).with_values("alliance_share", {"A": 1.0, "B": 1.0, "C": 0.0})


def solved(s: Scenario) -> Plan:
    plan = Problem(s).solve()
    assert plan.found, plan.message
    assert all(proof.passed for proof in plan.certificates)
    return plan


OUT = {("C", "guard"): False}


@pytest.mark.parametrize(
    ("allowed", "risk"),
    [({}, 2 / 3), ({"max_fraction": {("C", "guard", None): 0.0}}, 2 / 3), ({"opt_outs": OUT}, 0.0)],
)
def test_by_hand_who_stays_out_owes_nothing_where_the_weakest_link_counts(allowed: dict[str, Any], risk: float) -> None:
    """Each of three owes 3 of 9 and gets no credit beyond; C pays nothing: its gap is 1 and 3 of 9 are missing in the sum.

    Half by half: 0.5 x 9 x 1 + 0.5 x 3 = 6 of 9. A caveat that releases nothing changes nothing: C owes all the same. With C out,
    A and B owe 4.5 each, which they have.
    """
    assert solved(three("weakest link", **allowed)).measures["risk"] == pytest.approx(risk)


@pytest.mark.parametrize("sharing", ["rival", "non-rival", "weakest link"])
def test_by_hand_what_is_left_to_nobody_is_missing(sharing: str) -> None:
    """All stay out, or all that do not have left: everything is missing, however the capability is shared."""
    out = three(sharing, opt_outs={(m, "guard"): True for m in "ABC"})
    assert solved(out).measures["risk"] == pytest.approx(1.0)
    left = three(sharing, opt_outs={("C", "guard"): True}).without("A", "B")
    assert solved(left).measures["risk"] == pytest.approx(1.0)
    same(left)


@pytest.mark.parametrize(
    ("allowed", "risk"),
    [({}, 1 / 3), ({"max_fraction": {("C", "guard", None): 0.0}}, 1 / 3), ({"opt_outs": OUT}, 0.0)],
)
def test_by_hand_a_challenge_is_shared_by_those_who_take_part(allowed: dict[str, Any], risk: float) -> None:
    """Asked for no more than its fair share of 9: 3 from A and 3 from B. Once C is out, their fair shares are 4.5."""
    plan = solved(three(challenge=1.0, **allowed))
    assert plan.measures["risk"] == pytest.approx(risk)
    assert plan.data.fair_share["C"] == pytest.approx(1 / 3)  # what C bears of all money is another matter


def two_tasks(counts: bool | None) -> Scenario:
    """A second task of equal weight for which nobody has anything; C stays out of it, unless ``counts`` is None."""
    s = scenario(
        {member: {} for member in "AC"},
        {"unit": {"sustainment_cost": 0.0}, "ship": {}},
        {"crisis": (1.0, None)},
        {"guard": ("crisis", 1.0), "sail": ("crisis", 1.0)},
        {("guard", "unit", None): 4.0, ("sail", "ship", None): 2.0},
        holding={("A", "unit"): 4.0, ("C", "ship"): 1.0},
        cost_factor={},
        bands=FLAT,
        opt_outs={} if counts is None else {("C", "sail"): counts},
    )
    return s.with_values("sustainment_cost", {"unit": 0.0, "ship": 0.0})


@pytest.mark.parametrize(
    ("counts", "risk", "seen", "by_itself"), [(None, 0.25, 0.25, 0.75), (True, 0.5, 0.5, 0.75), (False, 0.5, 0.0, 1.0)]
)
def test_by_hand_what_a_member_perceives_of_a_task_it_stays_out_of(
    counts: bool | None, risk: float, seen: float, by_itself: float
) -> None:
    """C has one of the two ships. Sending it leaves half of one task of two: 0.25; staying out, all of it: 0.5.

    The alliance counts the task in any case, and so does A. C sees nothing missing once it no longer counts the task. Alone it
    would use its ship, as nobody else does: guard all missing, half of sail: 0.75; where sail does not count, all of guard.
    """
    s = two_tasks(counts)
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(risk)
    assert plan.quantity("perceived_risk") == pytest.approx({"A": risk, "C": seen})
    assert risk_alone(s, "C") == pytest.approx(by_itself)
    assert not alone(s, "C").still_counts


def test_a_member_that_counts_nothing_perceives_nothing() -> None:
    s = two_tasks(False).with_values("still_counts", {("C", "sail"): False, ("C", "guard"): False})
    assert risk_alone(s, "C") == 0.0
    assert solved(s.with_settings(consensus=True)).quantity("perceived_risk")["C"] == 0.0


def out_of_some(s: Scenario, still: bool | None = None) -> Scenario:
    """Every second member stays out of a task of its own."""
    tasks, members = s.sets["task"], s.sets["member"]
    rows = {
        (m, tasks[i % len(tasks)]): i % 4 == 0 if still is None else still for i, m in enumerate(members) if i % 2 == 0
    }
    return s.with_values("still_counts", rows if len(members) > 2 else {})


@pytest.mark.parametrize("seed", range(9))
@pytest.mark.parametrize(
    "more", [{}, {"new_orders": False}, {"consensus": True, "consensus_excess": 0.05, "challenge": 1.5}], ids=str
)
def test_opt_outs_and_no_orders_read_the_same_twice(seed: int, more: dict[str, Any]) -> None:
    s = out_of_some(varied(seed, **more))
    accepted = {member: 0.1 + 0.2 * i for i, member in enumerate(s.sets["member"])} if "consensus" in more else None
    same(s, accepted=accepted)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_contributes_to_what_it_stays_out_of_and_the_plan_is_proved(seed: int) -> None:
    s = out_of_some(varied(seed))
    plan = Problem(s).solve()
    if plan.found:
        assert all(proof.passed for proof in plan.certificates)
        assert not any(key[:2] in s.still_counts for key in plan.values["contributed"])
        assert pages(plan)


@pytest.mark.parametrize("seed", range(6))
def test_without_weakest_links_and_a_challenge_staying_out_never_lowers_risk(seed: int) -> None:
    """Then an opt-out only takes contributions away."""
    s = random_scenario(seed, capabilities=2)
    free, bound = solved(s), solved(out_of_some(s))
    assert bound.measures["risk"] >= free.measures["risk"] * (1 - 1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_an_opt_out_is_a_caveat_of_nothing_where_nothing_is_owed(seed: int) -> None:
    s = random_scenario(seed, capabilities=2)
    out = out_of_some(s, still=True)
    barred = s.with_values("max_fraction", {**s.max_fraction, **{(*row, None): 0.0 for row in out.still_counts}})
    assert solved(out).measures == pytest.approx(solved(barred).measures, rel=1e-6, abs=1e-9)


def test_explanations_name_the_opt_out() -> None:
    s = three(opt_outs=OUT).with_values("holding", {("A", "unit"): 4.5, ("C", "unit"): 2.0})
    table = explain(solved(s), "C", "unit", 2026).table
    assert "it stays out of the task" in set(table["binds"])


def test_who_stays_out_pays_nothing_for_forces_lent_to_the_task() -> None:
    """Ash pays 0.75 of a loan to the patrol at a quarter a year; with Birch out of it, all of it. Both readings agree."""
    s = helped().with_values("still_counts", {("Birch", "patrol"): True})
    same(s, accepted=ALONE)
    d = Data(s, ALONE)
    assert (d.task_share["Ash", "patrol"], d.task_share["Birch", "patrol"]) == (1.0, 0.0)
    assert d.task_share["Ash", "defend"] == pytest.approx(0.75)
