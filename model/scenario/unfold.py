"""A scenario as the tables of its workbook, ready to be written: nothing is lost, and reading them gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.language.columns import Column, Sheet
from model.scenario.schema import SHEETS

if TYPE_CHECKING:
    import pandas as pd

    from model.scenario.scenario import Scenario

Row = dict[str, object]


def tables_of(scenario: Scenario) -> dict[str, list[Row]]:
    """Sheet name -> rows by column name, defaults filled in; sheets without rows are left out."""
    tables = {sheet.name: _rows(scenario, sheet) for sheet in SHEETS}
    return {name: rows for name, rows in tables.items() if rows}


def frames_of(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """The same tables as pandas frames."""
    import pandas as pd

    return {name: pd.DataFrame(rows) for name, rows in tables_of(scenario).items()}


def _rows(scenario: Scenario, sheet: Sheet) -> list[Row]:
    if sheet.form == "settings":
        return [{"key": column.name, "value": _plain(scenario.settings.get(column.name))} for column in sheet.columns]
    if sheet.name == "Sources":
        names = [column.name for column in sheet.columns]
        return [dict(zip(names, row, strict=False)) for row in scenario.sources]
    return _matrix(scenario, sheet) if sheet.form == "matrix" else _table(scenario, sheet)


def _matrix(scenario: Scenario, sheet: Sheet) -> list[Row]:
    column = sheet.columns[0]
    values, absent = scenario.values[column.key], "no" if column.kind == "factor" else None
    across = scenario.sets[sheet.across]
    return [{"member": m, **{name: values.get((m, name), absent) for name in across}} for m in scenario.sets["member"]]


def _table(scenario: Scenario, sheet: Sheet) -> list[Row]:
    """A table's rows: its keys as the scenario has them, every other column by key."""
    others = [column for column in sheet.columns if column.name not in sheet.keys]
    return [_row(scenario, sheet, others, key) for key in scenario.values[others[0].key]]


def _row(scenario: Scenario, sheet: Sheet, others: list[Column], key: Any) -> Row:
    parts = key if isinstance(key, tuple) else (key,)
    cells = {column.name: _plain(scenario.values[column.key].get(key)) for column in others}
    return {**dict(zip(sheet.keys, parts, strict=True)), **cells}


def _plain(value: object) -> object:
    """A value as one types it: yes and no, lists with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
