"""Where things stand on a sheet: finds the heading row, matches headings to the schema, and lists the rows of data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from model.language.columns import Sheet
from model.language.names import Names, normalised, normalised_heading, suggestion
from model.language.units import with_unit
from model.scenario.ledger import HEADING, Ledger, key_of
from model.workbook.read.cells import Cell, Grid, Kind, Range, reference, shown

TOTALS = {
    "total", "totals", "grand total", "sub-total", "subtotal", "sum", "sums", "all", "average", "mean", "gesamt",
    "summe", "insgesamt", "somme", "totaal", "totale", "suma", "razem", "toplam", "totalt",
    "yhteensä", "итого", "σύνολο",
}  # fmt: skip
"""First cells (normalised) by which a row or column of totals is recognised."""

KEY, VALUE = "key", "value"
"""The two columns of a settings sheet."""


@dataclass(frozen=True)
class Table:
    """A sheet with its headings found. ``columns`` gives the position of each column by its schema name, or, in a
    matrix, of the row names by the key and of the others by the name they stand for; ``rows`` the rows of data."""

    sheet: Sheet
    grid: Grid
    header: int
    columns: Mapping[str, int]
    rows: tuple[int, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    """What stands behind the name in a heading, by the names of ``columns``: ``months`` of ``lead_time (months)``."""

    @property
    def title(self) -> str:
        """The sheet's name in the workbook."""
        return self.grid.title

    def cell(self, row: int, column: str) -> Cell | None:
        """The cell of a row in a named column; None where it is blank or there is no such column."""
        return self.grid.cell(row, self.columns[column]) if column in self.columns else None

    def place(self, row: int, column: str) -> str:
        """``C7``; where the column is missing, the row's first cell."""
        return self.grid.place(row, self.columns.get(column, 1))


def locate(sheet: Sheet, grid: Grid, ledger: Ledger, across: Names | None = None) -> Table | None:
    """The table on a sheet, or None where it has none that can be used. ``across`` names a matrix's columns."""
    if not grid.rows:
        if sheet.required:
            ledger.error(grid.title, "", "an empty sheet", "the sheet has no headings", _put_headings(sheet))
            ledger.spoil(sheet)
        return None
    table = _with_headings(sheet, grid, ledger, across)
    if table is None:
        ledger.spoil(sheet)
        return None
    table = replace(table, rows=_data_rows(table, ledger))
    _check_surroundings(table, ledger)
    if sheet.needs_rows and not table.rows:
        message = "the sheet has headings but no rows under them"
        ledger.error(grid.title, "", "no rows", message, "Fill in at least one row.")
        ledger.spoil(sheet)
    return table


def _put_headings(sheet: Sheet) -> str:
    return f"Put the headings in the first row: {', '.join(_expected(sheet))}."


def _expected(sheet: Sheet) -> tuple[str, ...]:
    """The headings a sheet may have, except those of a matrix that are names."""
    forms = {"settings": (KEY, VALUE), "matrix": sheet.keys}
    return forms.get(sheet.form) or tuple(column.name for column in sheet.columns)


def _required(sheet: Sheet) -> tuple[str, ...]:
    if sheet.form == "table":
        return tuple(column.name for column in sheet.columns if column.required)
    return _expected(sheet)


def _with_headings(sheet: Sheet, grid: Grid, ledger: Ledger, across: Names | None) -> Table | None:
    """The table without its rows yet; None where it cannot be read for want of a heading."""
    header = next(iter(grid.rows))
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    unknown: dict[int, Cell] = {}
    for position, cell in grid.rows[header].items():
        found = _heading(cell, sheet, across, key_is_found=bool(sheet.keys) and sheet.keys[0] in columns)
        name, unit = found or ("", "")
        if not found:
            unknown[position] = cell
        elif name in columns:
            message = f"the heading stands twice, first in {grid.place(header, columns[name])}"
            remedy = "Keep one of the two columns."
            ledger.error(grid.title, grid.place(header, position), shown(cell), message, remedy)
            ledger.spoil(sheet)
        else:
            columns[name] = position
            units |= {name: unit} if unit else {}
    if not any(name in columns for name in _expected(sheet)):
        message = f"the first row that is not empty has none of the headings of sheet {sheet.name}"
        ledger.error(grid.title, grid.place(header, 1), shown(grid.cell(header, 1)), message, _put_headings(sheet))
        return None
    table = Table(sheet, grid, header, columns, units=units)
    for position, cell in unknown.items():
        _unknown_heading(table, grid.place(header, position), cell, ledger, across)
    _note_headings(table, ledger)
    return table if _has_required(table, ledger) else None


