"""The column guide and glossary, docs/workbook.md, written from the schema: ``python -m model.workbook.write.guide``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from model.language.columns import DIMENSIONS, MEASURES, Column, Sheet
from model.scenario.column_words import DEFINING, allowed, blank_means, shown, without
from model.scenario.schema import SHEETS

_INTRODUCTION = """\
# The scenario workbook

*Written from the schema by `python -m model.workbook.write.guide > docs/workbook.md`; change `model/scenario/schema.py` instead.*

One `.xlsx` file, one sheet a table, its headings in the first row that is not empty, one record a row.

- `alliance template OUT.xlsx` writes an empty workbook with drop-downs, limits, notes and a worked example.
- Names of sheets and columns match regardless of case, spaces, `_` and `-`. Sheets, columns and rows come in any order;
  empty rows are skipped.
- A unit may stand behind a heading, as in `GDP (USD m)` or `lead_time, years`. It is compared with the column's own:
  another unit is an error, what is no unit a warning. Percentages need cells formatted as percentages.
- A sheet called `Guide`, and any whose name begins with `_`, is not read. A remark behind a sheet's name, as in
  `Holdings (draft)`, is a warning: the sheet is read.
- A blank takes what stands under *if blank*; every default applied is listed in the result. No other blank is taken
  for a number, and no number is read out of text.
- Shares are fractions of 1: 35 % is `0.35`, or `35%` in a cell formatted as a percentage.
- Money is in millions of the currency named on `Settings`; `unit` is the capability's own unit.
- `alliance check WORKBOOK` lists every fault with sheet and cell; `--annotate OUT.xlsx` marks them in a copy.
"""

GLOSSARY: dict[str, str] = {
    "alliance": "The members together.",
    "burden": "What a member spends on shared capabilities over the whole horizon, discounted.",
    "burden key": "The rule that says which part of the common burden is a member's fair share.",
    "capability": "Something tasks require and members hold, counted in a unit of its own.",
    "commonality": "How much two members have in common, from 0 to 1: equipment, procedures, language.",
    "deployable": "What is left of holdings after availability of the member and of the capability.",
    "effective unit": "A deployable unit times its effectiveness beside the lead of the situation.",
    "field": "A member and a capability that it holds or may acquire.",
    "kind": "What type of threat a task answers: conventional, cyber, terrorism, hybrid, CBRN, space, disaster, or another.",
    "lead": "The framework nation of a situation, beside which the others fight.",
    "level": "A grade of interoperability: the higher, the less it matters how little one has in common with the lead.",
    "national caveat": "A limit on what a member releases for a task.",
    "opt-out": "A task a member stays out of: it neither contributes to it nor owes anything for it.",
    "period": "A whole number of years that the plan treats as one.",
    "pledge": "A promise to hold at least, or at most, so many units from a year on.",
    "reasonable challenge": "A limit on what is asked of one member, in multiples of its fair share.",
    "requirement": "How many effective units of a capability a task needs from a year on.",
    "risk band": "A part of a requirement: the last missing unit hurts more than the first.",
    "shortfall": "The part of a requirement that nobody provides.",
    "situation": "A planning situation; at most one happens at a time.",
    "status quo": "What today's forces give as they age, with nothing ordered and nothing upgraded.",
    "task": "Something to be done in a situation; all tasks of one situation happen together.",
}
"""Terms of the field, each in one sentence."""


def workbook_guide() -> str:
    """The whole of docs/workbook.md."""
    overview = _table(("sheet", "needed", "what it holds"), (_overview(sheet) for sheet in SHEETS))
    sections = (_section(sheet) for sheet in SHEETS)
    return "\n".join((_INTRODUCTION, "## Sheets\n", overview, *sections, _glossary()))


def _overview(sheet: Sheet) -> tuple[str, str, str]:
    anchor = sheet.name.lower().replace(" ", "-")
    return f"[{sheet.name}](#{anchor})", "required" if sheet.required else "optional", sheet.says


def _section(sheet: Sheet) -> str:
    first = {"settings": "setting", "matrix": "cells", "table": "column"}[sheet.form]
    headings = (first, "meaning", "unit", "symbol", "allowed", "if blank", "example")
    shape = f"First column `member`, then a column for each {sheet.across}.\n" if sheet.form == "matrix" else ""
    keys = f"One row for each {' × '.join(sheet.keys)}.\n" if sheet.form == "table" and sheet.keys else ""
    rows = (_row(sheet, column) for column in sheet.columns)
    missing = f"{without(sheet)}\n" if without(sheet) else ""
    return "\n".join((f"## {sheet.name}\n", f"{sheet.says}\n{shape}{keys}{missing}", _table(headings, rows)))


def _row(sheet: Sheet, column: Column) -> tuple[str, ...]:
    name = f"member × {sheet.across}" if sheet.form == "matrix" else f"`{column.name}`" + "\\*" * column.required
    example = shown(column, column.example)
    return name, column.says, column.unit, _symbol(column.symbol), allowed(column), blank_means(column), example


def _glossary() -> str:
    dimensions = (
        (name, _symbol(letter), f"`{DEFINING[name].name}`" if name in DEFINING else "")
        for name, letter in DIMENSIONS.items()
        if letter
    )
    symbols = (
        (_symbol(column.symbol), f"`{sheet.name}`: `{column.name}`", column.says)
        for sheet in SHEETS
        for column in sheet.columns
        if column.symbol
    )
    return "\n".join(
        (
            "## Glossary\n",
            _table(("term", "meaning"), GLOSSARY.items()),
            "### Measures\n",
            _table(("measure", "what it is"), ((f"`{name}`", says) for name, says in MEASURES.items())),
            "### Dimensions\n",
            _table(("dimension", "letter in equations", "introduced on"), dimensions),
            "### Symbols\n",
            _table(("symbol", "column", "meaning"), symbols).rstrip("\n"),
            "",
        )
    )


def _symbol(symbol: str) -> str:
    return f"${symbol}$" if symbol else ""


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (headings, ["---"] * len(headings), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(workbook_guide())
