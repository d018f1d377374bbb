"""Tables being edited: what they were, what they are now, and every step between, so that each can be taken back.

A draft never changes: every edit gives a new one. It says nothing of widgets; the page draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from model.language.columns import Sheet
from model.scenario.column_words import DEFINING
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.scenario.unfold import tables_of

Row = Mapping[str, object]
Rows = tuple[Row, ...]
Tables = Mapping[str, Rows]
Renames = Mapping[str, str]

_NUMBERS = count()

MOST_STEPS = 40
"""Edits that can be taken back."""


@dataclass(frozen=True, eq=False)
class Draft:
    """``tables`` as they were when ``sheet`` was put on screen; ``rows`` as it was edited since (None: not yet).

    ``renamed`` are names that were written over on this sheet, old to new. ``past`` holds earlier states. ``number``
    is another one whenever a sheet is put on screen, so that each time gets an editor of its own, and no editor another's edits.
    """

    tables: Tables
    sheet: str
    rows: Rows | None = None
    renamed: tuple[tuple[str, str], ...] = ()
    past: tuple[Tables, ...] = ()
    number: int = field(default_factory=lambda: next(_NUMBERS))

    @property
    def now(self) -> Tables:
        """Every table as it is now, names that were written over replaced wherever they are referred to."""
        if self.rows is None:
            return self.tables
        return fitted(renamed({**self.tables, self.sheet: self.rows}, self.sheet, dict(self.renamed)))

    def edited(self, rows: Rows, renames: Renames) -> Draft:
        """The draft after an edit of the sheet on screen; itself where nothing changed."""
        if rows == (self.tables[self.sheet] if self.rows is None else self.rows):
            return self
        past = (*self.past, self.now)[-MOST_STEPS:]
        return replace(self, rows=rows, renamed=tuple(renames.items()), past=past)

    def turned_to(self, sheet: str) -> Draft:
        """The draft with another sheet on screen."""
        return replace(self, tables=self.now, sheet=sheet, rows=None, renamed=(), number=next(_NUMBERS))

    def undone(self) -> Draft:
        """The draft before the last edit."""
        if not self.past:
            return self
        return replace(
            self, tables=self.past[-1], rows=None, renamed=(), past=self.past[:-1], number=next(_NUMBERS)
        )  # fmt: skip

    def with_tables(self, tables: Tables) -> Draft:
        """The draft after something was done to several tables at once."""
        if tables == self.now:
            return self.turned_to(self.sheet)
        past = (*self.past, self.now)[-MOST_STEPS:]
        return replace(self, tables=tables, rows=None, renamed=(), past=past, number=next(_NUMBERS))


def begun(scenario: Scenario, sheet: str = "Members") -> Draft:
    """A draft of a scenario's tables, nothing edited."""
    return Draft(plain_tables(scenario), sheet)


def plain_tables(scenario: Scenario) -> Tables:
    """Every sheet's rows, empty sheets too; a blank is None."""
    found = tables_of(scenario)
    return {
        sheet.name: tuple(
            {name: None if value == "" else value for name, value in row.items()} for row in found.get(sheet.name, ())
        )
        for sheet in SHEETS
    }


def to_write(tables: Tables) -> dict[str, Rows]:
    """The tables as a workbook has them: optional sheets without rows are left out."""
    required = {sheet.name for sheet in SHEETS if sheet.required}
    return {name: rows for name, rows in tables.items() if rows or name in required}


def names_of(tables: Tables, dimension: str) -> tuple[str, ...]:
    """The names a table introduces, in order."""
    named = (row.get(dimension) for row in tables[DEFINING[dimension].name])
    return tuple(dict.fromkeys(str(name) for name in named if name is not None))


def fitted(tables: Tables) -> Tables:
    """The tables with every matrix cut and grown to the names there are: a row a member, a column a name along the top."""
    return {
        sheet.name: matrix_rows(tables, sheet) if sheet.form == "matrix" and tables[sheet.name] else tables[sheet.name]
        for sheet in SHEETS
    }


def matrix_rows(tables: Tables, sheet: Sheet) -> Rows:
    """The rows of a matrix by the names there are; what is not said is None."""
    given = {row["member"]: row for row in tables[sheet.name]}
    across = names_of(tables, sheet.across)
    return tuple(
        {"member": member, **{name: given.get(member, {}).get(name) for name in across}}
        for member in names_of(tables, "member")
    )


def renamed(tables: Tables, sheet: str, renames: Renames) -> Tables:
    """The tables with names of ``sheet`` replaced wherever other cells refer to them."""
    dimension = next((name for name, defining in DEFINING.items() if defining.name == sheet), "")
    if not renames or not dimension:
        return tables
    return {name: _renamed_on(_sheet(name), rows, dimension, renames) for name, rows in tables.items()}


def _renamed_on(sheet: Sheet, rows: Rows, dimension: str, renames: Renames) -> Rows:
    if sheet.form == "settings":
        referring = {column.name for column in sheet.columns if column.refers == dimension}
        return tuple({**row, "value": _new(row["value"], renames)} if row["key"] in referring else row for row in rows)
    if sheet.form == "matrix":
        across = renames if sheet.across == dimension else {}
        down = renames if dimension == "member" else {}
        return tuple(
            {"member": _new(row["member"], down)}
            | {across.get(name, name): value for name, value in row.items() if name != "member"}
            for row in rows
        )
    referring = {column.name for column in sheet.columns if column.refers == dimension}
    if not referring:
        return rows
    return tuple(
        {name: _new(value, renames) if name in referring else value for name, value in row.items()} for row in rows
    )


def _new(value: object, renames: Renames) -> object:
    return renames.get(value, value) if isinstance(value, str) else value


def orphans(tables: Tables) -> dict[str, list[int]]:
    """By sheet, the rows that speak of a name no table introduces any more (as part of what the row is about)."""
    known = {dimension: set(names_of(tables, dimension)) for dimension in DEFINING}
    found: dict[str, list[int]] = {}
    for sheet in SHEETS:
        parts = [(key, refers) for key, refers in _references(sheet) if refers in known]
        gone = [
            number
            for number, row in enumerate(tables[sheet.name])
            if any(row.get(key) is not None and row[key] not in known[refers] for key, refers in parts)
        ]
        if gone:
            found[sheet.name] = gone
    return found


def _references(sheet: Sheet) -> Iterator[tuple[str, str]]:
    if sheet.form == "table":
        yield from (
            (column.name, column.refers) for column in sheet.columns if column.name in sheet.keys and column.refers
        )


def without_rows(tables: Tables, gone: Mapping[str, Sequence[int]]) -> Tables:
    """The tables without these rows."""
    return {
        name: tuple(row for number, row in enumerate(rows) if number not in set(gone.get(name, ())))
        for name, rows in tables.items()
    }


def _sheet(name: str) -> Sheet:
    return next(sheet for sheet in SHEETS if sheet.name == name)
