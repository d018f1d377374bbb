"""The certificate's reading of the scenario, held against examples solved by hand and formulas written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.certificate import Stage, judge, read
from model.scenario.scenario import Scenario
from tests.scenarios import random_scenario, scenario, tiny_scenario
from tests.solve.plain_solver import Plan, solved

RISK = Stage({"risk": 1.0})


def best(s: Scenario, measure: str = "risk", risk: float | None = None) -> Plan:
    """The best plan by one measure, under a ceiling on risk if given; certified."""
    found, stage = read(s), Stage({measure: 1.0}, {} if risk is None else {"risk": risk})
    plan = solved(found, stage)
    assert judge(found, stage, plan.values, plan.duals).passed
    return plan


def lone(
    needs: dict[Any, float], *, budget: float = 0.0, capability: dict[str, Any] | None = None, **more: Any
) -> Scenario:
    """One member with 4 tanks that cost 1 each and nothing to keep, and lives of 4 years; periods of two years."""
    member = {"gdp": 10 * budget / 2, "defence_share": 0.1, "target_share": 0.1}
    tank = {"unit_cost": 1.0, "sustainment_cost": 0.0, "life": 4.0, **(capability or {})}
    return scenario(
        {"Solo": member},
        {"tank": tank},
        {"attack": (1.0, "Solo")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", year): amount for year, amount in needs.items()},
        holding={("Solo", "tank"): 4.0},
        **{"bands": {1.0: 1.0}, "years_per_period": 2, "last_year": 2029, "discount_rate": 0.0, **more},
    )


def test_two_members_one_capability_one_task_one_period() -> None:
    """Northland 7 and Southland 1 of the 10 required, for 10 and 4 (worked out in tiny_scenario).

    So risk is 0.2, tail risk and perceived risk the same, cost 14, the largest part 0.7. Fair burdens are 2/3 and 1/3
    of 14: Northland carries 10 - 28/3 = 2/3 too much. Money is worth 0.05 of risk to one, 0.025 to the other.
    """
    plan = best(tiny_scenario())
    assert plan.objective == pytest.approx(0.2)
    assert plan.values["contributed"]["Northland", "defend", "tank", 2026] == pytest.approx(7)
    assert plan.values["held"]["Southland", "tank", 0, 2026] == pytest.approx(1)
    assert plan.duals["budget_is_respected"]["Northland", 2026] == pytest.approx(-0.05)
    assert plan.duals["budget_is_respected"]["Southland", 2026] == pytest.approx(-0.025)
    later = {"cost": 14, "unfairness": 2 / 3, "tail_risk": 0.2, "worst_perceived_risk": 0.2, "dependence": 0.7}
    for measure, value in later.items():
        assert best(tiny_scenario(), measure, risk=0.2).objective == pytest.approx(value), measure


def test_the_weakest_link() -> None:
    """Debts are 20/3 and 10/3; Northland pays in full, Southland 1 of 10/3: a gap of 0.7.

    Half the weight on the gap, half on the sum: z = 0.5 x 10 x 0.7 + 0.5 x (10 - 23/3) = 14/3, so risk is 0.46667.
    """
    tiny = tiny_scenario().with_values("sharing", {"tank": "weakest link"})
    assert best(tiny).objective == pytest.approx(14 / 30)
    assert best(tiny.with_settings(weakest_link_weight=1.0)).objective == pytest.approx(0.7)
    barred = tiny.with_values("max_fraction", {("Southland", "defend", None): 0.0})
    assert best(barred).objective == pytest.approx(0.5 + 0.5 / 3)


@pytest.mark.parametrize(
    ("challenge", "share", "risk"), [(None, 0.65, 0.25), (0.9, 1.0, 0.3), (0.9, 0.55, 0.35), (3.0, 1.0, 0.2)]
)
def test_share_and_challenge(challenge: float | None, share: float, risk: float) -> None:
    """Northland gives at most share x 10, and at most challenge x 2/3 x 10; Southland 1."""
    tiny = tiny_scenario(challenge=challenge).with_values("capability_max_share", {"tank": share})
    assert best(tiny).objective == pytest.approx(risk)


def test_stocks_wear_out_and_orders_arrive_late() -> None:
    """Four tanks, of which half are left after two of their four years; four required in both periods.

    Nothing to spend: 2 missing of 8, risk 0.25. With 3 to spend a period and delivery one period later, 2 ordered in
    the first period fill the gap, for 2. With delivery after three years, so two periods, they come too late.
    """
    assert best(lone({None: 4.0})).objective == pytest.approx(0.25)
    in_time = lone({None: 4.0}, budget=3.0, capability={"lead_time": 2.0})
    assert best(in_time).objective == pytest.approx(0)
    assert best(in_time, "cost", risk=0.0).objective == pytest.approx(2)
    assert ("Solo", "tank", 2028) not in read(in_time).columns.keys["ordered"]
    too_late = lone({None: 4.0}, budget=3.0, capability={"lead_time": 3.0})
    assert best(too_late).objective == pytest.approx(0.25)
    assert read(too_late).columns.keys["ordered"] == ()
    assert read(too_late.with_settings(equipment_floor=0.0)).columns.keys["ordered"] == ()


def test_money_is_discounted_and_upkeep_is_yearly() -> None:
    """Keeping 4 then 2 tanks at 0.5 a year: 4 in the first period, 2 in the second, discounted two years at 10 %."""
    kept = lone({None: 4.0}, budget=10.0, capability={"sustainment_cost": 0.5, "lead_time": 9.0}, discount_rate=0.1)
    assert best(kept, "cost", risk=0.25).objective == pytest.approx(4 + 2 / 1.21)


def test_requirements_hold_until_the_next_row() -> None:
    """Nothing in the first period, 8 in the second: 2 of 8 there, and only that counts."""
    assert best(lone({2028: 8.0})).objective == pytest.approx(0.75)
    assert best(lone({None: 4.0, 2028: 0.0})).objective == pytest.approx(0)


def test_a_pledge_holds_until_its_own_limit_changes() -> None:
    pledges = {
        ("Solo", "tank", None): (1.0, None),
        ("Solo", "tank", 2027): (None, 9.0),
        ("Solo", "tank", 2030): (2.0, None),
    }
    rules = {rule.name: rule for rule in read(lone({None: 4.0}, last_year=2031, pledges=pledges)).rules}
    assert dict(zip(rules["pledge_is_kept"].keys, rules["pledge_is_kept"].right, strict=True)) == {
        ("Solo", "tank", 2026): 1.0,
        ("Solo", "tank", 2028): 1.0,
        ("Solo", "tank", 2030): 2.0,
    }
    assert dict(zip(rules["pledge_is_not_exceeded"].keys, rules["pledge_is_not_exceeded"].right, strict=True)) == {
        ("Solo", "tank", 2028): 9.0,
        ("Solo", "tank", 2030): 9.0,
    }


@pytest.mark.parametrize(("lead", "risk"), [("Host", 1 - 4 * 0.7 / 5), ("Guest", 1 - 4 / 5), (None, 1 - 4 * 0.64 / 5)])
def test_commonality_with_whoever_leads(lead: str | None, risk: float) -> None:
    """Guest's 4 tanks are worth 0.4 + 0.6 x commonality: 0.5 with Host, 0.3 with Other, 1 with itself.

    Without a lead, the mean by GDP: Host has 1, Other 1: 0.4 x ... = 0.4 + 0.6 x 0.4 = 0.64.
    """
    s = scenario(
        {"Guest": {"defence_share": 0.0, "target_share": 0.0}, "Host": {"gdp": 1.0}, "Other": {"gdp": 1.0}},
        {"tank": {"sustainment_cost": 0.0}},
        {"attack": (1.0, lead)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 5.0},
        holding={("Guest", "tank"): 4.0},
        cost_factor={},
        levels={"apart": (0.4, 0.0, 0.0), "as one": (1.0, 0.5, 0.0)},
        commonality={("Guest", "Host"): 0.5, ("Guest", "Other"): 0.3},
        bands={1.0: 1.0},
    )
    assert best(s).objective == pytest.approx(risk)


def test_lifting_costs_a_part_of_the_unit_and_yearly_exercises() -> None:
    """A guest beside a host it has nothing in common with: 4 tanks count 0.5 each, or 1 once lifted.

    Lifting costs 0.5, exercises 0.25 for the year, on a price of 1. With 2.1 to spend, 2.1 / 0.75 = 2.8 are lifted:
    2 + 0.5 x 2.8 = 3.4 of 4.
    """
    s = scenario(
        {"Guest": {"gdp": 21.0}, "Host": {"gdp": 0.0}},
        {"tank": {"sustainment_cost": 0.0}},
        {"attack": (1.0, "Host")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 4.0},
        holding={("Guest", "tank"): 4.0},
        cost_factor={},
        levels={"apart": (0.5, 0.0, 0.0), "as one": (1.0, 0.5, 0.25)},
        commonality={("Guest", "Host"): 0.0},
        bands={1.0: 1.0},
    )
    assert best(s).objective == pytest.approx(0.15)
    assert best(s.with_values("member_level", {"Guest": "as one", "Host": "apart"})).objective == pytest.approx(0)


def test_below_the_floor_there_are_no_levels() -> None:
    """A member at the third level of four, new units at the second: levels 0 and 1 are one, 2 and 3 have stocks."""
    found = read(random_scenario(0, levels=4, members=2))
    floors = {m: min(level, 2) for m, level in zip(("member 0", "member 1"), _levels(0), strict=True)}
    assert {(key[0], key[2]) for key in found.columns.keys["held"]} == {
        (m, level) for m, floor in floors.items() for level in (0, 1, 2, 3) if level == 0 or level > floor
    }


def _levels(seed: int) -> list[int]:
    s = random_scenario(seed, levels=4, members=2)
    return [s.sets["level"].index(s.member_level[m]) for m in s.sets["member"]]


@pytest.mark.parametrize(
    "measure", ["risk", "cost", "unfairness", "tail_risk", "worst_perceived_risk", "worst_kind_risk", "dependence"]
)
@pytest.mark.parametrize("seed", [21, 22])
def test_measures_by_their_formulas(seed: int, measure: str) -> None:
    """The optimum of each measure equals its formula, written out over the plan's orders, stocks and shortfalls."""
    s = random_scenario(seed)
    plan = best(s, measure, None if measure == "risk" else best(s).objective * 1.01)
    assert plan.objective == pytest.approx(by_formula(s, plan, measure), rel=1e-7)


