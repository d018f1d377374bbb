"""Cost sharing: what each way to share the cost charges each member, and whether any group would rather go alone."""

from __future__ import annotations

import streamlit as st

from model.questions.cost_sharing.coalitions import MOST_LISTED
from model.wording import words
from ui import show
from ui.asking import money_step
from ui.cost_sharing import Asked, Shared, shared_costs
from ui.cost_sharing_shown import charges_of_each, groups_table, in_the_core, one_way
from ui.number_field import number_field
from ui.state import Session, current

VOICES = {"gdp": "GDP", "population": "population", "equal": "equal parts"}


def page() -> None:
    """The page."""
    session, top = current(), st.container()
    if len(session.scenario.sets["member"]) < 2:
        with top:
            show.head(
                "How could the cost be shared, and would a group rather go alone?", "There is one member only: it pays."
            )
        return
    question = _question(session)
    if session.ceilings:
        show.note("Ceilings on measures are no part of this: here what is short has its price instead.")
    found = shared_costs(session, question)
    with top:
        show.head(
            "How could the cost be shared, and would a group rather go alone?",
            found.answer if found else _before(session),
        )
    if found is not None:
        _drawn(found)


def _before(session: Session) -> str:
    """What can be said before anything is worked out."""
    spent = session.plan.quantity("discounted_spend")
    most = max(spent, key=lambda member: spent[member])
    return (
        f"As the plan falls, each member bears what it spends, {most} most ({show.money(session.plan, spent[most])}); whether "
        "any group "
        "would rather go alone is found by solving again."
    )


def _question(session: Session) -> Asked:
    """What the reader decides: the value of risk, whose it is, and how long to look."""
    many = len(session.scenario.sets["member"]) > MOST_LISTED
    size, unit = money_step(1000.0, words.currency_of(session.scenario))
    columns = st.columns([2, 2, 1, 1] if many else [1, 1])
    value = number_field(
        columns[0], f"What risk 1 is worth to all together ({unit})", "game value", low=1e-6,
        placeholder="ten times all budgets",
        help="Risk 1 means that nothing of what is required is there. What is short is valued with it, so that every group has a cost.",
    )  # fmt: skip
    voice = columns[1].segmented_control(
        "A member's part in that value goes by", list(VOICES), format_func=lambda name: VOICES[name], default="gdp",
        key="game voice", required=True,
    ) or "gdp"  # fmt: skip
    seconds, samples = 30.0, 0
    if many:
        seconds = number_field(
            columns[2], "Seconds a way", "game seconds", 5, 600, placeholder="30",
            help="How long to look, for each way to share, for a group that would gain by leaving.",
        ) or 30.0  # fmt: skip
        samples = int(number_field(
            columns[3], "Pairs of orders", "game samples", 0, 1000, placeholder="0",
            help="Estimates the Shapley value from so many pairs of random orders; 0 leaves it out, 1 is no sample.",
        ) or 0)  # fmt: skip
    return Asked(None if value is None else value * size, voice, seconds, 0 if samples == 1 else samples)


def _drawn(found: Shared) -> None:
    if found.stopped:
        st.warning(show.escaped(found.stopped))
    charges_of_each(found)
    in_the_core(found)
    one_way(found)
    groups_table(found)
    show.heading("In sentences")
    show.points(found.says)


page()
