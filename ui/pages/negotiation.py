"""Negotiation range: the least and the most each member could bear or hold in plans nearly as good, and some such plans."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.report.charts.base import PALETTE
from model.report.charts.ranges import change_map, intervals
from model.wording import words
from ui import show
from ui.asking import money_step
from ui.bargaining import Bargain, ranges_of
from ui.state import Session, current

MONEY = "Money"
AMOUNTS, PARTS = "as amounts", "as a part of the plan"
KINDS = {"settled: next to nothing to bargain about": PALETTE[7], "open to bargaining": PALETTE[0]}


def page() -> None:
    """The page."""
    session, top = current(), st.container()
    within, what = _asked_for(session)
    found = ranges_of(session, within, None if what == MONEY else what)
    answer = f"In plans within {words.percent(within)} of the best there is something to bargain about; how much is found by solving again."
    if found is not None:
        answer = found.answer
        if len(found.ranges):
            _picture(found, what)
            _table(found)
        _plans(found)
    with top:
        show.head("What is settled, and what is open to bargaining?", answer)


def _asked_for(session: Session) -> tuple[float, str]:
    columns = st.columns(2)
    part = columns[0].slider(
        "Plans within", 0.0, 10.0, 1.0, 0.5, format="%.1f %%", key="negotiation within",
        help="By how much a plan may be worse than the best in each of the goals.",
    )  # fmt: skip
    what = columns[1].selectbox(
        "What members bear or hold", [MONEY, *session.scenario.sets["capability"]], key="negotiation what"
    )
    return part / 100, what


def _picture(found: Bargain, what: str) -> None:
    how = st.segmented_control("Drawn", [AMOUNTS, PARTS], default=AMOUNTS, key="negotiation scale") or AMOUNTS
    table = found.ranges.sort_values("plan", ascending=False, kind="stable")
    size, unit = _step(found, table)
    if how == PARTS:
        table = table[table["plan"] > 1e-6]
    parts = [size if how == AMOUNTS else plan / 100 for plan in table["plan"]]
    frame = pd.DataFrame(
        {
            "label": table["member"],
            "low": table["least"] / parts,
            "at": table["plan"] / parts,
            "high": table["most"] / parts,
            "kind": [list(KINDS)[0 if settled else 1] for settled in table["settled"]],
            "says": [f"{found.said(row)} (the plan: {found.amount(row['plan'], row)})" for _, row in table.iterrows()],
        }
    )
    title = f"How far each member could go: {what.lower() if what == MONEY else what}"
    axis = f"{_axis(what)} ({unit})" if how == AMOUNTS else f"{_axis(what)} (% of what the plan asks)"
    st.altair_chart(
        intervals(frame, KINDS, title, axis, "the plan"), width="stretch", key="ranges chart", alt=found.answer
    )
    show.note(
        f"Every plan looked at keeps {found.limits}. Each end is an optimum of its own: not all members can be at their least in one "
        "plan. Settled: the range is narrower than a twentieth of the member's largest figure."
        + (" Members of whom the plan asks nothing have no bar." if how == PARTS else "")
    )


def _axis(what: str) -> str:
    return "Spending over the horizon, discounted" if what == MONEY else f"{what}, mean over the periods"


def _step(found: Bargain, table: pd.DataFrame) -> tuple[float, str]:
    if found.money:
        return money_step(float(table["most"].max()), words.currency_of(found.scenario))
    return 1.0, str(table["unit"].iloc[0])


def _table(found: Bargain) -> None:
    size, unit = _step(found, found.ranges)
    names = {"least": "at least", "plan": "in the plan", "most": "at most", "width": "room"}
    shown = found.ranges[["member", *names]].rename(columns=names)
    shown[list(names.values())] = shown[list(names.values())] / size
    shown["so"] = ["settled" if settled else "open" for settled in found.ranges["settled"]]
    shown = shown.sort_values("room", ascending=False, kind="stable")
    show.table(shown, dict.fromkeys(names.values(), unit), key="ranges table", decimals=2 if not found.money else None)


def _plans(found: Bargain) -> None:
    """Very different plans nearly as good: how each measures up, and who spends more and less in it."""
    if not len(found.plans):
        if found.money:
            show.note("No plan nearly as good spends the money differently.")
        return
    show.heading("Plans nearly as good, and as different as can be found")
    _map(found)
    shown = pd.DataFrame({"plan": ["the plan", *(f"alternative {n}" for n in found.plans["alternative"])]})
    shown["spent elsewhere"] = [0.0, *found.plans["spent_elsewhere"]]
    units: dict[str, str] = {}
    for name in ("risk", "dependence", "cost", "unfairness"):
        values = pd.Series([found.measures[name], *found.plans[name]])
        if name in ("cost", "unfairness"):
            size, units[name] = money_step(float(values.abs().max()), words.currency_of(found.scenario))
            values = values / size
        shown[name] = values
    show.table(shown, units, key="alternatives table", percent=("spent elsewhere", "risk", "dependence"))
    show.note(
        "Spent elsewhere: the part of the plan's money that goes to another member's or another capability's account."
    )
    _by_capability(found)


def _map(found: Bargain) -> None:
    wide = found.changes.pivot_table(
        index="member", columns="alternative", values="change", aggfunc="sum", fill_value=0.0
    )
    order = [member for member in found.scenario.sets["member"] if member in wide.index]
    sums = wide.loc[order].stack().rename("change").reset_index()
    currency = words.currency_of(found.scenario)
    size, unit = money_step(float(sums["change"].abs().max()), currency)
    columns = [f"Alternative {number}" for number in found.plans["alternative"]]
    frame = pd.DataFrame(
        {
            "label": sums["member"],
            "column": [f"Alternative {number}" for number in sums["alternative"]],
            "value": sums["change"] / size,
            "says": [
                f"{words.money(abs(row.change), currency)} {'more' if row.change > 0 else 'less'} than in the plan"
                for row in sums.itertuples()
            ],
        }
    )
    title = "Who spends more, and who less, than in the plan"
    st.altair_chart(
        change_map(frame, columns, title, f"Change ({unit})"), width="stretch", key="alternatives chart", alt=title
    )


def _by_capability(found: Bargain) -> None:
    number = st.selectbox(
        "What changes in", list(found.plans["alternative"]), format_func=lambda n: f"alternative {n}", key="alternative"
    )
    mine = found.changes[found.changes["alternative"] == number]
    size, unit = money_step(float(mine[["plan", "value"]].abs().max().max()), words.currency_of(found.scenario))
    shown = mine[["member", "capability", "plan", "value", "change"]].assign(
        **{name: mine[name] / size for name in ("plan", "value", "change")}
    )
    shown = shown.sort_values("change", key=lambda column: -column.abs(), kind="stable").rename(
        columns={"plan": "in the plan", "value": "in the alternative"}
    )
    show.table(shown, dict.fromkeys(("in the plan", "in the alternative", "change"), unit), key="changes table")


page()
