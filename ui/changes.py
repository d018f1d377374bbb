"""What was changed in the tables, cell by cell: what stood there, what stands there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from model.language.columns import Column, Sheet
from model.scenario.column_words import shown
from model.scenario.schema import SHEETS
from ui.draft import Row, Rows, Tables

Kind = Literal["changed", "added", "removed"]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """One cell that differs, or one row that only one of the two has; ``was`` and ``now`` as a person writes them."""

    sheet: str
    row: str
    column: str
    kind: Kind
    was: str
    now: str
    unit: str
    key: Key


def changes(before: Tables, after: Tables) -> tuple[Change, ...]:
    """Every difference between two sets of tables, sheet by sheet; rows are told apart by their keys."""
    return tuple(
        change
        for sheet in SHEETS
        if before[sheet.name] != after[sheet.name]
        for change in _on_sheet(sheet, before[sheet.name], after[sheet.name])
    )


def keyed(sheet: Sheet, rows: Rows) -> dict[Key, Row]:
    """The rows of a sheet by what they are about; the second of two alike gets a number."""
    names = {"settings": ("key",), "matrix": ("member",)}.get(sheet.form, sheet.keys)
    found: dict[Key, Row] = {}
    for place, row in enumerate(rows):
        key = tuple(row.get(name) for name in names) if names else tuple(row.values())
        found[key if key not in found else (*key, place)] = row
    return found


def _on_sheet(sheet: Sheet, before: Rows, after: Rows) -> Iterator[Change]:
    old, new = keyed(sheet, before), keyed(sheet, after)
    for key in [*old, *(key for key in new if key not in old)]:
        name = ", ".join(str(part) for part in key if part is not None)[:120]
        if key not in new or key not in old:
            kind: Kind = "added" if key in new else "removed"
            yield Change(sheet.name, name, "the whole row", kind, "", "", "", key)
            continue
        for cell in dict.fromkeys([*old[key], *new[key]]):
            was, now = old[key].get(cell), new[key].get(cell)
            if was != now:
                column = _column(sheet, cell, key)
                yield Change(
                    sheet.name, name, cell, "changed", _said(column, was), _said(column, now), column.unit, key
                )
    if list(old) != list(new) and set(old) == set(new):
        yield Change(sheet.name, "order of the rows", "", "changed", "", "", "", ())


def _column(sheet: Sheet, cell: str, key: Key) -> Column:
    if sheet.form == "matrix":
        return sheet.columns[0]
    return sheet.column(str(key[0]) if sheet.form == "settings" else cell)


def _said(column: Column, value: object) -> str:
    return "blank" if value is None else shown(column, value)


def counted(found: tuple[Change, ...]) -> str:
    """How many changes on which sheets: ``Members 3, Pledges 1``; "" where there are none."""
    sheets = dict.fromkeys(change.sheet for change in found)
    return ", ".join(f"{sheet} {sum(change.sheet == sheet for change in found)}" for sheet in sheets)
