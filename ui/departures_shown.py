"""How departures are shown on the page Withdrawal: who is missed, what is lost, who makes it up, what each task keeps."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.report.charts.base import PALETTE
from model.report.charts.ranges import CHOSEN, bars, dumbbells, tornado_chart
from model.scenario.levers.edits import Edit
from model.wording import words
from ui import show
from ui.asking import clicked, leaves, money_step
from ui.departures import Departures
from ui.state import Session

CHART = "departures chart"

_VIEWS = {
    "Rise in risk": "rise",
    "Money that goes": "money_gone",
    "Others spend more": "others_spend_more",
    "Offer beyond budgets to hold risk": "extra_offer_to_hold_risk",
}


def by_member(found: Departures) -> str:
    """The bar chart of all departures and their table; gives who was clicked, the worst where nobody was."""
    view = (
        st.segmented_control("What to compare", list(_VIEWS), default="Rise in risk", key="departures view")
        or "Rise in risk"
    )
    table = found.departures
    frame, axis = _bars(found, table, view)
    names = [name for name in table["leaving"] if name not in found.failed]
    key = f"{CHART} {view}"

    def take() -> None:
        name = clicked(key, CHOSEN, "label")
        if name in names:
            st.session_state["looked at"] = name

    if len(frame):
        chart = bars(frame, f"{view} when a member leaves", axis, clickable=True)
        st.altair_chart(chart, width="stretch", key=key, on_select=take, selection_mode=CHOSEN, alt=found.answer)
    else:
        show.note("There is nothing to draw: no money holds risk where it was, whoever leaves.")
    show.note(
        "Click a bar to see that departure below. Risk before and after is as those who stay weigh tasks; money is discounted over "
        "the horizon. A member without a bar has no such figure: no money holds risk, or there is no plan without it."
    )
    for name, why in found.failed.items():
        st.error(show.escaped(f"Without {name} there is no plan: {why}"), icon=":material/block:")
    _table(found, table)
    return st.selectbox("Look at the departure of", names, key="looked at") if names else ""


def _bars(found: Departures, table: pd.DataFrame, view: str) -> tuple[pd.DataFrame, str]:
    column, there = _VIEWS[view], table[table[_VIEWS[view]].notna()]
    if column == "rise":
        size, unit = 0.01, "points of risk"
    else:
        size, unit = money_step(
            float(there[column].abs().max()) if len(there) else 1.0, words.currency_of(found.scenario)
        )
    there = there.sort_values(column, ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "label": there["leaving"],
            "value": there[column] / size,
            "says": [found.said(row) for _, row in there.iterrows()],
        }
    )
    return frame, f"{view} ({unit})"


def _table(found: Departures, table: pd.DataFrame) -> None:
    currency = words.currency_of(found.scenario)
    size, unit = money_step(float(table["money_gone"].abs().max()), currency)
    shown = pd.DataFrame(
        {
            "leaving": table["leaving"],
            "risk before": table["risk_before"],
            "risk after": table["risk_after"],
            "most weakened task": table["most_weakened_task"].fillna(""),
            "money that goes": table["money_gone"] / size,
            "others spend more": table["others_spend_more"] / size,
            "offer beyond budgets to hold risk": table["extra_offer_to_hold_risk"] / size,
        }
    )
    money = ("money that goes", "others spend more", "offer beyond budgets to hold risk")
    if shown[money[2]].isna().all():
        shown = shown.drop(columns=money[2])
    show.table(shown, dict.fromkeys(money, unit), key="departures table", percent=("risk before", "risk after"))


def one_departure(session: Session, found: Departures, name: str) -> None:
    """What is lost in one departure and who makes it up, and the way to make it the lever."""
    row = next((row for _, row in found.departures.iterrows() if row["leaving"] == name), None)
    if row is None or name in found.failed:
        return
    leaving = found.groups[name]
    show.heading(f"Without {name}")
    st.markdown(show.escaped(f"{found.said(row)} {found.held(row)}"))
    wanted = tuple(Edit("withdraw", (), member) for member in leaving)
    if tuple(edit for edit in session.edits if edit.lever == "withdraw") == wanted:
        st.info("This is the plan on screen: every page shows it.", icon=":material/check:")
        if st.button("Let them back in" if len(leaving) > 1 else "Let it back in", key="back in"):
            leaves(session, ())
            st.rerun()
    elif st.button(show.escaped(f"Make it the plan on screen: {name} leaves"), key="leaves", type="primary"):
        leaves(session, leaving)
        st.rerun()
    columns = st.columns(2)
    with columns[0]:
        _lost(found, name)
    with columns[1]:
        _made_up(found, name)


def _lost(found: Departures, name: str) -> None:
    """What the leavers gave, by capability: made up by others and gone."""
    losses = found.tables["losses"]
    mine = losses[losses["leaving"] == name]
    if not len(mine):
        show.note("It contributes nothing to any task.")
        return
    gone = mine.assign(label=mine["capability"] + ", " + mine["task"], part=100 * mine["gone"] / mine["lost"])
    gone = gone.sort_values("lost", ascending=False, kind="stable").head(20)
    kinds = {"mostly gone": PALETTE[5], "mostly made up": PALETTE[0]}
    frame = pd.DataFrame(
        {
            "label": gone["label"],
            "value": gone["part"].clip(-100, 200),
            "kind": [list(kinds)[int(part < 50)] for part in gone["part"]],
            "says": [
                f"of {words.number(row.lost)} ({row.unit}) others make up {words.number(row.made_up)}, {words.number(row.gone)} are gone"
                for row in gone.itertuples()
            ],
        }
    )
    chart = bars(frame, "What is lost", "No longer there, of what it gave (%)", kinds=kinds)
    st.altair_chart(chart, width="stretch", key="lost chart", alt=f"What is lost without {name}")
    shown = mine[["capability", "task", "lost", "made_up", "gone", "unit"]].rename(columns={"lost": "it gave"})
    show.table(shown.sort_values("gone", ascending=False, kind="stable"), key="lost table", decimals=2)
    show.note(
        "Effective units, mean over the periods. Below 0 %: others put more into that task than the leavers did. Above 100 %: others, "
        "too, put less into it."
    )


def _made_up(found: Departures, name: str) -> None:
    """Who spends more, and who less."""
    makeup = found.tables["makeup"]
    mine = makeup[(makeup["leaving"] == name) & (makeup["change"].abs() > 1e-6)]
    if not len(mine):
        show.note("Nobody spends more or less than before.")
        return
    currency = words.currency_of(found.scenario)
    size, unit = money_step(float(mine["change"].abs().max()), currency)
    mine = mine.sort_values("change", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "label": mine["member"],
            "value": mine["change"] / size,
            "kind": ["spends more" if change > 0 else "spends less" for change in mine["change"]],
            "says": [
                f"{words.money(row.after, currency)} instead of {words.money(row.before, currency)}"
                for row in mine.itertuples()
            ],
            "meaning": "Discounted spending over the horizon",
        }
    )
    chart = tornado_chart(frame, ("spends less", "spends more"), "Who makes it up", f"Change of spending ({unit})")
    st.altair_chart(chart, width="stretch", key="makeup chart", alt=f"Who makes it up without {name}")
    extra = pd.to_numeric(mine["extra_offer_to_hold_risk"]) / size
    shown = pd.DataFrame({"member": mine["member"], "before": mine["before"] / size, "after": mine["after"] / size})
    if extra.notna().any():
        shown["offer beyond budget to hold risk"] = extra
    show.table(shown, dict.fromkeys(shown.columns[1:], unit), key="makeup table")


def resilience(found: Departures) -> None:
    """N−1: the coverage each task keeps whichever single member leaves."""
    table = found.tables["resilience"]
    if not len(table):
        return
    show.heading("What each task keeps, whoever leaves")
    table = table.sort_values("n_minus_1", kind="stable")
    frame = pd.DataFrame(
        {
            "label": table["task"],
            "before": 100 * table["before"],
            "after": 100 * table["n_minus_1"],
            "says": [
                f"{words.percent(row.before)} with everybody, {words.percent(row.n_minus_1)} without {row.worst_departure}"
                for row in table.itertuples()
            ],
        }
    )
    title = "Coverage of each task with everybody, and after its worst departure"
    kinds = ("with everybody in", "after the worst single departure")
    st.altair_chart(dumbbells(frame, kinds, title, "Coverage (%)"), width="stretch", key="resilience chart", alt=title)
    shown = table[["task", "before", "n_minus_1", "worst_departure"]].rename(columns={"n_minus_1": "whoever leaves"})
    show.table(shown, key="resilience table", percent=("before", "whoever leaves"))
