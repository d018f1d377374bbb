"""The values of one sheet, row by row: settings, tables and matrices by the schema, with every default noted.

Cells that cannot be read are reported and leave their column spoiled; reading goes on, so that all faults are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.language.columns import Column, From, Sheet
from model.language.names import Names, normalised, suggestion, visible
from model.language.units import with_unit
from model.scenario.ledger import EVERY_ROW, Ledger, key_of
from model.scenario.sheets_alliance import SETTINGS
from model.workbook.read.cells import Kind
from model.workbook.read.heading_units import check_setting
from model.workbook.read.tables import KEY, VALUE, Table, tool_name
from model.workbook.read.values import UNREADABLE, Entry, Unreadable, convert, is_off

Key = Any
"""A row's key as the scenario has it: a name, or a tuple where the sheet has several keys."""


@dataclass(frozen=True)
class Known:
    """What is known before a sheet's values are read: names by dimension, and the settings."""

    names: Mapping[str, Names]
    settings: Mapping[str, Any]

    def resolve(self, column: Column, sheet: Sheet, values: Mapping[str, Mapping[Key, Any]], key: Key) -> Any:
        """The default of a column for one row."""
        default = column.default
        if not isinstance(default, From):
            return default
        if default.what == "lowest level":
            return next(iter(self.names["level"].all()), None)
        if any(other.name == default.what and other is not column for other in sheet.columns):
            return values[sheet.column(default.what).key].get(key)
        return self.settings.get(default.what)

    def source(self, column: Column, sheet: Sheet) -> str:
        """The key of what a column's default is taken from; "" where it is no other value."""
        if not isinstance(column.default, From):
            return ""
        what = column.default.what
        if what == "lowest level":
            return "level"
        own = [other.key for other in sheet.columns if other.name == what and other is not column]
        return next(iter(own), "") or SETTINGS.column(what).key


def introduce(table: Table, ledger: Ledger) -> tuple[Names, dict[int, str]]:
    """The names a table introduces, and the name on each row that has a valid one.

    A name with a fault is known all the same, so that what refers to it is not reported as well.
    """
    column = table.sheet.column(table.sheet.keys[0])
    complete = column.key not in ledger.spoiled
    spellings: dict[str, str] = {}
    first_row: dict[str, int] = {}
    on_row: dict[int, str] = {}
    for row in table.rows:
        text = _introduced(table, row, column, ledger)
        if text is UNREADABLE:
            ledger.spoil(table.sheet)
            cell = table.cell(row, column.name)
            text = visible(str(cell.content)) if cell and cell.kind is Kind.TEXT else ""
            spellings.setdefault(normalised(text), text)
        elif (same := normalised(text)) in first_row:
            _report_duplicate(table, row, f"'{text}'", table.place(first_row[same], column.name), ledger)
        else:
            spellings[same], first_row[same], on_row[row] = text, row, text
            ledger.places.put(column.key, text, table.title, table.place(row, column.name))
    spellings.pop("", None)
    return Names(column.name, spellings, complete), on_row


def _introduced(table: Table, row: int, column: Column, ledger: Ledger) -> Any:
    cell = table.cell(row, column.name)
    if cell is None:
        return _blank(table, row, column, ledger)
    return convert(Entry(cell, column, table.title, table.place(row, column.name), ledger), {})


def _blank(table: Table, row: int, column: Column, ledger: Ledger) -> Unreadable:
    message, remedy = f"'{column.name}' is required and blank", "Fill it in, or empty the whole row."
    ledger.error(table.title, table.place(row, column.name), "blank", message, remedy)
    return UNREADABLE


def _report_duplicate(table: Table, row: int, found: str, first: str, ledger: Ledger) -> None:
    keys = table.sheet.keys or (KEY,)
    message = f"the same {', '.join(keys)} stands twice, first in {first}"
    remedy = "Keep one of the two; names that differ only in case, blanks or width are the same."
    ledger.error(table.title, table.place(row, keys[0]), found, message, remedy)
    ledger.spoil(table.sheet)


