"""Notes kept while a workbook is read: faults, defaults applied, where each value stands, what is spoiled."""

from __future__ import annotations

from typing import Any

from model.language.columns import Column, Sheet
from model.language.faults import Fault, Severity
from model.scenario.scenario import Default
from model.scenario.schema import SHEETS

MAX_FAULTS = 1000
"""Faults listed of one workbook; the rest are counted."""

HEADING = "heading"
"""Stands for the heading cell in place of a row's key."""

EVERY_ROW = "every row"
"""The item of a default that was applied to a whole column or sheet."""


def key_of(sheet: Sheet, column: Column) -> str:
    """Under which key the places of a column are kept: its own, or ``Requirements.year`` for part of a row's key."""
    is_part = column.name in sheet.keys and column.kind != "name"
    return f"{sheet.name}.{column.name}" if is_part else column.key


class Places:
    """Where the values of a scenario stand, so that a fault found later can still name sheet and cell."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, Any], tuple[str, str]] = {}
        self._titles = {key_of(sheet, column): sheet.name for sheet in SHEETS for column in sheet.columns}

    def put(self, key: str, item: Any, sheet: str, cell: str) -> None:
        """Notes the cell of one value: ``key`` as in the scenario, ``item`` the row's key (or :data:`HEADING`)."""
        self._cells[key, item] = (sheet, cell)
        self._titles[key] = sheet

    def find(self, key: str, item: Any = None) -> tuple[str, str]:
        """Sheet and cell of a value; the cell is "" where the value stands nowhere (a default, or no workbook)."""
        return self._cells.get((key, item), (self._titles.get(key, ""), ""))

    def by_key(self) -> dict[tuple[str, Any], str]:
        """Where every value stands, as ``Sheet!Cell``, by column key and row key."""
        return {place: f"{sheet}!{cell}" for place, (sheet, cell) in self._cells.items() if cell}

    def error(self, place: tuple[str, Any], found: object, message: str, remedy: str) -> Fault:
        """An error at the place of a value: ``error(("gdp", "Poland"), …)``."""
        return self._fault("error", place, found, message, remedy)

    def warning(self, place: tuple[str, Any], found: object, message: str, remedy: str) -> Fault:
        """A warning at the place of a value."""
        return self._fault("warning", place, found, message, remedy)

    def _fault(self, severity: Severity, place: tuple[str, Any], found: object, message: str, remedy: str) -> Fault:
        sheet, cell = self.find(*place)
        text = f"{found:.6g}" if isinstance(found, float) else str(found)
        return Fault(sheet, cell, severity, text, message, remedy)


class Ledger:
    """Gathers everything noted while one workbook is read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.defaults: list[Default] = []
        self.places = Places()
        self.spoiled: set[str] = set()
        self.has_errors = False
        self.dropped = 0

    @property
    def full(self) -> bool:
        """Whether further faults are only counted; suggestions need not be sought any more."""
        return len(self.faults) >= MAX_FAULTS

    def error(self, sheet: str, cell: str, found: str, message: str, remedy: str) -> None:
        self.add(Fault(sheet, cell, "error", found, message, remedy))

    def warning(self, sheet: str, cell: str, found: str, message: str, remedy: str) -> None:
        self.add(Fault(sheet, cell, "warning", found, message, remedy))

    def add(self, fault: Fault) -> None:
        """Notes a fault. Past the limit it is counted; a first error then still takes the place of a warning."""
        if not self.full:
            self.faults.append(fault)
        else:
            self.dropped += 1
            if fault.severity == "error" and not self.has_errors:
                self.faults[-1] = fault
        self.has_errors = self.has_errors or fault.severity == "error"

    def default(self, sheet: Sheet, item: str, column: str, value: object, cells: int = 1) -> None:
        """Notes a default that was applied to a number of cells."""
        self.defaults.append(Default(sheet.name, item, column, value, cells))

    def spoil(self, sheet: Sheet, column: Column | None = None) -> None:
        """Marks values that could not be read: one column, or (for a key, or None) the whole sheet.

        Checks of what is spoiled are not made, so that one mistake is not reported many times over.
        """
        if column is not None and column.name not in sheet.keys:
            self.spoiled.add(column.key)
        else:
            foreign = {key.name for key in sheet.columns if key.kind == "reference" and key.name in sheet.keys}
            self.spoiled.update(other.key for other in sheet.columns if other.name not in foreign)

    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault, errors first, and how many more there are."""
        ordered = sorted(self.faults, key=lambda fault: fault.severity)
        if self.dropped:
            message = f"there are {self.dropped:,} further faults; the first {MAX_FAULTS:,} are listed"
            ordered.append(Fault("", "", ordered[0].severity, "", message, "Correct the listed faults first."))
        return tuple(ordered)
