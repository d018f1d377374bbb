"""The tables in an editor: one sheet at a time, edits gathered over all of them, marked against the original, then checked
and solved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from model.language.columns import Column, Sheet
from model.language.faults import Fault
from model.report import brief
from model.scenario.column_words import allowed, blank_means
from model.scenario.schema import SHEETS
from model.wording import words
from model.workbook.read.cells import position
from model.workbook.read.load import read
from model.workbook.write.template import scenario_workbook
from ui import show
from ui.changes import Change, changes, counted, keyed
from ui.draft import Draft, Tables, begun, orphans, plain_tables, to_write, without_rows
from ui.frames import (
    FIRST_SHEET,
    MEANING,
    SETTING,
    UNIT,
    VALUE,
    choices,
    column_name,
    columns_of,
    frame_of,
    numeric,
    renames_of,
    row_name,
    rows_of,
    sheet_of,
    typed,
    unread,
)
from ui.solved import solve
from ui.state import Session
from ui.work import begin_beside, beside

WORK = "solve tables"
MARK = "background-color: rgba(230, 159, 0, 0.35); font-weight: 700"
"""How changed cells are marked: legible on light and on dark, and told by weight as well as by colour."""

MOST_LISTED, MOST_NAMED = 400, 30

FAULTS_SHOWN: dict[str, Any] = {
    "row_height": 74,
    "column_config": {
        "Kind": st.column_config.TextColumn(width=70),
        "Sheet": st.column_config.TextColumn(width=100),
        "Cell": st.column_config.TextColumn(width=55),
        "Row": st.column_config.TextColumn(width=110),
        "Column": st.column_config.TextColumn(width=110),
        "Found": st.column_config.TextColumn(width=110),
        "What is wrong": st.column_config.TextColumn(width=330),
        "What to do": st.column_config.TextColumn(width=330),
    },
}
"""How a table of faults is laid out: sentences on several lines."""


def draw(session: Session) -> None:
    """The editor, what was changed in it, and the buttons that take changes back or put them to work."""
    draft = _draft(session)
    if "sheet" not in st.session_state:
        st.session_state["sheet"] = draft.sheet
    chosen = st.segmented_control(
        "Sheet", [sheet.name for sheet in SHEETS], key="sheet", required=True,
        help="The sheets of the workbook. What you edit stays while you edit another sheet, look at another page or reload.",
    )  # fmt: skip
    if chosen and chosen != draft.sheet:
        draft = draft.turned_to(chosen)
    elif draft.rows is not None and _editor(draft) not in st.session_state:
        # another page or a reload took the editor away: the new one begins with its edits
        draft = draft.turned_to(draft.sheet)
    session.draft = draft
    sheet = sheet_of(draft.sheet)
    show.note(f"{sheet.says} {_how(sheet)}".replace("`", ""))
    _edit(session, draft, sheet, words.currency_of(session.opened))
    draft = session.draft or draft
    original = session.original_tables()
    found = changes(original, draft.now)
    _buttons(session, draft, found)
    _progress(session)
    _faults(session, draft)
    _marked(session, draft, original, found)


def _draft(session: Session) -> Draft:
    """The draft, with what was typed into the editor on screen."""
    if session.draft is None:
        session.draft = begun(session.solved.scenario, st.session_state.get("sheet") or FIRST_SHEET)
    _take_typed(session)
    return session.draft


def _editor(draft: Draft) -> str:
    """The key of the editor that shows a draft."""
    return f"edit {draft.sheet} {draft.number}"


def _take_typed(session: Session) -> None:
    """Put what the editor on screen says into the draft."""
    draft = session.draft
    if draft is not None and (done := st.session_state.get(_editor(draft))) is not None:
        sheet = sheet_of(draft.sheet)
        session.draft = draft.edited(rows_of(draft.tables, sheet, done), renames_of(draft.tables, sheet, done))


def _how(sheet: Sheet) -> str:
    if sheet.form == "table":
        return (
            "Type into a cell, paste a block from a spreadsheet, drag a cell's corner to fill, add rows at the foot; "
            "tick rows at the left and press Delete to remove them. Headings marked * must be filled in. Decimals may follow a "
            "point or a comma; what can be read two ways, as 1,200 or 1.200, is not taken: type 1200 or 1.2."
        )
    if sheet.form == "matrix":
        return f"Rows and columns follow the sheets that introduce members and {sheet.across} names."
    return "A blank setting takes its default."


def _edit(session: Session, draft: Draft, sheet: Sheet, currency: str) -> None:
    """The editor. What is typed is in the session before anything else is done with it."""
    frame = frame_of(draft.tables, sheet)
    if not len(frame.columns) or (sheet.form == "matrix" and frame.empty):
        st.info("There are no members yet. Add them on the sheet Members.", icon=":material/info:")
        return
    st.data_editor(
        frame,
        column_config=_settings_columns() if sheet.form == "settings" else _columns(draft.tables, sheet, currency),
        num_rows="dynamic" if sheet.form == "table" else "fixed",
        disabled=[SETTING, UNIT, MEANING, *(["member"] if sheet.form == "matrix" else [])],
        hide_index=sheet.form != "table",
        placeholder="",
        key=_editor(draft),
        on_change=_take_typed,
        args=(session,),
        height=min(640, 38 + 35 * (len(frame) + 3 * (sheet.form == "table"))),
        alt=f"The sheet {sheet.name}, to be edited.",
    )


def _settings_columns() -> dict[str, Any]:
    return {
        SETTING: st.column_config.TextColumn("Setting", width="medium"),
        VALUE: st.column_config.TextColumn("Value", width="medium"),
        UNIT: st.column_config.TextColumn("Unit", width="small"),
        MEANING: st.column_config.TextColumn("What it means", width="large"),
    }


def _columns(tables: Tables, sheet: Sheet, currency: str) -> dict[str, Any]:
    """How each column is shown and what it takes: units in the heading, names and choices in its help."""
    found = {name: _column(tables, name, column, currency) for name, column in columns_of(tables, sheet).items()}
    return {"_index": st.column_config.Column("Row", help="The row in the workbook.", width="small"), **found}


def _column(tables: Tables, name: str, column: Column, currency: str) -> Any:
    blank = "Must be filled in" if column.required else f"Blank: {blank_means(column)}"
    says = show.escaped(f"{column.says} Allowed: {allowed(column)}. {blank}.".replace("`", ""))
    title = f"{name}{' *' if column.required else ''}"
    if numeric(column):
        unit = column.unit.replace("money", currency)
        title = f"{title} ({unit})" if unit not in ("", "unit") else title
        return st.column_config.TextColumn(title, help=says, alignment="right")
    options = choices(column, tables)
    if options is None:
        return st.column_config.TextColumn(title, help=says)
    some = ", ".join(options[:MOST_NAMED]) + (", …" if len(options) > MOST_NAMED else "")
    return st.column_config.TextColumn(title, help=f"{says} There are: {show.escaped(some)}." if some else says)


def _buttons(session: Session, draft: Draft, found: Sequence[Change]) -> None:
    """What can be done with what was edited."""
    edited = draft.now != plain_tables_of(session)
    columns = st.columns(4)
    busy = WORK in session.tasks
    with columns[0]:
        if st.button(
            "Check and solve", key="solve tables", type="primary", width="stretch", disabled=busy or not edited
        ):
            _check(session, draft)
    with columns[1]:
        if st.button("Undo the last edit", key="undo edit", width="stretch", disabled=busy or not draft.past):
            session.draft = draft.undone()
            st.rerun()
    with columns[2]:
        tables = "Back to the tables before"
        if st.button(tables, key="undo tables", width="stretch", disabled=busy or not session.undone,
                     help="Takes the last “Check and solve” back."):  # fmt: skip
            session.undo()
            st.rerun()
    with columns[3]:
        if st.button("Back to the original", key="original tables", width="stretch", disabled=busy or not found):
            session.draft = draft.with_tables(session.original_tables())
            session.faults = ()
            st.rerun()
    gone = orphans(draft.now) if edited else {}
    if gone:
        _offer_removal(session, draft, gone)


def plain_tables_of(session: Session) -> Tables:
    """The tables that are solved at present."""
    return plain_tables(session.solved.scenario)


def _offer_removal(session: Session, draft: Draft, gone: Mapping[str, Sequence[int]]) -> None:
    where = ", ".join(f"{name} {len(rows)}" for name, rows in gone.items())
    says = f"Rows that speak of a name that is gone, or is not there yet: {where}."
    st.warning(show.escaped(says), icon=":material/link_off:")
    if st.button("Remove these rows as well", key="remove orphans"):
        session.draft = draft.with_tables(without_rows(draft.now, gone))
        st.rerun()


def _check(session: Session, draft: Draft) -> None:
    """The tables through the workbook's own door: faults, or a scenario that is being solved."""
    reading = read(scenario_workbook(to_write(draft.now)), session.opened.name)
    told = {(fault.sheet, fault.cell) for fault in unread(draft.now)}
    session.faults = tuple(fault for fault in reading.faults if (fault.sheet, fault.cell) not in told)
    scenario = reading.scenario
    if scenario is not None:
        begin_beside(session, WORK, lambda watch: (solve(scenario, watch), draft.now))
        st.rerun()


