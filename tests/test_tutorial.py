"""Every number that ``docs/tutorial.md`` quotes, from the plan and again by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from inputs.tables_io import INPUTS
from model import Problem, load
from model.solve.plan import Plan

DOC = (INPUTS.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
BORDER, CITIES, SEA = "Hold the border", "Guard the cities", "Keep the sea lanes"
BRIGADE, BATTERY, SHIP = "Brigade", "Air defence battery", "Patrol ship"
RISK, ALL_WEIGHTS = 0.088585, 8.8


@pytest.fixture(scope="module")
def plan() -> Plan:
    found = Problem(load(INPUTS / "tutorial.xlsx")).solve()
    assert found.found
    return found


def pick(table: pd.DataFrame, column: str = "value", **where: Any) -> float:
    """The sum of a column over the rows that fit."""
    for name, wanted in where.items():
        table = table[table[name] == wanted]
    return float(table[column].sum())


def said(*texts: str) -> None:
    """The page says this in these words."""
    for text in texts:
        assert text in DOC, text


def price(plan: Plan, rule: str, **where: Any) -> float:
    return pick(plan.prices(rule, "risk"), **where)


def test_the_workbook_is_what_the_page_describes() -> None:
    scenario = load(INPUTS / "tutorial.xlsx")
    costs = {
        c: (scenario.values["unit_cost"][c], scenario.values["sustainment_cost"][c]) for c in (BRIGADE, BATTERY, SHIP)
    }
    assert costs == {BRIGADE: (1000, 100), BATTERY: (400, 20), SHIP: (300, 30)}
    said("A brigade costs 1,000 million and 100 a year, an air defence battery 400 and 20, a patrol ship 300 and 30")


def test_risk_and_cost_of_the_summary(plan: Plan) -> None:
    assert plan.measures["risk"] == pytest.approx(RISK, abs=1e-5)
    assert plan.measures["cost"] == pytest.approx(14_829, abs=0.5)
    assert pick(plan.table("burdens"), "offered") == pytest.approx(21_750)
    said("*Risk is 8.9 %* (0.0886)", "14,829 of the 21,750 million")


def test_what_is_on_offer(plan: Plan) -> None:
    spending = plan.table("spending")
    assert pick(spending, "budget", member="Northland", year=2026) == pytest.approx(1_000_000 * 0.02 * 0.1 * 2) == 4000
    offers = [pick(spending, "budget", member="Southland", year=year) for year in (2026, 2028, 2030)]
    assert offers == pytest.approx([1000, 2 * 250_000 * 0.025 * 0.1, 1500])
    said("**4,000**", "= 1,250, then 1,500")


@pytest.mark.parametrize(
    ("member", "capability", "held"),
    [
        ("Northland", BRIGADE, (4, 5.536, 6.76)),
        ("Northland", BATTERY, (4, 3.6, 6)),
        ("Midland", BATTERY, (0, 0, 2)),
        ("Southland", BRIGADE, (0, 0, 0)),
    ],
)
def test_apportionment(plan: Plan, member: str, capability: str, held: tuple[float, ...]) -> None:
    stocks = plan.table("stocks")
    found = [pick(stocks, member=member, capability=capability, year=year) for year in (2026, 2028, 2030)]
    assert found == pytest.approx(held, abs=1e-6)


def test_orders_arrive_a_lead_time_later(plan: Plan) -> None:
    orders = plan.table("orders")
    brigades = pick(orders, member="Northland", capability=BRIGADE, year=2026, delivered=2028)
    assert brigades == pytest.approx(1.936)
    assert 0.9 * 4 + brigades == pytest.approx(5.536)
    batteries = orders[(orders.capability == BATTERY) & (orders.value > 1e-6)]
    assert set(batteries.year) == {2026}
    assert set(batteries.delivered) == {2030}
    said("It orders 1.936 in 2026", "0.9 × 4 + 1.936 = 5.536")


def test_coverage_in_the_first_period(plan: Plan) -> None:
    needs = plan.table("requirements")
    for task, capability, required, provided in (
        (BORDER, BRIGADE, 10, 7.88),
        (BORDER, BATTERY, 2, 1.5),
        (CITIES, BATTERY, 6, 2.5),
    ):
        assert pick(needs, "required", task=task, capability=capability, year=2026) == required
        assert pick(needs, "provided", task=task, capability=capability, year=2026) == pytest.approx(provided)
    joint = pick(plan.table("holdings"), member="Midland", capability=BRIGADE, level="joint", year=2026)
    assert joint == pytest.approx(3.4)
    assert 4 + joint * 1 + (4 - joint) * (0.6 + 0.4 * 0.5) == pytest.approx(7.88)
    said(
        "3.4 × 1 + 0.6 × 0.8 = 3.88",
        "| border: brigades | 10 | 7.88 | 79 % |",
        "| cities: batteries | 6 | 2.5 | 42 % |",
    )


def test_risk_by_hand(plan: Plan) -> None:
    border, cities, sea = 0.6 * 3.5 / 3, 0.6 * 1, 0.4 * 3.5 / 3
    assert 6 * border + 3 * cities + 6 * sea == pytest.approx(ALL_WEIGHTS)

    def graded(missing: float) -> float:
        return 0.4 * min(missing, 0.25) + 0.8 * min(max(missing - 0.25, 0), 0.25) + 1.4 * max(missing - 0.5, 0)

    assert graded(3.5 / 6) == pytest.approx(0.417, abs=5e-4)
    assert graded(3.5 / 6) * cities / ALL_WEIGHTS == pytest.approx(0.0284, abs=5e-5)
    weight = {BORDER: border, CITIES: cities, SEA: sea}
    needs = plan.table("requirements")
    by_hand = sum(weight[row.task] * graded(row.shortfall / row.required) for row in needs.itertuples()) / ALL_WEIGHTS
    assert by_hand == pytest.approx(plan.measures["risk"])


def test_burdens(plan: Plan) -> None:
    burdens = plan.table("burdens")
    shares = {row.member: (round(100 * row.share), round(100 * row.fair_share)) for row in burdens.itertuples()}
    assert shares == {"Northland": (58, 57), "Midland": (26, 29), "Southland": (16, 14)}
    assert plan.measures["unfairness"] == pytest.approx(343, abs=0.5)
    said("Northland bears 58 % (fair share by GDP 57 %), Midland 26 % (29 %), Southland 16 % (14 %)", "343 million")


def test_midlands_money_is_used_up(plan: Plan) -> None:
    spending = plan.table("spending")
    parts = {
        part: pick(spending, part, member="Midland", year=2026)
        for part in ("acquisition", "upgrades", "sustainment", "exercises")
    }
    assert parts == pytest.approx(
        {"acquisition": 800, "upgrades": 3.4 * 50 + 2 * 15, "sustainment": 920, "exercises": 80}
    )
    assert sum(parts.values()) == pytest.approx(2000)
    assert 2 * (4 * 100 + 2 * 30) == 920
    assert round(2 * (3.4 * 10 + 2 * 3)) == 80


def test_prices(plan: Plan) -> None:
    battery = price(plan, "requirement_is_met", task=CITIES, capability=BATTERY, year=2026)
    assert battery == pytest.approx(1.4 * 0.6 / (ALL_WEIGHTS * 6)) == pytest.approx(0.0159, abs=5e-5)
    brigade = price(plan, "requirement_is_met", task=BORDER, capability=BRIGADE, year=2026)
    assert brigade == pytest.approx(0.4 * 0.7 / (ALL_WEIGHTS * 10)) == pytest.approx(0.00318, abs=5e-6)
    midland = price(plan, "budget_is_respected", member="Midland", year=2026)
    assert midland == pytest.approx(0.2 * brigade / 70) == pytest.approx(0.0000091, abs=5e-8)
    northland = price(plan, "budget_is_respected", member="Northland", year=2026)
    assert northland == pytest.approx(brigade / 1000) == pytest.approx(0.0000032, abs=5e-8)
    assert 1000 * midland / RISK == pytest.approx(0.10, abs=0.005)
    pledge = price(plan, "pledge_is_kept", member="Midland", capability=BATTERY, year=2030)
    assert pledge == pytest.approx(400 * (midland - northland)) == pytest.approx(0.0024, abs=5e-5)
    for year in (2028, 2030):
        assert price(plan, "budget_is_respected", year=year) == 0
    said("= 0.0159", "0.2 × 0.00318 / 70 = 0.0000091", "lower risk by 0.0024")


def test_spending_by_period(plan: Plan) -> None:
    spending = plan.table("spending").groupby("year")[["spent", "budget"]].sum()
    assert [round(100 * part) for part in spending.spent / spending.budget] == [94, 71, 41]
    said("94 % of their offers in the first period, 71 % in the second, 41 % in the last")


def test_the_changes_suggested_at_the_end_lower_risk() -> None:
    scenario = load(INPUTS / "tutorial.xlsx")
    lead_times = {**scenario.values["lead_time"], BATTERY: 2}
    released = dict.fromkeys(scenario.values["max_fraction"], 1.0)
    changed = (scenario.with_values("lead_time", lead_times), scenario.with_values("max_fraction", released))
    for other in (*changed, scenario.with_values("gdp", {**scenario.values["gdp"], "Midland": 600_000})):
        assert Problem(other).solve().measures["risk"] < RISK - 1e-3
