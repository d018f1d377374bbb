"""Timeline: what is ordered, delivered, spent and held in each period."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from model.report import timeline
from model.report.charts.timeline import over_the_years
from model.solve.plan import Plan
from model.wording import words
from ui import figures, show
from ui.state import Session, current

SHOWN = {
    "Spending": "Money of each period by purpose, not discounted; orders are paid when they are placed.",
    "Orders": "What is ordered in each period, by all the members chosen together.",
    "Deliveries": "What arrives in each period, a lead time after it was ordered; at what it cost.",
    "Holdings by level": "What is held in each period, by the interoperability level it is at; at what it would cost new.",
}
"""What the picture can show, and what its numbers mean."""


@dataclass(frozen=True)
class Shown:
    """A plan's events, of the members and capabilities chosen (none: all)."""

    spent: pd.DataFrame
    ordered: pd.DataFrame
    delivered: pd.DataFrame
    held: pd.DataFrame
    offer: tuple[float, ...] | None

    @property
    def facts(self) -> dict[str, float]:
        """Totals over all periods: money, and the part of the offer used."""
        spent = float(self.spent["value"].sum())
        found = {
            "Ordered": float(self.ordered["value"].sum()),
            "Delivered": float(self.delivered["value"].sum()),
            "Spent": spent,
        }
        if self.offer is not None and sum(self.offer) > 0:
            found["Part of the offer used"] = spent / sum(self.offer)
        return found


def page() -> None:
    """The page."""
    session = current()
    top = st.container()
    left, middle, right = st.columns([2, 2, 3])
    sets = session.scenario.sets
    members = left.multiselect("Members", sets["member"], key="timeline members", placeholder="all members")
    capabilities = middle.multiselect(
        "Capabilities", sets["capability"], key="timeline capabilities", placeholder="all capabilities"
    )
    with right:
        what = st.radio("Show", list(SHOWN), key="timeline shown", horizontal=True)
    now = _shown(session.plan, _frames(session), members, capabilities)
    with top:
        offer = None if now.offer is None else sum(now.offer)
        show.head(
            "What is ordered, delivered and spent, and when?",
            timeline.answer(session.plan, now.ordered, now.delivered, now.facts["Spent"], offer),
        )
    _figures(session, now, members, capabilities)
    _picture(session, now, str(what), capabilities)
    _tables(session, now, str(what), capabilities)


def _frames(session: Session) -> tuple[pd.DataFrame, ...]:
    return session.answer("timeline", lambda problem, plan: _all(plan))


def _all(plan: Plan) -> tuple[pd.DataFrame, ...]:
    return (
        timeline.spending(plan),
        timeline.orders(plan),
        timeline.orders(plan, delivered=True),
        timeline.holdings(plan),
    )


def _shown(plan: Plan, frames: tuple[pd.DataFrame, ...], members: list[str], capabilities: list[str]) -> Shown:
    spent, ordered, delivered, held = (timeline.chosen(frame, members, capabilities) for frame in frames)
    offer = None if capabilities else tuple(timeline.offered(plan, members).values())
    return Shown(spent, ordered, delivered, held, offer)


def _figures(session: Session, now: Shown, members: list[str], capabilities: list[str]) -> None:
    """Totals with their difference to the base."""
    was = now.facts
    if session.is_changed and session.base.found:
        frames = session.answer("timeline of the base", lambda problem, plan: _all(session.base))
        was = _shown(session.base, frames, members, capabilities).facts
    currency = words.currency_of(session.scenario)
    says = {
        "Ordered": "What all orders of these years cost.",
        "Delivered": "What the units cost that arrive within these years.",
        "Spent": "Acquisition, upgrades, sustainment and exercises, not discounted.",
        "Part of the offer used": "Spent as a part of what is offered, over all years.",
    }
    with show.tiles():
        for name, value in now.facts.items():
            before = was.get(name, value)
            part = name == "Part of the offer used"
            change = figures.change(value, before, "part" if part else "money")
            text = words.percent(value) if part else words.money(value, currency)
            show.figure(name, text, change, says=says[name])


