"""A sheet of a draft as the frame an editor shows, and an edited frame as the sheet's rows again.

What nobody touched comes back as it was, to the last digit; what was typed goes through the workbook's own reader.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from model.data.schema import MEMBERS, SETTINGS, SHEETS, Column, Sheet
from ui.draft import Renames, Row, Rows, Tables, matrix_rows, names_of

SETTING, VALUE, UNIT, MEANING = "setting", "value", "unit", "meaning"
FIRST_ROW = 2
"""The row of a workbook on which data begin: headings stand above them."""


def sheet_of(name: str) -> Sheet:
    """The sheet of a name."""
    return next(sheet for sheet in SHEETS if sheet.name == name)


def numeric(column: Column) -> bool:
    """Whether its cells are numbers and nothing else."""
    return column.kind in ("number", "year")


def frame_of(tables: Tables, sheet: Sheet) -> pd.DataFrame:
    """The sheet for an editor: a row a row, its label the row in a workbook; numbers as floats, everything else as text.

    Settings have a row for every setting; a matrix has a row for every member and a column for every name along its top.
    """
    rows = shown_rows(tables, sheet)
    if sheet.form == "settings":
        known = {column.name: column for column in sheet.columns}
        cells = [
            (row["key"], typed(row["value"]), known[str(row["key"])].unit, known[str(row["key"])].says) for row in rows
        ]
        return pd.DataFrame(cells, columns=[SETTING, VALUE, UNIT, MEANING], dtype=object)
    found = {name: _series(rows, name, column) for name, column in columns_of(tables, sheet).items()}
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


def _series(rows: Rows, name: str, column: Column) -> pd.Series:
    values = [row.get(name) for row in rows]
    if numeric(column):
        return pd.Series([math.nan if value is None else float(str(value)) for value in values], dtype="float64")
    return pd.Series([typed(value) for value in values], dtype=object)


def typed(value: object) -> str | None:
    """A value as one would type it."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return None if value is None else str(value)


def rows_of(tables: Tables, sheet: Sheet, before: pd.DataFrame, after: pd.DataFrame) -> Rows:
    """The rows of an edited frame; ``before`` is the frame the editor was given. Rows without any entry are left out."""
    old = shown_rows(tables, sheet)
    if sheet.form == "settings":
        known = {column.name: column for column in sheet.columns}
        return tuple(
            {**row, "value": row["value"] if _same(now, was) else _meant(now, known[str(row["key"])])}
            for row, was, now in zip(old, before[VALUE], after[VALUE], strict=True)
        )
    columns = columns_of(tables, sheet)
    found = [
        _row(label, old, columns, before, cells) for label, cells in zip(after.index, _records(after), strict=True)
    ]
    kept = tuple(row for row in found if any(value is not None for value in row.values()))
    return tables[sheet.name] if kept == old else kept


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    names = list(frame.columns)
    return (dict(zip(names, cells, strict=True)) for cells in frame.itertuples(index=False, name=None))


def _row(label: Any, old: Rows, columns: dict[str, Column], before: pd.DataFrame, cells: dict[str, Any]) -> Row:
    known = isinstance(label, int) and label in before.index
    return {
        name: old[label - FIRST_ROW][name]
        if known and _same(cells[name], before.at[label, name])
        else _meant(cells[name], column)
        for name, column in columns.items()
    }


def _same(now: object, was: object) -> bool:
    return now == was or (_blank(now) and _blank(was))


def _blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value or (isinstance(value, str) and not value.strip())


def _meant(value: Any, column: Column) -> object:
    """What was typed, as a workbook's cell would hold it: a number where the column wants one and it reads like one."""
    if _blank(value):
        return None
    if column.kind in ("number", "year", "factor", "lever"):
        return _number(value, column)
    return str(value).strip()


def _number(value: Any, column: Column) -> object:
    text = str(value).strip()
    part = column.percent and text.endswith("%")
    try:
        number = float(text.removesuffix("%") if part else text) / (100 if part else 1)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if column.kind == "year" and number == int(number) else number


def renames_of(sheet: Sheet, before: pd.DataFrame, after: pd.DataFrame) -> Renames:
    """Names that were written over: old to new, for sheets that introduce names."""
    first = sheet.columns[0]
    if sheet.form != "table" or first.kind != "name":
        return {}
    staying = [label for label in after.index if label in before.index]
    pairs = ((before.at[label, first.name], after.at[label, first.name]) for label in staying)
    return {str(was): str(now).strip() for was, now in pairs if not _blank(was) and not _blank(now) and was != now}


def choices(column: Column, tables: Tables) -> list[str] | None:
    """What a drop-down of the column offers; None where anything may be typed."""
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
