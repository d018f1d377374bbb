"""The readable tables behind the workbooks: where they are, and how their text becomes typed values."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from model.language.columns import Column, Sheet
from model.scenario.schema import SHEETS
from model.scenario.sheets_alliance import SETTINGS

INPUTS = Path(__file__).resolve().parent
TABLES = INPUTS / "tables"
FIGURES = INPUTS / "figures"

Value = str | int | float | None
Row = dict[str, Value]


def read_text(path: Path) -> list[dict[str, str]]:
    """The rows of a table as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def write_text(path: Path, headings: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Put a table at ``path``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def file_of(sheet: Sheet, scenario: str) -> Path:
    """The table of one sheet: ``Cost factors`` is in ``cost_factors.csv``."""
    return TABLES / scenario / f"{sheet.name.lower().replace(' ', '_')}.csv"


def read_tables(scenario: str) -> dict[str, list[Row]]:
    """Every table of a scenario by sheet, numbers as numbers and blanks as None.

    Where ``base.txt`` names another scenario, the tables are those of that one with the rows of this one over them.
    """
    present = [sheet for sheet in SHEETS if file_of(sheet, scenario).exists()]
    own = {sheet.name: _typed_rows(sheet, file_of(sheet, scenario)) for sheet in present}
    base = TABLES / scenario / "base.txt"
    if not base.exists():
        return own
    tables = read_tables(base.read_text(encoding="utf-8").strip())
    laid = {sheet.name: laid_over(tables.get(sheet.name, []), own[sheet.name], _key(sheet)) for sheet in present}
    return {sheet.name: (tables | laid)[sheet.name] for sheet in SHEETS if sheet.name in tables | laid}


def _key(sheet: Sheet) -> tuple[str, ...]:
    return ("key",) if sheet.form == "settings" else sheet.keys


def laid_over(below: list[Row], above: list[Row], keys: Sequence[str]) -> list[Row]:
    """Rows with others over them: same keys, the columns named are replaced; other keys, or none, a row more."""
    columns = dict.fromkeys(name for row in [*below, *above] for name in row)
    rows = [{name: row.get(name) for name in columns} for row in below]
    at = {tuple(row[key] for key in keys): row for row in rows} if keys else {}
    for row in above:
        there = at.get(tuple(row[key] for key in keys)) if keys else None
        if there is None:
            rows.append({name: row.get(name) for name in columns})
        else:
            there.update(row)
    return rows


def _typed_rows(sheet: Sheet, path: Path) -> list[Row]:
    rows: list[Row] = []
    for line, raw in enumerate(read_text(path), start=2):
        if sheet.form == "settings":
            rows.append({"key": raw["key"], "value": typed(SETTINGS.column(raw["key"]), raw["value"], path, line)})
        else:
            rows.append({name: typed(_column(sheet, name), text, path, line) for name, text in raw.items()})
    return rows


def _column(sheet: Sheet, name: str) -> Column:
    if sheet.form == "matrix":
        return Column(name, "name", "") if name == "member" else sheet.columns[0]
    return sheet.column(name)


def typed(column: Column, text: str, path: Path, line: int) -> Value:
    """What a cell holds: a number where the schema wants one, None for a blank, else the text."""
    text = text.strip()
    if not text:
        return None
    if column.kind not in ("number", "year", "factor", "lever") or (column.kind == "factor" and text == "no"):
        return text
    try:
        number = float(text)
    except ValueError:
        if column.kind == "lever":  # a word, such as off
            return text
        raise ValueError(f"{path.name}, line {line}: {column.name} must be a number, found {text!r}") from None
    return int(number) if number.is_integer() else number
