"""Which cell of the workbook a policy's figure comes from: the rule says which columns, the scenario remembers where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.language.columns import Sheet
from model.language.faults import UsageError
from model.language.registry import in_force
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS


def cell_of(scenario: Scenario, rule: str, at: Mapping[str, Any]) -> str:
    """The cell, such as ``Pledges!C4``; "" where the figure is derived from several or the scenario has no workbook."""
    part = in_force(scenario.rules).get(rule)
    found = (_cell(scenario, *where, at) for where in map(column_of, (part.cells if part else None) or ()))
    return next(filter(None, found), "")


def column_of(cell: str) -> tuple[Sheet, str]:
    """The sheet and the scenario's name of the values of a column, said as ``Sheet.column``."""
    name, _, column = cell.partition(".")
    for where in SHEETS:
        for one in where.columns:
            if (where.name, one.name) == (name, column):
                return where, one.key
    raise UsageError(f"A rule says that its limit is typed into {cell!r}, and there is no such sheet and column.")


def _cell(scenario: Scenario, where: Sheet, field: str, at: Mapping[str, Any]) -> str:
    """The cell of the row that counts: the one in force in a year, else that of the thing itself, else that of all things."""
    if where.form == "settings":
        return scenario.cells.get((field, None), "")
    if where.keys[-1] == "year":
        return _latest(scenario, field, tuple(at.get(key) for key in where.keys[:-1]), at.get("period") or 0)
    row = tuple(at.get(key) for key in where.keys)
    rows = [row, (*row[:-1], None)] if len(row) > 1 else [row[0]]
    return next((scenario.cells[field, key] for key in rows if (field, key) in scenario.cells), "")


def _latest(scenario: Scenario, field: str, thing: tuple[Any, ...], year: int) -> str:
    """The row in force in a year: the latest for the thing that states a value."""
    stated = [key for key, value in scenario.values[field].items() if key[:-1] == thing and value is not None]
    in_force = sorted((key[-1] or 0, str(key[-1]), key) for key in stated if (key[-1] or 0) <= year)
    return scenario.cells.get((field, in_force[-1][-1]), "") if in_force else ""