def by_formula(s: Scenario, plan: Plan, measure: str) -> float:
    """Section 6 in plain loops."""
    if measure in ("cost", "unfairness"):
        return money(s, plan, measure)
    if measure == "dependence":
        pooled = {key: y for key, y in plan.values["contributed"].items() if s.sharing[key[2]] != "weakest link"}
        return max(y / required(s, k, c, t) for (_, k, c, t), y in pooled.items())
    felt = {
        m: {k: s.probability[s.task_situation[k]] * s.consequence[k] * s.priority[m, k] for k in s.consequence}
        for m in s.gdp
    }
    if measure == "worst_perceived_risk":
        return max(weighed(s, plan, weights) for weights in felt.values())
    mean = {k: sum(weights[k] for weights in felt.values()) / len(felt) for k in s.consequence}
    if measure == "risk":
        return weighed(s, plan, mean)
    if measure == "worst_kind_risk":
        kinds = set(s.task_kind.values()) - {None}
        return max(weighed(s, plan, {k: w for k, w in mean.items() if s.task_kind[k] == kind}) for kind in kinds)
    own = {p: weighed(s, plan, {k: w for k, w in mean.items() if s.task_situation[k] == p}) for p in s.probability}
    left, tail, total = 1 - s.settings["cvar_level"], 0.0, sum(s.probability.values())
    for p in sorted(own, key=own.__getitem__, reverse=True):
        part = min(left, s.probability[p] / total)
        tail, left = tail + part * own[p], left - part
    return tail / (1 - s.settings["cvar_level"])


