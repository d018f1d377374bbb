"""Trade-offs: what one goal costs in another, point by point, and what each rule of the alliance costs."""

from __future__ import annotations

import streamlit as st

from model.language.columns import MEASURES
from model.questions.trade_off.chart import CHOSEN, front_chart
from ui import show
from ui.asking import clicked, level, measure_step, titled, without_ceilings
from ui.fronts import Drawn, front_of, here_frame, points_frame
from ui.rule_prices import rule_prices
from ui.state import Session, current

FRONT = "front chart"
DEPTHS = {"7 points": 7, "15 points": 15, "Every bend": None}


def page() -> None:
    """The page."""
    session, top = current(), st.container()
    goals, rules = st.tabs(["Between two goals", "The price of a rule"], key="trade-off kind", on_change="rerun")
    with rules if rules.open else goals:
        answer = rule_prices(session) if rules.open else _goals(session)
    with top:
        show.head("What does one goal cost in another?", answer)


def _goals(session: Session) -> str:
    """The front between two goals; gives the answer in a sentence."""
    between, depth = _asked_for(session)
    if between[0] == between[1]:
        return "Choose two different goals."
    found = front_of(without_ceilings(session), between, DEPTHS[depth])
    _way_back(session)
    if found is None:
        values = [
            f"{titled(name).lower()} is {level(session.scenario, name, session.plan.measures[name])}"
            for name in between
        ]
        return f"On screen, {values[0]} and {values[1]}; what a step from there costs is found by solving again."
    _picture(session, found)
    _take(session, found)
    _tables(found)
    return found.answer


def _asked_for(session: Session) -> tuple[tuple[str, str], str]:
    measures = list(session.plan.measures)
    columns = st.columns([2, 2, 3])
    meanings = "\n\n".join(f"{titled(name)}: {says}." for name, says in MEASURES.items() if name in measures)
    chosen = [
        column.selectbox(
            show.escaped(label), measures, measures.index(usual), titled, key=label, help=show.escaped(meanings)
        )
        for column, label, usual in zip(columns, ("What is bought", "What is paid"), ("risk", "cost"), strict=False)
    ]
    depth = columns[2].segmented_control(
        "How far to look", list(DEPTHS), default="7 points", key="front depth", help="Points are quick; every bend is exact."
    )  # fmt: skip
    return (chosen[0], chosen[1]), depth or "7 points"


def _picture(session: Session, found: Drawn) -> None:
    frame, titles = points_frame(found)
    plans = {"plan on screen": session.plan} | ({"base plan": session.base} if session.is_changed else {})
    first, second = (titled(name).lower() for name in found.measures)
    chart = front_chart(frame, here_frame(found, plans), titles, f"The least {first} for each {second}")

    def take() -> None:
        number = clicked(FRONT, CHOSEN, "point")
        if number is not None:
            session.ceilings = found.ceilings(int(number), session.scenario.settings["objectives"])

    st.altair_chart(chart, width="stretch", key=FRONT, on_select=take, selection_mode=CHOSEN, alt=found.answer)
    show.note(
        "Click a point to make it the plan on screen. No plan is better than a point in both goals; every plan above the line can be "
        f"bettered in both. {found.known}"
    )


def _take(session: Session, found: Drawn) -> None:
    """The same by keyboard."""
    columns, number = st.columns([3, 1], vertical_alignment="bottom"), 1
    if len(found.points) > 1:
        number = columns[0].select_slider(
            "A point of the front", list(found.points["point"]), key="point of the front",
            format_func=lambda number: show.escaped(found.said(number)),
        )  # fmt: skip
    if columns[1].button("Make it the plan on screen", key="take the point", width="stretch"):
        session.ceilings = found.ceilings(int(number), session.scenario.settings["objectives"])
        st.rerun()


def _way_back(session: Session) -> None:
    if not session.ceilings:
        return
    said = " and ".join(
        f"{titled(name).lower()} at most {level(session.scenario, name, limit)}"
        for name, limit in session.ceilings.items()
    )
    columns = st.columns([3, 1], vertical_alignment="center")
    columns[0].info(show.escaped(f"On screen is the best plan with {said}."), icon=":material/vertical_align_top:")
    if columns[1].button("Take this limit away", key="take the ceilings away", width="stretch"):
        session.ceilings = {}
        st.rerun()


def _tables(found: Drawn) -> None:
    sizes = {
        column: measure_step(found.scenario, name, found.points[column].abs().max())
        for name, column in zip(found.measures, ("first", "second"), strict=True)
    }
    names = {column: titled(name) for name, column in zip(found.measures, ("first", "second"), strict=True)}
    units = {names[column]: unit for column, (_, unit) in sizes.items()}
    if len(found.bends):
        show.heading("Where the price changes")
        bends = found.bends.assign(**{column: found.bends[column] / size for column, (size, _) in sizes.items()})
        price = "a point" if sizes["first"][1] == "%" else f"1,000 ({found.scenario.settings['currency']})"
        show.table(bends.rename(columns=names), units, key="bends")
        show.note(
            f"Prices: what {price} less of {names['first'].lower()} costs in {names['second'].lower()}, before the bend and beyond it. "
            "The other columns say what the next money buys, who pays most of it, and which rules start or cease to hold the plan back."
        )
    elif len(found.points) > 1:
        show.note("No bend lies between the points that were found: draw more of them.")


page()
