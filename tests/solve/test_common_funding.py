"""What the alliance owns itself, against answers worked out by hand and facts that must hold of any scenario."""

from __future__ import annotations

from typing import Any

import pytest

from model.scenario.scenario import Scenario
from model.solve.alone import alone
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.proof import prove
from tests.scenarios import random_scenario, scenario, tiny_scenario
from tests.solve.second_solver import glpk_optimum

pytestmark = pytest.mark.slow


def pooling(s: Scenario, **row: Any) -> Scenario:
    """The scenario with a row of common funding for tanks, at 0.6 of the list price and paid in equal parts unless said."""
    usual = {
        "common_holding": 0.0,
        "common_max_stock": None,
        "common_cost_factor": 0.6,
        "common_key": "equal",
        "common_from_year": None,
    }
    for column, value in {**usual, **row}.items():
        s = s.with_values(column, {"tank": value})
    return s


def solved(s: Scenario, *objectives: str, **options: Any) -> Plan:
    plan = Problem(s, **options).solve(objectives or None)
    assert plan.found, plan.message
    return plan


@pytest.mark.parametrize(
    ("key", "spent"), [("equal", (7.6, 3.6)), ("gdp", (4 + 4.8, 2.4)), ("population", (4 + 7.2 / 4, 7.2 * 3 / 4))]
)
def test_what_is_worth_pooling_is_bought_together_and_paid_by_key(key: str, spent: tuple[float, float]) -> None:
    """Tiny scenario: 10 tanks are required, Northland keeps its 4 for 4 of its 10, Southland offers 4 and pays double.

    A tank of the alliance costs 0.6 + 0.6 = 1.2 against 2 and 4: the six that are missing are bought together for 7.2, and
    risk is 0. Keeping an old tank costs 1, so Northland keeps its four: 4 + 7.2 = 11.2 in all. In equal parts each pays 3.6; by GDP
    (100 and 50) Northland pays 4.8; by population (1 and 3) Southland would pay 5.4 and has 4: then no more than 4 / 0.9 = 4.44
    tanks are bought together, and Northland buys the other 1.56 itself.
    """
    s = pooling(tiny_scenario(), common_key=key).with_values("population", {"Northland": 1.0, "Southland": 3.0})
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(0.0, abs=1e-9)
    owned = plan.values["commonly_held"]["tank", 2026]
    paid = plan.quantity("spend")["Northland", 2026], plan.quantity("spend")["Southland", 2026]
    if key == "population":
        assert owned == pytest.approx(4 / 0.9)
        assert paid == pytest.approx((4 + 2 * (6 - 4 / 0.9) + 0.3 * 4 / 0.9, 4.0))
    else:
        assert owned == pytest.approx(6)
        assert paid == pytest.approx(spent)
        assert plan.measures["cost"] == pytest.approx(11.2)


def test_a_limit_on_what_the_alliance_owns_has_a_price() -> None:
    """Three at most: 3.6, in equal parts 1.8 each. Northland has 10 - 4 - 1.8 = 4.2 left for 2.1 tanks of its own, Southland 2.2
    for 0.55: 4 + 3 + 2.1 + 0.55 = 9.65 of 10. One more in common takes 0.3 and 0.15 tanks from the two: a gain of 0.55 tanks,
    0.055 of risk.
    """
    plan = solved(pooling(tiny_scenario(), common_max_stock=3.0))
    assert plan.measures["risk"] == pytest.approx(0.035)
    assert plan.values["commonly_held"]["tank", 2026] == pytest.approx(3)
    assert plan.gains("common_stock_is_limited")["tank", 2026] == pytest.approx(0.055)
    assert solved(pooling(tiny_scenario(), common_max_stock=3.0), off=["common_stock_is_limited"]).measures[
        "risk"
    ] == pytest.approx(0.0, abs=1e-9)


def test_what_is_dearer_together_is_not_pooled() -> None:
    """At four times the list price a tank of the alliance costs 8: Northland's half alone is worth two tanks of its own."""
    plan = solved(pooling(tiny_scenario(), common_cost_factor=4.0))
    assert plan.measures["risk"] == pytest.approx(0.2)
    assert sum(plan.values["commonly_held"].values()) == pytest.approx(0.0, abs=1e-9)


