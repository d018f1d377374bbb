"""The certificate passes what is best, whatever the features, and refuses what has been tampered with."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.certificate import Reading, Stage, certify, judge, programme, read
from model.scenario.scenario import Scenario
from tests.scenarios import random_scenario
from tests.solve.plain_solver import Plan, solved

RISK = Stage({"risk": 1.0})
LATER = ("cost", "unfairness", "tail_risk", "worst_perceived_risk", "worst_kind_risk", "dependence")
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"challenge": 2.0},
    {"fairness_band": 0.9, "voice": "population"},
    {"equipment_floor": 0.05, "burden_key": "custom"},
    {"challenge": 1.5, "fairness_band": 0.8, "equipment_floor": 0.1, "burden_key": "population", "voice": "gdp"},
    {"levels": 1, "years_per_period": 1, "max_share": 0.4, "burden_key": "equal"},
    {"levels": 4, "periods": 4, "situations": 3, "cvar_level": 1.0, "weakest_link_weight": 1.0},
)


def after(reading: Reading, measure: str) -> Stage:
    """A later stage: the measure, with risk held at its best to within a millionth."""
    return Stage({measure: 1.0}, {"risk": solved(reading, RISK).objective * (1 + 1e-6)})


def alone(s: Scenario) -> dict[str, float]:
    """What each member would risk by itself, leading every situation."""
    found = {}
    for member in s.sets["member"]:
        by_itself = s.with_values("lead", dict.fromkeys(s.lead, member)).with_settings(consensus=False, challenge=None)
        found[member] = solved(read(by_itself.restricted(member)), RISK).objective
    return found


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(random_scenario(1))


@pytest.fixture(scope="module")
def stage(reading: Reading) -> Stage:
    return after(reading, "cost")


@pytest.fixture(scope="module")
def plan(reading: Reading, stage: Stage) -> Plan:
    return solved(reading, stage)


# What is best passes


@pytest.mark.parametrize("variant", range(len(VARIANTS)))
@pytest.mark.parametrize("measure", ["risk", *LATER])
def test_a_best_plan_passes(variant: int, measure: str) -> None:
    scenario = random_scenario(10 + variant, **VARIANTS[variant])
    found = read(scenario)
    asked = RISK if measure == "risk" else after(found, measure)
    best = solved(found, asked)
    certificate = certify(scenario, asked, best.values, best.duals)
    assert certificate.passed, certificate.failures
    assert certificate.rigorous
    assert certificate.objective == pytest.approx(best.objective, rel=1e-9)
    assert certificate.bound <= certificate.objective * (1 + 1e-9)
    assert max(certificate.primal, certificate.dual, certificate.complementarity, certificate.gap) < 1e-9


def test_consensus_and_a_weighting_of_measures_pass() -> None:
    scenario = random_scenario(3, consensus=True)
    by_itself = alone(scenario)
    found = read(scenario, accepted=by_itself)
    asked = Stage({"risk": 1.0, "cost": 1e-5, "tail_risk": 0.5}, {"dependence": 0.9}, accepted=by_itself)
    best = solved(found, asked)
    assert certify(scenario, asked, best.values, best.duals).passed
    assert "consensus_holds" in {rule.name for rule in found.rules}


def test_consensus_without_the_risks_alone_does_not_pass() -> None:
    certificate = certify(random_scenario(3, consensus=True), RISK, {}, {})
    assert not certificate.passed
    assert "consensus_holds has a coefficient or a limit that is not a finite number" in certificate.failures


@pytest.mark.parametrize(
    "policy",
    [
        "budget_is_respected",
        "equipment_is_renewed",
        "burden_is_not_too_high",
        "burden_is_not_too_low",
        "forces_are_used_once",
        "shared_forces_suffice",
        "caveat_is_respected",
        "requirement_is_met",
        "weakest_link_counts",
        "pledge_is_kept",
        "pledge_is_not_exceeded",
        "industry_keeps_up",
        "share_is_limited",
        "challenge_is_reasonable",
    ],
)
@pytest.mark.parametrize("measure", ["risk", "cost"])
def test_a_policy_switched_off_never_hurts_and_still_passes(policy: str, measure: str) -> None:
    scenario = random_scenario(5, fairness_band=0.9, equipment_floor=0.05, challenge=2.0)
    ceilings = {} if measure == "risk" else {"risk": 0.6}
    held, free = (Stage({measure: 1.0}, ceilings, off) for off in (frozenset(), frozenset({policy})))
    base = solved(read(scenario), held)
    found = read(scenario, free.off)
    assert policy not in {rule.name for rule in found.rules}
    best = solved(found, free)
    assert best.objective <= base.objective * (1 + 1e-9)
    certificate = judge(found, free, best.values, best.duals)
    assert certificate.passed, certificate.failures


@pytest.mark.parametrize("ceiling", [0.0, 1e-17, 1e-9])
def test_no_risk_at_all_passes(ceiling: float) -> None:
    """Budgets a thousandfold; every share, caveat and level can be met."""
    scenario = random_scenario(2, levels=1).scale("gdp", 1000.0).with_values("max_fraction", {})
    free = scenario.with_values("build_limit", {}).with_values("lead_time", dict.fromkeys(scenario.lead_time, 0.0))
    able = free.with_values("capability_max_share", dict.fromkeys(scenario.capability_max_share, 1.0))
    able = able.with_values("cost_factor", {(m, c): 1.0 for m in able.sets["member"] for c in able.sets["capability"]})
    found = read(able.with_values("max_stock", dict.fromkeys(able.max_stock)))
    for asked in (RISK, Stage({"cost": 1.0}, {"risk": ceiling})):
        best = solved(found, asked)
        certificate = judge(found, asked, best.values, best.duals)
        assert certificate.passed, certificate.failures
    assert solved(found, RISK).objective == pytest.approx(0, abs=1e-12)


def test_the_choice_of_units_does_not_matter() -> None:
    """Money a million times as many units, or forces a thousandth: the same residuals pass, at the same tolerance."""
    scenario = random_scenario(4)
    dear = scenario.scale("gdp", 1e6).scale("unit_cost", 1e6).scale("sustainment_cost", 1e6)
    small = scenario
    for name in ("holding", "quantity", "build_limit", "min_stock", "max_stock"):
        small = small.scale(name, 1e-3)
    small = small.scale("unit_cost", 1e3).scale("sustainment_cost", 1e3)
    base = solved(read(scenario), RISK).objective
    for other in (dear, small):
        found = read(other)
        for asked in (RISK, after(found, "cost")):
            best = solved(found, asked)
            assert judge(found, asked, best.values, best.duals).passed
        assert solved(found, RISK).objective == pytest.approx(base, rel=1e-9)


def test_any_prices_give_a_bound(reading: Reading, stage: Stage, plan: Plan) -> None:
    """Weak duality: noise on the prices moves the bound down, never above the optimum."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        noisy = {
            rule: {key: price * rng.uniform(0.5, 1.5) for key, price in cells.items()}
            for rule, cells in plan.duals.items()
        }
        certificate = judge(reading, stage, plan.values, noisy)
        assert certificate.rigorous
        assert certificate.bound <= plan.objective * (1 + 1e-9)
        assert not certificate.passed


