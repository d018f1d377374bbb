"""Model: the rules in words and equations; policies switched on and off; what each holds back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from model.formulation.equations import TOPICS, kind_of, printed, typed_into
from model.language.columns import DIMENSIONS
from model.language.names import normalised_heading
from model.language.registry import Part
from model.report import rules
from model.report.charts.rules import worth_of_policies
from model.report.rules import Policy
from model.scenario.levers.edits import OFF, Edit
from model.wording import words
from ui import show
from ui.state import Session, current

ASKED, LIMITS = "says what is asked", "limits how it is met"
ALL, POLICIES = "Everything", "Policies"


def page() -> None:
    """The page."""
    session = current()
    plan = session.plan
    found = (
        session.answer("policies", lambda problem, plan: rules.policies(plan)) if plan.found else rules.policies(plan)
    )
    show.head("Which rules shape the plan, and what does each policy cost?", rules.answer(plan))
    if plan.found:
        _picture(session, found)
    _table(session, found)
    _switches(session, found)
    _book()


def _picture(session: Session, found: list[Policy]) -> None:
    binding = [one for one in found if one.binds and one.worth > 0]
    measure = rules.measure_priced(session.plan)
    if not binding:
        st.info(
            show.escaped(f"No policy binds: more room in none of them would lower {measure}."), icon=":material/info:"
        )
        return
    frame = pd.DataFrame({
        "policy": [one.name for one in binding],
        "worth": [one.worth for one in binding],
        "binds": [one.binds for one in binding],
        "places": [one.places for one in binding],
        "where": [one.where for one in binding],
        "says": [one.part.says for one in binding],
        "kind": [ASKED if one.part.asks else LIMITS for one in binding],
    })  # fmt: skip
    st.altair_chart(
        worth_of_policies(frame, measure),
        width="stretch",
        alt=f"Policies by how much {measure} would fall if each were wider.",
    )
    show.note(
        f"By how much {measure} would fall, at most, if every limit of a policy were one per cent wider: read from the prices of "
        "the plan, so for small changes only. Switch a policy off below to see what it costs in all."
    )


def _table(session: Session, found: list[Policy]) -> None:
    measure = rules.measure_priced(session.plan) if session.plan.found else "risk"
    found = sorted(found, key=lambda one: (-one.worth, one.state != rules.IN_FORCE, one.state != rules.OFF))
    frame = pd.DataFrame({
        "policy": [one.name for one in found],
        "state": [one.state for one in found],
        "places": [one.places for one in found],
        "binds at": [one.binds for one in found],
        f"fall in {measure} with 1 % more room": [100.0 * one.worth for one in found],
        "binds most at": [one.where for one in found],
        "says": [one.part.says for one in found],
    })  # fmt: skip
    show.table(frame, {f"fall in {measure} with 1 % more room": "% of its value"}, key="policies", decimals=3)
    show.note(
        "Places: how many limits the policy sets (a member in a period, a contribution to a task …). It binds where a little more "
        "room would help; a policy that “says nothing here” has no case in this scenario."
    )


def _switches(session: Session, found: list[Policy]) -> None:
    show.heading("Switch policies on and off")
    show.note("The plan is solved anew without the policy; the side panel shows the difference to the base.")
    off = {normalised_heading(name) for name in session.edited.off}
    columns = st.columns(2)
    for at, one in enumerate(one for one in found if one.state != rules.UNUSED):
        key = f"policy {one.part.name}"
        st.session_state[key] = normalised_heading(one.part.name) not in off
        with columns[at % 2]:
            st.toggle(
                show.escaped(one.name), key=key, on_change=_switch, args=(session, one.part.name, key),
                help=show.escaped(one.part.says),
            )  # fmt: skip
            show.note(_price(session, one))
    if unused := [one.name for one in found if one.state == rules.UNUSED]:
        show.note(
            f"Without a case in this scenario: {words.joined(unused)}. Their source, below, says which sheet or setting makes one."
        )


def _price(session: Session, one: Policy) -> str:
    if one.state == rules.OFF or not session.plan.found:
        return f"{one.state.capitalize()}; {one.places:,} places."
    measure = rules.measure_priced(session.plan)
    worth = f"; 1 % more room: {measure} falls by up to {100 * one.worth:.3g} % of its value" if one.binds else ""
    return f"Binds at {one.binds:,} of {one.places:,} places{worth}."


def _switch(session: Session, rule: str, key: str) -> None:
    """What the switch says, done: before the page is drawn again."""
    same = [
        e for e in session.edits if e.lever == "rule" and normalised_heading(e.targets[0]) == normalised_heading(rule)
    ]
    if same:
        session.release(*same)
    if not st.session_state[key]:
        session.pull(Edit("rule", (rule,), OFF))


def _book() -> None:
    """Every part of the formulation: its sentence, equation, unit and source."""
    show.heading("The model in words and equations")
    left, right = st.columns([2, 1])
    names = [POLICIES, "Measures", *TOPICS.values(), ALL]
    chosen = left.selectbox("What to show", names, key="model topic")
    wanted = (
        right.text_input("Search", key="model search", placeholder="a word, for example: budget").strip().casefold()
    )
    some = [part for part in printed() if _belongs(part, str(chosen)) and wanted in _text(part)]
    letters = ", ".join(f"{letter} {name}" for name, letter in DIMENSIONS.items() if letter)
    show.note(
        f"Indices: {letters}. Money is in millions of the scenario's currency; a period is named by its first year."
    )
    if not some:
        st.info("Nothing in this part of the model has that word. Try “Everything”.", icon=":material/search_off:")
    columns = st.columns(2)
    for at, part in enumerate(some):
        with columns[at % 2]:
            _entry(part)


def _belongs(part: Part, chosen: str) -> bool:
    if chosen == POLICIES:
        return part.may_bend
    if chosen == "Measures":
        return part.kind == "measure"
    return chosen in (ALL, TOPICS.get(part.topic))


def _text(part: Part) -> str:
    return f"{part.name.replace('_', ' ')} {part.says} {part.remark} {part.source}".casefold()


def _entry(part: Part) -> None:
    with st.container(border=True):
        st.markdown(f"**{show.escaped(rules.named(part.name))}** · {show.escaped(kind_of(part))}")
        st.markdown(show.escaped(part.says))
        if part.equation:
            st.latex(part.equation)
        index = f"for each {', '.join(part.index)}" if part.index else "one for the whole alliance"
        told = [f"Unit: {part.unit}", index, *([f"typed into: {where}"] if (where := typed_into(part)) else [])]
        told += [f"source: {part.source}"] if part.source else []
        show.note("; ".join(told) + "." + (f" {part.remark}" if part.remark else ""))
        if part.symbol:
            st.markdown(f"Symbol: ${part.symbol}$")
        if part.supports:
            show.note(f"Used for: {', '.join(rules.named(name) for name in part.supports)}.")


page()
