"""Work that takes more than a moment: done beside the page with a solver of its own, with progress, time left and a way to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from model.data.faults import AllianceError
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from ui import show
from ui.state import Session

T = TypeVar("T")
Work = Callable[[Problem, Plan, Watch], T]

AT_ONCE = 2
"""Pieces of long work at a time on the whole server: the others wait their turn."""

MOST_SECONDS = 900.0
"""After which solving an upload or edited tables is given up, so that it does not keep others from their turn."""


UNWATCHED = 120.0
"""Seconds after which long work that nobody looks at gives up its turn."""


@dataclass(eq=False)
class Task:
    """One piece of long work. ``fraction`` is how much is done, where the work can say so."""

    key: str
    stop: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=time.perf_counter)
    said: str = "waiting for its turn"
    fraction: float | None = None
    result: Any = None
    error: str = ""
    done: bool = False
    looked: float = field(default_factory=time.time)
    """When somebody last looked at it."""

    def hear(self, what: str, seconds: float, count: int) -> None:
        """What solvers and analyses call as they go on; "7 of 32" in the text makes it a fraction."""
        self.said = what
        if time.time() - self.looked > UNWATCHED:
            self.stop.set()  # the tab was closed: others wait for the turn
        words = what.split()
        for i in range(1, len(words) - 1):
            if words[i] == "of" and words[i - 1].isdigit() and words[i + 1].strip(",.;:").isdigit():
                self.fraction = min(1.0, int(words[i - 1]) / max(1, int(words[i + 1].strip(",.;:"))))


@st.cache_resource(show_spinner=False)
def _turns() -> threading.Semaphore:
    return threading.Semaphore(AT_ONCE)


def long_work(session: Session, name: str, label: str, says: str, work: Work[T]) -> T | None:
    """The result of long work on the plan on screen, or None while there is none: then a button, or its progress, is drawn.

    ``work`` gets a solved problem with a solver of its own, its plan, and a watch that carries progress and the wish to
    stop. ``name`` tells apart what is asked (parameters included). What is found stays until the plan on screen changes.
    """
    found: T | None = session.known(name)
    if found is not None:
        return found
    key = session.key
    task = session.tasks.get(name)
    if task is not None and task.key != key:
        task.stop.set()
        task = session.tasks.pop(name) and None
    if task is None:
        show.note(says)
        if st.button(show.escaped(label), key=f"start {name}", type="primary"):
            session.tasks[name] = _begin(session, key, work)
            st.rerun()
        return None
    _follow(session, name, task)
    return None


def _begin(session: Session, key: str, work: Work[Any]) -> Task:
    task, problem, turns = Task(key), session.derived(Engine()), _turns()

    def run() -> None:
        watch = Watch(progress=task.hear, stop=task.stop)
        try:
            with turns:
                task.begun = time.perf_counter()
                plan = problem.solve(watch=watch)
                task.result = work(problem, plan, watch) if plan.found and not task.stop.is_set() else None
                task.error = "" if plan.found else plan.message
        except AllianceError as failure:
            task.error = str(failure)
        except Exception as failure:  # a page must say that something went wrong, and never how Python says it
            task.error = f"This could not be worked out ({type(failure).__name__}). Other pages are not affected."
        finally:
            task.done = True

    threading.Thread(target=run, daemon=True).start()
    return task


def begin_beside(session: Session, name: str, work: Callable[[Watch], Any]) -> None:
    """Start long work that has nothing to do with the plan on screen; :func:`beside` draws it and gives what it found."""
    task, turns = Task(""), _turns()
    session.tasks[name] = task

    def run() -> None:
        try:
            with turns:
                task.begun = time.perf_counter()
                watch = Watch(time_limit=MOST_SECONDS, progress=task.hear, stop=task.stop)
                task.result = None if task.stop.is_set() else work(watch)
        except AllianceError as failure:
            task.error = str(failure)
        except Exception as failure:  # as above
            task.error = f"This could not be worked out ({type(failure).__name__}). Other pages are not affected."
        finally:
            task.done = True

    threading.Thread(target=run, daemon=True).start()


def beside(session: Session, name: str) -> Any | None:
    """What work begun by :func:`begin_beside` found, once; while it goes on its progress is drawn, once it failed it says why."""
    why = failed(name)
    if why:
        st.error(show.escaped(why), icon=":material/error:")
    if ("", name) in session.answers:
        return session.answers.pop(("", name))
    if name in session.tasks:
        _follow(session, name, session.tasks[name])
    return None


@st.fragment(run_every=0.6)
def _follow(session: Session, name: str, task: Task) -> None:
    """Progress, time left, and Cancel; looks again by itself."""
    task.looked = time.time()
    if task.done:
        session.tasks.pop(name, None)
        if task.error:
            st.session_state[f"failed {name}"] = task.error
        elif task.result is not None:
            session.learn(task.key, name, task.result)
        st.rerun()
    taken = time.perf_counter() - task.begun
    left = f", about {taken * (1 / task.fraction - 1):.0f} s left" if task.fraction else ""
    st.progress(task.fraction or 0.0, text=show.escaped(f"{task.said} … {taken:.0f} s{left}"))
    if st.button("Cancel", key=f"cancel {name}"):
        task.stop.set()
        session.tasks.pop(name, None)
        st.rerun()


def failed(name: str) -> str:
    """Why the last attempt at some long work gave nothing; said once."""
    return str(st.session_state.pop(f"failed {name}", ""))
