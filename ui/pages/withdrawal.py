"""Withdrawal: what is lost when a member leaves, who makes it up, and what it costs to hold risk where it was."""

from __future__ import annotations

import streamlit as st

from ui import show
from ui.asking import without_departures
from ui.departures import Departures, each_in_turn, together
from ui.departures_shown import by_member, one_departure, resilience
from ui.state import Session, current


def page() -> None:
    """The page."""
    session, top = current(), st.container()
    turn, group = st.tabs(["Each in turn", "Several together"], key="withdrawal kind", on_change="rerun")
    with group if group.open else turn:
        answer = _group(session) if group.open else _turn(session)
    with top:
        show.head("Who leaves, and who makes it up?", answer)


def _turn(session: Session) -> str:
    """Every member leaving alone."""
    staying = without_departures(session)
    if len(staying.solved.scenario.sets["member"]) < 2:
        return "There is one member only: nobody can leave."
    found = each_in_turn(staying)
    if found is None:
        return _heaviest(session)
    chosen = by_member(found)
    if chosen:
        one_departure(session, found, chosen)
    resilience(found)
    return found.answer


def _heaviest(session: Session) -> str:
    spent = session.plan.quantity("discounted_spend")
    most = max(spent, key=lambda member: spent[member])
    total = sum(spent.values())
    part = f"{spent[most] / total:.0%}".replace("%", " %") if total else "none"
    return f"{most} bears {part} of all spending; what is lost without it, or without any other, is found by solving again."


def _group(session: Session) -> str:
    """Members leaving together."""
    everybody = session.solved.scenario.sets["member"]
    leaving = st.multiselect(
        "Who leaves together", everybody, key="leaving together", placeholder="choose two or more",
        max_selections=max(1, len(everybody) - 1),
    )  # fmt: skip
    if len(leaving) < 2:
        return "Choose two or more members that leave together; somebody has to stay."
    found: Departures | None = together(without_departures(session), tuple(leaving))
    if found is None:
        return "What is lost without them is found by solving again."
    one_departure(session, found, " and ".join(leaving))
    return found.answer


page()
