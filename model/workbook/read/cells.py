"""The cells of one sheet as they truly are: the only place that tells a number from a text, an error, a date or a hole.

Nothing is trusted but the cells themselves: not the ``<dimension>`` a file declares, not its used range. A cell in the
last row and column costs no more than one in A1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from model.workbook.read.archive import refused
from model.workbook.read.parts import Package, SheetPart, TextParts, joined, truth, walk

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_FILLED_CELLS = 250_000
"""Cells with content in one sheet; the largest scenarios have some ten thousand."""
MAX_CHARACTERS = 5_000_000
"""Characters of all texts in cells of one workbook, a shared text counted as often as it is used."""
MAX_MERGED_RANGES = 10_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_MAX_NUMBER_LENGTH = 400


class Kind(Enum):
    """What a filled cell is. The value says it in words."""

    NUMBER = "a number"
    TEXT = "a text"
    BOOLEAN = "TRUE or FALSE"
    DATE = "a date or time"
    ERROR = "an error value"
    UNCALCULATED = "a formula without a stored result"
    BROKEN = "a number that is not finite, or a value that cannot be read"


class Cell(NamedTuple):
    """One filled cell: its kind, its content (a float for a number, else text), whether a formula gave it, and whether it
    is shown as a percentage."""

    kind: Kind
    content: str | float
    computed: bool = False
    percent: bool = False


class Range(NamedTuple):
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{reference(self.top, self.left)}:{reference(self.bottom, self.right)}"

    def touches(self, other: Range) -> bool:
        """Whether the two have a cell in common."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right


