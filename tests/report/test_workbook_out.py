"""The solution workbook as a planner gets it: sheets, headers, figures, and nothing but text where names stand."""

from __future__ import annotations

import io
import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from model.language.faults import OutputError, UsageError
from model.report import brief
from model.report.pages import Grid, Page
from model.report.workbook_out import pages, solution_bytes, write_solution
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import scenario, tiny_scenario

FIRST = ["Summary", "Apportionment", "Shortfalls", "Burden", "Interoperability", "Prices", "Schedule"]
LAST = ["Defaults applied", "Inputs", "Input Settings", "Run"]


def grid(found: list[Page], name: str) -> Grid:
    return next(item for page in found for item in page.items if isinstance(item, Grid) and item.name == name)


@pytest.fixture(scope="module")
def book(plan: Plan) -> Any:
    return openpyxl.load_workbook(io.BytesIO(solution_bytes(plan)))


def test_sheets_stand_in_order(book: Any) -> None:
    assert book.sheetnames[:7] == FIRST
    assert [name for name in book.sheetnames if name in LAST] == LAST
    assert book.sheetnames[-1] == "Run"
    assert {"Contributions", "Holdings", "Requirements", "Spending"} <= set(book.sheetnames)


def test_every_figure_has_a_unit_in_its_header(plan: Plan) -> None:
    for page in pages(plan):
        for item in page.items:
            if isinstance(item, Grid):
                for header in item.headers:
                    assert header.unit or header.style in ("text", "wrap", "year", "general"), (page.name, header.name)


def test_long_lists_are_frozen_and_filtered(book: Any) -> None:
    for name in ("Apportionment", "Shortfall list", "Contributions", "Target matrix"):
        assert book[name].freeze_panes not in (None, "A1")
        assert book[name].auto_filter.ref
    assert all(sheet.page_setup.orientation == "landscape" for sheet in book)


def test_there_are_charts_and_colour_scales(book: Any, plan: Plan) -> None:
    with zipfile.ZipFile(io.BytesIO(solution_bytes(plan))) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 5
    assert book["Prices"].conditional_formatting
    assert book["Shortfalls"].conditional_formatting


def test_summary_says_what_the_plan_measures(book: Any, plan: Plan) -> None:
    shown = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    for name, value in plan.measures.items():
        assert shown[name.replace("_", " ")] == pytest.approx(value, rel=1e-12)


def test_same_plan_same_bytes(plan: Plan) -> None:
    assert solution_bytes(plan) == solution_bytes(plan)


def test_same_workbook_same_bytes_when_solved_again() -> None:
    first, second = (solution_bytes(Problem(tiny_scenario()).solve()) for _ in range(2))
    assert first == second


