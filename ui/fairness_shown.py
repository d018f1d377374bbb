"""How the price of fairness and possible agreements are shown on the page Burden."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.layers.burden_keys.keys import key_names, lacks
from model.questions.cost_sharing.chart import fairness_curve, marks_beside_bars
from model.wording import words
from ui import show
from ui.asking import money_step
from ui.fairness import BAND, Agreement, Price, agreement_of, fairness_of
from ui.state import Session

MOST_KEYS = 4
"""Keys tried at a time: each takes a dozen plans."""


def fairness(session: Session) -> None:
    """Which keys, the curve, the table, the sentences."""
    show.note(
        "The best plan is found again and again, while burdens are brought nearer to fair shares: by a band that every burden "
        "must keep to, and "
        "by a limit on unfairness, the money that would have to change hands."
    )
    s = session.scenario
    names = [name for name in key_names(s) if not lacks(s, name)]
    keys = st.multiselect(
        "Burden keys to try",
        names,
        [str(s.settings["burden_key"])],
        key="fairness keys",
        max_selections=MOST_KEYS,
        placeholder="none",
    )
    if not keys:
        show.note("Choose a burden key.")
        return
    found = fairness_of(session, tuple(keys))
    if found is not None:
        _priced(found)


def _priced(found: Price) -> None:
    if found.stopped:
        st.warning(show.escaped(found.stopped))
    curve = found.curve
    if len(curve):
        chart = fairness_curve(curve, found.keys, "Risk as unfairness is limited")
        st.altair_chart(
            chart, key="fairness chart", width="stretch", alt="Risk by the part of unfairness that is left."
        )
        show.note("Where a line ends, no plan keeps to a tighter limit.")
    show.points(found.says)
    table, currency = found.table, words.currency_of(found.scenario)
    money = table[["cost", "unfairness", "extra_cost"]].apply(pd.to_numeric)
    size, unit = money_step(float(money.abs().max().max()), currency)
    shown = pd.DataFrame(
        {
            "key": table["key"],
            "limit": [_limit(row["rule"], row["limit"]) for _, row in table.iterrows()],
            "risk": pd.to_numeric(table["risk"]) * 100,
            "risk added": pd.to_numeric(table["extra_risk"]) * 100,
            "cost": money["cost"] / size,
            "cost added": money["extra_cost"] / size,
            "unfairness": money["unfairness"] / size,
            "whom a band holds back or pushes": table["bound"],
            "why there is no plan": table["why"],
        }
    )
    units = {"risk": "%", "risk added": "points", **dict.fromkeys(("cost", "cost added", "unfairness"), unit)}
    show.table(shown, units, key="fairness table")


def _limit(rule: str, limit: float | None) -> str:
    if limit is None or limit != limit:
        return "none"
    part = words.percent(float(limit))
    return (
        f"every burden within {part} of its fair share" if rule == BAND else f"unfairness at most {part} of what it was"
    )


def agreement(session: Session) -> None:
    """The plans side by side: what they cost, what each member perceives under them, and who would vote for which."""
    show.note(
        "Members want different things. The plain plan has least risk by the voices of all; max-min places the worst placed "
        "member best; the Nash "
        "bargain is where what members gain over being alone has the greatest product. Money is no part of it: for payments "
        "see Cost sharing."
    )
    found = agreement_of(session)
    if found is not None:
        _agreed(found)


def _agreed(found: Agreement) -> None:
    if found.stopped:
        st.warning(show.escaped(found.stopped))
    frame, bars = _perceived(found)
    chart = marks_beside_bars(
        frame,
        bars,
        found.plans,
        "Risk as the member perceives it (%)",
        "Marks: under each plan; grey bars: alone",
        "Plan",
    )
    st.altair_chart(
        chart,
        key="agreement chart",
        width="stretch",
        alt="Risk each member perceives under each plan, beside being alone.",
    )
    show.points(found.says)
    _overview(found)
    _votes(found)


def _perceived(found: Agreement) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Marks and bars of the picture: perceived risk in percent."""
    table, rows, bars = found.table, [], []
    for _, row in table.sort_values(f"perceived risk, {found.plans[0]}", ascending=False, kind="stable").iterrows():
        for name in found.plans:
            seen = float(row[f"perceived risk, {name}"])
            rows.append((row["member"], name, 100 * seen, words.percent(seen, 2)))
        if row["risk_alone"] is not None and row["risk_alone"] == row["risk_alone"]:
            bars.append(
                (row["member"], 100 * float(row["risk_alone"]), f"alone {words.percent(float(row['risk_alone']), 2)}")
            )
    return (
        pd.DataFrame(rows, columns=["member", "name", "value", "says"]),
        pd.DataFrame(bars, columns=["member", "value", "says"]),
    )


def _overview(found: Agreement) -> None:
    table, currency = found.overview, words.currency_of(found.scenario)
    size, unit = money_step(float(table[["cost", "unfairness"]].abs().max().max()), currency)
    shown = pd.DataFrame(
        {
            "plan": table["plan"],
            "risk": 100 * table["risk"],
            "cost": table["cost"] / size,
            "unfairness": table["unfairness"] / size,
            "largest perceived risk": 100 * table["worst_perceived_risk"],
            "worst placed": table["worst_placed"],
            "votes": table["votes"],
        }
    )
    units = {"risk": "%", "largest perceived risk": "%", "cost": unit, "unfairness": unit}
    show.heading("Plans")
    show.table(shown, units, key="agreement plans", decimals=3)


def _votes(found: Agreement) -> None:
    table, currency = found.table, words.currency_of(found.scenario)
    burdens = [f"burden, {name}" for name in found.plans]
    size, unit = money_step(float(table[burdens].abs().max().max()), currency)
    risks = ["risk_alone", "own_ideal", *(f"perceived risk, {name}" for name in found.plans)]
    shown = pd.DataFrame({"member": table["member"], "would vote for": table["vote"]})
    for name in risks:
        shown[{"risk_alone": "alone", "own_ideal": "at its own ideal"}.get(name, name)] = 100 * pd.to_numeric(
            table[name]
        )
    for name in burdens:
        shown[name] = table[name] / size
    units = dict.fromkeys([column for column in shown.columns[2:] if column not in burdens], "%") | dict.fromkeys(
        burdens, unit
    )
    show.heading("Who would vote for which plan")
    show.table(shown, units, key="agreement votes", decimals=3)
    show.note(
        "At its own ideal: if all forces were used as this member would use them. Members vote for the plan under which they "
        "perceive least risk, then "
        "for the one with the smallest burden."
    )