def _note_headings(table: Table, ledger: Ledger) -> None:
    """Notes where the headings stand, for faults that concern a whole column."""
    if table.sheet.form == "matrix":
        ledger.places.put(table.sheet.columns[0].key, HEADING, table.title, table.grid.place(table.header, 1))
    elif table.sheet.form == "table":
        for name, position in table.columns.items():
            place = table.grid.place(table.header, position)
            ledger.places.put(key_of(table.sheet, table.sheet.column(name)), HEADING, table.title, place)


def _has_required(table: Table, ledger: Ledger) -> bool:
    """Reports required columns that are missing; False where without one of them no row can be read."""
    sheet = table.sheet
    missing = [name for name in _required(sheet) if name not in table.columns]
    for name in missing:
        remedy = f"Add a column with the heading {name}."
        ledger.error(
            table.title, table.grid.place(table.header, 1), "", f"the required column '{name}' is missing", remedy
        )
        ledger.spoil(sheet, sheet.column(name) if sheet.form == "table" else None)
    return (sheet.form == "table" and not any(name in sheet.keys for name in missing)) or not missing


def _heading(cell: Cell, sheet: Sheet, across: Names | None, key_is_found: bool) -> tuple[str, str] | None:
    """The schema's (or, in a matrix, the defining table's) name for a heading and the unit behind it; None for no heading."""
    if cell.kind is not Kind.TEXT:
        return None
    text = str(cell.content)
    if across is None:
        return with_unit(text, lambda bare: tool_name(bare, _expected(sheet)))
    if not key_is_found and (key := with_unit(text, lambda bare: tool_name(bare, sheet.keys[:1]))):
        return key
    found = with_unit(text, across.find, in_brackets=True)
    return None if found and found[1] and _has_namesakes(found[0], across) else found


def tool_name(text: str, known: Iterable[str]) -> str | None:
    """The name of a column or setting that is spelt like this, or None."""
    loose = normalised_heading(text)
    return next((name for name in known if normalised_heading(name) == loose), None)


def _has_namesakes(name: str, across: Names) -> bool:
    """Whether a name with something behind it may be a misspelt other one: `Helicopter (heavy)` beside `Helicopter (medium)`."""
    return any(other != name and other.startswith(name) for other in across.all())


def _unknown_heading(table: Table, place: str, cell: Cell, ledger: Ledger, across: Names | None) -> None:
    """Reports a heading that means nothing here."""
    if cell.kind is not Kind.TEXT:
        message, remedy = f"a heading must be a text, not {cell.kind.value}", "Type the heading as a text."
        ledger.spoil(table.sheet)
    elif across is None:
        text, expected = str(cell.content), _expected(table.sheet)
        near = "" if ledger.full else suggestion(text, [name for name in expected if name not in table.columns])
        message, remedy = f"unknown column; allowed are {', '.join(expected)}", f"{near}Correct or remove it."
    elif normalised(str(cell.content)) in TOTALS:
        message, remedy = "this looks like a column of totals", "Remove the column."
    elif across.complete:
        near = "" if ledger.full else suggestion(str(cell.content), across.all())
        message = f"there is no {across.what} of this name"
        remedy = f"{near}Correct it, or add the {across.what} to its sheet."
        ledger.spoil(table.sheet)
    else:
        return
    ledger.error(table.title, place, shown(cell), message, remedy)


