"""What a column of the schema allows and what a blank in it means, said in words."""

from __future__ import annotations

from model.language.columns import MEASURES, Column, From, Sheet
from model.scenario.schema import DEFAULT_LEVEL, DEFAULT_RISK_BANDS, SHEETS
from model.scenario.sheets_needs import COST_FACTORS, LEVELS, RISK_BANDS

DEFINING: dict[str, Sheet] = {
    sheet.keys[0]: sheet
    for sheet in SHEETS
    if sheet.form == "table" and len(sheet.keys) == 1 and sheet.column(sheet.keys[0]).kind == "name"
}
"""The sheet on which the names of a dimension are introduced."""


def allowed(column: Column) -> str:
    """What may stand in the column: ``0 to 1 (0 % to 100 %)``, ``one of rival, non-rival``, ``a member on Members``."""
    if column.kind == "reference":
        return f"a {column.refers} on {DEFINING[column.refers].name}"
    words = {
        "name": "a name of its own",
        "text": "any text",
        "flag": "yes or no",
        "choice": f"one of {', '.join(column.choices)}" + (f", or {column.elsewhere}" if column.elsewhere else ""),
        "measures": f"names with commas between, of {', '.join(MEASURES)}",
        "year": _limits(column, "whole number"),
        "number": _limits(column, "number"),
        "factor": f"{_limits(column, 'number')}, or no",
        "lever": "a number, or a word, as its lever takes",
    }
    return words[column.kind]


def blank_means(column: Column) -> str:
    """What holds where the cell is blank: ``must be filled in``, ``none``, or the default."""
    if column.required:
        return "must be filled in"
    if isinstance(column.default, From):
        return column.default.says
    if column.default in (None, ""):
        _, _, said = column.says.partition("blank: ")
        return said.rstrip(".") or "none"
    return shown(column, column.default)


def without(sheet: Sheet) -> str:
    """What holds where an optional sheet is missing or has no rows; "" where each cell's default says it all."""
    bands = ", ".join(f"{weight:g} up to {end:g}" for end, weight in DEFAULT_RISK_BANDS)
    sentences = {
        COST_FACTORS.name: "Without this sheet every member can acquire every capability at its list price.",
        LEVELS.name: f"Without this sheet there is one level, called {DEFAULT_LEVEL}, with effectiveness 1.",
        RISK_BANDS.name: f"Without this sheet the weights are {bands}.",
    }
    return sentences.get(sheet.name, "")


def shown(column: Column, value: object) -> str:
    """A value as a person writes it: 3 % for a share, yes for True, commas between the parts of a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, int | float):
        return _percent(value) if column.percent else _number(value)
    return str(value)


def _limits(column: Column, noun: str) -> str:
    low, high = column.low, column.high
    if column.above is not None:
        span = f"above {_number(column.above)}" + (f", at most {_number(high)}" if high is not None else "")
    elif low is not None and high is not None:
        span = f"{_number(low)} to {_number(high)}"
    elif low is not None:
        span = f"{_number(low)} or more"
    else:
        span = f"at most {_number(high)}" if high is not None else ""
    if column.percent and low is not None and high is not None:
        span += f" ({_percent(low)} to {_percent(high)})"
    return f"{noun}, {span}" if span else f"any {noun}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _percent(value: float) -> str:
    return f"{100 * value:.10g} %"
