"""A sheet of a draft as the frame an editor shows, and what was typed into the editor as the sheet's rows again.

Every cell is shown and typed as text: in a number column the browser would throw commas away before anybody sees them, and in
a column with a list it would drop a pasted name that is not on the list, and keep the old one beside new numbers. What nobody
touched comes back as it was, to the last digit; what cannot be read stays as it was typed, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from model.language.columns import Column, Sheet
from model.language.faults import Fault
from model.language.names import normalised_heading, suggestion
from model.scenario.column_words import allowed
from model.scenario.schema import SHEETS
from model.scenario.sheets_alliance import MEMBERS, SETTINGS
from model.workbook.read.cells import reference
from model.workbook.read.typed_numbers import NotANumber, typed_number, unmistakable
from ui.draft import Renames, Row, Rows, Tables, matrix_rows, names_of

SETTING, VALUE, UNIT, MEANING = "setting", "value", "unit", "meaning"
FIRST_ROW = 2
"""The row of a workbook on which data begin: headings stand above them."""


def sheet_of(name: str) -> Sheet:
    """The sheet of a name."""
    return next(sheet for sheet in SHEETS if sheet.name == name)


NUMBERS = ("number", "year", "factor", "lever")
"""Kinds of column in which a text that reads like a number is one."""


def numeric(column: Column) -> bool:
    """Whether its cells are numbers and nothing else."""
    return column.kind in ("number", "year")


Typed = Mapping[str, Any]
"""What an editor says was done: ``edited_rows`` by their place in its frame, ``added_rows``, ``deleted_rows``."""


def frame_of(tables: Tables, sheet: Sheet) -> pd.DataFrame:
    """The sheet for an editor: a row a row, its label the row in a workbook; every cell as text.

    Settings have a row for every setting; a matrix has a row for every member and a column for every name along its top.
    """
    rows = shown_rows(tables, sheet)
    if sheet.form == "settings":
        known = {column.name: column for column in sheet.columns}
        cells = [
            (row["key"], typed(row["value"]), known[str(row["key"])].unit, known[str(row["key"])].says) for row in rows
        ]
        return pd.DataFrame(cells, columns=[SETTING, VALUE, UNIT, MEANING], dtype=object)
    found = {
        name: pd.Series([typed(row.get(name)) for row in rows], dtype=object) for name in columns_of(tables, sheet)
    }
    return pd.DataFrame(found).set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(rows)))


def columns_of(tables: Tables, sheet: Sheet) -> dict[str, Column]:
    """The columns of a table or matrix by heading, with what each may hold."""
    if sheet.form == "matrix":
        member = Column("member", "reference", "The member.", refers="member", required=True)
        return {"member": member, **dict.fromkeys(names_of(tables, sheet.across), sheet.columns[0])}
    return {column.name: column for column in sheet.columns}


def shown_rows(tables: Tables, sheet: Sheet) -> Rows:
    """The rows an editor shows; of a matrix also those of members it does not name yet."""
    rows = tables[sheet.name]
    if sheet.form == "settings":
        given = {row["key"]: row["value"] for row in rows}
        return tuple({"key": column.name, "value": given.get(column.name)} for column in sheet.columns)
    return matrix_rows(tables, sheet) if sheet.form == "matrix" else rows


def typed(value: object) -> str | None:
    """A value as one would type it."""
    if isinstance(value, float):
        return unmistakable(f"{value:.15g}")
    return None if value is None else str(value)


def rows_of(tables: Tables, sheet: Sheet, done: Typed) -> Rows:
    """The rows after what was done in an editor of ``tables``. Rows without any entry are left out."""
    old, edited, gone = shown_rows(tables, sheet), done.get("edited_rows", {}), set(done.get("deleted_rows", ()))
    if sheet.form == "settings":
        known = {column.name: column for column in sheet.columns}
        return tuple(
            {**row, "value": _cell(edited[at][VALUE], row["value"], known[str(row["key"])], tables)}
            if VALUE in edited.get(at, {})
            else row
            for at, row in enumerate(old)
        )
    columns = columns_of(tables, sheet)
    stay = [_row(row, columns, edited.get(at, {}), tables) for at, row in enumerate(old) if at not in gone]
    kept = tuple(
        row
        for row in (*stay, *(_row({}, columns, cells, tables) for cells in done.get("added_rows", ())))
        if any(value is not None for value in row.values())
    )
    return tables[sheet.name] if kept == old else kept


def _row(old: Row, columns: Mapping[str, Column], cells: Mapping[str, Any], tables: Tables) -> Row:
    return {
        name: _cell(cells[name], old.get(name), column, tables) if name in cells else old.get(name)
        for name, column in columns.items()
    }


def _cell(now: object, was: object, column: Column, tables: Tables) -> object:
    """What a cell holds after something was typed: as it was, where that is what was typed."""
    return was if now == typed(was) else _meant(now, column, tables)


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value or (isinstance(value, str) and not value.strip())


def _meant(value: Any, column: Column, tables: Tables) -> object:
    """What was typed, as a workbook's cell would hold it: a number where the column wants one and it reads like one, a name
    or choice as it is spelt where it is introduced."""
    if _blank(value):
        return None
    text = str(value).strip()
    if column.kind not in NUMBERS:
        spelt = {normalised_heading(one): one for one in choices(column, tables) or ()}
        return spelt.get(normalised_heading(text), text)
    try:
        number = typed_number(text, column.percent)
    except NotANumber:
        return text
    return int(number) if column.kind == "year" and number == int(number) else number


def unread(tables: Tables) -> tuple[Fault, ...]:
    """The cells that want a number or a name that there is, and hold another text, each as a fault at its place in the workbook."""
    return tuple(fault for sheet in SHEETS for fault in _unread_on(tables, sheet))


def _unread_on(tables: Tables, sheet: Sheet) -> list[Fault]:
    found = []
    for at, row in enumerate(tables[sheet.name]):
        for place, (value, column) in enumerate(_cells(sheet, row), 1):
            wrong = _wrong(value, column, tables) if isinstance(value, str) else None
            if wrong is not None:
                unit = f" ({column.unit})" if column.unit and not column.unit.startswith("money") else ""
                message = f"{wrong[0]}; allowed: {allowed(column)}{unit}"
                found.append(
                    Fault(sheet.name, reference(at + FIRST_ROW, place), "error", f"'{value}'", message, wrong[1])
                )
    return found


def _cells(sheet: Sheet, row: Row) -> list[tuple[object, Column]]:
    """The cells of a row in the order of the workbook's columns, with what each may hold."""
    if sheet.form == "settings":
        column = next((one for one in sheet.columns if one.name == row["key"]), sheet.columns[0])
        return [(None, column), (row["value"], column)]
    if sheet.form == "matrix":
        return [(None if name == "member" else value, sheet.columns[0]) for name, value in row.items()]
    return [(row.get(column.name), column) for column in sheet.columns]


