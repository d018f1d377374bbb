"""The side panel: what is open, the difference to the base, the levers, and the what-ifs that were kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st

from model.language.faults import AllianceError, UsageError
from model.language.registry import PARTS, policies
from model.report import brief, rules
from model.scenario.levers.edits import LEVERS, OFF, Edit, Lever, parse_edit, resolved
from model.wording import words
from model.workbook.read.typed_numbers import NotANumber, typed_number
from ui import figures, show
from ui.frames import typed
from ui.number_field import number_field
from ui.solved import shipped, solved_shipped
from ui.state import Session, close
from ui.work import plan_on_screen

T = TypeVar("T")

USUAL = {
    "member": ("budget", "holding"),
    "task": ("requirement", "consequence"),
    "capability": ("requirement", "unit_cost"),
}
"""Levers that stand in the panel without being asked for: those of one member, task and capability, or of all."""

OF_ONE = ("consequence",)
"""Levers of which only ratios count: for all at once they would change nothing."""

ALL = {"member": "All members", "task": "All tasks", "capability": "All capabilities"}


def draw(session: Session) -> None:
    """The whole panel."""
    with st.sidebar:
        _scenario(session)
        _difference(session)
        _levers(session)
        _kept(session)


def _scenario(session: Session) -> None:
    names = list(shipped())
    _follow("scenario chosen", session.source if session.source in names else None)
    chosen = st.selectbox(
        "Scenario", names, key="scenario chosen", placeholder=session.source,
        help="Scenarios that ship. Your own workbook is opened on the page Data.",
    )  # fmt: skip
    if chosen and chosen != session.source:
        with st.spinner(f"Solving {show.escaped(chosen)} …"):
            session.open(chosen, solved_shipped(chosen))
        st.session_state["scenario chosen held"] = chosen  # else the next choice would be taken back


def _difference(session: Session) -> None:
    """The measures on screen against the base: always in view."""
    try:
        plan = plan_on_screen(session)
    except AllianceError as failure:
        st.error(show.escaped(failure), icon=":material/error:")
        return
    if not plan.found:
        st.error(show.escaped(brief.no_plan(plan)), icon=":material/block:")
    else:
        _measures(session)
    if session.is_changed:
        said = "; ".join(
            [
                *(edit.text for edit in session.edits),
                *(f"{name} at most {limit:.4g}" for name, limit in session.ceilings.items()),
            ]
        )
        done = "Solved and proved" if plan.found else "Looked for a plan"
        before = "before, " if session.is_again else ""
        st.caption(show.escaped(f"Changed: {said}. {done} {before}in {session.seconds:.2f} s."))
        if st.button("Back to the base", key="release all", width="stretch"):
            session.release()
            st.rerun()


def _measures(session: Session) -> None:
    for name in ("risk", "cost"):
        now, was = session.plan.measures[name], session.base.measures.get(name, math.nan)
        says = (PARTS[name].rule.__doc__ or "").strip().partition("\n")[0]
        less = True if name == "risk" else None
        figures.of_alliance(session, words.capital(name), now, was, "part" if less else "money", less, says, "stretch")


def _levers(session: Session) -> None:
    st.subheader("Levers")
    shown = set()
    for dimension, names in USUAL.items():
        whose = _whose(session, dimension)
        for lever in map(LEVERS.__getitem__, names):
            targets = _targets(session, lever, dimension, whose)
            # what is asked of all tasks is asked of all capabilities
            if (lever.name, targets) not in shown and (whose or lever.name not in OF_ONE):
                _slider(session, lever, targets)
            shown.add((lever.name, targets))
    for edit in session.edits:
        if (edit.lever, edit.targets) not in shown and edit.lever not in ("withdraw", "rule"):
            _slider(session, LEVERS[edit.lever], edit.targets)
    _members(session)
    _policies(session)
    with st.popover("Another lever", width="stretch", icon=":material/tune:"):
        _another(session)


def _whose(session: Session, dimension: str) -> str:
    """The member, task or capability whose levers stand in the panel; "" for all."""
    names = ["", *session.solved.scenario.sets[dimension]]
    _follow(f"levers of {dimension}", session.whose(dimension))
    chosen = st.selectbox(
        words.capital(dimension), names, key=f"levers of {dimension}", format_func=lambda name: name or ALL[dimension],
        help="Whose levers the next two are. What you change for one of them stays when you go on to another.",
    )  # fmt: skip
    session.looked_at[dimension] = st.session_state[f"levers of {dimension} held"] = chosen
    return chosen


def _targets(session: Session, lever: Lever, dimension: str, name: str) -> tuple[str, ...]:
    """A name of a dimension as the lever's targets: by itself, unless another of its dimensions has the same name."""
    if not name:
        return ()
    place = lever.dimensions.index(dimension)
    alone = resolved(session.solved.scenario, lever, (name,))
    return (name,) if alone[place] == name else (*("*" for _ in lever.dimensions[:place]), name)


