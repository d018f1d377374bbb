"""The Burden sheet: keys side by side, and the chosen key step by step, with the figures the plan was made with."""

from __future__ import annotations

import pytest

from model.questions.burden.result import burdens
from model.report.benefit import benefit_table, guidelines_table, in_kind_table
from model.report.burden import burden, keys_table, steps_table
from model.report.pages import Grid, Paragraph
from model.solve.problem import Problem
from tests.scenarios import random_scenario


@pytest.fixture(scope="module")
def plan():
    found = Problem(random_scenario(3, members=5, burden_key="un")).solve()
    assert found.found
    return found


def test_keys_stand_side_by_side_the_chosen_one_first(plan):
    grid = keys_table(plan)
    assert [header.name for header in grid.headers[:3]] == ["Member", "Share of the cost", "By un"]
    assert {"By gdp", "By equal", "By nato", "By custom"} <= {header.name for header in grid.headers}
    assert "By peacekeeping" not in {header.name for header in grid.headers}
    for column in zip(*(row[1:] for row in grid.rows), strict=True):
        assert sum(column) == pytest.approx(1.0)
    assert {row[0]: row[2] for row in grid.rows} == pytest.approx(plan.data.fair_share)


def test_the_chosen_key_is_told_and_shown_step_by_step(plan):
    page, grid = burden(plan), steps_table(plan)
    told = [item.text for item in page.items if isinstance(item, Paragraph) and item.kind == "point"]
    assert len(told) == len(grid.headers) - 1 == 6
    assert told[3] == "4. Nobody pays less than 0.001 %"
    assert {row[0]: row[-1] for row in grid.rows} == pytest.approx(plan.data.fair_share)
    assert [item.name for item in page.items if isinstance(item, Grid)] == [
        "burden", "benefit", "in kind", "burden keys", "key steps", "guidelines",
    ]  # fmt: skip


def test_burden_and_benefit_are_those_of_the_analysis(plan):
    """Two ways to the same figures: the sheet, and the table of `alliance burden`."""
    grid, table = benefit_table(plan), burdens(plan).table.set_index("member")
    columns = (
        "share_of_burden", "burden_of_gdp", "burden_per_head_and_year", "perceived_risk", "risk_removed", "share_of_benefit",
        "burden_less_benefit",
    )  # fmt: skip
    for m, *figures in grid.rows:
        assert figures == pytest.approx([table.loc[m, column] for column in columns])
    for place in (1, 6):
        assert sum(row[place] for row in grid.rows) == pytest.approx(1.0)


def test_what_is_given_in_kind_adds_up_for_every_capability(plan):
    grid = in_kind_table(plan)
    for column in zip(*(row[1:] for row in grid.rows), strict=True):
        assert sum(part or 0.0 for part in column) == pytest.approx(1.0)


def test_missing_money_is_summed_over_those_that_fall_short(plan):
    grid = guidelines_table(plan)
    for guideline in dict.fromkeys(row[0] for row in grid.rows):
        mine = [row for row in grid.rows if row[0] == guideline]
        assert mine[0][1].startswith("All")
        for place in range(2, len(grid.headers)):
            assert mine[0][place] == pytest.approx(sum(row[place] for row in mine[1:]))
    gaps = burdens(plan).guidelines
    assert sum(row[2] for row in grid.rows if not row[1].startswith("All")) == pytest.approx(
        gaps[gaps["year"] == plan.scenario.periods[0]]["missing"].clip(lower=0.0).sum(), abs=1e-3
    )
