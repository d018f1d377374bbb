"""Differences are said one way on every page, and coloured only where better or worse is meant."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.sessions import app, opened, session_of, unbroken
from tests.ui.test_data_page import TUTORIAL, drop, edit, finished
from tests.ui.test_data_page import opened as data_page
from ui import figures

pytestmark = pytest.mark.slow

GREY = 2
"""What the browser is told for a difference without a colour (`MetricProto.MetricColor`)."""


def metrics(at: AppTest) -> list[Any]:
    return [one for one in at.metric if one.delta]


@pytest.mark.parametrize(
    ("now", "was", "kind", "said"),
    [(0.1683, 0.054, "part", "+11 points"), (0.054, 0.05, "part", "+0.4 points"), (0.0536, 0.054, "part", "-0.04 points"),
     (78.0, 100.0, "money", "-22 %"), (101.0, 100.0, "money", "+1 %"), (1.0, 1.0, "money", ""), (5.0, 0.0, "money", "from nothing"),
     (1.6, 1.2, "times", "+0.4"), (0.1, float("nan"), "part", "")],
)  # fmt: skip
def test_differences_as_people_write_them(now: float, was: float, kind: figures.Kind, said: str) -> None:
    assert figures.change(now, was, kind) == said


def test_one_figure_is_one_text_on_a_screen() -> None:
    at = opened("overview", "budget[Northland]=0.5")
    risks = {(one.value, one.delta) for one in at.metric if one.label == "Risk"}
    costs = {(one.value, one.delta) for one in at.metric if one.label == "Cost"}
    assert len(risks) == len(costs) == 1
    assert next(iter(risks))[1].endswith("points")


@pytest.mark.parametrize("page", ["overview", "members", "timeline"])
def test_no_colour_judges_a_departure(page: str) -> None:
    at = opened(page, "withdraw=Southland")
    assert metrics(at)
    assert {one.proto.color for one in metrics(at)} == {GREY}


@pytest.mark.parametrize("page", ["overview", "members", "timeline"])
def test_less_money_is_not_called_better(page: str) -> None:
    at = opened(page, "budget=0.5")
    for one in metrics(at):
        judged = one.proto.color != GREY
        assert not judged or one.delta.endswith("points") or "imbalance" in one.label
    assert any(one.proto.color != GREY for one in metrics(at) if one.label == "Risk")


def no_plan_workbook() -> bytes:
    book = openpyxl.load_workbook(TUTORIAL)
    heads = [cell.value for cell in book["Members"][1]]
    row = next(
        row for row in book["Members"].iter_rows() if row[0].value == "Midland"
    )  # it has pledged to hold something
    row[next(i for i, head in enumerate(heads) if str(head).startswith("alliance_share"))].value = 0
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def claims(at: AppTest) -> list[str]:
    """What is said with a sign of success."""
    return [str(one.value) for one in (*at.success, *at.toast)]


def test_an_upload_without_a_plan_is_not_called_solved() -> None:
    at = data_page()
    finished(drop(at, "ours.xlsx", no_plan_workbook()))
    assert session_of(at).source == "ours.xlsx"
    assert not session_of(at).plan.found
    assert not claims(at)
    assert any("there is no plan for it" in one.value for one in at.error)


def test_edited_tables_without_a_plan_are_not_called_solved() -> None:
    at = data_page()
    row = next(i for i, one in enumerate(session_of(at).draft.tables["Members"]) if one["member"] == "Midland")  # type: ignore[union-attr]
    edit(at, "Members", {row: {"alliance_share": "0"}})
    finished(at.button(key="solve tables").click().run())
    assert not session_of(at).plan.found
    assert not claims(at)
    assert any("no plan" in one.value for one in at.main.error)


def test_that_no_plan_can_be_is_said_only_where_it_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    at = app().run()
    session = session_of(at)
    late = replace(
        session.base, status="time limit", message="The time limit was reached before a plan was proved best."
    )
    session.solved = replace(session.solved, plan=late)
    session._shown = None
    unbroken(at.run())
    assert at.error
    assert not any("satisfies" in one.value for one in at.error)
