"""What members have to agree to: by hand, member by member, against enumeration, and what must hold whatever the scenario."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from model.certificate import read
from model.language.faults import UsageError
from model.report.export import run_record
from model.scenario.checks import run_checks
from model.scenario.scenario import Scenario
from model.solve.alone import status_quo
from model.solve.compared import risk_alone, risks_in_status_quo
from model.solve.dissent import let_off
from model.solve.engine import Engine
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.random_layers import with_layers
from tests.scenarios import random_scenario, scenario, tiny_scenario
from tests.solve.test_common_funding import pooling
from tests.solve.test_programmes import joint

pytestmark = pytest.mark.slow

FLAT = {1.0: 1.0}
"""One risk band: every missing unit hurts alike."""


def three(**changed: Any) -> Scenario:
    """Three members that each care about one task only; each task asks for 10 tanks, which cost 1 and keep for 0.

    A offers 12, B offers 6 and holds 2 tanks, C offers nothing and holds 1. What matters is voiced by GDP: 12, 6, 2 of 20, and
    the alliance weighs the tasks so: north 0.6, centre 0.3, south 0.1.

    *Without consensus* the 21 tanks go where they count most: north 10, centre 10, south 1. Risk is 0.1 x 0.9 = 0.09; A and B
    perceive none, C 0.9.

    *Alone* A would have 12 tanks for its 10: risk 0. B has 8 of 10: 0.2. C has 1: 0.9.

    *Status quo*: 3 tanks, all in the north. A perceives 0.7, B and C 1.
    """
    money = {"A": 12.0, "B": 6.0, "C": 2.0}
    offered = {"A": 1.0, "B": 1.0, "C": 0.0}
    return scenario(
        {
            m: {"gdp": gdp, "defence_share": 1.0, "target_share": 1.0, "alliance_share": offered[m]}
            for m, gdp in money.items()
        },
        {"tank": {"unit_cost": 1.0, "sustainment_cost": 0.0}},
        {"attack": (1.0, None)},
        dict.fromkeys(("north", "centre", "south"), ("attack", 1.0)),
        {(k, "tank", None): 10.0 for k in ("north", "centre", "south")},
        holding={("B", "tank"): 2.0, ("C", "tank"): 1.0},
        priority={
            (m, k): float(m == own) for own, k in (("A", "north"), ("B", "centre"), ("C", "south")) for m in money
        },
        bands=FLAT,
        voice="gdp",
        name="three",
        **changed,
    )


def solved(s: Scenario) -> Plan:
    plan = Problem(s).solve()
    assert plan.found, plan.message
    assert all(proof.passed for proof in plan.certificates)
    return plan


def at_least(**most: float) -> dict[str, Any]:
    return {m: pytest.approx(risk, abs=1e-7) for m, risk in most.items()}


def test_by_hand_what_members_compare_with() -> None:
    s = three()
    assert {m: risk_alone(s, m) for m in s.sets["member"]} == at_least(A=0.0, B=0.2, C=0.9)
    assert risks_in_status_quo(s) == at_least(A=0.7, B=1.0, C=1.0)
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(0.09)
    assert plan.quantity("perceived_risk") == at_least(A=0.0, B=0.0, C=0.9)


def needy(**changed: Any) -> Scenario:
    """As :func:`three`, but C holds 5 tanks and weighs little: GDP 12, 6, 2 still, 25 tanks in all.

    Without consensus: north 10, centre 10, south 5: risk 0.1 x 0.5 = 0.05. Alone C would face 0.5, so this is agreed to. B offers
    nothing: then 19 tanks go north 10, centre 9, south 0: risk 0.3 x 0.1 + 0.1 = 0.13. Alone B has 2 tanks: 0.8, C 5: 0.5.
    C does not agree: it perceives 1. With unanimity 5 tanks go south: centre 4, risk 0.3 x 0.6 + 0.1 x 0.5 = 0.23.

    By voice (A 0.6, B 0.3, C 0.1) nine tenths agree without C: 0.13 again. Where excess is put up with instead, each unit of risk
    C perceives beyond 0.5 weighs 0.1: with 0.02 in all C may perceive 0.7, 3 tanks south, centre 6, risk 0.12 + 0.07 = 0.19.
    """
    s = three(**changed).with_values("holding", {("B", "tank"): 2.0, ("C", "tank"): 5.0})
    return s.with_values("alliance_share", {"A": 1.0, "B": 0.0, "C": 0.0})


@pytest.mark.parametrize(
    ("rule", "risk", "seen"),
    [
        ({}, 0.13, {"A": 0.0, "B": 0.1, "C": 1.0}),
        ({"consensus": True}, 0.23, {"A": 0.0, "B": 0.6, "C": 0.5}),
        ({"consensus": True, "consensus_voice": 0.9}, 0.13, {"A": 0.0, "B": 0.1, "C": 1.0}),
        ({"consensus": True, "consensus_voice": 0.91}, 0.23, {"A": 0.0, "B": 0.6, "C": 0.5}),
        ({"consensus": True, "consensus_excess": 0.02}, 0.19, {"A": 0.0, "B": 0.4, "C": 0.7}),
        ({"consensus": True, "consensus_excess": 0.0}, 0.23, {"A": 0.0, "B": 0.6, "C": 0.5}),
        ({"consensus": True, "consensus_against": "status quo"}, 0.13, {"A": 0.0, "B": 0.1, "C": 1.0}),
    ],
)
def test_by_hand_what_each_rule_costs(rule: dict[str, Any], risk: float, seen: dict[str, float]) -> None:
    """See :func:`needy`. In its status quo all 7 tanks stand in the north: 0.3, 1 and 1, which any of these plans beats."""
    plan = solved(needy(**rule))
    assert plan.measures["risk"] == pytest.approx(risk, abs=1e-7)
    assert plan.quantity("perceived_risk") == at_least(**seen)
    assert plan.dissent.outvoted == ({"C"} if rule.get("consensus_voice") == 0.9 else frozenset())


def test_a_reading_in_which_too_many_are_outvoted_proves_nothing() -> None:
    s = needy(consensus=True, consensus_voice=0.9)
    accepted = Problem(s).accepted
    assert not read(s, (), accepted, {"C"}).faults
    assert "0.7 of the voice, and 0.9 must agree" in read(s, (), accepted, {"B"}).faults[0]
    assert read(needy(consensus=True), (), accepted, {"C"}).faults


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("needed", [0.35, 0.6, 0.8])
@pytest.mark.parametrize("against", ["alone", "status quo"])
def test_who_is_outvoted_is_the_best_choice_there_is(seed: int, needed: float, against: str) -> None:
    """Against a linear programme for every set of members that may be outvoted."""
    s = small(seed, consensus=True, consensus_voice=needed, consensus_against=against, voice="gdp")
    problem = Problem(s)
    plan = problem.solve()
    base = Problem(s.with_settings(consensus_voice=1.0))
    lp, voice, members = base.lp, base.data.voice, s.sets["member"]
    groups = [frozenset(group) for size in range(len(members)) for group in combinations(members, size)]
    allowed = [group for group in groups if sum(voice[m] for m in members if m not in group) >= needed - 1e-9]
    found = [base.engine.solve(let_off(lp, base.accepted, group), {"risk": 1.0}) for group in allowed]
    risks = [float((lp.K @ answer.x)[lp.measure("risk")]) for answer in found if answer.status == "optimal"]
    assert plan.found == bool(risks)
    if risks:
        assert plan.measures["risk"] == pytest.approx(min(risks), rel=2e-6, abs=1e-9)
        verdict(plan, needed)


def small(seed: int, **changed: Any) -> Scenario:
    """Few tanks for many tasks, and priorities that differ much, so that agreement is hard to get."""
    s = random_scenario(seed, members=4, capabilities=3, tasks=4, periods=2, **changed)
    apart = {(m, k): value**4 for (m, k), value in s.priority.items()}
    return s.with_values("priority", apart).scale("alliance_share", 0.4)


def verdict(plan: Plan, needed: float = 1.0) -> None:
    """Member by member: those who perceive no more than they compare with hold enough of the voice."""
    d, seen = plan.data, plan.quantity("perceived_risk")
    agreeing = [m for m in d.sets["member"] if seen[m] <= plan.accepted[m] + 1e-6]
    assert sum(d.voice[m] for m in agreeing) >= needed - 1e-9
    assert set(d.sets["member"]) - set(agreeing) <= plan.dissent.outvoted


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("against", ["alone", "status quo"])
def test_under_unanimity_nobody_perceives_more_than_it_compares_with(seed: int, against: str) -> None:
    s = small(seed, consensus=True, consensus_against=against)
    plan = Problem(s).solve()
    free = solved(s.with_settings(consensus=False))
    if plan.found:
        verdict(plan)
        assert plan.measures["risk"] >= free.measures["risk"] * (1 - 1e-6)
    else:
        assert against == "alone" or any(least is not None for least in s.min_stock.values())


@pytest.mark.parametrize("seed", range(4))
def test_unanimity_against_the_status_quo_can_always_be_had(seed: int) -> None:
    """Doing nothing is a plan, and nobody is worse off with it; only promises to hold more may stand against it."""
    s = (
        small(seed, consensus=True, consensus_against="status quo")
        .with_values("min_stock", {})
        .with_values("max_stock", {})
    )
    verdict(solved(s))


@pytest.mark.parametrize("seed", range(4))
def test_the_softer_the_rule_the_less_the_risk(seed: int) -> None:
    """More excess, and less voice that must agree, leave more plans to choose from."""
    s = small(seed, consensus=True, consensus_against="status quo").with_values("min_stock", {})
    accepted = Problem(s).accepted

    def risk(**rule: Any) -> float:
        return Problem(s.with_settings(**rule), accepted=accepted).solve().measures["risk"]

    for rules in (
        [{"consensus_excess": e} for e in (0.0, 0.01, 0.05, 1.0)],
        [{"consensus_voice": v} for v in (1.0, 0.75, 0.5, 0.1)],
    ):
        risks = [risk(**rule) for rule in rules]
        assert all(later <= earlier * (1 + 1e-6) for earlier, later in pairwise(risks))
        assert risks[-1] >= risk(consensus=False) * (1 - 1e-6)


@pytest.mark.parametrize(("gap", "says"), [(0.25, "by up to 0.25"), (np.inf, "might do better."), (0.0, "")])
def test_a_search_that_ran_out_of_time_says_so(gap: float, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What branch and bound found is used; where it found nothing, all must agree, which is a plan as well if there is one."""
    search = Engine.solve_whole
    monkeypatch.setattr(Engine, "solve_whole", lambda *args: (replace(search(*args)[0], status="time limit"), gap))
    plan = solved(needy(consensus=True, consensus_voice=0.91))
    assert says in plan.dissent.says
    assert bool(plan.dissent.says) == bool(says)
    assert run_record(plan)["consensus"]["left_open"] == plan.dissent.says
    verdict(plan, 0.91)


