"""Interoperability: who fits whom, the levels reached, where friction costs most, and what standardising buys."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from model.report import standardising
from model.report.charts.interoperability import commonality_matrix, friction_bars, levels_over_time, worth_map
from model.report.interoperability import By, friction, level_table, member_levels
from model.scenario.levers.edits import Edit
from model.wording import words
from ui import figures, show
from ui.state import Session, current
from ui.work import failed, long_work


def page() -> None:
    """The page."""
    session = current()
    said = session.answer("friction said", lambda problem, plan: standardising.answer(plan))
    show.head("Do our forces work together, and what does friction cost?", said)
    if session.is_changed and session.base.found:
        was, now = (standardising.taken(plan)[1] for plan in (session.base, session.plan))
        show.note(f"In the last years friction takes {words.percent(now)}; in the base plan {words.percent(was)}.")
    left, right = st.columns([5, 3], gap="large")
    with left:
        clicked = _matrix(session)
    with right:
        _pair(session, clicked)
        _levels(session)
    _friction(session)
    _worth(session)
    _try(session)
    show.grid(member_levels(session.plan), key="member levels")


def _leads(session: Session) -> dict[str, str]:
    """What each member leads, in words."""
    found: dict[str, list[str]] = {}
    for situation in session.scenario.sets["situation"]:
        lead = session.scenario.lead[situation]
        if lead is not None:
            found.setdefault(lead, []).append(situation)
    return {lead: words.joined(names) for lead, names in found.items()}


def _matrix(session: Session) -> Any:
    show.heading("Who fits whom")
    members = session.scenario.sets["member"]
    if len(members) < 2:
        show.note("There is nobody to have anything in common with.")
        return None
    chart = commonality_matrix(session.scenario.commonality, members, _leads(session))
    clicked = st.altair_chart(
        chart, on_select="rerun", selection_mode="pair", key="matrix", width="stretch",
        alt="Members by members, coloured by how much two have in common.",
    )  # fmt: skip
    show.note(
        "Commonality (0 %: nothing in common, 100 %: everything): how far a unit makes up for a low level beside the lead of "
        "a situation. What a unit counts for is its level's plain effect, and of the rest the commonality with the lead."
    )
    return clicked


def _pair(session: Session, clicked: Any) -> None:
    """Two members: the pair that was clicked, and the lever on it."""
    points = clicked.selection.get("pair", []) if clicked else []
    members = session.scenario.sets["member"]
    if not points or not {points[0].get("member"), points[0].get("partner")} <= set(members):
        if clicked is not None:
            show.note("Click a cell to see what two members' forces count for beside each other.")
        return
    member, partner = points[0]["member"], points[0]["partner"]
    show.heading(f"{member} beside {partner}")
    common, plain = session.scenario.commonality[member, partner], session.scenario.effectiveness
    counts = [
        f"{level} {words.percent(plain[level] + (1 - plain[level]) * common)}"
        for level in session.scenario.sets["level"]
    ]
    leads = _leads(session).get(partner)
    told = (
        f"{partner} leads {leads}."
        if leads
        else f"{partner} leads no situation, so this commonality weighs only where nobody leads."
    )
    st.markdown(show.escaped(f"They have {words.percent(common)} in common. A unit of {member} led by {partner} counts for, by level: "
                             f"{words.joined(counts)} of a full one. {told}"))  # fmt: skip
    if common < 1 and st.button("Make everything common between the two", key="pull commonality"):
        session.pull(Edit("commonality", (member, partner), 1.0))
        st.rerun()


def _levels(session: Session) -> None:
    show.heading("Levels reached")
    plan, levels = session.plan, session.scenario.sets["level"]
    grid = level_table(plan)
    rows = [
        (row[0], level, value)
        for row in grid.rows
        for level, value in zip(levels, row[1:], strict=True)
        if value is not None
    ]
    frame = pd.DataFrame(rows, columns=["years", "level", "part"])
    if frame.empty:
        show.note("Nobody holds anything.")
        return
    alt = "Part of all holdings at each interoperability level, by years."
    st.altair_chart(levels_over_time(frame, levels), key="levels", width="stretch", alt=alt)
    effects = [f"{level} {words.percent(session.scenario.effectiveness[level])}" for level in levels]
    show.note(
        f"Plain effect of a unit that has nothing in common with the lead: {words.joined(effects)} of a full unit."
    )


def _friction(session: Session) -> None:
    show.heading("Where friction costs most")
    by_capability, by_member = session.answer("friction", lambda problem, plan: friction(plan))
    periods = session.plan.data.sets["period"]
    columns = st.columns(2, gap="large")
    for column, what, values in zip(columns, ("Capability", "Member"), (by_capability, by_member), strict=True):
        with column:
            frame = _over(values, periods[0], periods[-1])
            if frame.empty:
                show.note("Friction takes nothing.")
                continue
            alt = f"What friction takes by {what.lower()}, worst first."
            st.altair_chart(friction_bars(frame, what), key=f"friction {what}", width="stretch", alt=alt)
    show.note(
        "Bars: the last years; orange marks: the first. Part of the full worth of the forces sent that is lost because units are "
        "not at the highest level and have not everything in common with the lead. Forces of different capabilities are added at "
        "list price."
    )


def _over(values: By, first: int, last: int) -> pd.DataFrame:
    names = dict.fromkeys(name for name, _ in values)
    rows = [(name, values.get((name, last), 0.0), values.get((name, first), 0.0)) for name in names]
    frame = pd.DataFrame(rows, columns=["name", "part", "first"])
    return frame[(frame["part"] > 1e-6) | (frame["first"] > 1e-6)].sort_values("part", ascending=False)


def _worth(session: Session) -> None:
    """Where standardising would pay, by the prices of the plan."""
    show.heading("Where standardising would pay")
    measure = session.plan.stage().measure
    found = session.answer("worth", lambda problem, plan: standardising.worth_of_commonality(plan))
    if not found:
        show.note(f"A little more commonality would not lower {measure} anywhere: no force that lacks it is short.")
        return
    risk, s = measure in ("risk", "tail_risk", "worst_perceived_risk", "dependence"), session.scenario
    unit = f"points of {measure.replace('_', ' ')}" if risk else words.currency_of(s)
    size = 100.0 if risk else 1.0
    rows = [(m, p, s.lead[p] or "nobody", size * gain) for (m, p), gain in found.items()]
    frame = pd.DataFrame(rows, columns=["member", "situation", "lead", "worth"])
    best = frame.loc[frame["worth"].idxmax()]
    st.markdown(show.escaped(
        f"Most for {best['member']} in {best['situation']} (lead: {best['lead']}): each hundredth more in common would lower "
        f"{measure.replace('_', ' ')} by about {words.number(best['worth'] / 10)} {unit.split(' of ')[0]}, by the plan's prices, which "
        "hold for small steps."
    ))  # fmt: skip
    names = [m for m in s.sets["member"] if m in set(frame["member"])]
    alt = "Members by situations, coloured by what a tenth more commonality with the lead would bring."
    st.altair_chart(worth_map(frame, names, s.sets["situation"], unit), key="worth", width="stretch", alt=alt)
    show.note(
        "By the prices of this plan, so for small steps: what 0.1 more commonality with the situation's lead (where nobody leads: with "
        "all others) would bring, members' other situations unchanged. Blank: nothing."
    )


def _try(session: Session) -> None:
    """A step of standardising, solved again."""
    show.heading("What standardising buys")
    ways = standardising.steps(session.scenario)
    if not ways:
        show.note("There is nothing to standardise: one member, and neither upgrades nor exercises cost anything.")
        return
    name = st.selectbox("Step", [*ways], key="standard step") or next(iter(ways))
    task = f"standardise {name}"
    if problem := failed(task):
        st.error(show.escaped(problem), icon=":material/error:")
    says = "Solves the plan again with this step, money and requirements unchanged: some seconds."
    found: pd.DataFrame | None = long_work(
        session,
        task,
        "Work it out",
        says,
        lambda problem, plan, watch: standardising.tried(problem, plan, ways[name], watch),
    )
    if found is None:
        return
    st.markdown(f"**{show.escaped(standardising.said(session.plan, name, found))}**")
    if found.empty:
        return
    _before_and_after(session, found)
    if st.button("Make it the current plan", key="pull standard"):
        session.pull(*ways[name])
        st.rerun()


def _before_and_after(session: Session, found: pd.DataFrame) -> None:
    """The measures before and after the step, each in its unit."""
    rows = []
    for name, before, after in found.itertuples(index=False):
        kind: figures.Kind = "part" if name == "risk" else "money"
        levels = (words.percent(one) if name == "risk" else show.money(session.plan, one) for one in (before, after))
        rows.append((name, *levels, figures.change(after, before, kind)))
    show.table(pd.DataFrame(rows, columns=["measure", "before", "after", "change"]), key="standard table")


page()
