"""From one cell to one value by its column's schema: the only place that takes content for a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any

from model.language.columns import MEASURES, Column
from model.language.names import (
    MAX_NAME_LENGTH,
    Names,
    mixed_scripts,
    normalised,
    normalised_heading,
    refused_characters,
    spelling,
    suggestion,
)
from model.scenario.column_words import allowed, blank_means
from model.scenario.ledger import Ledger
from model.workbook.read.cells import Cell, Kind, shown
from model.workbook.read.tables import looks_like_totals


class Unreadable(Enum):
    """Stands for the value of a cell whose fault has been reported."""

    VALUE = "unreadable"


UNREADABLE = Unreadable.VALUE

_NUMERIC_TEXT = re.compile(r"[\s'’$€£¥<>~≈=+\-−]*\d[\d\s.,'’_  ]*(?:[eE][+-]?\d+)?\s*[%a-zA-Z$€£¥]{0,3}\s*")
_YES, _NO = {"yes", "true", "on"}, {"no", "false", "off"}
_OFF = {"off", "none", "no"}
_ALLOWED_IN_TEXT = str.maketrans("", "", "\n\r\t")


@dataclass(frozen=True)
class Entry:
    """One filled cell, what its column allows, where it stands, and where its faults are noted."""

    cell: Cell
    column: Column
    sheet: str
    place: str
    ledger: Ledger

    @property
    def text(self) -> str:
        return str(self.cell.content)

    def wrong(self, message: str, remedy: str) -> Unreadable:
        """Reports an error; its result is the value to use."""
        self.ledger.error(self.sheet, self.place, shown(self.cell), f"'{self.column.name}': {message}", remedy)
        return UNREADABLE

    def odd(self, message: str, remedy: str) -> None:
        """Reports a warning."""
        self.ledger.warning(self.sheet, self.place, shown(self.cell), f"'{self.column.name}': {message}", remedy)

    def wrong_kind(self, wanted: str, remedy: str = "") -> Unreadable:
        """Reports a cell of a kind that the column does not take."""
        message = f"{self.cell.kind.value} where {wanted} is needed; allowed: {allowed(self.column)}"
        return self.wrong(message, remedy or f"Type {wanted}{_or_blank(self.column)}.")


def convert(entry: Entry, names: Mapping[str, Names]) -> Any:
    """The value of a cell, or :data:`UNREADABLE` after its fault was noted. ``names`` by dimension, for references."""
    kind = entry.cell.kind
    if kind is Kind.ERROR:
        remedy = "Correct the formula, or type the value."
        return entry.wrong(f"an error value; allowed: {allowed(entry.column)}", remedy)
    if kind is Kind.UNCALCULATED:
        message = "a formula whose result is not stored in the file"
        return entry.wrong(message, "Open the workbook in Excel, let it calculate, and save it; or type the value.")
    if kind is Kind.BROKEN:
        message = f"not a finite number, or a value that cannot be read; allowed: {allowed(entry.column)}"
        return entry.wrong(message, "Type the value again.")
    if entry.column.kind == "reference":
        return _reference(entry, names[entry.column.refers])
    return _CONVERTERS[entry.column.kind](entry)


def is_off(cell: Cell, column: Column) -> bool:
    """Whether a setting that may be off is written as off."""
    may_be_off = column.default is None and not column.required
    return may_be_off and cell.kind is Kind.TEXT and normalised(str(cell.content)) in _OFF


def name(entry: Entry) -> Any:
    """A name as it is kept, checked for characters that cannot be seen, length and look-alikes."""
    if entry.cell.kind is not Kind.TEXT:
        remedy = "Type the name as a text (begin with an apostrophe if Excel changes it)."
        return entry.wrong_kind("a name as text", remedy)
    text = spelling(entry.text)
    if characters := refused_characters(text):
        message = f"the name holds a character that cannot be seen: {', '.join(characters[:3])}"
        return entry.wrong(message, "Delete the name and type it again by hand.")
    if len(text) > MAX_NAME_LENGTH:
        return entry.wrong(f"the name is longer than {MAX_NAME_LENGTH} characters", "Shorten it.")
    if scripts := mixed_scripts(text):
        message = f"a word of the name mixes {' and '.join(scripts)} letters that may look alike"
        entry.odd(message, "Type the name again with one keyboard layout if this is not meant.")
    return text


def _or_blank(column: Column) -> str:
    return "" if column.required else f", or leave the cell blank ({blank_means(column)})"


def _number(entry: Entry) -> Any:
    if entry.cell.kind is not Kind.NUMBER:
        return _not_a_number(entry)
    return _within_limits(entry, float(entry.cell.content))


def _not_a_number(entry: Entry) -> Unreadable:
    if entry.cell.kind is Kind.TEXT and _NUMERIC_TEXT.fullmatch(entry.text[:60]):
        remedy = "Convert it to a number: retype it, or use Data > Text to Columns in Excel."
        return entry.wrong(f"a number stored as text; allowed: {allowed(entry.column)}", remedy)
    if entry.cell.kind is Kind.DATE:
        remedy = "Set the cell's format to General and type the number again."
        return entry.wrong_kind("a number", remedy)
    return entry.wrong_kind("a number")


def _within_limits(entry: Entry, value: float) -> Any:
    column = entry.column
    too_low = (column.low is not None and value < column.low) or (column.above is not None and value <= column.above)
    too_high = column.high is not None and value > column.high
    if too_low or too_high:
        remedy = f"Type a value within these limits{_or_blank(column)}."
        if too_high and column.percent and value / 100 <= (column.high or 0.0):
            remedy = f"Did you mean {value / 100:g}? Shares are fractions of 1: type {value / 100:g} or {value:g} %."
        return entry.wrong(f"out of range; allowed: {allowed(column)}", remedy)
    if column.odd_above is not None and value > column.odd_above:
        hint = f" Did you mean {value / 100:g}?" if column.percent else ""
        entry.odd(f"unusually large (above {column.odd_above:g}{_unit(column)})", f"Check the unit.{hint}")
    if column.odd_below is not None and value < column.odd_below:
        entry.odd(f"unusually small (below {column.odd_below:g}{_unit(column)})", "Check the unit.")
    return value


def _unit(column: Column) -> str:
    return f" {column.unit}" if column.unit else ""


def _year(entry: Entry) -> Any:
    value = _number(entry)
    if value is UNREADABLE:
        return value
    if value != int(value):
        return entry.wrong(f"not a whole number; allowed: {allowed(entry.column)}", "Type a whole number.")
    return int(value)


def _factor(entry: Entry) -> Any:
    if entry.cell.kind is Kind.TEXT and normalised(entry.text) == "no":
        return "no"
    return _number(entry)


def _lever(entry: Entry) -> Any:
    """A number, or a word that cannot be taken for one: what a lever takes, a check says."""
    if entry.cell.kind is Kind.TEXT and not _NUMERIC_TEXT.fullmatch(entry.text[:60]):
        return _text(entry)
    return _number(entry)


def _text(entry: Entry) -> Any:
    """Free text; numbers, dates and truth values are carried as they are written."""
    text = f"{entry.cell.content:.15g}" if isinstance(entry.cell.content, float) else entry.cell.content.strip()
    text = text.replace("\r\n", "\n")
    if characters := refused_characters(text.translate(_ALLOWED_IN_TEXT)):
        message = f"the text holds a character that cannot be seen: {', '.join(characters[:3])}"
        return entry.wrong(message, "Delete the text and type it again by hand.")
    return text


def _reference(entry: Entry, names: Names) -> Any:
    if entry.cell.kind is not Kind.TEXT:
        return entry.wrong_kind(f"the name of a {names.what}")
    found = names.find(entry.text)
    if found is not None:
        return found
    if not names.complete:
        return UNREADABLE
    if entry.column.name == names.what and looks_like_totals(entry.cell):
        message = "this looks like a row of totals, which would be read as data"
        return entry.wrong(message, "Remove the row.")
    near = "" if entry.ledger.full else suggestion(entry.text, names.all())
    some = ", ".join(islice(names.spellings.values(), 8)) + (", …" if len(names.spellings) > 8 else "")
    message = f"there is no {names.what} of this name; there are {some or 'none'}"
    return entry.wrong(message, f"{near}Correct the name, or add the {names.what} to its sheet.")


def _choice(entry: Entry) -> Any:
    if entry.cell.kind is not Kind.TEXT:
        return entry.wrong_kind("a word")
    loose = normalised_heading(entry.text)
    for option in entry.column.choices:
        if normalised_heading(option) == loose:
            return option
    if entry.column.elsewhere:  # a name of the workbook's own: whether there is one, a check says
        return name(entry)
    near = suggestion(entry.text, entry.column.choices)
    return entry.wrong(f"unknown choice; allowed: {allowed(entry.column)}", f"{near}Choose one of these.")


def _flag(entry: Entry) -> Any:
    if entry.cell.kind is Kind.BOOLEAN:
        return entry.text == "TRUE"
    word = normalised(entry.text) if entry.cell.kind is Kind.TEXT else ""
    if word in _YES or word in _NO:
        return word in _YES
    return entry.wrong_kind("yes or no")


def _measures(entry: Entry) -> Any:
    """Measures in order, separated by commas or semicolons."""
    if entry.cell.kind is not Kind.TEXT:
        return entry.wrong_kind("a list of measures")
    known = {normalised_heading(measure): measure for measure in MEASURES}
    words = [word.strip() for word in re.split(r"[,;]", entry.text[:500])]
    for word in words:
        if normalised_heading(word) not in known:
            near = suggestion(word, MEASURES)
            message = f"'{word}' is no measure; allowed: {', '.join(MEASURES)}"
            return entry.wrong(message, f"{near}Correct or remove it.")
    measures = tuple(known[normalised_heading(word)] for word in words)
    if len(set(measures)) < len(measures):
        return entry.wrong("a measure stands twice in the list", "Name each measure once, the most important first.")
    return measures


_CONVERTERS: dict[str, Callable[[Entry], Any]] = {
    "name": name,
    "text": _text,
    "number": _number,
    "year": _year,
    "choice": _choice,
    "flag": _flag,
    "measures": _measures,
    "factor": _factor,
    "lever": _lever,
}