def read_settings(table: Table | None, level: Names, ledger: Ledger) -> dict[str, Any]:
    """Every setting by its schema name; None where it is off or (after a fault) not known."""
    units: dict[str, str] = {}
    given = _given_settings(table, units, ledger) if table else {}
    settings: dict[str, Any] = {}
    for column in SETTINGS.columns:
        row = given.get(column.name)
        cell = table.cell(row, VALUE) if table and row else None
        if table and row:
            ledger.places.put(column.key, None, table.title, table.place(row, VALUE))
        if cell is None:
            settings[column.name] = _absent_setting(table, row, column, level, ledger)
        elif table and row and not is_off(cell, column):
            value = convert(Entry(cell, column, table.title, table.place(row, VALUE), ledger), {"level": level})
            settings[column.name] = _or_spoil(value, SETTINGS, column, ledger)
        else:
            settings[column.name] = None
    if table:
        for name, unit in units.items():
            check_setting(table, given[name], unit, SETTINGS.column(name), str(settings["currency"] or ""), ledger)
    return settings


def _given_settings(table: Table, units: dict[str, str], ledger: Ledger) -> dict[str, int]:
    """The row of each setting; ``units`` takes what stands behind their names."""
    known = [column.name for column in SETTINGS.columns]
    given: dict[str, int] = {}
    for row in table.rows:
        cell = table.cell(row, KEY)
        text = str(cell.content) if cell else ""
        setting, unit = with_unit(text, lambda bare: tool_name(bare, known)) or ("", "")
        if not setting:
            near = "" if ledger.full or not text else suggestion(text, known)
            message = f"unknown setting; allowed are {', '.join(known)}"
            found, remedy = text[:60] or "blank", f"{near}Correct or remove it."
            ledger.error(table.title, table.place(row, KEY), found, message, remedy)
        elif setting in given:
            _report_duplicate(table, row, f"'{text}'", table.place(given[setting], KEY), ledger)
        else:
            given[setting] = row
            units |= {setting: unit} if unit else {}
    return given


def _absent_setting(table: Table | None, row: int | None, column: Column, level: Names, ledger: Ledger) -> Any:
    if not column.required:
        default = next(iter(level.all()), None) if isinstance(column.default, From) else column.default
        if isinstance(column.default, From):
            _spoil_default(SETTINGS, column, Known({"level": level}, {}), ledger)
        if default != "":
            ledger.default(SETTINGS, column.name, VALUE, default)
        return default
    ledger.spoil(SETTINGS, column)
    if table:
        place = table.place(row, VALUE) if row else ""
        remedy = f"Add a row with {column.name} in the first column and its value beside it."
        ledger.error(table.title, place, "blank", f"the setting '{column.name}' is required", remedy)
    return None


def _or_spoil(value: Any, sheet: Sheet, column: Column, ledger: Ledger) -> Any:
    if value is UNREADABLE:
        ledger.spoil(sheet, column)
        return None
    return value


def read_table(table: Table, named: Mapping[int, str], known: Known, ledger: Ledger) -> dict[str, dict[Key, Any]]:
    """The values of a table by :attr:`Column.key` and row key. ``named`` gives the names introduced on its rows."""
    keys = _row_keys(table, named, known, ledger)
    values: dict[str, dict[Key, Any]] = {}
    for column in table.sheet.columns:
        if column.name not in table.sheet.keys:
            values[column.key] = _column_values(table, column, keys, known, values, ledger)
    return values


def _row_keys(table: Table, named: Mapping[int, str], known: Known, ledger: Ledger) -> dict[int, Key]:
    """The key of each row that has a valid one of its own; others are reported."""
    first_row: dict[Key, int] = {}
    keys: dict[int, Key] = {}
    for row in table.rows:
        parts = (
            [named.get(row, UNREADABLE)]
            if table.sheet.column(table.sheet.keys[0]).kind == "name"
            else [_key_part(table, row, table.sheet.column(key), known, ledger) for key in table.sheet.keys]
        )
        key = parts[0] if len(parts) == 1 else tuple(parts)
        if UNREADABLE in parts:
            ledger.spoil(table.sheet)
        elif key in first_row:
            found = " · ".join(str(part) for part in parts if part is not None)
            _report_duplicate(table, row, found, table.place(first_row[key], table.sheet.keys[0]), ledger)
        else:
            first_row[key], keys[row] = row, key
            for column in (table.sheet.column(name) for name in table.sheet.keys):
                ledger.places.put(key_of(table.sheet, column), key, table.title, table.place(row, column.name))
    return keys


def _key_part(table: Table, row: int, column: Column, known: Known, ledger: Ledger) -> Any:
    cell = table.cell(row, column.name)
    if cell is not None:
        return convert(Entry(cell, column, table.title, table.place(row, column.name), ledger), known.names)
    return _blank(table, row, column, ledger) if column.required else None