def test_industry_counts_what_the_alliance_orders() -> None:
    """Two a year for everybody: all two go to the alliance, which has a tank for 1.2. 4 + 2 of 10; 4 + 2.4 spent."""
    s = pooling(tiny_scenario()).with_values("build_limit", {"tank": 2.0})
    plan = solved(s)
    assert plan.measures["risk"] == pytest.approx(0.4)
    assert plan.measures["cost"] == pytest.approx(6.4)
    assert plan.values["commonly_ordered"]["tank", 2026] == pytest.approx(2)


def test_what_it_has_wears_out_and_what_it_orders_takes_its_time() -> None:
    """Three years; lives of 10 years, so a tenth is lost each year; an order takes a year and may be placed from 2027.

    The alliance has 5: 5 in 2026 (the first year sees all of it), 4.5, 4.05. What is ordered in 2027 arrives in 2028; nothing
    ordered in 2026 counts for it.
    """
    s = pooling(tiny_scenario(last_year=2028), common_holding=5.0, common_from_year=2027)
    plan = solved(s.with_values("lead_time", {"tank": 1.0}).with_values("holding", {}).with_values("cost_factor", {}))
    held, ordered = plan.values["commonly_held"], plan.values["commonly_ordered"]
    assert set(ordered) == {("tank", 2027)}
    assert [held["tank", t] for t in (2026, 2027)] == pytest.approx([5, 4.5])
    assert held["tank", 2028] == pytest.approx(4.05 + ordered["tank", 2027])
    assert held["tank", 2028] == pytest.approx(10)


def led_from_afar(sharing: str = "rival") -> Scenario:
    """One member that has nothing in common with the lead of the only situation; half of what it holds counts there."""
    return scenario(
        {"Near": {"gdp": 0.0}, "Far": {"gdp": 100.0, "defence_share": 0.1, "target_share": 0.1}},
        {"tank": {"capability_availability": 0.8, "sharing": sharing}},
        {"attack": (1.0, "Near")},
        {"defend": ("attack", 1.0), "hold": ("attack", 1.0)},
        {("defend", "tank", None): 4.0, ("hold", "tank", None): 4.0},
        levels={"low": (0.5, 0.0, 0.0), "high": (1.0, 9.0, 0.0)},
        commonality={("Near", "Far"): 0.0, ("Far", "Near"): 0.0},
        max_fraction={("Far", "hold", None): 0.0},
        bands={1.0: 1.0},
    )


def test_the_alliances_own_counts_fully_beside_any_lead_and_knows_no_caveat() -> None:
    """Far's own five tanks would count 0.8 x 0.5 x 5 = 2 for one of the two tasks. Five of the alliance's, at the same price,
    count 0.8 x 5 = 4 for either: half of all that is required.
    """
    s = led_from_afar()
    assert solved(s).measures["risk"] == pytest.approx(0.75)
    plan = solved(pooling(s, common_cost_factor=1.0, common_key="gdp"))
    assert plan.measures["risk"] == pytest.approx(0.5)
    assert plan.values["commonly_held"]["tank", 2026] == pytest.approx(5)


def test_what_is_not_used_up_serves_every_task() -> None:
    """Five scanners of the alliance count 4 for each task by itself."""
    plan = solved(pooling(led_from_afar("non-rival"), common_cost_factor=1.0, common_key="gdp"))
    assert plan.measures["risk"] == pytest.approx(0.0, abs=1e-9)


def test_nobody_depends_on_a_member_for_what_all_own() -> None:
    """Ten tanks at 0.8 a piece are cheaper than keeping four at 1: all that is required rests on no member.

    Share and challenge are about members too: neither holds the alliance's own back.
    """
    s = pooling(tiny_scenario(max_share=0.1, challenge=0.1), common_cost_factor=0.4)
    plan = solved(s.with_values("capability_max_share", {"tank": 0.1}))
    assert plan.measures["risk"] == pytest.approx(0.0, abs=1e-9)
    assert plan.measures["cost"] == pytest.approx(8.0)
    assert plan.measures["dependence"] == pytest.approx(0.0, abs=1e-9)