def test_a_ceiling_changes_who_is_outvoted_hot_as_cold() -> None:
    """The choice is made anew for other ceilings and objectives, from the same problem."""
    s = needy(consensus=True, consensus_voice=0.7)
    base = Problem(s)
    base.solve()
    for ceilings in ({"cost": 6.0}, {"worst_perceived_risk": 0.8}, {}):
        hot, cold = base.changed(ceilings=ceilings).solve(), Problem(s, ceilings).solve()
        assert hot.status == cold.status
        assert hot.measures == pytest.approx(cold.measures, rel=1e-6, abs=1e-8)


def test_who_is_outvoted_and_what_is_opened_are_not_both_left_to_the_model() -> None:
    s = joint(tiny_scenario(consensus=True, consensus_voice=0.5))
    faults = [fault for fault in run_checks(s) if fault.severity == "error"]
    assert ["next" in fault.remedy for fault in faults] == [True]
    with pytest.raises(UsageError, match="cannot both be left to the model"):
        Problem(s).solve()
    decided = s.with_values("decision", {"next": "open"})
    verdict(solved(decided), 0.5)
    assert not [fault for fault in run_checks(decided) if fault.severity == "error"]


def test_the_status_quo_orders_nothing_and_opens_no_programme() -> None:
    s = joint(pooling(tiny_scenario(consensus=True, consensus_against="status quo")))
    today = Problem(status_quo(s)).solve()
    assert not today.scenario.sets["programme"]
    assert not today.values["ordered"]
    assert not any(today.values["commonly_held"].values())
    assert today.measures["risk"] == pytest.approx(0.6)  # Northland's four tanks of ten
    verdict(solved(s))


