"""The Partners sheet, and the tables there are only with partners."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from model.layers.partners.sheet import pages_of
from model.report.workbook_out import solution_bytes
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.scenarios import tiny_scenario
from tests.solve.test_partners import helped


def table(page: Any) -> list[list[Any]]:
    """The rows of a sheet without blanks at the end."""
    return [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]


def test_a_plan_without_partners_has_no_sheet_and_no_tables_of_them() -> None:
    plan = Problem(tiny_scenario()).solve()
    assert pages_of(plan) == []
    assert not {"payments", "loans"} & set(names_of(plan))
    assert not {"hired", "paid_back"} & set(plan.records("spending").columns)
    assert "partner" not in plan.records("prices").columns


def test_the_sheet_tells_what_is_paid_to_whom_and_what_more_would_be_worth() -> None:
    """The UN's 2 buy Northland one tank (worked out in tests/solve/test_partners.py): 12 spent, 2 back, 10 borne."""
    plan = Problem(helped(reimbursement=0.5, partner_money=2.0, lendable=0.5)).solve()
    book = openpyxl.load_workbook(io.BytesIO(solution_bytes(plan)))
    found = table(book["Partners"])
    assert ["UN", "2026", 2, 2] in [row[:4] for row in found]
    told = " ".join(str(row[0]) for row in table(book["Summary"]) if row)
    assert "Partners pay UN 2 m USD over the horizon" in told
    assert "does most from UN in 2026: it would lower risk by at most 0.05, its price" in told
    money = next(row for row in found if row[:2] == ["UN", "2026"])
    assert money[4] == pytest.approx(0.05)
    assert ["Northland", 12, 2, 10] in [
        [*row[:1], *(round(cell, 6) for cell in row[1:4])] for row in found if row[:1] == ["Northland"]
    ]
    assert any(row[:4] == ["UN", "defend", "tank", "2026"] and row[4:6] == [0.5, 0.5] for row in found)
    assert {"payments", "loans"} <= set(names_of(plan))
    spending = plan.records("spending").by("member")
    assert spending["Northland"]["paid_back"] == pytest.approx(-2)
    prices = plan.records("prices").keep("rule", lambda rule: rule == "partner_money_suffices")
    assert ("UN", 0.05) in {(j, round(v, 9)) for j, v in prices.pick("partner", "value")}