# What has been tampered with is refused


def still_best(reading: Reading, stage: Stage, plan: Plan) -> bool:
    """Whether a plan is as good as before and breaks no row, by plain arithmetic, to a millionth of its terms."""
    p = programme(reading, stage)
    x = np.array([plan.values[name][key] for name, keys in reading.columns.keys.items() for key in keys])
    over = p.matrix @ x - p.right
    broken = np.where(p.side > 0, over, np.where(p.side < 0, -over, abs(over))) > 1e-6 * (abs(p.matrix) @ abs(x))
    same = abs(p.cost @ x - plan.objective) < 1e-6 * plan.objective
    return bool(same and not broken.any() and (x <= p.upper * (1 + 1e-9)).all())


@pytest.mark.slow
@pytest.mark.parametrize("factor", [1 + 1e-4, 1 - 1e-4, -1.0, 0.0, 2.0])
@pytest.mark.parametrize("variable", ["ordered", "held", "lifted", "contributed", "short", "gap"])
def test_a_changed_value_is_refused(reading: Reading, stage: Stage, plan: Plan, variable: str, factor: float) -> None:
    """Every single value, one at a time; only a change that leaves the plan as good and as lawful may pass."""
    refused = 0
    for key, value in plan.values[variable].items():
        if value > 1e-9:
            tampered = replace(plan, values=deepcopy(plan.values))
            tampered.values[variable][key] = factor * value
            certificate = judge(reading, stage, tampered.values, plan.duals)
            assert not certificate.passed or still_best(reading, stage, tampered), (key, value, certificate)
            refused += not certificate.passed
    assert refused > 0