def weighed(s: Scenario, plan: Plan, weights: dict[str, float]) -> float:
    """Risk with these task weights."""
    scale = sum(h * g for h, g in zip((0.25, 0.25, 0.5), (0.4, 0.8, 1.4), strict=True))
    missing = whole = 0.0
    for (k, c, t, b), z in plan.values["short"].items():
        weight = weights.get(k, 0.0) * s.importance[c]
        missing += weight * (0.4, 0.8, 1.4)[b] / scale * z / required(s, k, c, t)
        whole += weight if b == 0 else 0.0
    return missing / whole


def required(s: Scenario, task: str, capability: str, period: int) -> float:
    rows = {year or 0: q for (k, c, year), q in s.quantity.items() if (k, c) == (task, capability)}
    return rows[max(year for year in rows if year <= period)]


def money(s: Scenario, plan: Plan, measure: str) -> float:
    """Cost, or half the sum of distances from fair burdens."""
    burden = dict.fromkeys(s.gdp, 0.0)
    levels, years = s.sets["level"], s.settings["years_per_period"]
    x = [s.exercise_cost[level] for level in levels]
    for name in ("ordered", "held", "lifted"):
        for (m, c, *level, t), amount in plan.values[name].items():
            price, now = (
                s.price_level[m] * s.cost_factor.get((m, c), 1.0),
                (1 + s.settings["discount_rate"]) ** (2026 - t),
            )
            a, at = price * s.unit_cost[c], level[0] if level else 0
            floor = min(levels.index(s.member_level[m]), levels.index(s.settings["delivery_level"]))
            step = x[floor] if at == 0 else x[at] - x[max(floor, at - 1)]
            unit = {"ordered": a, "lifted": s.upgrade_cost[levels[at]] * a, "held": years * a * step}[name]
            unit += years * price * s.sustainment_cost[c] if name == "held" and at == 0 else 0.0
            burden[m] += now * unit * amount
    total = sum(burden.values())
    if measure == "cost":
        return total
    return sum(abs(b - total * s.gdp[m] / sum(s.gdp.values())) for m, b in burden.items()) / 2