@pytest.mark.parametrize("seed", range(4))
def test_the_status_quo_of_every_layer_is_a_plan_in_which_no_money_buys_anything(seed: int) -> None:
    """Partners, industry with floors on what comes back, technology with a limit: none of them keeps today's forces from being used."""
    s = with_layers(random_scenario(seed), seed).with_settings(
        technology_limit=0.05, equipment_floor=0.2, fairness_band=0.01
    )
    plan = solved(status_quo(s))
    assert all(value == 0 for name in ("acquisition", "upgrading") for value in plan.quantity(name).values())
    assert not plan.values["ordered"]


@pytest.mark.parametrize("against", ["alone", "status quo"])
def test_a_policy_that_is_off_binds_what_members_compare_with_no_more_than_the_plan(against: str) -> None:
    """With caveats switched off members compare as if there were none: C releases a tenth of its five tanks, or all of them."""
    free = needy(consensus=True, consensus_against=against)
    held_back = free.with_values("max_fraction", {(m, "south", "tank"): 0.1 for m in free.sets["member"]})
    s = held_back.with_values("holding", {("C", "tank"): 5.0}).with_values("alliance_share", dict.fromkeys("ABC", 0.0))
    without = s.with_values("max_fraction", {})
    compared = Problem(s, off=["caveat_is_respected"]).accepted
    assert compared == at_least(**Problem(without).accepted)
    if against == "alone":
        assert (compared["C"], Problem(s).accepted["C"]) == (pytest.approx(0.5), pytest.approx(0.95))
