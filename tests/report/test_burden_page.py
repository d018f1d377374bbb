"""The Burden sheet: keys side by side, and the chosen key step by step, with the figures the plan was made with."""

from __future__ import annotations

import pytest

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
    assert [item.name for item in page.items if isinstance(item, Grid)] == ["burden", "burden keys", "key steps"]
