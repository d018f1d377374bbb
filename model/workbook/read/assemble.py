"""One scenario from the sheets of a workbook: names first, then settings, tables, matrices, and every default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from model.language.columns import Column, Sheet
from model.language.names import Names, normalised
from model.scenario.column_words import DEFINING
from model.scenario.ledger import EVERY_ROW, Ledger
from model.scenario.scenario import Scenario
from model.scenario.schema import DEFAULT_LEVEL, DEFAULT_RISK_BANDS, SHEETS
from model.scenario.sheets_alliance import SETTINGS
from model.scenario.sheets_needs import COST_FACTORS, HOLDINGS, LEVELS, RISK_BANDS, SOURCES
from model.workbook.read.cells import Grid
from model.workbook.read.heading_units import check_units
from model.workbook.read.rows import Known, introduce, read_matrix, read_settings, read_table
from model.workbook.read.tables import Table, locate
from model.workbook.read.values import UNREADABLE, Entry, convert

MAX_PAIRS = 250_000
"""Largest number of cells of any matrix (members × members, capabilities or tasks)."""

Values = dict[str, Mapping[Any, Any]]


def assemble(grids: Mapping[str, Grid], name: str, ledger: Ledger) -> Scenario:
    """The scenario in these sheets (by schema name). With faults it has gaps, which ``ledger.spoiled`` names."""
    tables = {sheet.name: _located(sheet, grids, ledger) for sheet in SHEETS if sheet.form != "matrix"}
    names, introduced = _introduce_all(tables, ledger)
    settings = read_settings(tables[SETTINGS.name], names["level"], ledger)
    known = Known(names, settings)
    for table in tables.values():
        check_units(table, settings, {}, ledger)
    values: Values = {}
    for sheet in SHEETS:
        if sheet.form == "table" and sheet is not SOURCES:
            table = tables[sheet.name]
            if table is not None:
                values.update(read_table(table, introduced.get(sheet.name, {}), known, ledger))
            else:
                values.update({column.key: {} for column in sheet.columns if column.name not in sheet.keys})
        elif sheet.form == "matrix":
            values[sheet.columns[0].key] = _matrix(sheet, grids, known, values["unit"], ledger)
    _fill_absent_sheets(tables, values, names, ledger)
    return Scenario(
        sets=MappingProxyType({dimension: found.all() for dimension, found in names.items() if _is_there(found)}),
        settings=MappingProxyType(settings),
        values=MappingProxyType({key: MappingProxyType(column) for key, column in values.items()}),
        sources=_sources(tables[SOURCES.name], ledger),
        defaults=tuple(ledger.defaults),
        name=name,
    )


def _is_there(names: Names) -> bool:
    """Every dimension but cases, which an alliance has only where a workbook names some."""
    return names.what != "case" or bool(names.all())


def _located(sheet: Sheet, grids: Mapping[str, Grid], ledger: Ledger) -> Table | None:
    grid = grids.get(sheet.name)
    if grid is not None:
        return locate(sheet, grid, ledger)
    if sheet.required:
        remedy = f"Add a sheet named {sheet.name}: {sheet.says} `alliance template` writes an empty workbook."
        ledger.error(sheet.name, "", "", f"the sheet '{sheet.name}' is missing", remedy)
        ledger.spoil(sheet)
    return None


def _introduce_all(
    tables: Mapping[str, Table | None], ledger: Ledger
) -> tuple[dict[str, Names], dict[str, dict[int, str]]]:
    """The names of every dimension, and by sheet the name on each row."""
    names: dict[str, Names] = {}
    introduced: dict[str, dict[int, str]] = {}
    for dimension, sheet in DEFINING.items():
        table = tables[sheet.name]
        if table is not None:
            names[dimension], introduced[sheet.name] = introduce(table, ledger)
        elif dimension in ledger.spoiled:
            names[dimension] = Names(dimension, {}, complete=False)
        else:
            names[dimension] = Names(dimension)
    if not names["level"].all() and names["level"].complete:
        names["level"] = Names("level", {normalised(DEFAULT_LEVEL): DEFAULT_LEVEL})
    return names, introduced


def _matrix(
    sheet: Sheet, grids: Mapping[str, Grid], known: Known, units: Mapping[Any, Any], ledger: Ledger
) -> dict[Any, Any]:
    """The values of a matrix; of holdings only what is held, of cost factors only what may be acquired."""
    down, across = known.names[sheet.keys[0]], known.names[sheet.across]
    cells = len(down.spellings) * len(across.spellings)
    if cells > MAX_PAIRS:
        message = f"the matrix is too large: at most {MAX_PAIRS:,} pairs of {down.what} and {across.what} are accepted"
        ledger.error(sheet.name, "", f"{cells:,} pairs", message, "Merge or leave out some of them.")
        ledger.spoil(sheet)
        return {}
    grid = grids.get(sheet.name)
    table = locate(sheet, grid, ledger, across) if grid is not None else None
    check_units(table, known.settings, units, ledger)
    values = read_matrix(sheet, table, known, ledger)
    if sheet is HOLDINGS:
        return {pair: held for pair, held in values.items() if held}
    if sheet is COST_FACTORS:
        return {pair: factor for pair, factor in values.items() if factor != "no"}
    return values


def _fill_absent_sheets(
    tables: Mapping[str, Table | None], values: Values, names: Mapping[str, Names], ledger: Ledger
) -> None:
    """One level where no levels are given, and the usual risk bands where none are."""
    if names["level"].all() == (DEFAULT_LEVEL,) and not values["effectiveness"] and "level" not in ledger.spoiled:
        values["effectiveness"] = {DEFAULT_LEVEL: 1.0}
        values["upgrade_cost"] = values["exercise_cost"] = {DEFAULT_LEVEL: 0.0}
        ledger.default(LEVELS, EVERY_ROW, "level", DEFAULT_LEVEL)
    bands = tables[RISK_BANDS.name]
    if "severity" not in ledger.spoiled and (bands is None or not bands.rows):
        values["severity"] = dict(DEFAULT_RISK_BANDS)
        says = "; ".join(f"up to {end:g}: {weight:g}" for end, weight in DEFAULT_RISK_BANDS)
        ledger.default(RISK_BANDS, EVERY_ROW, "weight", says, len(DEFAULT_RISK_BANDS))


def _sources(table: Table | None, ledger: Ledger) -> tuple[tuple[str, ...], ...]:
    """The rows of the Sources sheet as texts, unchanged."""
    if table is None:
        return ()
    return tuple(tuple(_source_text(table, row, column, ledger) for column in SOURCES.columns) for row in table.rows)


def _source_text(table: Table, row: int, column: Column, ledger: Ledger) -> str:
    cell = table.cell(row, column.name)
    if cell is None:
        return ""
    value = convert(Entry(cell, column, table.title, table.place(row, column.name), ledger), {})
    return "" if value is UNREADABLE else str(value)
