"""What Excel lets be typed into a column: drop-downs, limits, and the sentence shown when an entry is refused."""

from __future__ import annotations

from collections.abc import Mapping

from model.language.columns import Column
from model.scenario.column_words import allowed, blank_means
from model.workbook.write.excel_writer import Area, column_letter

ENTRY_ROWS = 500
"""Rows below the heading that drop-downs and limits cover, and that drop-downs look for names in."""

Rule = dict[str, object]


def entry_rule(column: Column, row: int, at: int, names: Mapping[str, Area]) -> Rule | None:
    """The validation of the cells of a column whose first cell is (row, at); None where anything goes.

    ``names`` gives, by dimension, where names are introduced in this workbook.
    """
    rule = _drop_down(column, names) or _limits(column, f"{column_letter(at)}{row + 1}")
    if rule is None:
        return None
    hint = f"Allowed: {allowed(column)}." + ("" if column.required else f" Blank: {blank_means(column)}.")
    soft = column.kind == "reference" or bool(column.elsewhere)  # a name may be used before it is introduced
    introduced = soft and " on " in allowed(column)
    refusal = f"{hint} Choose one from the list, or add it to {_home(column)}." if introduced else hint
    return {
        **rule,
        "ignore_blank": True,
        "error_type": "warning" if soft else "stop",
        "error_title": column.name[:32],
        "error_message": refusal[:255],
    }


def name_rule(dimension: str, names: Mapping[str, Area]) -> Rule | None:
    """The drop-down of names along the top of a matrix."""
    return entry_rule(Column(dimension, "reference", "", refers=dimension, required=True), 0, 0, names)


def _home(column: Column) -> str:
    return allowed(column).rsplit(" on ", 1)[-1]


def _drop_down(column: Column, names: Mapping[str, Area]) -> Rule | None:
    if column.kind == "choice":
        return {"validate": "list", "source": list(column.choices)}
    if column.kind == "flag":
        return {"validate": "list", "source": ["yes", "no"]}
    if column.kind == "reference" and column.refers in names:
        return {"validate": "list", "source": _filled_part(names[column.refers])}
    return None


def _filled_part(area: Area) -> str:
    """A formula for the names entered so far, so that the list grows with them and does not end in blanks."""
    first = area.formula.split(":")[0]
    return f"=OFFSET({first},0,0,MAX(1,COUNTA({area.formula})),1)"


def _limits(column: Column, cell: str) -> Rule | None:
    if column.kind not in ("number", "year", "factor"):
        return None
    bounds = {">": column.above, ">=": column.low, "<=": column.high}
    bounded = {sign: limit for sign, limit in bounds.items() if limit is not None}
    if column.kind == "factor" or (column.above is not None and column.high is not None):
        tests = [f"ISNUMBER({cell})", *(f"{cell}{sign}{limit:.10g}" for sign, limit in bounded.items())]
        within = f"AND({','.join(tests)})"
        return {
            "validate": "custom",
            "value": f'=OR({within},{cell}="no")' if column.kind == "factor" else f"={within}",
        }
    validate = "integer" if column.kind == "year" else "decimal"
    if column.low is not None and column.high is not None:
        return {"validate": validate, "criteria": "between", "minimum": column.low, "maximum": column.high}
    sign, limit = next(iter(bounded.items()), (">=", -1e300))
    return {"validate": validate, "criteria": sign, "value": limit}