def _slider(session: Session, lever: Lever, targets: tuple[str, ...]) -> None:
    """One lever: a factor as a slider in percent, a value as a number, a switch as a switch."""
    now = next((edit.value for edit in session.edits if (edit.lever, edit.targets) == (lever.name, targets)), None)
    name = words.capital(lever.name.replace("_", " ")) + (f": {', '.join(targets)}" if targets else ", all")
    title = show.escaped(name)
    key, says = f"lever {lever.name} {targets}", show.escaped(lever.says)
    chosen: float | bool | str | None
    if lever.kind == "factor":
        part = _follow(key, round(100 * float(now if now is not None else 1.0)))
        chosen = st.slider(title, min(50, part), max(150, part), step=1, format="%d %%", key=key, help=says)
        wanted: float | str | None = now if chosen == part else None if chosen == 100 else chosen / 100
    elif lever.kind in ("switch", "word") and set(lever.words) == {"on", "off"}:
        _follow(key, now != OFF)
        chosen = st.toggle(title, key=key, help=says)
        wanted = "on" if chosen else OFF
    elif isinstance(now, float):
        _follow(key, typed(now))
        number = number_field(st, f"{name} ({lever.unit})", key, help=says)
        wanted, chosen = (now, typed(now)) if number is None else (number, typed(number))
    else:
        return
    if wanted != now:
        st.session_state[f"{key} held"] = chosen
        _pull(session, Edit(lever.name, targets, wanted) if wanted is not None else None, lever.name, targets)


def _follow(key: str, value: T) -> T:
    """Set a control to what holds, where that was changed elsewhere: by a page, a kept what-if, or the way back.

    What the control itself said last is noted under "held", so that a hand still moving it is not pulled back.
    """
    if key not in st.session_state or st.session_state.get(f"{key} held") != value:
        st.session_state[key] = value
    st.session_state[f"{key} held"] = value
    return value


def _pull(session: Session, edit: Edit | None, lever: str, targets: tuple[str, ...]) -> None:
    if edit is None:
        session.release(*(one for one in session.edits if (one.lever, one.targets) == (lever, targets)))
    else:
        try:
            session.pull(edit)
        except UsageError as failure:
            st.error(show.escaped(failure))
            return
    st.rerun()


def _members(session: Session) -> None:
    everybody = session.solved.scenario.sets["member"]
    out = [str(edit.value) for edit in session.edits if edit.lever == "withdraw"]
    if len(everybody) > 1:
        _many(
            session, "members out", "Members that leave", everybody, out,
            lambda name: Edit("withdraw", (), name), lambda edit: edit.lever == "withdraw",
            placeholder="nobody", help="The plan of those who stay, by the same rules.",
        )  # fmt: skip


