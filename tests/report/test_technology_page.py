"""The Technology sheet, and the tables there are only where a workbook describes technology."""

from __future__ import annotations

import io

import openpyxl
import pytest

from model.layers.technology.sheet import pages_of
from model.report.workbook_out import solution_bytes
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.report.test_partners_page import table
from tests.scenarios import tiny_scenario
from tests.solve.test_technology import levels, ripening


def test_a_plan_without_technology_has_no_sheet_and_no_tables_of_it() -> None:
    plan = Problem(tiny_scenario()).solve()
    assert pages_of(plan) == []
    assert not {"research", "technology_levels"} & set(names_of(plan))
    assert "technology" not in plan.records("spending").columns


def test_the_sheet_tells_what_research_brings_forward() -> None:
    """All 5 paid in 2026, 4 tanks ordered in 2027 before they are available in 2028 (tests/solve/test_technology.py)."""
    plan = Problem(ripening(2028, cost=5.0, early=4.0)).solve()
    book = openpyxl.load_workbook(io.BytesIO(solution_bytes(plan)))
    row = next(row for row in table(book["Technology"]) if row[:1] == ["tank"])
    assert row[1:] == pytest.approx([2028, 5, 5, 1, 4])
    assert "Joint research is worth its money on tank (5 m USD)." in [row[0] for row in table(book["Summary"]) if row]
    assert plan.records("spending").by("year")[2026]["technology"] == pytest.approx(5)


def test_the_sheet_tells_how_far_members_are_apart() -> None:
    plan = Problem(levels(limit=0.3)).solve()
    book = openpyxl.load_workbook(io.BytesIO(solution_bytes(plan)))
    row = next(row for row in table(book["Technology"]) if row[:1] == ["Southland"])
    assert row[1:] == pytest.approx([0.4, 0.2, 0.6, 0.3, 1.2])
    assert "technology_levels" in names_of(plan)
