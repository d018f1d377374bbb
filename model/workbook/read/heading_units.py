"""Compares the unit behind a heading with the one its column is in: the same is fine, another is a fault, no unit a warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.language.columns import Column
from model.language.names import normalised
from model.language.units import Unit, same_words, unit_of
from model.scenario.ledger import Ledger
from model.scenario.sheets_needs import HOLDINGS
from model.workbook.read.cells import Cell, Kind, shown
from model.workbook.read.tables import KEY, VALUE, Table

_NUMBERS = ("number", "factor", "year")
_MILLIONS = 1e6


@dataclass(frozen=True)
class Heading:
    """A heading with a unit behind it: where it stands, its column, and the figures under it."""

    sheet: str
    place: str
    cell: Cell | None
    text: str
    column: Column
    figures: tuple[Cell, ...]
    familiar: str = ""
    """The unit's own name, such as that of a capability."""


def check_units(table: Table | None, settings: Mapping[str, Any], units: Mapping[str, Any], ledger: Ledger) -> None:
    """Every unit behind the headings of a table, or behind the names of settings. ``units`` names those of capabilities."""
    for heading in _headings(table, units) if table is not None else ():
        _check(heading, str(settings.get("currency") or ""), ledger)


def _headings(table: Table, units: Mapping[str, Any]) -> Iterable[Heading]:
    for name, text in table.units.items():
        at = table.columns[name]
        cell = table.grid.rows[table.header][at]
        cells = (table.grid.cell(row, at) for row in table.rows)
        figures = tuple(each for each in cells if each is not None and each.kind is Kind.NUMBER)
        familiar = str(units.get(name) or "") if table.sheet is HOLDINGS else ""
        place = table.grid.place(table.header, at)
        yield Heading(table.title, place, cell, text, _column(table, name), figures, familiar)


def _column(table: Table, name: str) -> Column:
    """The schema of what stands under a heading; of a matrix's cells under the name in it."""
    if table.sheet.form == "matrix" and name not in table.sheet.keys:
        return replace(table.sheet.columns[0], name=name)
    own = next((column for column in table.sheet.columns if column.name == name), None)
    return own or Column(name, "text", "")


def check_setting(table: Table, row: int, text: str, column: Column, currency: str, ledger: Ledger) -> None:
    """The unit behind the name of a setting."""
    key, value = table.cell(row, KEY), table.cell(row, VALUE)
    figures = (value,) if value is not None and value.kind is Kind.NUMBER else ()
    _check(Heading(table.title, table.place(row, KEY), key, text, column, figures), currency, ledger)


def _check(heading: Heading, currency: str, ledger: Ledger) -> None:
    column, text = heading.column, heading.text
    if same_words(text, column.unit) or same_words(text, heading.familiar):
        return
    own, given = _own(column, currency), unit_of(text)
    if own is None:
        _warn(heading, f"'{column.name}', which has no unit", ledger)
        return
    if heading.figures and all(figure.percent for figure in heading.figures):  # 3 % is typed as 0.03 and shown as 3 %
        given = replace(given, above={of: 1.0 if of == "share" else size for of, size in given.above.items()})
    label = _label(column, currency)
    if not given.fits(own):
        message = f"the heading says '{text}', and '{column.name}' is read in {label}"
        ledger.error(heading.sheet, heading.place, shown(heading.cell), message, _remedy(column, given, own, label))
    elif given.says_nothing or (given.currency and not own.currency) or _unfamiliar(heading, given, currency):
        _warn(heading, f"'{column.name}' in {label}", ledger)


def _own(column: Column, currency: str) -> Unit | None:
    """What a column is in; None where it has no unit that could be compared."""
    if column.kind not in _NUMBERS:
        return None
    if column.kind == "year" and not column.unit:
        return Unit({"year": 1.0})
    own = unit_of(column.unit)
    if column.percent:
        own = replace(own, above={**own.above, "share": 1.0})
    if not own.above and not own.below:
        return None
    money = unit_of(currency)
    size = money.above.get("money") or money.above.get("") or 1.0
    size = _MILLIONS if size == 1.0 else size  # money is in millions where the label does not say otherwise
    sides = [{of: size if of == "money" else given for of, given in side.items()} for side in (own.above, own.below)]
    has_money = any("money" in side for side in sides)
    return Unit(sides[0], sides[1], money.currency if has_money else "")


def _label(column: Column, currency: str) -> str:
    if column.kind == "year" and not column.unit:
        return "calendar years"
    if column.percent and "fraction" not in column.unit:
        return f"fractions of 1 {column.unit}".strip()
    plural = {"unit": "units", "million": "millions", "fraction of 1": "fractions of 1", "ratio": "ratios"}
    return plural.get(column.unit, column.unit.replace("money", currency or "millions of the currency"))


def _unfamiliar(heading: Heading, given: Unit, currency: str) -> bool:
    """Whether the unit holds a word that neither the column nor the currency explains."""
    column = heading.column
    known = set(
        normalised(f"{column.says} {column.unit} {column.name} {currency} {heading.familiar}").replace(",", " ").split()
    )
    known |= {word.strip(".:;`_") for word in known}
    return any(word.casefold() not in known for word in given.unknown)


def _remedy(column: Column, given: Unit, own: Unit, label: str) -> str:
    ratio = given.ratio(own)
    if not given.is_same_money(own):
        return f"Convert the figures to {label} and correct the heading; or change currency on Settings for all money."
    if ratio is None or ratio == 1.0:
        return f"Give the figures in {label} and correct the heading."
    if "share" in given.above:
        return f"Type {label}, or percentages in cells formatted as such, and correct the heading."
    how = f"Multiply the figures by {_factor(ratio)}" if ratio > 1 else f"Divide the figures by {_factor(1 / ratio)}"
    return f"{how} so that they are in {label}, and correct the heading."


def _factor(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.6g}"


def _warn(heading: Heading, how: str, ledger: Ledger) -> None:
    message = f"'{heading.text}' cannot be compared with a unit, so what stands here is read as {how}"
    remedy = "Check that this is meant; leave it out of the heading if it is only a remark."
    ledger.warning(heading.sheet, heading.place, shown(heading.cell), message, remedy)