def _progress(session: Session) -> None:
    """The solve that goes on beside the page, and its result taken."""
    done = beside(session, WORK)
    if done is not None:
        warnings = session.faults
        session.take(*done)
        session.faults = warnings
        if session.base.found:
            st.toast("The tables are solved; every page shows the new plan.", icon=":material/check:")
        st.rerun()


def _faults(session: Session, draft: Draft) -> None:
    """What is wrong with the tables as they were checked, and what cannot be read as it is typed; a click leads to the sheet."""
    if not session.base.found:
        st.error(
            show.escaped(f"There is no plan for the tables as they were solved last. {brief.no_plan(session.base)}"),
            icon=":material/block:",
        )
    faults = (*unread(draft.now), *session.faults)
    if not faults:
        return
    errors = sum(fault.severity == "error" for fault in faults)
    if errors:
        st.error(f"{errors} to correct before the tables can be solved.", icon=":material/error:")
    else:
        st.warning(f"{len(faults)} to look at in the tables that were checked last.", icon=":material/warning:")
    st.dataframe(
        fault_frame(faults, draft.now), hide_index=True, width="stretch", key="faults of tables",
        selection_mode="single-row", on_select=lambda: _turn_to_fault(faults), **FAULTS_SHOWN,
    )  # fmt: skip
    show.note("Rows are numbered as in the workbook, where headings stand in row 1. Click a row to open its sheet.")


