"""The Industry sheet, and the tables there are only where a workbook describes industry."""

from __future__ import annotations

import io

import openpyxl
import pytest

from model.layers.industry.sheet import pages_of
from model.report.workbook_out import solution_bytes
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.report.test_partners_page import table
from tests.scenarios import tiny_scenario
from tests.solve.test_industry import supplied


def test_a_plan_without_industry_has_no_sheet_and_no_tables_of_it() -> None:
    plan = Problem(tiny_scenario()).solve()
    assert pages_of(plan) == []
    assert not {"returns", "suppliers"} & set(names_of(plan))
    assert "supplier" not in plan.records("prices").columns


def test_the_sheet_tells_who_earns_and_who_holds_the_plan_up() -> None:
    """2.5 tanks at most (worked out in tests/solve/test_industry.py), all of Northland, which earns all of it."""
    plan = Problem(supplied({"Northland": 0.6}, limits={"Northland": 1.5}, returns={"Northland": 0.5})).solve()
    book = openpyxl.load_workbook(io.BytesIO(solution_bytes(plan)))
    found = table(book["Industry"])
    northland = next(row for row in found if row[:1] == ["Northland"])
    assert northland[1:7] == pytest.approx([2.5, 2.5, 1.0, 0.5, 10.5, 3.0])
    made = next(row for row in found if row[:2] == ["tank", "Northland"])
    assert made[3:] == pytest.approx([1.5, 1.5, 1.5, 1 / 6])
    told = " ".join(str(row[0]) for row in table(book["Summary"]) if row)
    assert "Suppliers that hold the plan up: Northland (tank)." in told
    assert "Northland can make no more of it" in told
    assert {"returns", "suppliers"} <= set(names_of(plan))
