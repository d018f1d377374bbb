"""How sure the prices are: the range of each limit in which its price holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.language.registry import PARTS, parts
from model.questions.answer import QuestionResult
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.ranging import price_ranges
from model.wording.figures import plain

POLICIES = tuple(
    part.name
    for part in sorted(parts("constraint", "bound"), key=lambda part: (part.in_layer, part.name))
    if part.limit
)
"""Policies whose limits people decide as amounts, the core's first."""


@dataclass(frozen=True, eq=False)
class PriceRanges(QuestionResult):
    """``table``: measure, rule, its dimensions, ``limit`` as it is, ``value`` (the price), ``unit``, and ``holds_from``,
    ``holds_to``: while the limit lies between, all else unchanged, the price stays what it is."""

    table: pd.DataFrame
    says: tuple[str, ...]

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Price ranges"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"price ranges": self.table}


def sensitivity(
    problem: Problem,
    plan: Plan,
    measure: str | None = None,
    rules: Sequence[str] = POLICIES,
    all_limits: bool = False,
    watch: Watch | None = None,
) -> PriceRanges:
    """Prices with the range in which they hold, for the first stage or the one of ``measure``.

    Only limits with a price, unless ``all_limits``. ``problem`` must be the one that gave ``plan``. Raises SolverError where
    the ranges could not be found, or not within the time limit of ``watch``.
    """
    table = price_ranges(problem, plan, rules, measure, watch)
    if not all_limits:
        table = table[table["value"] > 1e-12]
    table = table.reset_index(drop=True)
    return PriceRanges(table, tuple(_said(table, plan)))


def _said(table: pd.DataFrame, plan: Plan) -> list[str]:
    """The dearest limit of each policy."""
    priced = table[table["value"] > 1e-12]
    if not len(priced):
        return ["None of these limits has a price: no small change of any of them would gain anything."]
    lines = ["Prices, and from which limit to which they hold when nothing else changes:"]
    for _, rows in priced.groupby("rule", sort=False):
        lines.append(_line(rows.loc[rows["value"].idxmax()]))
    return lines


def _line(row: pd.Series) -> str:
    """What one unit more is worth, and where that holds. A requirement is not lowered by it: what is required also decides what each
    missing unit weighs, so that the unit is one more to be had, from whomever."""
    part = PARTS[row["rule"]]
    where = (part.limit or row["rule"]).format_map({name: row[name] for name in row.index})
    unit, limit = row["limit_unit"].strip(), _amount(row["limit"])
    room = row["limit"] - row["holds_from"] if part.least else row["holds_to"] - row["limit"]
    reaches = room >= 1.0 - 1e-9
    worth = f"would lower {row['measure']} by {'' if reaches else 'at most '}{plain(row['value'], 3)}"
    if part.asks:
        how_far = "without limit" if room == float("inf") else f"for up to {_amount(room)} more"
        return (
            f"One {unit} more towards {where} (required: {limit}), from whomever, {worth}; that price holds {how_far}."
        )
    span = f"from {_amount(row['holds_from'])} to {_amount(row['holds_to'])} {row['limit_unit']}"
    return f"One {unit} more room in {where} (now {limit}) {worth}; that {'holds' if reaches else 'price holds only'} {span}."


def _amount(value: float) -> str:
    if abs(value) == float("inf"):
        return "no limit"
    return f"{value + 0.0:,.0f}" if abs(value) >= 1000 else f"{value + 0.0:.4g}"