def test_small_changes_are_refused_wherever_they_matter_to_their_row(
    reading: Reading, stage: Stage, plan: Plan
) -> None:
    """In the cost stage every unit costs money: no order, lift or stock changes by a ten-thousandth unnoticed.

    Except those that are less than a fiftieth of what is held or required anywhere: a ten-thousandth of a hundredth of
    a row is the tolerance itself.
    """
    for variable in ("ordered", "held", "lifted"):
        first = reading.columns.start[variable]
        for column, (key, value) in enumerate(plan.values[variable].items(), start=first):
            if value > 0.02 * reading.columns.reach[column]:
                tampered = deepcopy(plan.values)
                tampered[variable][key] = value * (1 + 1e-4)
                assert not judge(reading, stage, tampered, plan.duals).passed, (variable, key)


@pytest.mark.slow
def test_a_contribution_given_to_another_is_refused(reading: Reading, stage: Stage, plan: Plan) -> None:
    given = 0
    for (member, task, capability, period), value in plan.values["contributed"].items():
        for other in {key[0] for key in plan.values["contributed"]} - {member}:
            heir = other, task, capability, period
            if value > 1e-9 and heir in plan.values["contributed"]:
                tampered = replace(plan, values=deepcopy(plan.values))
                tampered.values["contributed"][member, task, capability, period] = 0.0
                tampered.values["contributed"][heir] += value
                passed = judge(reading, stage, tampered.values, plan.duals).passed
                assert not passed or still_best(reading, stage, tampered)
                given += not passed
    assert given > 10


@pytest.mark.parametrize("factor", [0.0, -1.0, 1 + 1e-4, 1 - 1e-4])
def test_a_changed_price_is_refused(reading: Reading, stage: Stage, plan: Plan, factor: float) -> None:
    """The largest price of every rule, one at a time; only other prices that prove as much may pass."""
    refused = []
    for rule, cells in plan.duals.items():
        key = max(cells, key=lambda key: abs(cells[key]))
        if abs(cells[key]) > 1e-9:
            tampered = deepcopy(plan.duals)
            tampered[rule][key] *= factor
            certificate = judge(reading, stage, plan.values, tampered)
            proves_as_much = certificate.rigorous and certificate.gap < 1e-12
            assert not certificate.passed or proves_as_much, (rule, key, certificate)
            refused.append(not certificate.passed)
    assert sum(refused) > len(refused) / 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(reading: Reading, stage: Stage, plan: Plan, bad: float) -> None:
    for name in ("values", "duals"):
        tampered = deepcopy(getattr(plan, name))
        first = next(iter(tampered))
        tampered[first][next(iter(tampered[first]))] = bad
        certificate = judge(reading, stage, **{"values": plan.values, "duals": plan.duals, name: tampered})
        assert not certificate.passed
        assert "not finite" in certificate.failures[0]


@pytest.mark.parametrize("cells", ["gdp", "unit_cost", "quantity", "holding", "commonality", "life"])
def test_a_scenario_that_is_not_finite_is_refused(stage: Stage, plan: Plan, cells: str) -> None:
    scenario = random_scenario(1)
    first = next(iter(scenario.values[cells]))
    broken = scenario.with_values(cells, {**scenario.values[cells], first: float("nan")})
    assert not certify(broken, stage, plan.values, plan.duals).passed


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("held", ("member 0", "capability 0", 9, 2026)),
        ("held", ("nobody", "capability 0", 0, 2026)),
        ("conjured", ("member 0",)),
        ("ordered", ("member 0", "capability 2", 2030)),
    ],
)
def test_a_value_that_has_no_business_there_is_refused(
    reading: Reading, stage: Stage, plan: Plan, variable: str, key: tuple
) -> None:
    tampered = deepcopy(plan.values)
    tampered.setdefault(variable, {})[key] = 1e-3
    certificate = judge(reading, stage, tampered, plan.duals)
    assert not certificate.passed
    assert "stand where it cannot" in certificate.failures[0]
    tampered[variable][key] = 0.0
    assert judge(reading, stage, tampered, plan.duals).passed


