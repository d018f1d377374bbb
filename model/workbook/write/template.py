"""Scenario workbooks as planners fill them in: headings with units, drop-downs, limits, notes and a guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.files.atomic import write_bytes
from model.language.columns import Column, Sheet
from model.language.faults import UsageError
from model.scenario.column_words import DEFINING, allowed, blank_means
from model.scenario.schema import DEFAULT_RISK_BANDS, SHEETS
from model.scenario.sheets_alliance import MEMBERS, SETTINGS
from model.scenario.sheets_needs import COMMONALITY, LEVELS, RISK_BANDS
from model.workbook.write.entry_rules import ENTRY_ROWS, entry_rule, name_rule
from model.workbook.write.excel_writer import (
    Area,
    Book,
    Header,
    Worksheet,
    add_sheet,
    new_book,
    put,
    to_bytes,
    write_note,
)
from model.workbook.write.excel_writer import write_table as write_cells
from model.workbook.write.guide_sheet import write_guide

Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row]]

_ENTRY_COLUMNS = 100


@dataclass(frozen=True)
class Grid:
    """What one sheet shows: its headings and the rows under them. ``columns`` names the schema of each heading."""

    columns: tuple[Column, ...]
    headers: tuple[Header, ...]
    rows: tuple[tuple[object, ...], ...]


def write_scenario_workbook(path: str | Path, tables: Tables, example: bool = False) -> Path:
    """Put a scenario workbook at ``path``, whole or not at all; see :func:`scenario_workbook`."""
    return write_bytes(path, scenario_workbook(tables, example))


def write_template(path: str | Path) -> Path:
    """Put the empty workbook, with its worked example, at ``path``."""
    return write_scenario_workbook(path, example_tables(), example=True)


def scenario_workbook(tables: Tables, example: bool = False) -> bytes:
    """The workbook that holds ``tables``: by sheet, rows as mappings from column to value, None for a blank.

    A row of ``Settings`` has ``key`` and ``value``; a row of a matrix has ``member`` and a value for each name along
    the top. Required sheets are always there, others if named. ``example`` marks every entry as one to overwrite.
    Raises UsageError for a sheet or column that the schema does not know.
    """
    _refuse_unknown(tables)
    book = new_book("Scenario workbook")
    guide = add_sheet(book, "Guide", gridlines=False, tab="#7F7F7F")
    present = [sheet for sheet in SHEETS if sheet.required or sheet.name in tables]
    write_guide(book, guide, present, example)
    names = {dimension: _names_area(sheet) for dimension, sheet in DEFINING.items() if sheet in present}
    for sheet in present:
        _write_sheet(book, sheet, _grid(sheet, tables.get(sheet.name, ())), names, example)
    return to_bytes(book)


def example_tables() -> dict[str, list[dict[str, object]]]:
    """A tiny valid scenario made of the examples of the schema: two members, one capability, two levels."""
    tables = {sheet.name: [_example_row(sheet)] for sheet in SHEETS if sheet.form == "table"}
    tables |= {sheet.name: _example_matrix(sheet) for sheet in SHEETS if sheet.form == "matrix"}
    tables[SETTINGS.name] = [{"key": column.name, "value": column.example} for column in SETTINGS.columns]
    second = {"member": _SECOND, "gdp": 310_000, "population": 4.1, "level": LEVELS.column("level").example}
    tables[MEMBERS.name].append({**_example_row(MEMBERS), **second})
    lowest = _example_row(LEVELS)
    highest = {**lowest, "level": "interchangeable", "effectiveness": 1.0}
    tables[LEVELS.name] = [{**lowest, "upgrade_cost": None, "exercise_cost": None}, highest]
    tables[RISK_BANDS.name] = [{"up_to": end, "weight": weight} for end, weight in DEFAULT_RISK_BANDS]
    return tables


_SECOND = "Southmark"


def _example_row(sheet: Sheet) -> dict[str, object]:
    return {column.name: column.example for column in sheet.columns}


def _example_matrix(sheet: Sheet) -> list[dict[str, object]]:
    members = (MEMBERS.column("member").example, _SECOND)
    across = members if sheet is COMMONALITY else (DEFINING[sheet.across].column(sheet.across).example,)
    value = sheet.columns[0].example
    return [{"member": m, **{str(other): None if other == m else value for other in across}} for m in members]


def _refuse_unknown(tables: Tables) -> None:
    known = {sheet.name: sheet for sheet in SHEETS}
    for name, rows in tables.items():
        if name not in known:
            raise UsageError(f"There is no sheet {name!r} in a scenario workbook. It has {', '.join(known)}.")
        columns = _known_columns(known[name])
        for unknown in (key for row in rows for key in row if columns and key not in columns):
            raise UsageError(f"Sheet {name} has no column {unknown!r}. It has {', '.join(columns)}.")
        first = {"settings": "key", "matrix": "member", "table": ""}[known[name].form]
        if first and any(first not in row for row in rows):
            raise UsageError(f"Every row of {name} needs a {first}.")


def _known_columns(sheet: Sheet) -> tuple[str, ...]:
    """The columns a row may have; none named for a matrix, whose columns are names of the scenario."""
    forms = {"settings": ("key", "value"), "matrix": (), "table": tuple(column.name for column in sheet.columns)}
    return forms[sheet.form]


def _names_area(sheet: Sheet) -> Area:
    at = [column.name for column in sheet.columns].index(sheet.keys[0])
    return Area(sheet.name, 1, at, ENTRY_ROWS, at)


def _grid(sheet: Sheet, rows: Sequence[Row]) -> Grid:
    if sheet.form == "settings":
        return _settings_grid(sheet, rows)
    return _matrix_grid(sheet, rows) if sheet.form == "matrix" else _table_grid(sheet, rows)


def _settings_grid(sheet: Sheet, rows: Sequence[Row]) -> Grid:
    given = {row["key"]: row.get("value") for row in rows}
    unknown = [key for key in given if key not in {column.name for column in sheet.columns}]
    if unknown:
        raise UsageError(f"There is no setting {unknown[0]!r}. There are {', '.join(c.name for c in sheet.columns)}.")
    headers = (Header("key", style="text", width=24), Header("value", width=36))
    return Grid(sheet.columns, headers, tuple((column.name, given.get(column.name)) for column in sheet.columns))


def _table_grid(sheet: Sheet, rows: Sequence[Row]) -> Grid:
    headers = tuple(_header(column) for column in sheet.columns)
    return Grid(sheet.columns, headers, tuple(tuple(row.get(c.name) for c in sheet.columns) for row in rows))


def _matrix_grid(sheet: Sheet, rows: Sequence[Row]) -> Grid:
    cells = sheet.columns[0]
    across = tuple(dict.fromkeys(name for row in rows for name in row if name != "member"))
    corner = Column("member", "reference", "The member.", refers="member", required=True)
    note = f"{sheet.says}\n\n{_hint(cells)}\n\nNames of {sheet.across} along the top, of member down the side."
    first = Header("member", style="text", width=24, note=note)
    heads = tuple(Header(name, style=_style(cells), width=_matrix_width(name)) for name in across)
    values = tuple((row["member"], *(row.get(name) for name in across)) for row in rows)
    return Grid((corner, *(cells for _ in across)), (first, *heads), values)


def _header(column: Column) -> Header:
    note = f"{column.says}\n\n{_hint(column)}"
    name = f"{column.name}\n({column.unit})" if column.unit else column.name
    return Header(name, "", _style(column), _entry_width(column), note, not column.required)


def _hint(column: Column) -> str:
    unit = f"Unit: {column.unit}.\n" if column.unit else ""
    blank = "Must be filled in." if column.required else f"Blank: {blank_means(column)}."
    return f"{unit}Allowed: {allowed(column)}.\n{blank}"


def _style(column: Column) -> str:
    if column.percent:
        return "share_as_typed"
    if column.unit == "money/yr":
        return "money"
    return {"year": "year", "number": "number", "factor": "factor", "text": "wrap"}.get(column.kind, "text")


def _entry_width(column: Column) -> float:
    """Room for what is entered and for the heading, its unit on a line of its own, beside the filter button."""
    if column.name in ("description", "note", "source"):
        return 50
    room = {"name": 28, "reference": 24, "text": 24, "choice": 16}.get(column.kind, 12)
    return float(max(room, len(column.name) + 5, min(len(column.unit) + 6, 22)))


def _matrix_width(name: str) -> float:
    """Narrow, since there are many: long names take several lines."""
    return float(min(24, max(10, 3 + max(map(len, name.split()), default=0))))


def _write_sheet(book: Book, sheet: Sheet, grid: Grid, names: Mapping[str, Area], example: bool) -> None:
    page = add_sheet(book, sheet.name, tab="#1F3864" if sheet.required else "#5B7BA8")
    write_cells(book, page, 0, 0, grid.headers, grid.rows, banded=False, base="general", filtered=sheet.form == "table")
    for at, header in enumerate(grid.headers):
        page.set_column(at, at, header.width, book.style("general", header.style))
    if sheet.form == "settings":
        _finish_settings(book, page, grid, names)
    else:
        _add_rules(page, grid, names)
    if sheet.form == "matrix" and (rule := name_rule(sheet.across, names)):
        page.data_validation(0, 1, 0, _ENTRY_COLUMNS, rule)
    if example:
        _mark_examples(book, page, grid, first_column=1 if sheet.form == "settings" else 0)


def _finish_settings(book: Book, page: Worksheet, grid: Grid, names: Mapping[str, Area]) -> None:
    """Each setting has rules, a format and a note of its own."""
    for row, (setting, (key, value)) in enumerate(zip(grid.columns, grid.rows, strict=True), start=1):
        look = ("header",) if setting.required else ("header", "optional")
        put(book, page, row, 0, key, *look, "indent")
        put(book, page, row, 1, value, _style(setting), "indent")
        write_note(page, row, 0, f"{setting.says}\n\n{_hint(setting)}")
        if rule := entry_rule(setting, row, 1, names):
            page.data_validation(row, 1, row, 1, rule)


def _add_rules(page: Worksheet, grid: Grid, names: Mapping[str, Area]) -> None:
    for at, column in enumerate(grid.columns):
        if rule := entry_rule(column, 1, at, names):
            page.data_validation(1, at, ENTRY_ROWS, at, rule)


def _mark_examples(book: Book, page: Worksheet, grid: Grid, first_column: int) -> None:
    """Grey italics for as long as a cell holds its example: what is typed over it looks ordinary."""
    for row, values in enumerate(grid.rows, start=1):
        for at, value in enumerate(values[first_column:], start=first_column):
            if isinstance(value, int | float | str):
                same = '"' + value.replace('"', '""')[:250] + '"' if isinstance(value, str) else value
                rule = {"type": "cell", "criteria": "==", "value": same, "format": book.style("quiet")}
                page.conditional_format(row, at, row, at, rule)
