"""Work that takes more than a moment: done beside the page with a solver of its own, with progress, time left and a way to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from model.language.faults import AllianceError, SolverError
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from ui import show
from ui.state import Session, is_open

T = TypeVar("T")
Work = Callable[[Problem, Plan, Watch], T]

AT_ONCE = 2
"""Pieces of long work at a time on the whole server: the others wait their turn."""

MOST_SECONDS = 900.0
"""After which solving an upload or edited tables is given up, so that it does not keep others from their turn."""

MOMENT = 1.0
"""Seconds a page waits for work beside it before it draws how far that is."""

TICK = 0.25
"""Seconds between looks at a lever that is being solved."""

UNWATCHED, ABANDONED = 120.0, 3600.0
"""Seconds after its last tab was closed after which long work gives up its turn: where others wait for one, and in any case."""


class Turns:
    """So many pieces of work at a time; knows whether somebody waits."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self.waiting = 0

    def __enter__(self) -> None:
        self.waiting += 1
        try:
            self._free.acquire()
        finally:
            self.waiting -= 1

    def __exit__(self, *_: object) -> None:
        self._free.release()


@dataclass(eq=False)
class Task:
    """One piece of work beside the page, about what was on screen under ``key``. ``fraction`` is how much is done, where the work
    can say so. It goes on whatever page its people look at, as long as a tab of theirs is open."""

    key: str
    turns: Turns | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=time.perf_counter)
    said: str = "waiting for its turn"
    fraction: float | None = None
    result: Any = None
    error: str = ""
    tabs: set[str] = field(default_factory=set)
    """Tabs in which somebody can see it."""
    looked: float = field(default_factory=time.time)
    """When one of them was last open or used."""

    @property
    def done(self) -> bool:
        """Whether it came to an end, good or bad."""
        return self.ended.is_set()

    def hear(self, what: str, seconds: float, count: int) -> None:
        """What solvers and analyses call as they go on; "7 of 32" in the text makes it a fraction."""
        self.said = what
        self._stop_if_unwatched()
        words = what.split()
        for i in range(1, len(words) - 1):
            if words[i] == "of" and words[i - 1].isdigit() and words[i + 1].strip(",.;:").isdigit():
                self.fraction = min(1.0, int(words[i - 1]) / max(1, int(words[i + 1].strip(",.;:"))))

    def _stop_if_unwatched(self) -> None:
        if any(map(is_open, tuple(self.tabs))):
            self.looked = time.time()
        others_wait = self.turns is not None and self.turns.waiting > 0
        if time.time() - self.looked > (UNWATCHED if others_wait else ABANDONED):
            self.stop.set()

    @property
    def progress(self) -> str:
        """What is being done, for how long, and about how long it will be."""
        taken = time.perf_counter() - self.begun
        left = f", about {taken * (1 / self.fraction - 1):.0f} s left" if self.fraction else ""
        return show.escaped(f"{self.said} … {taken:.0f} s{left}")

    def start(self, work: Callable[[Watch], Any], time_limit: float | None = None) -> Task:
        """Do it in a thread of its own, once it is its turn."""

        def run() -> None:
            try:
                with self.turns or nullcontext():
                    self.begun, self.said = time.perf_counter(), "Solving"
                    watch = Watch(time_limit=time_limit, progress=self.hear, stop=self.stop)
                    self.result = None if self.stop.is_set() else work(watch)
            except AllianceError as failure:
                self.error = str(failure)
            except Exception as failure:  # a page must say that something went wrong, and never how Python says it
                self.error = f"This could not be worked out ({type(failure).__name__}). Other pages are not affected."
            finally:
                self.ended.set()

        threading.Thread(target=run, daemon=True).start()
        return self


@st.cache_resource(show_spinner=False)
def _turns(what: str) -> Turns:
    """The turns of one kind of work: solving a workbook does not wait for other people's analyses."""
    return Turns(AT_ONCE)


def plan_on_screen(session: Session) -> Plan:
    """The plan that the levers ask for. What takes more than a moment shows that it goes on, and can be stopped.

    It is solved beside the page: another lever, or another page, need not wait for it. Raises AllianceError.
    """
    if not session.is_ready:
        task = _solving(session)
        if not task.ended.wait(MOMENT):
            _watch_solving(session, task)
        if task.result is not None and not task.stop.is_set():
            session.show(task.result)
        elif task.error:
            session.fail(task.key, SolverError(task.error))
    _stop_solving(session)  # what was asked before, where that is not on screen any more
    return session.plan


