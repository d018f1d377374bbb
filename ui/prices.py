"""Prices of limits with the ranges in which they hold, for the page Sensitivity."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from model.language.faults import AllianceError
from model.questions.sensitivity.result import sensitivity
from model.report.charts.base import PALETTE
from model.report.charts.ranges import intervals
from model.scenario.scenario import Scenario
from model.wording import amounts, words
from ui import show
from ui.asking import titled
from ui.state import Session

_SHOWN = 15
"""Limits in the picture; the table has them all."""

_WIDEST = 200.0
"""Percent of a limit up to which its range is drawn."""


def price_ranges(session: Session) -> str:
    """The picture, the table; gives the answer in a sentence."""
    try:
        with st.spinner("Looking how far each price holds …"):
            table = session.answer("price ranges", lambda _, plan: sensitivity(session.problem, plan).table)
    except AllianceError as failure:
        return str(failure)
    if not len(table):
        return "No limit has a price: no small change of any of them would gain anything."
    scenario, measure = session.scenario, str(table["measure"].iloc[0])
    frame = _frame(table, scenario)
    rules = list(dict.fromkeys(frame["rule"]))
    chosen = st.multiselect("Policies", rules, rules, format_func=titled, key="priced policies", placeholder="none")
    mine = frame[frame["rule"].isin(chosen)]
    if not len(mine):
        return "Choose at least one policy."
    _picture(mine, rules, measure)
    _table(mine, measure)
    best = mine.iloc[0]
    return (
        f"The dearest of {words.count(len(mine), 'limit')} with a price: {titled(best['rule']).lower()} ({best['where']}). "
        "One per cent more room would gain "
        f"{best['gain']}; its price holds while the limit lies between {best['from']} and {best['to']}."
    )


def _frame(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """A row a limit, those first where one per cent more room gains most."""
    found = table.assign(worth=table["value"] * table["limit"].abs() / 100).sort_values(
        "worth", ascending=False, kind="stable", ignore_index=True
    )
    measure = str(found["measure"].iloc[0])
    records = []
    for row in found.itertuples():
        unit = str(row.limit_unit)
        money = unit == words.currency_of(scenario)
        records.append(
            (
                row.rule, _where(row, scenario), row.worth, amounts.step(scenario, measure, row.worth),
                _price(scenario, measure, row.value, unit, money), _limit(row.limit, unit, money),
                _limit(row.holds_from, unit, money), _limit(row.holds_to, unit, money),
                _part(row.holds_from, row.limit), _part(row.holds_to, row.limit),
            )
        )  # fmt: skip
    columns = ["rule", "where", "worth", "gain", "price", "now", "from", "to", "low", "high"]
    return pd.DataFrame.from_records(records, columns=columns)


def _where(row: object, scenario: Scenario) -> str:
    """Where a limit stands: ``Poland, 2026–2027``."""
    parts = [getattr(row, name) for name in ("member", "capability", "task", "year")]
    said = [str(part) for part in parts[:3] if isinstance(part, str) and part]
    year = words.period(int(str(parts[3])), scenario.settings["years_per_period"])
    return ", ".join([*said, year])


def _price(scenario: Scenario, measure: str, value: float, unit: str, money: bool) -> str:
    """What one unit more room gains; a thousand where the limit is money."""
    if money:
        return f"{amounts.step(scenario, measure, 1000 * value)} per {words.billion(unit).removeprefix('1 ')}"
    return f"{amounts.step(scenario, measure, value)} per {unit}"


def _limit(value: float, unit: str, money: bool) -> str:
    if math.isinf(value):
        return "no limit"
    if money:
        return words.money(value, unit)
    return f"{words.number(value, 3)} {unit}{'s' if unit.endswith('unit') and value != 1 else ''}"


def _part(value: float, limit: float) -> float:
    if math.isinf(value) or not limit:
        return _WIDEST if value > 0 else 0.0
    return min(_WIDEST, max(0.0, 100 * value / limit))


def _picture(frame: pd.DataFrame, rules: list[str], measure: str) -> None:
    kinds = {titled(rule): PALETTE[place if place < 5 else place + 1] for place, rule in enumerate(rules)}
    drawn = pd.DataFrame(
        {
            "label": frame["where"].where(
                ~frame["where"].duplicated(keep=False), frame["where"] + ": " + frame["rule"].map(titled)
            ),
            "low": frame["low"],
            "high": frame["high"],
            "at": 100.0,
            "kind": frame["rule"].map(titled),
            "says": frame["price"] + ", from " + frame["from"] + " to " + frame["to"] + " (now " + frame["now"] + ")",
        }
    ).head(_SHOWN)
    title = f"How far the {len(drawn)} dearest prices of {amounts.named(measure)} hold"
    chart = intervals(drawn, kinds, title, "The limit, as a part of what it is (%)", "the limit as it is")
    st.altair_chart(chart, width="stretch", key="price ranges chart", alt=title)
    show.note(
        f"Dearest: where one per cent more room gains most. While a limit stays within its bar, all others as they are, each unit of "
        f"it is worth the same; beyond, other rules take over. A bar that ends at {_WIDEST:.0f} % may go on."
    )


def _table(frame: pd.DataFrame, measure: str) -> None:
    names = {
        "rule": "policy", "where": "limit", "gain": "one per cent more room gains", "price": f"fall in {amounts.named(measure)}",
        "now": "as it is", "from": "price holds from", "to": "to",
    }  # fmt: skip
    shown = frame.assign(rule=frame["rule"].map(titled))[list(names)].rename(columns=names).reset_index(drop=True)
    show.table(shown, key="price ranges table")