def test_the_reading_is_quick_and_finite_for_a_large_scenario() -> None:
    found = read(
        random_scenario(1, members=32, capabilities=22, tasks=7, situations=4, periods=5, levels=4, challenge=3.0)
    )
    assert found.columns.size > 20_000
    assert found.faults == ()
    assert all(np.isfinite(rule.right).all() for rule in found.rules)


def test_nobody_has_or_may_buy_anything() -> None:
    """No stocks, no contributions: everything is short, risk is 1, and the prices of what is required prove it."""
    found = read(tiny_scenario().with_values("holding", {}).with_values("cost_factor", {}))
    values = {"short": {("defend", "tank", 2026, 0): 10.0}}
    certificate = judge(found, RISK, values, {"requirement_is_met": {("defend", "tank", 2026): 0.1}})
    assert certificate.passed, certificate.failures
    assert certificate.objective == pytest.approx(1)


def test_nothing_is_required() -> None:
    s = tiny_scenario().with_values("quantity", {("defend", "tank", None): 0.0})
    for measure in ("risk", "cost", "tail_risk", "worst_perceived_risk", "worst_kind_risk", "dependence", "unfairness"):
        certificate = judge(read(s), Stage({measure: 1.0}), {}, {})
        assert certificate.passed, (measure, certificate.failures)
        assert certificate.objective == 0
