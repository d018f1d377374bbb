"""What differs between the inputs of two scenarios, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from model.core import domains
from model.language.columns import Column, Sheet
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.solve.coverage import over_horizon
from model.solve.plan import Plan

Kind = Literal["changed", "added", "removed"]


@dataclass(frozen=True)
class Difference:
    """One cell that differs, or one row that only one of the two has (its values are then left out).

    ``cell`` is where it stands in the other workbook, ``baseline_cell`` in the baseline's; "" where the cell is blank, or
    the scenario was made without a workbook.
    """

    sheet: str
    cell: str
    baseline_cell: str
    row: str
    column: str
    kind: Kind
    baseline: object
    value: object
    unit: str

    @property
    def absolute(self) -> float | None:
        """Value less baseline, where both are numbers."""
        if _number(self.baseline) and _number(self.value):
            return float(self.value) - float(self.baseline)  # type: ignore[arg-type]
        return None

    @property
    def relative(self) -> float | None:
        """The difference as a part of the baseline's size."""
        size = abs(float(self.baseline)) if _number(self.baseline) else 0.0  # type: ignore[arg-type]
        return None if self.absolute is None or not size else self.absolute / size


def differences(base: Scenario, other: Scenario) -> tuple[Difference, ...]:
    """Every difference in the inputs, in the order of the sheets; empty for scenarios of the same content.

    Defaults count as values; names of files and the sheet Sources do not count.
    """
    return tuple(
        difference for sheet in SHEETS if sheet.name != "Sources" for difference in _of_sheet(sheet, base, other)
    )


def _of_sheet(sheet: Sheet, base: Scenario, other: Scenario) -> Iterator[Difference]:
    if sheet.form == "settings":
        for column in sheet.columns:
            before, after = base.settings.get(column.name), other.settings.get(column.name)
            yield from _changed(sheet, column, None, before, after, base, other)
        return
    if sheet.form == "matrix":
        yield from _of_matrix(sheet, base, other)
        return
    columns = [column for column in sheet.columns if column.name not in sheet.keys]
    rows = [scenario.values[columns[0].key] for scenario in (base, other)]
    for key in _union(*rows):
        if key in rows[0] and key in rows[1]:
            for column in columns:
                before, after = (scenario.values[column.key].get(key) for scenario in (base, other))
                yield from _changed(sheet, column, key, before, after, base, other)
        else:
            yield _row(sheet, columns, key, key in rows[1], base, other)
    yield from _level_order(sheet, base, other)


def _of_matrix(sheet: Sheet, base: Scenario, other: Scenario) -> Iterator[Difference]:
    """Cells of the rows and columns both have; a member or capability only one has is told by its own sheet."""
    column, absent = sheet.columns[0], "no" if sheet.columns[0].kind == "factor" else 0.0
    before, after = base.values[column.key], other.values[column.key]
    members, across = ([n for n in base.sets[dim] if n in other.sets[dim]] for dim in ("member", sheet.across))
    for key in ((m, name) for m in members for name in across):
        yield from _changed(sheet, column, key, before.get(key, absent), after.get(key, absent), base, other)


def _changed(
    sheet: Sheet, column: Column, key: Any, before: object, after: object, base: Scenario, other: Scenario
) -> Iterator[Difference]:
    if _plain(before) == _plain(after):
        return
    cell, own = (scenario.cells.get((column.key, key), "") for scenario in (other, base))
    yield Difference(
        sheet.name, cell, own, _said(key), column.name, "changed", _plain(before), _plain(after), column.unit
    )


def _row(sheet: Sheet, columns: list[Column], key: Any, added: bool, base: Scenario, other: Scenario) -> Difference:
    """A row only one of the two has; its value is that of the sheet's first column beside the keys."""
    first = columns[0]
    if added:
        value, cell = _plain(other.values[first.key][key]), other.cells.get((first.key, key), "")
        return Difference(sheet.name, cell, "", _said(key), first.name, "added", None, value, first.unit)
    value, cell = _plain(base.values[first.key][key]), base.cells.get((first.key, key), "")
    return Difference(sheet.name, "", cell, _said(key), first.name, "removed", value, None, first.unit)


def _level_order(sheet: Sheet, base: Scenario, other: Scenario) -> Iterator[Difference]:
    """The same levels in another order are another ladder."""
    before, after = base.sets["level"], other.sets["level"]
    if sheet.name == "Levels" and before != after and set(before) == set(after):
        yield Difference(sheet.name, "", "", "order", "level", "changed", _plain(before), _plain(after), "")


def _union(before: Mapping[Any, object], after: Mapping[Any, object]) -> list[Any]:
    return [*before, *(key for key in after if key not in before)]


def _said(key: Any) -> str:
    """A row's key as people say it; a blank part (any year, any capability) is left out."""
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(str(part) for part in parts if part is not None)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: object) -> object:
    """A value as one types it: yes and no, lists with commas; a blank is ""."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if value is None else value


_MONEY = ("cost", "unfairness")


@dataclass(frozen=True)
class Figure:
    """One result with its unit; ``money`` where the currency is not known."""

    value: float
    unit: str


Figures = dict[tuple[str, str, str], Figure]
"""By (about, item, figure): ("member", "Poland", "burden")."""


def measure_figures(measures: Mapping[str, float], currency: str = "money") -> Figures:
    """The measures of a plan or a run."""
    return {
        ("measure", name, name): Figure(value, currency if name in _MONEY else "fraction of 1")
        for name, value in measures.items()
    }


def figures(plan: Plan) -> Figures:
    """Every figure of a plan: by measure, member, capability, task, and what each member holds of each capability.

    Stocks are those of the plan's last period; coverage of a capability is 1 - missing / required over all periods, in the
    situation in which that is least; coverage of a task is 1 - its risk.
    """
    currency = str(plan.scenario.settings["currency"]) or "money"
    found = measure_figures(plan.measures, currency)
    for part in (_members(plan, currency), _capabilities(plan), _tasks(plan), _holdings(plan)):
        found |= dict(part)
    return found


Entry = tuple[tuple[str, str, str], Figure]


def _members(plan: Plan, currency: str) -> Iterator[Entry]:
    for row in plan.table("burdens").to_dict("records"):
        yield ("member", row["member"], "burden"), Figure(row["burden"], currency)
        yield ("member", row["member"], "share"), Figure(row["share"], "fraction of 1")


def _capabilities(plan: Plan) -> Iterator[Entry]:
    d, covered = plan.data, over_horizon(plan)
    held, last = plan.values["held"], plan.scenario.periods[-1]
    for c in d.sets["capability"]:
        stock = math.fsum(held[m, c, 0, last] for m in d.members_of_field[c])
        yield ("capability", c, "stock in the last period"), Figure(stock, str(plan.scenario.unit.get(c) or "unit"))
        if c in covered:
            yield ("capability", c, "coverage"), Figure(covered[c], "fraction of 1")


def _tasks(plan: Plan) -> Iterator[Entry]:
    for row in plan.table("risks").to_dict("records"):
        yield ("task", row["task"], "coverage"), Figure(1.0 - row["value"], "fraction of 1")


def _holdings(plan: Plan) -> Iterator[Entry]:
    held, last = plan.values["held"], plan.scenario.periods[-1]
    for m, c in plan.data.keys(domains.fields):
        unit = str(plan.scenario.unit.get(c) or "unit")
        yield ("holding", f"{m}, {c}", "stock in the last period"), Figure(held[m, c, 0, last], unit)
