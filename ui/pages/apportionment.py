"""Apportionment: who is asked to hold what and when; click a cell for its why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from model.questions.explain.case import Explanation
from model.questions.explain.result import explain
from model.report import heat
from model.report.apportionment import targets
from model.report.charts.apportionment import heat_map
from model.wording import words
from ui import show
from ui.state import Session, current

FEW = 8
"""Periods that fit side by side as buttons; more are a slider."""


def page() -> None:
    """The page."""
    session = current()
    plan = session.plan
    show.head("Who is asked to hold what, and when?", session.answer("asked", lambda problem, plan: heat.answer(plan)))
    year, name = _choices(session)
    years, shade = words.period(year, plan.data.step), heat.SHADES[name]
    frame = session.answer(f"cells {year}", lambda problem, plan: heat.cells(plan, year, session.base))
    sets = plan.scenario.sets
    left, right = st.columns([5, 3], gap="medium")
    with left:
        chart = heat_map(frame, shade, sets["member"], sets["capability"], years)
        alt = f"Members by capabilities, coloured by: {shade.title}. The table below says the same in numbers."
        clicked = st.altair_chart(
            chart, on_select="rerun", selection_mode="cell", key="heat map", width="stretch", alt=alt
        )
        show.note(
            f"{shade.says} Grey: no figure, as nothing is held, required or owed; blank: may not be acquired. Years: {years}."
        )
    with right:
        _why(session, clicked, year)
    show.heading("Targets, in units")
    grid = session.answer("targets", lambda problem, plan: targets(plan))
    show.note(
        "What each member is asked to hold by period, in the unit that its row names; fractions of units are averages."
    )
    show.grid(grid, key="targets")


def _choices(session: Session) -> tuple[int, str]:
    """The period and what the colours mean."""
    plan, names = session.plan, [*heat.SHADES]
    periods = list(plan.data.sets["period"])
    if not session.is_changed:
        names.remove("Change from the base")
    left, right = st.columns(2)
    with right:
        name = st.segmented_control(
            "Colours show", names, default=names[0], key="heat value", required=True, format_func=show.escaped
        )
    with left:
        label = {words.period(t, plan.data.step): t for t in periods}
        if len(periods) > FEW:
            chosen = st.select_slider("Years", [*label], [*label][-1], format_func=show.escaped, key="heat years")
        else:
            chosen = st.segmented_control(
                "Years", [*label], default=[*label][-1], format_func=show.escaped, key="heat years", required=True
            )
    return label.get(str(chosen), periods[-1]), str(name) if name in names else names[0]


def _why(session: Session, clicked: Any, year: int) -> None:
    """The why of one cell: the one that was clicked, or chosen by name."""
    sets = session.scenario.sets
    _take_over(clicked, session)
    show.heading("Why?")
    show.note("Click a cell, or choose one here.")
    member = st.selectbox("Member", sets["member"], key="why member")
    capability = st.selectbox("Capability", sets["capability"], key="why capability")
    if not member or not capability:
        return
    name = f"why {member} {capability} {year}"
    found: Explanation = session.answer(name, lambda problem, plan: explain(plan, member, capability, year))
    first, *rest = found.says
    st.markdown(f"**{show.escaped(first)}**")
    with st.container(height=440, border=False):
        for text in rest:
            st.markdown(f"- {show.escaped(text)}")
    if found.sections:
        with st.expander("The sums as a table"):
            sums = found.table[["section", "item", "year", "value", "unit", "total"]]
            show.note("Lines of a section add up to its total, in the unit of the row.")
            show.table(sums, key="sums", decimals=6)


def _take_over(clicked: Any, session: Session) -> None:
    """A fresh click moves the two lists to its cell; before the first, they stand where the most is bought."""
    points = clicked.selection.get("cell", []) if clicked else []
    at = (points[0].get("member"), points[0].get("capability")) if points else None
    if at and at != st.session_state.get("cell seen"):
        st.session_state["why member"], st.session_state["why capability"] = at
    st.session_state["cell seen"] = at
    sets = session.scenario.sets
    usual = next(iter(heat.bought(session.plan)), (sets["member"][0], sets["capability"][0]))
    if st.session_state.get("why member") not in sets["member"]:
        st.session_state["why member"], st.session_state["why capability"] = usual
    if st.session_state.get("why capability") not in sets["capability"]:
        st.session_state["why capability"] = usual[1]


page()