def test_a_weakest_link_is_nobodys_to_own_for_the_others() -> None:
    """Should a scenario not made from a workbook say so all the same, nothing comes of it."""
    s = tiny_scenario().with_values("sharing", {"tank": "weakest link"})
    assert solved(pooling(s)).measures == pytest.approx(solved(s).measures)
    assert not solved(pooling(s)).values["commonly_held"]


def test_alone_there_is_nothing_in_common() -> None:
    s = pooling(tiny_scenario(consensus=True), common_holding=6.0)
    assert not alone(s, "Northland").common_cost_factor
    assert Problem(s).accepted["Northland"] == pytest.approx(
        Problem(tiny_scenario(consensus=True)).accepted["Northland"]
    )


def test_who_leaves_pays_no_more_and_the_others_share_it() -> None:
    plan = solved(pooling(tiny_scenario(), common_key="gdp").without("Southland"))
    owned = plan.values["commonly_held"]["tank", 2026]
    assert plan.quantity("common_acquisition")["Northland", 2026] == pytest.approx(0.6 * owned)


@pytest.mark.parametrize("seed", range(6))
def test_being_allowed_to_pool_never_hurts(seed: int) -> None:
    s = random_scenario(seed)
    more = random_scenario(seed, pooling=True)
    assert solved(more).measures["risk"] <= solved(s).measures["risk"] + 1e-7


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_money_is_made_of_the_one_spending(seed: int) -> None:
    """Members' parts of common funding sum to what the alliance's orders and stocks cost; each keeps within its budget."""
    plan = solved(random_scenario(seed, pooling=True, fairness_band=0.9, equipment_floor=0.05))
    d, spend = plan.data, plan.quantity("spend")
    for t in d.sets["period"]:
        paid = sum(
            plan.quantity(f"common_{what}")[m, t] for what in ("acquisition", "sustainment") for m in d.sets["member"]
        )
        cost = sum(d.common_price[c] * v for (c, when), v in plan.values["commonly_ordered"].items() if when == t)
        cost += sum(d.common_upkeep[c] * v for (c, when), v in plan.values["commonly_held"].items() if when == t)
        assert paid == pytest.approx(cost, abs=1e-9)
        assert all(spend[m, t] <= d.budget[m, t] * (1 + 1e-7) + 1e-9 for m in d.sets["member"])
    total = sum(d.discount[t] * value for (_, t), value in spend.items())
    assert plan.measures["cost"] == pytest.approx(total)


@pytest.mark.parametrize("seed", range(3))
def test_money_in_other_units_is_the_same_plan(seed: int) -> None:
    s = random_scenario(seed, pooling=True)
    cents = s.scale("gdp", 1000.0).scale("unit_cost", 1000.0).scale("sustainment_cost", 1000.0)
    one, other = solved(s), solved(cents)
    assert other.values["commonly_held"] == pytest.approx(one.values["commonly_held"], abs=1e-5)
    assert other.measures["cost"] == pytest.approx(1000 * one.measures["cost"], rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_what_if_about_it_starts_hot_and_ends_where_a_fresh_solve_does(seed: int) -> None:
    s = random_scenario(seed, pooling=True)
    base = Problem(s)
    assert base.solve().found
    for edited in (
        s.scale("common_cost_factor", 1.1),
        s.scale("common_holding", 0.5),
        s.scale("gdp", 1.05, "member 0"),
    ):
        hot = base.changed(edited)
        assert hot.solve().measures == pytest.approx(solved(edited).measures, rel=1e-6, abs=1e-7)
        assert hot.path == "hot"


@pytest.mark.parametrize("seed", range(3))
def test_a_second_solver_agrees(seed: int) -> None:
    problem = Problem(random_scenario(seed, pooling=True))
    plan = problem.solve(("risk",))
    assert glpk_optimum(problem.lp, "risk") == pytest.approx(plan.measures["risk"], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("variable", ["commonly_ordered", "commonly_held", "commonly_contributed"])
def test_a_plan_that_was_tampered_with_is_refused(variable: str) -> None:
    problem = Problem(pooling(tiny_scenario()))
    plan = problem.solve()
    assert plan.x is not None
    x = plan.x.copy()
    x[problem.lp.columns[variable].places] += {"commonly_ordered": -0.1}.get(variable, 0.1)
    assert not prove(problem.reading, problem.lp, plan.stages[-1], x).passed