def test_old_file_survives_a_failure(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "solution.xlsx"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="disk is full"):
        write_solution(plan, target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["solution.xlsx"]


def evil() -> Scenario:
    """Names a spreadsheet would like to run, and a member called NA."""
    return scenario(
        {"=cmd|' /C calc'!A0": {}, "NA": {"gdp": 50.0}, "+1": {"gdp": 5.0}},
        {"@SUM(A1)": {"unit": "=1+1"}, "-2": {"sharing": "weakest link"}},
        {'=HYPERLINK("http://x")': (1.0, "NA")},
        {"=A1": ('=HYPERLINK("http://x")', 1.0)},
        {("=A1", "@SUM(A1)", None): 30.0, ("=A1", "-2", None): 30.0},
        name="=evil",
        title="=1+1",
        currency="=USD m",
    )


def test_names_are_only_ever_text() -> None:
    content = solution_bytes(Problem(evil()).solve())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                text = archive.read(name).decode()
                assert not re.search(r"<f[ >]|<hyperlink", text), name
    book = openpyxl.load_workbook(io.BytesIO(content))
    members = {row[0].value for row in book["Apportionment"].iter_rows()}
    assert {"=cmd|' /C calc'!A0", "NA", "+1"} <= members
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_targets_are_the_holdings(plan: Plan) -> None:
    stocks = plan.table("stocks").set_index(["member", "capability", "year"])["value"]
    years = plan.data.sets["period"]
    rows = grid(pages(plan), "targets").rows
    for row in rows:
        assert row[4 : 4 + len(years)] == tuple(stocks[row[0], row[1], year] for year in years)
    shown = {(row[0], row[1]) for row in rows}
    assert all(pair in shown for (m, c, _), value in stocks.items() if value > 1e-5 for pair in [(m, c)])
    order = plan.scenario.sets["member"]
    assert list(dict.fromkeys(row[0] for row in rows)) == [m for m in order if any(row[0] == m for row in rows)]


def test_sums_add_up(plan: Plan) -> None:
    found = pages(plan)
    profile, spending = grid(found, "profile").rows, plan.table("spending")
    for row, (_, year) in zip(profile, spending.groupby("year"), strict=True):
        assert row[5] == pytest.approx(sum(row[1:5]))
        assert row[5] == pytest.approx(year["spent"].sum())
    provided = plan.table("contributions").groupby(["task", "capability", "year"])["value"].sum()
    required = plan.table("requirements").set_index(["task", "capability", "year"])["provided"]
    for at, value in required.items():
        assert provided.get(at, 0.0) == pytest.approx(value, abs=1e-9)
    burden = grid(found, "burden").rows
    assert burden[-1][2] == pytest.approx(plan.measures["cost"])
    assert sum(max(0.0, row[6]) for row in burden[:-1]) == pytest.approx(
        plan.measures["unfairness"], rel=1e-6, abs=1e-6
    )


def test_coverage_over_the_years_is_one_minus_risk(plan: Plan) -> None:
    """Each period's coverage weighted by what is required then."""
    from model.report.figures import coverage_by_year, plain_alliance_coverage, task_losses

    d, losses = plan.data, task_losses(plan)
    spans = {
        t: sum(d.task_weight[k] * span for (k, year), (_, span) in losses.items() if year == t)
        for t in d.sets["period"]
    }
    covered = coverage_by_year(plan)
    mean = sum(covered[t] * spans[t] for t in covered) / sum(spans.values())
    assert mean == pytest.approx(1 - plan.measures["risk"])
    assert plain_alliance_coverage(plan) <= 1 - plan.measures["risk"] + 1e-9


def test_inputs_are_all_there(tutorial: Plan) -> None:
    found = pages(tutorial)
    listed = {str(row[0]).removeprefix("Input ") for row in grid(found, "inputs").rows}
    assert listed <= {sheet.name for sheet in SHEETS}
    assert {
        "Settings",
        "Members",
        "Capabilities",
        "Situations",
        "Tasks",
        "Requirements",
        "Holdings",
        "Caveats",
        "Sources",
    } <= listed
    assert [page.name for page in found if page.name.startswith("Input ")] == [
        row[0] for row in grid(found, "inputs").rows
    ]
    assert grid(found, "input Sources").rows == tutorial.scenario.sources
    holdings = grid(found, "input Holdings")
    total = sum(value for row in holdings.rows for value in row[1:] if isinstance(value, float | int))
    assert total == pytest.approx(sum(tutorial.scenario.holding.values()))
    assert len(grid(found, "defaults").rows) == len(tutorial.scenario.defaults)


def test_the_brief_as_text(tutorial: Plan) -> None:
    text = brief.plain_text(tutorial)
    assert text.startswith("Tutorial: three members")
    assert "Lead time" in text
    assert "nan" not in text.lower().replace("finan", "")


def test_without_a_plan_there_is_no_workbook_but_a_reason(tmp_path: Path) -> None:
    impossible = tiny_scenario()
    impossible = impossible.with_values("min_stock", {("Southland", "tank", None): 50.0}).with_values(
        "max_stock", {("Southland", "tank", None): None}
    )
    plan = Problem(impossible).solve()
    assert not plan.found
    with pytest.raises(UsageError, match="no plan"):
        write_solution(plan, tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())
    text = brief.no_plan_text(plan)
    assert "Southland" in text
    assert brief.plain_text(plan) == text


@pytest.mark.parametrize("objectives", [("cost",), ("unfairness", "risk"), ("risk",)])
def test_other_objectives_are_reported_too(objectives: tuple[str, ...]) -> None:
    plan = Problem(tiny_scenario()).solve(objectives)
    assert solution_bytes(plan)


def test_a_weighting_is_reported_too() -> None:
    assert solution_bytes(Problem(tiny_scenario()).solve(weights={"risk": 1.0, "cost": 0.1}))


def test_a_scenario_that_requires_nothing_is_reported_too() -> None:
    nothing = tiny_scenario().with_values("quantity", {("defend", "tank", None): 0.0})
    plan = Problem(nothing).solve()
    assert plan.found
    assert solution_bytes(plan)
    assert "Nothing is short" in brief.plain_text(plan)


def test_an_uncertified_plan_is_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_solution(replace(plan, status="numerical trouble"), tmp_path / "x.xlsx")
