"""What must be true of any two scenarios that differ in one known way (FORMULATION 7), on random small ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from model.language.registry import PARTS
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import random_scenario

pytestmark = pytest.mark.slow

SMALL = {"members": 3, "capabilities": 3, "tasks": 3, "situations": 2, "periods": 2, "levels": 2}
FORCES = ("ordered", "held", "lifted", "contributed", "short")
POLICIES = [name for name, part in PARTS.items() if part.may_bend]
few = settings(
    max_examples=5, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
seeds = st.integers(0, 9999)
factors = st.floats(1.01, 3.0)
Change = Callable[[Scenario], Scenario]


def small(seed: int, **changed: Any) -> Scenario:
    return random_scenario(seed, **{**SMALL, **changed})


def solved(s: Scenario, *objectives: str, **more: Any) -> Plan:
    plan = Problem(s, **more).solve(objectives or None)
    assert plan.found, plan.message
    return plan


@cache
def base(seed: int) -> Plan:
    """The plan of the unchanged scenario."""
    return solved(small(seed))


def no_worse(value: float, than: float) -> bool:
    return value <= than * (1 + 2e-6) + 1e-9


def forces(plan: Plan) -> dict[Any, float]:
    """Every decision in units of forces, by name and key."""
    return {(name, key): value for name in FORCES for key, value in plan.values[name].items()}


# ---------------------------------------------------------------- more is never worse


MORE: dict[str, Callable[[Scenario, float], Scenario]] = {
    "budget of one": lambda s, by: s.scale("alliance_share", by, "member 1"),
    "budget of all": lambda s, by: s.scale("alliance_share", by),
    "build limits": lambda s, by: s.scale("build_limit", by),
    "holdings": lambda s, by: s.scale("holding", by, *[pair for pair in s.holding if pair[0] == "member 0"]),
    "lower prices": lambda s, by: s.scale("price_level", 1 / by, "member 2"),
    "longer lives": lambda s, by: s.scale("life", by),
    "lower requirements": lambda s, by: s.scale("quantity", 1 / by),
    "weaker caveats": lambda s, by: s.with_values(
        "max_fraction", {k: v ** (1 / by) for k, v in s.max_fraction.items()}
    ),
    "smaller pledges": lambda s, by: s.scale("min_stock", 1 / by),
    "larger shares": lambda s, by: s.scale("capability_max_share", by),
}


@pytest.mark.parametrize("what", MORE)
@few
@given(seed=seeds, by=factors)
def test_more_never_raises_risk(what: str, seed: int, by: float) -> None:
    s = small(seed)
    richer = MORE[what](s, by)
    assert no_worse(solved(richer, "risk").measures["risk"], base(seed).measures["risk"])


# ---------------------------------------------------------------- other units


def dearer(s: Scenario) -> Scenario:
    """Money in thousandths."""
    return s.scale("gdp", 1000.0).scale("unit_cost", 1000.0).scale("sustainment_cost", 1000.0)


def counted_in(amount: float) -> Change:
    """Forces counted otherwise: what was one unit is that many."""

    def change(s: Scenario) -> Scenario:
        for column in ("holding", "quantity", "build_limit", "min_stock", "max_stock"):
            s = s.scale(column, amount)
        return s.scale("unit_cost", 1 / amount).scale("sustainment_cost", 1 / amount)

    return change


EVERYTHING = {"challenge": 2.0, "fairness_band": 0.95, "equipment_floor": 0.02}


@pytest.mark.parametrize(
    ("change", "money", "amount"),
    [(dearer, 1000.0, 1.0), *((counted_in(amount), 1.0, amount) for amount in (4.0, 1e-5, 1e5))],
    ids=("money", "quarters", "hundred thousands", "parts"),
)
@few
@given(seed=seeds)
def test_other_units_change_nothing(change: Change, money: float, amount: float, seed: int) -> None:
    """The very same plan, ties included, with every policy on."""
    s = small(seed, **EVERYTHING)
    before = Problem(s).solve()
    assume(before.found)
    after = solved(change(s))
    assert after.ties_broken
    rates = {"cost": money, "unfairness": money}
    scaled = {name: value * rates.get(name, 1.0) for name, value in before.measures.items()}
    assert after.measures == pytest.approx(scaled, rel=1e-6, abs=1e-6)
    found = {key: value / amount for key, value in forces(after).items()}
    assert found == pytest.approx(forces(before), rel=1e-6, abs=1e-6)


# ---------------------------------------------------------------- other names, other company


def renamed(s: Scenario, names: Mapping[str, str]) -> Scenario:
    """Every name replaced, in sets, keys and cells."""

    def new(thing: Any) -> Any:
        if isinstance(thing, tuple):
            return tuple(new(part) for part in thing)
        return names.get(thing, thing) if isinstance(thing, str) else thing

    sets = {dimension: tuple(new(name) for name in members) for dimension, members in s.sets.items()}
    values = {name: {new(key): new(cell) for key, cell in column.items()} for name, column in s.values.items()}
    return replace(s, sets=sets, values=values)


@pytest.mark.parametrize("dimension", ["member", "capability", "situation", "task"])
@few
@given(seed=seeds)
def test_names_are_labels(dimension: str, seed: int) -> None:
    """New names sort the other way round: the same measures (ties may fall otherwise, by names)."""
    s = small(seed)
    names = {old: f"{'zyx'[i]} new" for i, old in enumerate(s.sets[dimension])}
    after = solved(renamed(s, names))
    for measure in ("risk", "cost"):
        assert after.measures[measure] == pytest.approx(base(seed).measures[measure], rel=2e-6, abs=1e-9)


def joined(s: Scenario, name: str) -> Scenario:
    """With one member more: no GDP, no holdings, no priorities; it may order anything, if it could pay."""
    template = s.sets["member"][0]
    nothing = {"gdp": 0.0, "population": 0.0, "custom_key": 0.0}
    sets = {**s.sets, "member": (*s.sets["member"], name)}
    values = {key: dict(column) for key, column in s.values.items()}
    for key, column in values.items():
        if template in column and key not in ("lead",):
            column[name] = nothing.get(key, column[template])
    for other in s.sets["member"]:
        values["commonality"] |= {(name, other): 0.5, (other, name): 0.5}
    values["commonality"][name, name] = 1.0
    values["priority"] |= {(name, task): 0.0 for task in s.sets["task"]}
    values["cost_factor"] |= {(name, capability): 1.0 for capability in s.sets["capability"]}
    return replace(s, sets=sets, values=values)


@pytest.mark.parametrize("voice", ["gdp", "equal"])
@few
@given(seed=seeds)
def test_a_member_without_anything_changes_nothing(voice: str, seed: int) -> None:
    """Under the GDP key: the plan of the others is the very same."""
    s = small(seed, voice=voice, **EVERYTHING)
    before = Problem(s).solve()
    assume(before.found)
    after = solved(joined(s, "nobody"))
    assert after.measures == pytest.approx(before.measures, rel=1e-6, abs=1e-7)
    others = {key: value for key, value in forces(after).items() if key[1][0] != "nobody"}
    assert others == pytest.approx(forces(before), rel=1e-6, abs=1e-6)
    assert all(abs(value) < 1e-9 for key, value in forces(after).items() if key[1][0] == "nobody")


def test_the_member_without_anything_is_there() -> None:
    plan = solved(joined(small(3), "nobody"))
    assert any(key[0] == "nobody" for key in plan.values["ordered"])
    assert any(key[0] == "nobody" for key in plan.values["contributed"])


# ---------------------------------------------------------------- policies, order of objectives, ceilings


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(2))
def test_relaxing_a_policy_never_hurts_its_objective(policy: str, seed: int) -> None:
    s = small(seed, **EVERYTHING)
    assert no_worse(solved(s, "risk", off=[policy]).measures["risk"], solved(s, "risk").measures["risk"])


@pytest.mark.parametrize("first", ["risk", "tail_risk", "worst_perceived_risk", "worst_kind_risk"])
@few
@given(seed=seeds)
def test_later_objectives_do_not_spoil_earlier_ones(first: str, seed: int) -> None:
    """What comes second is no worse than where nobody asked for it, and what comes first as good as alone."""
    s = small(seed)
    alone, both, turned = solved(s, first), solved(s, first, "cost"), solved(s, "cost", first)
    assert both.measures[first] == pytest.approx(alone.measures[first], rel=2e-6, abs=1e-9)
    assert no_worse(both.measures["cost"], alone.measures["cost"])
    assert no_worse(turned.measures["cost"], both.measures["cost"])
    assert no_worse(both.measures[first], turned.measures[first])


@few
@given(seed=seeds, part=st.floats(0.3, 0.9))
def test_ceilings_trade_one_measure_for_another(seed: int, part: float) -> None:
    """A ceiling where the plan is changes nothing; a lower one costs, and the trade-off is convex."""
    s, plan = small(seed), base(seed)
    cost, risk = plan.measures["cost"], plan.measures["risk"]
    there = solved(s, "risk", ceilings={"cost": cost * (1 + 1e-9)})
    assert there.measures["risk"] == pytest.approx(risk, rel=1e-5, abs=1e-9)
    cheapest = solved(s, "cost").measures["cost"]
    low, middle = cheapest + part / 2 * (cost - cheapest), cheapest + (1 + part) / 4 * (cost - cheapest)
    poor, between = (solved(s, "risk", ceilings={"cost": at}).measures for at in (low, middle))
    assert no_worse(risk, between["risk"])
    assert no_worse(between["cost"], middle)
    half = (1 + part) / 4
    right = (half - part / 2) / (1 - part / 2)
    assert no_worse(between["risk"], (1 - right) * poor["risk"] + right * risk)