def _wrong(text: str, column: Column, tables: Tables) -> tuple[str, str] | None:
    """What is wrong with a text and what to do; None where it may stand there."""
    word_is_fine = column.kind == "lever" or (column.kind == "factor" and text.casefold() == "no")
    if column.kind == "reference" or (column.kind == "choice" and not column.elsewhere):
        names = choices(column, tables) or []
        if normalised_heading(text) in set(map(normalised_heading, names)):
            return None
        there = f"there is no {column.refers} of this name" if column.refers else "no such choice"
        return there, f"{suggestion(text, names)}Correct it" + (
            f", or add the {column.refers} to its sheet." if column.refers else "."
        )
    if column.kind not in NUMBERS:
        return None
    try:
        typed_number(text, column.percent)
    except NotANumber as wrong:
        return None if word_is_fine and not text[:1].isdigit() else (wrong.why, wrong.remedy)
    return None


def renames_of(tables: Tables, sheet: Sheet, done: Typed) -> Renames:
    """Names that were written over: old to new, for sheets that introduce names."""
    first = sheet.columns[0]
    if sheet.form != "table" or first.kind != "name":
        return {}
    old, gone = shown_rows(tables, sheet), set(done.get("deleted_rows", ()))
    pairs = [
        (old[at][first.name], cells[first.name])
        for at, cells in done.get("edited_rows", {}).items()
        if at not in gone and at < len(old) and first.name in cells
    ]
    return {str(was): str(now).strip() for was, now in pairs if not _blank(was) and not _blank(now) and was != now}


def choices(column: Column, tables: Tables) -> list[str] | None:
    """What may stand in the column, where that is one of several words; None where anything may be typed."""
    if column.kind == "flag":
        return ["yes", "no"]
    if column.kind == "choice":
        own = [str(row["key"]) for row in tables["Keys"] if row["key"] is not None] if column.elsewhere else []
        return list(dict.fromkeys([*column.choices, *own]))
    return list(names_of(tables, column.refers)) if column.kind == "reference" else None


def row_name(tables: Tables, sheet: str, row: int) -> str:
    """What stands in a row of a workbook written from these tables: its keys; "" for the heading."""
    found, schema = tables.get(sheet, ()), next((one for one in SHEETS if one.name == sheet), None)
    at = row - FIRST_ROW
    if schema is None or not 0 <= at < len(found):
        return ""
    keys = {SETTINGS.name: ("key",)}.get(sheet, schema.keys or (schema.columns[0].name,))
    return ", ".join(str(found[at].get(key)) for key in keys if found[at].get(key) is not None)


def column_name(tables: Tables, sheet: str, place: int) -> str:
    """What heads a column of a workbook written from these tables, counted from 1."""
    schema = next((one for one in SHEETS if one.name == sheet), None)
    if schema is None:
        return ""
    if schema.form == "settings":
        return ("key", "value")[place - 1] if place in (1, 2) else ""
    if schema.form == "matrix":
        rows = tables.get(sheet, ())
        names = ["member", *dict.fromkeys(name for row in rows for name in row if name != "member")]
    else:
        names = [column.name for column in schema.columns]
    return names[place - 1] if 0 < place <= len(names) else ""


FIRST_SHEET = MEMBERS.name
"""The sheet an editor opens with."""