def _policies(session: Session) -> None:
    """Policies to switch off: those that have a case in this scenario."""
    off = sorted(session.edited.off)
    known = [name for name in policies() if name in off or rules.places_of(session.solved.problem.lp, name)]
    _many(
        session, "policies off", "Policies switched off", known, off,
        lambda name: Edit("rule", (name,), OFF), lambda edit: edit.lever == "rule" and edit.value == OFF,
        placeholder="none", format_func=rules.named,
        help="The plan without these policies. The page Model says what each asks for and what it costs.",
    )  # fmt: skip


def _many(
    session: Session, key: str, label: str, options: Sequence[str], now: list[str], edit: Callable[[str], Edit],
    is_such: Callable[[Edit], bool], **more: Any,
) -> None:  # fmt: skip
    """A list in which several names may be chosen: each an edit, in place of the edits of its kind that there are."""
    _follow(key, now)
    chosen = st.multiselect(show.escaped(label), options, key=key, **more)
    if set(chosen) == set(now):
        return
    before = session.edits
    session.edits = tuple(one for one in before if not is_such(one))
    try:
        session.pull(*map(edit, chosen))
    except UsageError as failure:
        session.edits = before
        st.error(show.escaped(failure))
        return
    st.session_state[f"{key} held"] = chosen
    st.rerun()


def _another(session: Session) -> None:
    """Any lever on any target, chosen from lists, or typed as on the command line."""
    lever = LEVERS[
        st.selectbox("Lever", [name for name, one in LEVERS.items() if one.kind != "name"], key="another lever")
    ]
    st.caption(show.escaped(f"{lever.says} Takes {lever.allowed}."))
    targets = tuple(
        st.selectbox(words.capital(target), _names(session, lever, target), key=f"another {target}")
        for target in lever.targets
    )
    said = st.text_input(
        "Value", "0.9" if lever.kind == "factor" else "", key="another value", help=show.escaped(lever.form)
    )
    if st.button("Pull it", type="primary", key="pull another"):
        inside = f"[{', '.join(targets)}]" if targets else ""
        try:
            session.pull(parse_edit(f"{lever.name}{inside}={_plain(said)}"))
        except (UsageError, NotANumber) as failure:
            st.error(show.escaped(failure))
        else:
            st.rerun()


def _plain(text: str) -> str:
    """A number as a lever reads it, whatever country's notation it was typed in; words and changes in percent as they are.

    Raises NotANumber where a number has two readings.
    """
    if not text.strip()[:1].isdigit() or text.strip().endswith("%"):
        return text
    return f"{typed_number(text):.15g}"


def _names(session: Session, lever: Lever, target: str) -> list[str]:
    dimension = dict(zip(lever.targets, lever.dimensions, strict=True))[target]
    if lever.name == "rule":
        return [*policies()]
    return [*session.solved.scenario.named(dimension)]


def _keep(session: Session) -> None:
    """Keep what is on screen under the name typed, which stays in its field where that cannot be."""
    name = str(st.session_state.get("keep name", "")).strip()
    try:
        if name:
            session.keep(name)
            st.session_state["keep name"] = ""
    except UsageError as failure:
        st.session_state["not kept"] = str(failure)


def _kept(session: Session) -> None:
    st.subheader("What-ifs you keep")
    with st.form("keep", border=False):
        st.text_input("Name what is on screen", key="keep name", placeholder="for example: Canada spends 2.5 %")
        st.form_submit_button("Keep", width="stretch", on_click=_keep, args=(session,))
    if why := st.session_state.pop("not kept", ""):
        st.error(show.escaped(why), icon=":material/error:")
    for name in session.kept_here:
        if st.button(show.escaped(f"Show “{name}”"), key=f"recall {name}", width="stretch"):
            session.recall(name)
            st.rerun()
    if session.kept:
        st.caption("They are compared on the page Scenarios.")
        with st.popover("Forget one", width="stretch"):
            gone = st.selectbox("What-if", list(session.kept), key="what-if to forget")
            if st.button("Forget it", key="forget what-if"):
                session.kept.pop(str(gone), None)
                st.rerun()
    if st.button("Close this session", key="close", width="stretch", help="Forgets everything you opened and kept."):
        close()
        st.rerun()
