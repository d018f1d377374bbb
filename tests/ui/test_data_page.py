"""The page Data on the tutorial: tables are edited, checked, solved and taken back; workbooks are dropped, judged and opened;
what one session was given no other sees."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from model.report.export import run_bytes, zipped_tables
from model.scenario.levers.edits import parse_edit
from model.scenario.shipped import shipped_scenarios
from model.solve.problem import Problem
from model.solve.tables import TABLES
from model.workbook.read.load import load, read
from tests.ui.sessions import answer, app, session_of, unbroken
from tests.workbooks import small, write_workbook
from ui import state
from ui.draft import begun, orphans, plain_tables, to_write, without_rows
from ui.uploads import MOST_UPLOADS, Upload, received, size, with_upload

pytestmark = pytest.mark.slow

TUTORIAL = next(path for path in shipped_scenarios() if path.stem == "tutorial")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def opened(token: str = "") -> AppTest:
    at = app(s=token) if token else app()
    return unbroken(at.run().switch_page("ui/pages/data.py").run())


def edit(at: AppTest, sheet: str, rows: dict[int, dict[str, Any]], added: Any = (), deleted: Any = ()) -> AppTest:
    """Cells typed into the editor of a sheet, as the browser sends them."""
    if at.session_state["sheet"] != sheet:
        at.session_state["sheet"] = sheet
        unbroken(at.run())
    draft = session_of(at).draft
    assert draft is not None
    assert draft.sheet == sheet
    at.session_state[f"edit {sheet} {draft.number}"] = {
        "edited_rows": rows,
        "added_rows": list(added),
        "deleted_rows": list(deleted),
    }
    return unbroken(at.run())


def finished(at: AppTest) -> AppTest:
    """The page once the work beside it is done."""
    for _ in range(100):
        if not session_of(at).tasks:
            return unbroken(at.run())
        time.sleep(0.1)
        unbroken(at.run())
    raise AssertionError("the work beside the page does not end")


def drop(at: AppTest, name: str, data: bytes) -> AppTest:
    at.file_uploader[0].upload(name, data, XLSX)
    return unbroken(at.run())


def table_with(at: AppTest, column: str) -> Any:
    """The table on the page that has a column of this name."""
    return next(table.value for table in at.dataframe if column in table.value)


def bad_workbook() -> bytes:
    book = openpyxl.load_workbook(TUTORIAL)
    book["Members"]["B2"] = "lots"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def named_workbook(title: str) -> bytes:
    book = openpyxl.load_workbook(TUTORIAL)
    book["Settings"]["B2"] = title
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---------------------------------------------------------------- editing


def test_an_edited_cell_is_marked_solved_and_taken_back() -> None:
    at = opened()
    risk = session_of(at).plan.measures["risk"]
    assert at.button(key="solve tables").disabled
    edit(at, "Members", {0: {"gdp": 500000.0}})
    assert session_of(at).plan.measures["risk"] == risk  # nothing moves before it is checked
    listed = table_with(at, "Was")
    assert listed.iloc[0].to_dict() == {
        "Sheet": "Members", "Row": "Northland", "Column": "gdp", "Unit": "USD m/yr", "Was": "1000000", "Is": "500000",
        "Kind": "changed",
    }  # fmt: skip
    finished(at.button(key="solve tables").click().run())
    assert session_of(at).solved.scenario.gdp["Northland"] == 500000
    assert session_of(at).plan.measures["risk"] > risk
    assert "changed since it was opened (Members 1)" in answer(at)
    unbroken(at.button(key="undo tables").click().run())
    assert session_of(at).plan.measures["risk"] == risk
    assert "as it was opened" in answer(at)


def test_edits_of_several_sheets_are_gathered_and_each_is_undone_by_itself() -> None:
    at = opened()
    edit(at, "Members", {1: {"gdp": 600000.0}})
    edit(at, "Levels", {0: {"effectiveness": 0.4}})
    draft = session_of(at).draft
    assert draft is not None
    assert draft.now["Members"][1]["gdp"] == 600000
    assert draft.now["Levels"][0]["effectiveness"] == 0.4
    unbroken(at.button(key="undo edit").click().run())
    draft = session_of(at).draft
    assert draft is not None
    assert draft.now["Members"][1]["gdp"] == 600000
    assert draft.now["Levels"] == plain_tables(session_of(at).opened)["Levels"]
    unbroken(at.button(key="original tables").click().run())
    draft = session_of(at).draft
    assert draft is not None
    assert draft.now == plain_tables(session_of(at).opened)


def test_rows_are_added_and_removed() -> None:
    at = opened()
    rows = len(session_of(at).opened.values["max_fraction"])
    new = {"member": "Midland", "task": session_of(at).opened.sets["task"][0], "max_fraction": 0.5}
    edit(at, "Caveats", {}, added=[new])
    draft = session_of(at).draft
    assert draft is not None
    assert len(draft.now["Caveats"]) == rows + 1
    finished(at.button(key="solve tables").click().run())
    assert len(session_of(at).solved.scenario.values["max_fraction"]) == rows + 1
    edit(at, "Caveats", {}, deleted=list(range(rows + 1)))
    finished(at.button(key="solve tables").click().run())
    assert not session_of(at).solved.scenario.values["max_fraction"]


def test_a_name_written_over_is_replaced_wherever_it_stands() -> None:
    at = opened()
    edit(at, "Members", {0: {"member": "Norland"}})
    finished(at.button(key="solve tables").click().run())
    scenario = session_of(at).solved.scenario
    assert scenario.sets["member"][0] == "Norland"
    assert "Northland" not in str(plain_tables(scenario)["Holdings"])
    assert session_of(at).plan.measures["risk"] == pytest.approx(
        load(TUTORIAL) and session_of(at).undone[0].plan.measures["risk"]
    )


def test_a_member_removed_leaves_rows_that_are_offered_for_removal() -> None:
    at = opened()
    edit(at, "Members", {}, deleted=[2])
    assert any("name that is gone" in warning.value for warning in at.warning)
    unbroken(at.button(key="remove orphans").click().run())
    draft = session_of(at).draft
    assert draft is not None
    assert not orphans(draft.now)
    assert len(draft.now["Holdings"]) == 2


def test_faults_of_edited_tables_are_told_by_row_and_column_and_nothing_is_solved() -> None:
    at = opened()
    before = session_of(at).solved
    edit(at, "Settings", {5: {"value": "a lot"}})
    unbroken(at.button(key="solve tables").click().run())
    assert session_of(at).solved is before
    faults = table_with(at, "What to do")
    assert faults.iloc[0]["Row"] == "discount_rate"
    assert faults.iloc[0]["Column"] == "value"
    assert "a lot" in faults.iloc[0]["Found"]
    assert any("to correct" in error.value for error in at.error)


@pytest.mark.parametrize(("typed", "meant"), [("0.04", 0.04), ("4 %", 0.04), (None, None)])
def test_a_setting_is_read_as_excel_would_read_it(typed: str | None, meant: float | None) -> None:
    at = opened()
    edit(at, "Settings", {5: {"value": typed}})
    draft = session_of(at).draft
    assert draft is not None
    assert next(row["value"] for row in draft.now["Settings"] if row["key"] == "discount_rate") == meant


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_tables_written_and_read_again_are_the_same_scenario(path: Path) -> None:
    from model.workbook.write.template import scenario_workbook

    scenario = load(path)
    assert load(scenario_workbook(to_write(plain_tables(scenario)))).hash == scenario.hash


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_a_sheet_shown_and_not_touched_stays_as_it_is(path: Path) -> None:
    from ui.frames import frame_of, renames_of, rows_of, sheet_of

    draft = begun(load(path))
    for name in draft.tables:
        sheet = sheet_of(name)
        frame = frame_of(draft.tables, sheet)
        retyped = {"edited_rows": {at: frame.iloc[at].to_dict() for at in range(len(frame))}}
        for done in ({}, retyped):  # nothing done; every cell's text copied and pasted onto itself
            assert rows_of(draft.tables, sheet, done) == draft.tables[name]
            assert renames_of(draft.tables, sheet, done) == {}


def test_without_rows_takes_only_what_is_named() -> None:
    tables = plain_tables(load(TUTORIAL))
    assert without_rows(tables, {"Members": [1]})["Members"] == (tables["Members"][0], tables["Members"][2])


# ---------------------------------------------------------------- workbooks of one's own


def test_a_good_workbook_is_solved_and_becomes_the_scenario() -> None:
    at = opened()
    finished(drop(at, "ours.xlsx", named_workbook("Our own alliance")))
    assert session_of(at).source == "ours.xlsx"
    assert session_of(at).scenario.name == "ours"
    assert answer(at).startswith("Our own alliance: 3 members")
    assert session_of(at).plan.found


def test_a_workbook_named_like_a_shipped_one_is_a_copy_of_its_own() -> None:
    upload = received("tutorial.xlsx", TUTORIAL.read_bytes(), ("tutorial",))
    assert upload.scenario is not None
    assert upload.scenario.name == "tutorial (own copy)"


def test_a_faulty_workbook_is_given_back_with_its_faults_and_nothing_changes() -> None:
    at = opened()
    before = session_of(at).solved
    drop(at, "bad.xlsx", bad_workbook())
    assert session_of(at).solved is before
    faults = table_with(at, "What to do")
    assert faults.iloc[0]["Sheet"] == "Members"
    assert faults.iloc[0]["Cell"] == "B2"
    assert faults.iloc[0]["What to do"]
    unbroken(at.button(key="annotate").click().run())
    marked = openpyxl.load_workbook(io.BytesIO(at.session_state["annotated"][1]))
    assert "a number is needed" in marked["Members"]["B2"].comment.text


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x03\x04" + bytes(200)], ids=["empty", "text", "broken zip"]
)
def test_what_is_no_workbook_is_refused_in_words(content: bytes) -> None:
    at = opened()
    drop(at, "x.xlsx", content)
    assert any("cannot be solved yet" in error.value for error in at.error)
    assert session_of(at).source == "tutorial"


def test_a_name_with_markup_is_shown_as_text() -> None:
    at = opened()
    drop(at, "![x](https://example.org/a.png).xlsx", b"no workbook")
    shown = [str(text.value) for text in (*at.markdown, *at.error, *at.caption)]
    assert not any("![x](https" in text for text in shown)


def test_workbooks_are_limited_in_number_and_size() -> None:
    held: dict[str, Upload] = {}
    for number in range(MOST_UPLOADS + 3):
        held = with_upload(held, Upload(f"{number}.xlsx", b"x", None, ()))
    assert len(held) == MOST_UPLOADS
    assert "0.xlsx" not in held
    for number in range(6):
        held = with_upload(held, Upload(f"large {number}.xlsx", bytes(15 * 2**20), None, ()))
        assert size(held) <= 60 * 2**20
    large = received("large.xlsx", bytes(21 * 2**20))
    assert large.scenario is None
    assert not large.data
    assert "larger than 20 MB" in large.faults[0].message


def test_a_workbook_is_forgotten_when_asked() -> None:
    at = opened()
    finished(drop(at, "ours.xlsx", named_workbook("Ours")))
    unbroken(at.button(key="forget ours.xlsx").click().run())
    assert not session_of(at).uploads


def test_nobody_else_sees_a_workbook_and_nothing_of_it_stays() -> None:
    at, other = opened(), opened()
    finished(drop(at, "secret.xlsx", named_workbook("Secret alliance")))
    drop(at, "draft.xlsx", bad_workbook())
    unbroken(other.run())
    assert session_of(other).source == "tutorial"
    assert not session_of(other).uploads
    sent = opened(session_of(at).token)  # somebody who was sent the address: what is on screen, and no more
    assert session_of(sent).source == "secret.xlsx"
    assert list(session_of(sent).uploads) == ["secret.xlsx"]
    token = session_of(at).token
    unbroken(at.button(key="close").click().run())
    assert session_of(at).source == "tutorial"
    assert not session_of(at).uploads
    again = opened(token)
    assert session_of(again).source == "tutorial"


def test_a_session_left_for_hours_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened()
    finished(drop(at, "ours.xlsx", named_workbook("Ours")))
    token, now = session_of(at).token, time.time()
    monkeypatch.setattr(state.time, "time", lambda: now + state.AGE + 60)
    opened()  # whoever comes next
    assert session_of(opened(token)).source == "tutorial"


def test_a_session_at_rest_gives_up_its_memory_and_loses_nothing() -> None:
    at = opened()
    session_of(at).pull(parse_edit("budget=0.9"))
    unbroken(at.run())
    before = session_of(at).plan
    session_of(at).rest()
    assert session_of(at)._shown is None
    unbroken(at.run())
    assert session_of(at).plan.measures == pytest.approx(before.measures)


def test_nothing_dropped_is_written_to_a_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    at = opened()
    finished(drop(at, "warm.xlsx", named_workbook("Warm")))
    ours = named_workbook("Ours")
    written: list[str] = []
    plain = open

    def watched(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if any(letter in mode for letter in "wax+"):
            written.append(str(file))
        return plain(file, mode, *more, **named)

    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.chdir(tmp_path)
    finished(drop(at, "ours.xlsx", ours))
    assert session_of(at).source == "ours.xlsx"
    assert not written
    assert not list(tmp_path.iterdir())


def test_only_the_last_edits_are_held_to_be_undone() -> None:
    at = opened()
    for number in range(state.MOST_UNDONE + 2):
        session_of(at).edit_tables(load(TUTORIAL).scale("gdp", 1.0 + number / 100))
    assert len(session_of(at).undone) == state.MOST_UNDONE


# ---------------------------------------------------------------- taking away


def test_downloads_hold_what_is_on_screen(tmp_path: Path) -> None:
    plan = Problem(load(write_workbook(tmp_path / "small.xlsx", small()))).solve()
    archive = zipfile.ZipFile(io.BytesIO(zipped_tables(plan)))
    assert set(archive.namelist()) == {f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")}
    header, *rows = archive.read("contributions.csv").decode().splitlines()
    assert "unit" in header.split(",")
    assert len(rows) == len(plan.records("contributions").records)
    assert zipped_tables(plan) == zipped_tables(plan)
    record = json.loads(run_bytes(plan))
    assert record["measures"]["risk"] == pytest.approx(plan.measures["risk"])


def test_the_page_offers_inputs_and_results() -> None:
    at = opened()
    labels = {button.proto.label for button in at.get("download_button")}
    assert {"The tables as edited", "The workbook as opened", "An empty workbook with an example"} <= labels
    assert {"The solution workbook", "run.json"} <= labels


def test_edited_tables_come_back_as_a_workbook() -> None:
    from model.workbook.write.template import scenario_workbook

    at = opened()
    edit(at, "Members", {0: {"gdp": 750000.0}})
    draft = session_of(at).draft
    assert draft is not None
    again = read(scenario_workbook(to_write(draft.now)), "again").scenario
    assert again is not None
    assert again.gdp["Northland"] == 750000