def test_variables_of_other_measures_are_ignored(reading: Reading, stage: Stage, plan: Plan) -> None:
    other = {**plan.values, "largest_part": {(): 5.0}, "burden": {("member 0",): 1.0}, "tail_excess": {("gone",): 1.0}}
    assert judge(reading, stage, other, plan.duals).passed


@pytest.mark.parametrize(
    ("cells", "factor"),
    [
        ("alliance_share", 0.999),
        ("quantity", 1.001),
        ("unit_cost", 1.001),
        ("sustainment_cost", 1.001),
        ("life", 0.99),
        ("upgrade_cost", 1.01),
        ("member_availability", 0.999),
        ("consequence", 1.01),
        ("priority", 1.01),
    ],
)
def test_a_plan_for_another_scenario_is_refused(stage: Stage, plan: Plan, cells: str, factor: float) -> None:
    """One column changed (weights: of the first thing only, since only their ratio matters)."""
    scenario = random_scenario(1)
    only = [next(iter(scenario.values[cells]))] if cells in ("consequence", "priority") else []
    assert certify(scenario, stage, plan.values, plan.duals).passed
    assert not certify(scenario.scale(cells, factor, *only), stage, plan.values, plan.duals).passed


def test_a_programme_with_a_rule_missing_or_turned_round_is_refused(reading: Reading) -> None:
    """What is best for a programme compiled wrongly, and proved so by its own prices, is not best for the scenario."""
    solvable = 0
    for rule in reading.rules:
        if rule.serves or rule.name in (
            "levels_nest",
            "level_carries_over",
            "pledge_is_not_exceeded",
            "pledge_is_kept",
        ):
            continue  # these need not bind
        turned = replace(rule, sense=">=" if rule.sense == "<=" else "<=")
        for instead in ((), (turned,)):
            others = tuple(other for other in reading.rules if other is not rule)
            wrong = replace(reading, rules=(*others, *instead))
            try:
                best = solved(wrong, RISK)
            except AssertionError:  # no plan at all, or no end
                continue
            solvable += 1
            assert judge(wrong, RISK, best.values, best.duals).passed
            assert not judge(reading, RISK, best.values, best.duals).passed, rule.name
    assert solvable > 10


def test_only_policies_can_be_switched_off_and_stage_and_reading_must_agree(stage: Stage) -> None:
    scenario = random_scenario(1)
    identity = replace(stage, off=frozenset({"holdings_carry_over"}))
    best = solved(read(scenario, identity.off), identity)
    certificate = certify(scenario, identity, best.values, best.duals)
    assert certificate.failures == ("holdings_carry_over is no policy and cannot be switched off",)
    free = replace(RISK, off=frozenset({"budget_is_respected"}))
    found = read(scenario, free.off)
    best = solved(found, free)
    assert judge(found, free, best.values, best.duals).passed
    assert "other policies" in judge(found, RISK, best.values, best.duals).failures[0]


def test_a_plan_that_is_merely_good_is_refused(reading: Reading, stage: Stage, plan: Plan) -> None:
    """Lawful, but for a ceiling on risk a hundred-thousandth tighter; and prices of the earlier stage."""
    tighter = Stage(stage.weights, {"risk": stage.ceilings["risk"] * 1.01})
    looser = solved(reading, tighter)
    assert not judge(reading, tighter, plan.values, plan.duals).passed
    assert not judge(reading, stage, looser.values, looser.duals).passed
    assert not judge(reading, stage, plan.values, solved(reading, RISK).duals).passed
    assert not judge(reading, stage, {}, {}).passed


def test_failures_are_said_in_plain_words(reading: Reading, stage: Stage, plan: Plan) -> None:
    tampered = deepcopy(plan.values)
    key = max(plan.values["held"], key=lambda key: plan.values["held"][key])
    tampered["held"][key] *= 1.1
    certificate = judge(reading, stage, tampered, {**plan.duals, "nonsense": {("x",): 1.0}})
    assert any(said.startswith("the plan breaks a rule or a bound") for said in certificate.failures)
    assert certificate.failures[-1] == "1 prices belong to no row of the reading, such as nonsense[x]"
    worst = certificate.worst[0]
    assert (worst.kind, worst.size) == ("primal", certificate.primal)
    assert key[0] in worst.where
    assert worst.where in worst.says