def _solving(session: Session) -> Task:
    """The work on the levers as they are: what goes on already, or begun now in place of what was asked before."""
    task: Task | None = session.solving
    if task is None or task.key != session.key or task.stop.is_set():
        _stop_solving(session)
        asked = replace(session)  # the levers as they are now: the session's own may move on
        task = session.solving = Task(session.key, tabs={session.tab}).start(asked.solve_levers)
    return task


def _stop_solving(session: Session) -> None:
    if session.solving is not None:
        session.solving.stop.set()
        session.solving = None


def _watch_solving(session: Session, task: Task) -> None:
    """Progress and Cancel until it is solved; every drawing lets the server hear what people click meanwhile."""
    place = st.empty()
    with place.container():
        bar = st.progress(0.0)
        st.button("Cancel", key="cancel solving", on_click=_cancel_solving, args=(session,), width="stretch")
    while not task.done:
        task.looked = time.time()
        bar.progress(task.fraction or 0.0, text=task.progress)
        task.ended.wait(TICK)
    place.empty()


def _cancel_solving(session: Session) -> None:
    _stop_solving(session)
    session.back()


def long_work(session: Session, name: str, label: str, says: str, work: Work[T], at_once: bool = False) -> T | None:
    """The result of long work on the plan on screen, or None while there is none: then a button, or its progress, is drawn.

    ``work`` gets a solved problem with a solver of its own, its plan, and a watch that carries progress and the wish to
    stop. ``name`` tells apart what is asked (parameters included). What is found stays, for all who have the same on screen.
    ``at_once`` begins without the button and waits for nobody's turn: for what takes some seconds at most.
    """
    task = session.tasks.get(name)
    if task is not None and task.key != session.key:
        task.stop.set()
        task = session.tasks.pop(name) and None
    if session.known(name) is None and task is None and at_once and (session.key, name) not in session.declined:
        task = session.tasks[name] = _begin(session, name, work, None)
        task.ended.wait(MOMENT)
    found: T | None = session.known(name)
    if found is not None:
        session.tasks.pop(name, None)
    elif task is not None:
        _follow(session, name, task)
    else:
        show.note(says)
        if st.button(show.escaped(label), key=f"start {name}", type="primary"):
            session.tasks[name] = _begin(session, name, work, _turns("analyses"))
            st.rerun()
    return found


def _begin(session: Session, name: str, work: Work[Any], turns: Turns | None) -> Task:
    problem, known = session.derived(Engine()), session.solved.known(session.edits, session.ceilings)

    def run(watch: Watch) -> Any:
        plan = problem.solve(watch=watch)
        if not plan.found:
            raise SolverError(plan.message)
        found = None if watch.stop.is_set() else work(problem, plan, watch)
        if found is not None and not watch.stop.is_set():
            known.learn(name, found)  # there for whoever asks next, whether or not somebody waits for it
        return found

    return Task(session.key, turns, tabs={session.tab}).start(run)


def begin_beside(session: Session, name: str, work: Callable[[Watch], Any]) -> None:
    """Start long work that has nothing to do with the plan on screen; :func:`beside` draws it and gives what it found."""
    session.tasks[name] = Task("", _turns("workbooks"), tabs={session.tab}).start(work, MOST_SECONDS)


def beside(session: Session, name: str) -> Any | None:
    """What work begun by :func:`begin_beside` found, once; while it goes on its progress is drawn, once it failed it says why."""
    why = failed(name)
    if why:
        st.error(show.escaped(why), icon=":material/error:")
    task = session.tasks.get(name)
    if task is None:
        return None
    if task.done and not task.error:
        return session.tasks.pop(name).result
    _follow(session, name, task)
    return None


@st.fragment(run_every=0.6)
def _follow(session: Session, name: str, task: Task) -> None:
    """Progress, time left, and Cancel; looks again by itself."""
    task.looked = time.time()
    if task.done:
        if task.error or task.key:
            session.tasks.pop(name, None)
        if task.error:
            session.declined.add((task.key, name))
            st.session_state[f"failed {name}"] = task.error
        st.rerun()
    st.progress(task.fraction or 0.0, text=show.escaped(task.progress))
    if st.button("Cancel", key=f"cancel {name}"):
        task.stop.set()
        session.declined.add((task.key, name))
        session.tasks.pop(name, None)
        st.rerun()


def failed(name: str) -> str:
    """Why the last attempt at some long work gave nothing; said once."""
    return str(st.session_state.pop(f"failed {name}", ""))
