"""Questions that take many solves, worked out beside the page: at once of a small scenario, by a button of a large one; what
people click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from model.language.faults import SolverError
from model.scenario.levers.edits import Edit
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts, words
from ui import show
from ui.state import Session
from ui.work import failed, long_work

T = TypeVar("T")
Tell = Callable[[str, float, int], None]

SMALL = 5_000
"""Columns of a problem that is solved in a moment: what is asked of it needs no button."""


def asked(
    session: Session, name: str, label: str, says: str, work: Callable[[Problem, Plan, Watch], T], at_once: bool = True
) -> T | None:
    """What many solves say of the plan on screen; None while there is nothing yet, and then a button or its progress is drawn.

    ``name`` tells apart what is asked, parameters included. What goes wrong is said on the page. ``at_once`` false needs the
    button even where the scenario is small.
    """
    why = failed(name)
    if why:
        st.error(show.escaped(why), icon=":material/error:")
    return long_work(session, name, label, says, work, at_once and is_small(session))


def is_small(session: Session) -> bool:
    """Whether the scenario is solved in a moment."""
    return session.base.size["columns"] <= SMALL


def counted(watch: Watch, of: int | None = None) -> Tell:
    """The teller an analysis calls before each of its steps: passes on how many are done, and ends the work when asked to.

    It raises SolverError once the watch is stopped.
    """
    steps = 0

    def tell(what: str, seconds: float, count: int) -> None:
        nonlocal steps
        steps += 1
        if watch.stop.is_set():
            raise SolverError("It was stopped.")
        if watch.progress is not None:
            watch.progress(f"{what}: {steps - 1} of {of} done" if of and steps <= of else what, seconds, count)

    return tell


def quiet(watch: Watch) -> Watch:
    """The same limits, for solvers whose own progress nobody follows because their analysis tells its steps."""
    return Watch(watch.time_limit, stop=watch.stop, begun=watch.begun)


def without_ceilings(session: Session) -> Session:
    """The session as it would be without ceilings: what a front is drawn for, whichever of its points is on screen."""
    return replace(session, ceilings={}, _shown=None) if session.ceilings else session


def without_departures(session: Session) -> Session:
    """The session as it would be if nobody left: what departures are compared with."""
    staying = tuple(edit for edit in session.edits if edit.lever != "withdraw")
    return session if staying == session.edits else replace(session, edits=staying, _shown=None)


def leaves(session: Session, members: Sequence[str]) -> None:
    """Make these departures, and no others, the lever."""
    session.edits = tuple(edit for edit in session.edits if edit.lever != "withdraw")
    session.pull(*(Edit("withdraw", (), member) for member in members))


def clicked(key: str, name: str, column: str) -> Any:
    """The value of ``column`` at the mark that was clicked in the chart ``key`` (its selection ``name``); None for none."""
    state = st.session_state.get(key)
    rows = state.selection.get(name, []) if state is not None else []
    return rows[0].get(column) if rows else None


def titled(name: str) -> str:
    """A name of the code as people read it: ``Worst perceived risk``."""
    return words.capital(name.replace("_", " "))


def money_step(largest: float, currency: str) -> tuple[float, str]:
    """In which steps amounts up to ``largest`` are drawn, in the scenario's money, and what one is called: ``1000, bn USD``."""
    for size in (1e6, 1e3, 1.0):
        number, _, unit = words.money(size, currency).partition(" ")
        if number == "1" and abs(largest) >= size:
            return size, unit
    return 1.0, currency


def measure_step(scenario: Scenario, measure: str, largest: float) -> tuple[float, str]:
    """The same for any measure: risks and other parts of one are drawn in percent."""
    if amounts.is_money(measure):
        return money_step(largest, words.currency_of(scenario))
    return 0.01, "%"


def level(scenario: Scenario, measure: str, value: float) -> str:
    """Where a measure stands, as people write it: ``5.4 %``, ``1.96 tn USD``."""
    return words.money(value, words.currency_of(scenario)) if amounts.is_money(measure) else words.percent(value)