def _column_values(
    table: Table,
    column: Column,
    keys: Mapping[int, Key],
    known: Known,
    earlier: Mapping[str, Mapping[Key, Any]],
    ledger: Ledger,
) -> dict[Key, Any]:
    """One column; rows without a valid key are read too, for their faults."""
    values: dict[Key, Any] = {}
    blank: list[Key] = []
    for row in table.rows:
        cell = table.cell(row, column.name)
        place = table.place(row, column.name)
        key = keys.get(row, UNREADABLE)
        if cell is not None:
            value = convert(Entry(cell, column, table.title, place, ledger), known.names)
            value = _or_spoil(value, table.sheet, column, ledger)
        elif column.required:
            if column.name in table.columns:
                _blank(table, row, column, ledger)
            value = _or_spoil(UNREADABLE, table.sheet, column, ledger)
        elif key is not UNREADABLE:
            value = known.resolve(column, table.sheet, earlier, key)
            blank.append(key)
            _spoil_default(table.sheet, column, known, ledger)
        if key is not UNREADABLE:
            values[key] = value
            ledger.places.put(column.key, key, table.title, place)
    _note_defaults(table.sheet, column, blank, values, ledger)
    return values


def _spoil_default(sheet: Sheet, column: Column, known: Known, ledger: Ledger) -> None:
    """A default taken from what could not be read is not known either."""
    if known.source(column, sheet) in ledger.spoiled:
        ledger.spoil(sheet, column)


def _note_defaults(sheet: Sheet, column: Column, blank: list[Key], values: Mapping[Key, Any], ledger: Ledger) -> None:
    """One entry a cell, or one for the column where all of it is blank. A blank that means nothing is no default."""
    if column.default in (None, "") or not blank:
        return
    if len(blank) == len(values) and len(blank) > 1:
        value = column.default.says if isinstance(column.default, From) else column.default
        ledger.default(sheet, EVERY_ROW, column.name, value, len(blank))
        return
    for key in blank:
        parts = key if isinstance(key, tuple) else (key,)
        item = " · ".join(str(part) for part in parts if part is not None)
        ledger.default(sheet, item, column.name, values[key])


def read_matrix(sheet: Sheet, table: Table | None, known: Known, ledger: Ledger) -> dict[Key, Any]:
    """Every (row, column) of a matrix: what its cell says, or the default. A member has all in common with itself."""
    column, down, across = sheet.columns[0], known.names[sheet.keys[0]], known.names[sheet.across]
    given = _given_cells(sheet, table, known, ledger) if table else {}
    default = known.resolve(column, sheet, {}, None)
    values: dict[Key, Any] = {}
    missing: dict[str, int] = {}
    for row in down.all():
        for other in across.all():
            if (row, other) in given:
                values[row, other] = given[row, other]
            elif sheet.across == sheet.keys[0] and row == other:
                values[row, other] = 1.0
            else:
                values[row, other] = default
                missing[row] = missing.get(row, 0) + 1
    if missing:
        _spoil_default(sheet, column, known, ledger)
    if given:
        for row, cells in missing.items():
            ledger.default(sheet, row, column.name, default, cells)
    elif missing:
        ledger.default(sheet, EVERY_ROW, column.name, default, sum(missing.values()))
    return values


def _given_cells(sheet: Sheet, table: Table, known: Known, ledger: Ledger) -> dict[Key, Any]:
    column, key = sheet.columns[0], sheet.keys[0]
    head = Column(key, "reference", "", refers=key, required=True)
    first_row: dict[str, int] = {}
    given: dict[Key, Any] = {}
    for row in table.rows:
        member = _key_part(table, row, head, known, ledger)
        if member is not UNREADABLE and member in first_row:
            _report_duplicate(table, row, f"'{member}'", table.place(first_row[member], key), ledger)
            member = UNREADABLE
        if member is UNREADABLE:
            ledger.spoil(sheet)
        else:
            first_row[member] = row
        for other in table.columns:
            cell = table.cell(row, other) if other != key else None
            if cell is None:
                continue
            place = table.place(row, other)
            value = convert(Entry(cell, column, table.title, place, ledger), known.names)
            value = _or_spoil(value, sheet, column, ledger)
            if member is not UNREADABLE:
                given[member, other] = value
                ledger.places.put(column.key, (member, other), table.title, place)
    return given