def _picture(session: Session, now: Shown, what: str, capabilities: list[str]) -> None:
    """The chart, and what its numbers mean."""
    plan, years, money = session.plan, timeline.years_of(session.plan), words.currency_of(session.scenario)
    size, money = timeline.large_money(money)
    frame = {"Orders": now.ordered, "Deliveries": now.delivered, "Holdings by level": now.held}.get(what, now.spent)
    if frame.empty:
        st.info(show.escaped(f"{what}: nothing of the kind for what is chosen."), icon=":material/info:")
        return
    if what == "Spending":
        frame = frame.assign(value=frame["value"] / size)
        offer = None if now.offer is None else [amount / size for amount in now.offer]
        chart = over_the_years(frame, years, "purpose", timeline.PURPOSES, money, offer)
        st.altair_chart(chart, width="stretch", alt=f"Spending by year and purpose, in {money}.")
        extra = "" if now.offer is None else " Grey marks: what is offered."
        show.note(SHOWN[what] + extra)
        return
    single = len(capabilities) == 1
    unit = f"{capabilities[0]} ({words.unit_of(session.scenario, capabilities[0])})" if single else money
    frame = frame.assign(value=frame["units"] if single else frame["value"] / size)
    if what == "Holdings by level":
        series, names = "level", list(session.scenario.sets["level"])
    elif single:
        series, names = "member", list(session.scenario.sets["member"])
    else:
        series, names = "domain", list(dict.fromkeys(timeline.domains_of(plan).values()))
    chart = over_the_years(frame, years, series, names, unit)
    st.altair_chart(chart, width="stretch", alt=f"{what} by year and {series}, in {unit}.")
    more = "In units." if single else "Choose one capability to see units instead of money."
    text = SHOWN[what] if not single else SHOWN[what].partition(";")[0].rstrip(".") + "."
    show.note(f"{text} {more}")


def _tables(session: Session, now: Shown, what: str, capabilities: list[str]) -> None:
    """Everything by year, then the units behind the picture."""
    years, money = timeline.years_of(session.plan), words.currency_of(session.scenario)
    by_year = pd.DataFrame({"years": years}).set_index("years")
    for purpose in timeline.PURPOSES:
        by_year[purpose] = now.spent[now.spent["purpose"] == purpose].groupby("years")["value"].sum()
    by_year["Spent in all"] = by_year.fillna(0.0).sum(axis=1)
    by_year["Delivered"] = now.delivered.groupby("years")["value"].sum()
    by_year = by_year.fillna(0.0)
    part = ["Part of the offer used"]
    if now.offer is not None:
        by_year["Offered"] = list(now.offer)
        by_year[part[0]] = (by_year["Spent in all"] / by_year["Offered"]).where(by_year["Offered"] > 0)
    show.heading("Money by year")
    columns = [name for name in by_year.columns if name not in part]
    show.table(by_year.reset_index(), dict.fromkeys(columns, money), key="timeline years", percent=part)
    show.note("Acquisition is what is ordered in the period; delivered is what arrives in it, at what it cost.")
    _units(session, now, what)


def _units(session: Session, now: Shown, what: str) -> None:
    years = timeline.years_of(session.plan)
    title, frame, rows = {
        "Deliveries": ("Units delivered", now.delivered, ["capability"]),
        "Holdings by level": ("Units held", now.held, ["capability", "level"]),
    }.get(what, ("Units ordered", now.ordered, ["capability"]))
    show.heading(title)
    if frame.empty:
        show.note("None.")
        return
    wide = frame.pivot_table(index=rows, columns="years", values="units", aggfunc="sum", sort=False, observed=True)
    wide = wide.reindex(columns=years).fillna(0.0).round(2)
    place = {name: i for i, name in enumerate((*session.scenario.sets["capability"], *session.scenario.sets["level"]))}
    wide = wide.sort_index(key=lambda index: index.map(place)).reset_index()
    wide.insert(len(rows), "unit", [words.unit_of(session.scenario, c) for c in wide["capability"]])
    show.table(wide, key="timeline units", decimals=1)
    show.note("By the members and of the capabilities chosen, in the unit of each capability.")


page()