def _turn_to_fault(faults: Sequence[Fault]) -> None:
    rows = st.session_state["faults of tables"]["selection"]["rows"]
    if rows and rows[0] < len(faults):
        sheet = faults[rows[0]].sheet
        if any(sheet == known.name for known in SHEETS):
            st.session_state["sheet"] = sheet


def fault_frame(faults: Sequence[Fault], tables: Tables | None = None) -> pd.DataFrame:
    """Faults as a table; with the tables they were found in also by the names of row and column."""
    rows = []
    for fault in faults:
        at = position(fault.cell.partition(":")[0])
        place = {}
        if tables is not None:
            place["Row"] = row_name(tables, fault.sheet, at[0]) if at else ""
            place["Column"] = column_name(tables, fault.sheet, at[1]) if at else ""
        rows.append(
            {"Kind": fault.severity, "Sheet": fault.sheet, "Cell": fault.cell, **place, "Found": fault.found,
             "What is wrong": fault.message, "What to do": fault.remedy}
        )  # fmt: skip
    return pd.DataFrame(rows, dtype=object)


def _marked(session: Session, draft: Draft, original: Tables, found: Sequence[Change]) -> None:
    """Every change against the original: counted, listed, and marked in the rows of the sheet on screen."""
    if not found:
        show.note("Nothing is changed against the workbook as it was opened.")
        return
    show.heading("Changed against the original")
    show.note(f"Changes by sheet: {counted(tuple(found))}. The original stays as it was opened.")
    here = {change.key for change in found if change.sheet == draft.sheet and change.kind != "removed"}
    sheet = sheet_of(draft.sheet)
    rows = [row for key, row in keyed(sheet, draft.now[draft.sheet]).items() if key in here]
    if rows:
        _marked_rows(sheet, original, draft.now, rows[:60])
    currency = words.currency_of(session.opened)
    listed = [
        {
            "Sheet": c.sheet,
            "Row": c.row,
            "Column": c.column,
            "Unit": c.unit.replace("money", currency),
            "Was": c.was,
            "Is": c.now,
            "Kind": c.kind,
        }
        for c in found[:MOST_LISTED]
    ]
    st.dataframe(pd.DataFrame(listed, dtype=object), hide_index=True, width="stretch", key="changed cells")
    if len(found) > MOST_LISTED:
        show.note(f"The first {MOST_LISTED} of {len(found)} are listed.")


def _marked_rows(sheet: Sheet, original: Tables, now: Tables, rows: Sequence[Mapping[str, object]]) -> None:
    was = keyed(sheet, original[sheet.name])
    keys = list(keyed(sheet, tuple(rows)))
    frame = pd.DataFrame([{name: typed(value) or "" for name, value in row.items()} for row in rows])
    marks = pd.DataFrame(
        [[MARK if was.get(key, {}).get(name) != row.get(name) else "" for name in frame.columns]
         for key, row in zip(keys, rows, strict=True)],
        columns=frame.columns,
    )  # fmt: skip
    st.dataframe(frame.style.apply(lambda _: marks, axis=None), hide_index=True, width="stretch", key="marked rows")
    show.note(f"Rows of {sheet.name} with a change: changed cells are coloured and bold.")