def _data_rows(table: Table, ledger: Ledger) -> tuple[int, ...]:
    """Rows below the heading with content under a heading; a row of totals is reported and left out."""
    headed = set(table.columns.values())
    key = table.sheet.keys[0] if table.sheet.keys else ""
    rows: list[int] = []
    for row, cells in table.grid.rows.items():
        if row <= table.header or not headed & cells.keys():
            continue
        if not _is_left_out(table, row, key, rows, ledger):
            rows.append(row)
    return tuple(rows)


def looks_like_totals(cell: Cell | None) -> bool:
    """Whether a row that begins with this cell is named as rows of totals are."""
    return cell is not None and cell.kind is Kind.TEXT and normalised(str(cell.content)).rstrip(":") in TOTALS


def _is_left_out(table: Table, row: int, key: str, above: list[int], ledger: Ledger) -> bool:
    """Reports a row of totals. One that may be somebody of that name is read, with a warning.

    Where names are referred to, the names there are decide: see :mod:`model.workbook.read.values`.
    """
    first = table.cell(row, key)
    kind = table.sheet.column(key).kind if key and table.sheet.form == "table" else "reference"
    if kind == "reference" or not looks_like_totals(first):
        return False
    if kind == "name" and not _adds_up(table, row, above):
        message = f"this looks like a row of totals, and is read as a {key} of that name"
        ledger.warning(table.title, table.place(row, key), shown(first), message, "Remove the row if it is a total.")
        return False
    message = "this looks like a row of totals, which would be read as data"
    remedy = f"Remove the row. If it is a {key}, give it another name."
    ledger.error(table.title, table.place(row, key), shown(first), message, remedy)
    return True


def _adds_up(table: Table, row: int, above: list[int]) -> bool:
    """Whether a row is made of those above: required cells are blank, formulas stand in it, or a figure is their sum or mean."""
    for column in table.sheet.columns:
        cell = table.cell(row, column.name)
        if cell is None or cell.kind is not Kind.NUMBER:
            if cell is None and column.required:
                return True
            continue
        cells = (table.cell(one, column.name) for one in above)
        figures = [float(one.content) for one in cells if one is not None and one.kind is Kind.NUMBER]
        sums = (sum(figures), sum(figures) / len(figures)) if len(set(figures)) > 1 else ()
        if cell.computed or any(math.isclose(float(cell.content), one, rel_tol=1e-6) for one in sums):
            return True
    return False


def _check_surroundings(table: Table, ledger: Ledger) -> None:
    """What stands around the data: cells under no heading, merged cells, hidden rows and columns."""
    grid, top = table.grid, table.grid.rows[table.header]
    strays: dict[int, int] = {}
    for row, cells in grid.rows.items():
        for column in cells.keys() - top.keys() if row > table.header else ():
            strays.setdefault(column, row)
    for column, row in sorted(strays.items()):
        found = shown(grid.cell(row, column))
        message = "there is content in a column without a heading"
        ledger.error(table.title, grid.place(row, column), found, message, "Give the column a heading or empty it.")
    area = Range(table.header, 1, max(grid.rows), max(top))
    for merged in grid.merged:
        if merged.touches(area):
            message = "cells are merged, so it is unclear which rows or columns the content holds for"
            place = reference(merged.top, merged.left)
            ledger.error(table.title, place, str(merged), message, "Unmerge them and fill in every cell.")
    _warn_of_hidden(table, ledger)


def _warn_of_hidden(table: Table, ledger: Ledger) -> None:
    remedy = "Show them, and remove them if they are not meant."
    rows = [row for row in table.grid.hidden_rows if row > table.header]
    if rows:
        found = f"row {_listed([str(row) for row in rows])}"
        message = "hidden or filtered rows hold data, and are read like any other"
        ledger.warning(table.title, reference(rows[0], 1), found, message, remedy)
    columns = table.grid.hidden_columns
    if columns:
        found = f"column {_listed([reference(1, column)[:-1] for column in columns])}"
        message = "hidden columns hold data, and are read like any other"
        ledger.warning(table.title, reference(1, columns[0]), found, message, remedy)


def _listed(items: list[str]) -> str:
    return ", ".join(items[:10]) + (f" and {len(items) - 10} more" if len(items) > 10 else "")