@dataclass(frozen=True)
class Grid:
    """The filled cells of a sheet: ``rows[row][column]``, both counted from 1, rows rising; blank cells are absent."""

    title: str
    rows: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)
    merged: tuple[Range, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell there, or None where it is blank."""
        return self.rows.get(row, {}).get(column)

    def place(self, row: int, column: int) -> str:
        """How faults call a cell: ``C7``."""
        return reference(row, column)


def reference(row: int, column: int) -> str:
    """``C7`` from 7 and 3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def position(text: str) -> tuple[int, int] | None:
    """(7, 3) from ``C7``; None where it names no cell."""
    letters = text.rstrip("0123456789")
    row, column = _row_number(text[len(letters) :]), _column_number(letters)
    return (row, column) if row and column else None


def _row_number(digits: str) -> int:
    """A row's number, or 0 where there is no such row."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 7 or digits[0] == "0":
        return 0
    row = int(digits)
    return row if row <= MAX_ROWS else 0


@lru_cache(maxsize=MAX_COLUMNS)
def _column_number(letters: str) -> int:
    """A column's number from its letters, or 0 where there is no such column."""
    if not 0 < len(letters) <= 3 or not all("A" <= letter <= "Z" for letter in letters):
        return 0
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column if column <= MAX_COLUMNS else 0


def shown(cell: Cell | None) -> str:
    """A cell's content for a message: short, quoted if it is text."""
    if cell is None:
        return "blank"
    if isinstance(cell.content, float):
        return f"{cell.content:.12g}"
    text = cell.content if len(cell.content) <= 60 else cell.content[:57] + "…"
    return f"'{text}'" if cell.kind is Kind.TEXT else text


def read_grid(package: Package, sheet: SheetPart) -> Grid:
    """The filled cells of one sheet; a :class:`WorkbookError` where its part is damaged or beyond the limits."""
    walker = _SheetWalker(package, sheet.title)
    walk(package.archive, sheet.part, walker, package.meter)
    rows = {row: dict(sorted(walker.rows[row].items())) for row in sorted(walker.rows)}
    filled = {column for cells in rows.values() for column in cells}
    hidden_columns = sorted(column for column in filled if walker.hidden_columns[column])
    hidden_rows = sorted(row for row in walker.hidden_rows if row in rows)
    return Grid(sheet.title, rows, tuple(walker.merged), tuple(hidden_rows), tuple(hidden_columns))


class _SheetWalker(TextParts):
    """Gathers the filled cells of one sheet part."""

    def __init__(self, package: Package, title: str) -> None:
        super().__init__()
        self.package = package
        self.title = title
        self.rows: dict[int, dict[int, Cell]] = {}
        self.filled = 0
        self.merged: list[Range] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns = bytearray(MAX_COLUMNS + 1)
        self.column_ranges = 0
        self.row = 0
        self.anchor = ""
        self.steps = 0
        self.attributes: dict[str, str] = {}
        self.in_cell = False
        self.is_formula = False
        self.value: str | None = None

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "v" or tag == "t":
            self.taking = self.in_cell and not self.phonetic
        elif tag == "f":
            self.is_formula = True
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "col" or tag == "mergeCell":
            self._open_range(tag, attributes)

    def closed(self, tag: str) -> None:
        if tag == "c":
            if self.in_cell and (self.pieces or self.is_formula or self.value is not None):
                self._close_cell()
            self.in_cell = False
        elif tag == "v":
            self.value, self.pieces, self.taking = "".join(self.pieces), [], False
        elif tag == "t":
            self.taking = False
        elif tag == "rPh":
            self.phonetic = False

    def _open_cell(self, attributes: dict[str, str]) -> None:
        if explicit := attributes.get("r"):
            self.anchor, self.steps = explicit, 0
        else:
            self.steps += 1
        self.attributes, self.in_cell = attributes, True
        self.is_formula, self.value, self.pieces = False, None, []

    def _open_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = _row_number(number) if number else self.row + 1
        self.anchor, self.steps = "", 0
        if not 0 < self.row <= MAX_ROWS:
            raise self._damaged(f"row {str(number)[:20]}")
        if truth(attributes.get("hidden")):
            self.hidden_rows.append(self.row)

    def _open_range(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "col":
            self.column_ranges += 1
            if truth(attributes.get("hidden")) and self.column_ranges <= MAX_COLUMNS:
                low, high = (min(MAX_COLUMNS, _row_number(attributes.get(name, ""))) for name in ("min", "max"))
                self.hidden_columns[low : high + 1] = b"\1" * max(0, high + 1 - low)
            return
        first, _, last = attributes.get("ref", "").partition(":")
        top_left, bottom_right = position(first), position(last or first)
        if top_left is None or bottom_right is None or len(self.merged) >= MAX_MERGED_RANGES:
            raise self._damaged(f"merged range {attributes.get('ref', '')[:30]}")
        self.merged.append(Range(*top_left, *bottom_right))

    def _close_cell(self) -> None:
        cell = self._cell()
        if cell is None:
            return
        row, column = self._place()
        cells = self.rows.setdefault(row, {})
        if column in cells:
            raise self._damaged(f"cell {reference(row, column)} twice")
        cells[column] = cell
        self.filled += 1
        if self.filled > MAX_FILLED_CELLS:
            raise refused(
                f"sheet '{self.title}'",
                f"a sheet holds more than {MAX_FILLED_CELLS:,} filled cells",
                "Remove what does not belong to the scenario.",
            )

    def _place(self) -> tuple[int, int]:
        """Row and column of the current cell; counted on from the last one that said where it stands."""
        place = position(self.anchor) if self.anchor else (self.row, 0)
        if place is None or place[0] != self.row or self.row == 0 or place[1] + self.steps > MAX_COLUMNS:
            raise self._damaged(f"cell '{self.anchor[:20]}' in row {self.row}")
        return self.row, place[1] + self.steps

    def _cell(self) -> Cell | None:
        """The current cell, or None where it is blank: no content, or nothing but white space."""
        kind, value = self.attributes.get("t", "n"), self.value
        if kind == "n" and value:
            return self._number(value.strip())
        if kind == "inlineStr":
            return self._text(joined(self.pieces))
        if value is None or (value == "" and kind != "str"):
            return Cell(Kind.UNCALCULATED, "a formula", True) if self.is_formula else None
        if kind == "s":
            return self._text(self._shared_text(value))
        if kind == "str":
            return self._text(joined([value]))
        if kind == "b":
            return self._truth(value)
        if kind == "e":
            return Cell(Kind.ERROR, value.strip()[:20], self.is_formula)
        if kind == "d":
            return Cell(Kind.DATE, value.strip()[:30], self.is_formula)
        if kind != "n":
            raise self._damaged(f"cell of unknown type '{kind[:20]}'")
        return self._number(value.strip())

    def _text(self, text: str) -> Cell | None:
        self.package.meter.characters += len(text)
        if self.package.meter.characters > MAX_CHARACTERS:
            message = f"the cells hold more text than is accepted, {MAX_CHARACTERS:,} characters"
            raise refused(f"sheet '{self.title}'", message, "Remove what does not belong to the scenario.")
        return Cell(Kind.TEXT, text, self.is_formula) if text.strip() else None

    def _truth(self, value: str) -> Cell:
        is_true = truth(value)
        if is_true is None:
            return Cell(Kind.BROKEN, value[:40], self.is_formula)
        return Cell(Kind.BOOLEAN, "TRUE" if is_true else "FALSE", self.is_formula)

    def _number(self, value: str) -> Cell:
        is_number = len(value) <= _MAX_NUMBER_LENGTH and _NUMBER.fullmatch(value)
        number = float(value) + 0.0 if is_number else math.nan  # adding zero: no negative zero
        if not math.isfinite(number):
            return Cell(Kind.BROKEN, value[:40], self.is_formula)
        if self.attributes.get("s") in self.package.date_styles:
            return Cell(Kind.DATE, _date_text(number, self.package.epoch), self.is_formula)
        return Cell(Kind.NUMBER, number, self.is_formula, self.attributes.get("s") in self.package.percent_styles)

    def _shared_text(self, value: str) -> str:
        value = value.strip()
        if not (value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self.package.texts)):
            raise self._damaged(f"shared text {value[:20]}")
        return self.package.texts[int(value)]

    def _damaged(self, found: str) -> Exception:
        return refused(
            f"{found} in sheet '{self.title}'",
            "the workbook is damaged: a sheet contradicts itself",
            "Open it in Excel, let Excel repair it, and save it.",
        )


def _date_text(days: float, epoch: datetime) -> str:
    try:
        moment = epoch + timedelta(days=days)
    except OverflowError:
        return f"{days:.12g} formatted as a date"
    return moment.isoformat(" ", "minutes").removesuffix(" 00:00")
