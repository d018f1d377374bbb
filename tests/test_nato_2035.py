"""The NATO scenario's plan: certified, as docs/scenarios.md tells it, and nothing a planner would laugh at."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from inputs.tables_io import INPUTS
from model import Problem, load
from model.solve.plan import Plan

pytestmark = pytest.mark.slow

DOC = (INPUTS.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
FIRST, LAST = 2026, 2034


@pytest.fixture(scope="module")
def plan() -> Plan:
    found = Problem(load(INPUTS / "nato_2035.xlsx")).solve()
    assert found.found, found.message
    return found


@pytest.fixture(scope="module")
def stocks(plan: Plan) -> pd.DataFrame:
    held = {key: value or 0.0 for key, value in plan.scenario.values["holding"].items()}
    table = plan.table("stocks").pivot_table(index=["member", "capability"], columns="year", values="value")
    table["before"] = [held.get(key, 0.0) for key in table.index]
    return table


def test_size_and_risk_are_as_told(plan: Plan) -> None:
    assert plan.measures["risk"] == pytest.approx(0.054, abs=5e-4)
    assert plan.measures["cost"] == pytest.approx(1_956_000, rel=1e-3)
    assert plan.size["rows"] < 30_000
    assert plan.size["columns"] < 22_000
    assert "Risk 0.054, proved optimal" in DOC


def test_coverage_is_as_told(plan: Plan) -> None:
    coverage = plan.table("requirements").groupby(["task", "year"]).coverage.mean().unstack()
    rows = re.findall(r"^\| ([A-Z][^|]+) \| (\d+) % \| (\d+) % \| (\d+) % \|$", DOC, re.MULTILINE)
    assert {row[0] for row in rows} == set(coverage.index)
    for task, *parts in rows:
        found = [100 * coverage.loc[task, year] for year in (FIRST, 2030, LAST)]
        assert found == pytest.approx([float(part) for part in parts], abs=0.7), task


def test_money_is_used_while_it_can_still_buy_something(plan: Plan) -> None:
    spending = plan.table("spending").groupby("year")[["spent", "budget"]].sum()
    used = spending.spent / spending.budget
    assert used.loc[:2030].min() > 0.99
    assert [round(100 * used[year]) for year in (2032, LAST)] == [83, 54]


def test_nobody_disbands_a_force_in_the_first_period(plan: Plan, stocks: pd.DataFrame) -> None:
    price = dict(plan.scenario.values["unit_cost"])
    for (member, capability), row in stocks.iterrows():
        assert (row["before"] - row[FIRST]) * price[capability] < 500, (member, capability)


def test_no_member_becomes_the_supplier_of_all(stocks: pd.DataFrame) -> None:
    """Nobody but those that have it already ends up with more than a third of a capability."""
    total = stocks[[LAST, "before"]].groupby("capability").transform("sum")
    share, had = stocks[LAST] / total[LAST], stocks["before"] / total["before"]
    too_much = share[(share > 1 / 3) & (share > had + 0.1)]
    assert too_much.empty, too_much


@pytest.mark.parametrize("capability", ["Heavy brigade", "Medium brigade", "Long-range air defence battery"])
def test_large_members_keep_core_forces(stocks: pd.DataFrame, capability: str) -> None:
    for member in ("United States", "Germany", "United Kingdom", "France", "Italy", "Poland", "Spain", "Türkiye"):
        row = stocks.loc[(member, capability)]
        assert row[LAST] > 0.6 * row["before"], member


def test_every_dear_force_is_renewed(plan: Plan) -> None:
    ordered = plan.table("orders").groupby("capability").value.sum()
    for capability in (
        "Heavy brigade",
        "Frigate or destroyer",
        "Attack submarine",
        "Fifth-generation fighter squadron",
    ):
        assert ordered[capability] > 5, capability
