"""Map: members coloured by what they bear, see or give; a click shows a member's figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from model.report import geography
from model.report.charts.map import CHOSEN, Frame, Shade, world
from model.report.geography import MEASURES, Measure
from model.wording import words
from ui import figures as figure_changes
from ui import places, show
from ui.places import Country
from ui.state import Session, current

TASK = "Contribution to a task"
_DOT, _REACH = 9.0, 280.0
"""Smaller than so many pixels, a country is drawn as a point; pixels from the middle of the picture to its edge."""


def page() -> None:
    """The page."""
    session = current()
    figures = session.answer("by member", lambda problem, plan: geography.by_member(plan))
    question = st.container()
    measure, values = _asked(session, figures)
    with question:
        show.head("Where in the world do burden and contributions fall?", _answer(session, measure, values))
    _map(session, measure, values)
    _one(session, figures, measure, values)
    _table(session, figures, measure, values)


def _asked(session: Session, figures: pd.DataFrame) -> tuple[Measure, pd.Series]:
    """What the map is coloured by, chosen from lists."""
    left, middle, right = st.columns(3)
    with left:
        names = [*(measure.name for measure in MEASURES), TASK]
        name = st.selectbox("Colour members by", names, key="map measure", help="What the colours stand for.")
    if name != TASK:
        measure = next(measure for measure in MEASURES if measure.name == name)
        return measure, figures[measure.column]
    with middle:
        task = st.selectbox("Task", session.scenario.sets["task"], key="map task")
    with right:
        needed = list(dict.fromkeys(c for k, c, _ in session.plan.data.required if k == task))
        chosen = st.selectbox("Capability", ["All it requires", *needed], key=f"map capability {task}")
    capability = None if chosen == "All it requires" else chosen
    what = f"{capability} for {task}" if capability else task
    values = session.answer(f"gives {task} {capability}", lambda problem, plan: geography.gives(plan, task, capability))
    says = "All years together; capabilities count by their importance."
    return Measure("gives", f"Contribution to {what}", "% of what it requires", says), values


def _answer(session: Session, measure: Measure, values: pd.Series) -> str:
    known = values.dropna().sort_values(ascending=False, kind="stable")
    if known.empty or not known.abs().max():
        return f"{measure.name}: there is nothing to show."
    plan = session.plan
    told = [f"{member} ({geography.said(plan, measure, known[member], short=True)})" for member in known.index[:3]]
    text = f"{measure.name} is highest for {words.joined(told)}"
    if len(known) > 4:
        text += f"; lowest for {known.index[-1]} ({geography.said(plan, measure, known.iloc[-1], short=True)})"
    if measure.column == "gives":
        text += f"; all members together provide {words.percent(float(known.sum()))} of it"
    return text + "."


def _map(session: Session, measure: Measure, values: pd.Series) -> None:
    located = {m: country for m in session.scenario.sets["member"] if (country := places.country_of(m)) is not None}
    missing = [m for m in session.scenario.sets["member"] if m not in located]
    if not located:
        show.note("No member is a country this map knows by name; their figures are in the table.")
        return
    close = places.core_of(list(located.values()))
    shown = tuple(located.values())
    if len(close) < len(shown) and places.view_of(shown).reach > 1.6 * places.view_of(close).reach:
        where = st.radio(
            "Show", ["All members", "Where most members are"], key="map view", horizontal=True,
            help="The same map, closer.",
        )  # fmt: skip
        shown = close if where != "All members" else shown
    st.vega_lite_chart(
        _drawn(session, measure, values, located, shown), key="map chart", width="stretch",
        on_select=_clicked, selection_mode=CHOSEN,
    )  # fmt: skip
    show.note(
        f"{measure.name}: {measure.says} Grey: not a member. Points: members too small to be seen. Click a member for its "
        "figures. Areas are comparable. "
        "Borders are those recognised internationally, by resolutions of the United Nations where there are any: Crimea is part of "
        "Ukraine, the Golan Heights of Syria, the north of Cyprus of Cyprus. Western Sahara, Palestine, Taiwan, Kosovo and the Falkland "
        "Islands are drawn separately; where no border is agreed, as in Kashmir, the line of control is drawn. Other territories, such "
        "as Greenland, go with their state. "
        "Outlines: Natural Earth, public domain."
    )
    if missing:
        show.note(f"Not on the map: {words.joined(missing)}. Their figures are in the table.")


def _drawn(
    session: Session, measure: Measure, values: pd.Series, located: dict[str, Country], shown: tuple[Country, ...]
) -> dict[str, Any]:
    view = places.view_of(shown)
    shapes, dots = [], []
    for member, country in sorted(located.items(), key=lambda one: bool(one[1].of)):  # a territory lies over its state
        value = float(values[member])
        fact = {"member": member, "says": geography.said(session.plan, measure, value)}
        fact["value"] = None if value != value else value  # type: ignore[assignment]
        if country.shape is None or country.km2**0.5 / 111.0 * _REACH / view.reach < _DOT:
            dots.append({**fact, "lon": country.point[0], "lat": country.point[1]})
        if country.shape is not None:
            shapes.append({"type": "Feature", "geometry": country.whole, **fact})
    taken = {country.iso for country in located.values()}
    others = [
        {"type": "Feature", "geometry": c.shape} for c in places.countries()
        if c.shape is not None and not taken & {c.iso, c.of} and c.iso != "ATA" and places.apart(c.point, view.middle) < view.reach + 45
    ]  # fmt: skip
    return world(
        shapes, dots, others, Frame(view.projection, view.middle, view.corners), _shade(session, measure, values)
    )


def _shade(session: Session, measure: Measure, values: pd.Series) -> Shade:
    most, middling = float(values.max(skipna=True) or 0.0), float(values.median(skipna=True) or 0.0)
    if measure.unit == "money":
        unit = words.currency_of(session.scenario)
        return Shade(f"{measure.name} ({unit})", ",.3~s", skewed=most > 4 * middling, most=most or 1.0)
    part = measure.middle is None
    title = f"{measure.name} ({measure.unit})"
    return Shade(title, ".2~%" if part else ".2~f", measure.middle, part and most > 4 * middling, most or 1.0)


def _clicked() -> None:
    """The member clicked becomes the member looked at."""
    picked = st.session_state["map chart"]["selection"].get(CHOSEN) or []
    if picked:
        st.session_state["map member"] = picked[0].get("member")


def _one(session: Session, figures: pd.DataFrame, measure: Measure, values: pd.Series) -> None:
    """The figures of the member clicked or chosen, with their differences to the base."""
    members = list(session.scenario.sets["member"])
    if st.session_state.get("map member") not in members:
        st.session_state.pop("map member", None)
    member = st.selectbox(
        "Member to look at", members, index=None, key="map member", placeholder="click the map, or choose"
    )
    if member is None:
        return
    base = geography.by_member(session.base) if session.is_changed and session.base.found else figures
    with show.tiles():
        for one in MEASURES:
            now = float(figures.at[member, one.column])
            was = float(base.at[member, one.column]) if member in base.index else now
            text = geography.said(session.plan, one, now, short=True)
            kind: figure_changes.Kind = (
                "money" if one.unit == "money" else "part" if one.unit.startswith("%") else "times"
            )
            show.figure(one.name, text, figure_changes.change(now, was, kind), says=one.says)
    if measure.column == "gives":
        show.note(f"{measure.name}: {geography.said(session.plan, measure, float(values[member]))} from {member}.")


def _table(session: Session, figures: pd.DataFrame, measure: Measure, values: pd.Series) -> None:
    show.heading("Every member")
    frame = figures.copy()
    if measure.column == "gives":
        frame.insert(0, "gives", values)
    frame = frame.sort_values(measure.column, ascending=False, kind="stable").reset_index()
    known = {one.column: one for one in (*MEASURES, measure)}
    titles = {column: one.name for column, one in known.items() if column in frame}
    units = {}
    for one in known.values():
        units[one.name] = words.currency_of(session.scenario) if one.unit == "money" else one.unit.partition(" ")[0]
        if one.unit.startswith("%") and one.column in frame:
            frame[one.column] *= 100.0
    show.table(frame.rename(columns=titles), units, key="map table")
    show.note("Sorted by what the map shows. " + " ".join(f"{one.name}: {one.says}" for one in MEASURES))


page()
