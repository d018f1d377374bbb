"""The session: what one person has open, what is on screen, and what was kept. All state of the front end lives here."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.language.faults import AllianceError, Fault, UsageError
from model.language.registry import policies
from model.questions.sweep.runs import SETTLED, distance
from model.scenario.levers.edits import LEVERS, Edit, Edited, apply_edits, whole_names
from model.scenario.scenario import Scenario
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from ui import link
from ui.draft import Draft, Tables, plain_tables
from ui.left import Left
from ui.solved import FIRST, Known, Solved, key_of, shipped, solve, solved_shipped
from ui.uploads import Upload
from ui.visitor import browser

T = TypeVar("T")

MOST_KEPT, MOST_REMEMBERED = 12, 100
MOST_UNDONE, MOST_SOLVED_LEFT = 3, 2
AGE = 2 * 3600.0
"""Seconds after which a session nobody used is forgotten."""

REST, SWEEP = 900.0, 300.0
"""Seconds after which a session gives up what can be worked out again (at the next look where its tab is closed), and between
looks for such sessions."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A what-if under a name: its changes, its plan, and the scenario it belongs to."""

    name: str
    edits: tuple[Edit, ...]
    ceilings: Mapping[str, float]
    scenario: Scenario
    plan: Plan
    opened: str
    """The hash of the workbook it was kept of, as that was opened."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What is on screen: its problem and plan, and the base, levers and ceilings it came of."""

    key: str
    problem: Problem
    plan: Plan
    solved: Solved
    edits: tuple[Edit, ...]
    ceilings: Mapping[str, float]
    again: bool = False
    """Whether the plan was known already, so that nothing was solved."""


@dataclass(eq=False)
class Session:
    """One person's work. ``opened`` is the scenario as it was opened, ``solved`` the one with the tables as edited.

    ``edits`` and ``ceilings`` are what the levers say. :attr:`plan` is the plan on screen: solved when they change, unless
    somebody has solved the same before.
    """

    source: str
    opened: Scenario
    solved: Solved
    edits: tuple[Edit, ...] = ()
    ceilings: Mapping[str, float] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    undone: list[Solved] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()
    draft: Draft | None = None
    left: dict[str, Left] = field(default_factory=dict)
    """By source, scenarios that were worked on and are not open now."""
    browser: str = field(default_factory=lambda: browser())
    """The word of the browser it began in: only there does a reload bring everything back."""
    looked_at: dict[str, str] = field(default_factory=dict)
    """By dimension, the name whose levers stand in the panel; "" for all."""
    uploads: dict[str, Upload] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    """What of the link that opened the session could not be done, until it is dismissed."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    family: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """The same for a session and all its copies: every reload makes one."""
    tab: str = ""
    used: float = field(default_factory=time.time)
    linked: tuple[Any, ...] = ()
    """What the address alone that opened it gives: scenario, levers, ceilings."""
    tasks: dict[str, Any] = field(default_factory=dict)
    declined: set[tuple[str, str]] = field(default_factory=set)
    """Questions, each with what was on screen, that were cancelled or failed: asked again only by their button."""
    solving: Any = None
    """The work that solves the levers as they are, while there is any."""
    _shown: Shown | None = None
    _failed: tuple[str, AllianceError] | None = None
    seconds: float = 0.0
    """How long the plan on screen took, from the change to the proof."""

    @property
    def edited(self) -> Edited:
        """The scenario with the levers as they are, and the policies they switch off. Raises UsageError."""
        return apply_edits(self.solved.scenario, self.edits, policies())

    @property
    def key(self) -> str:
        """What is on screen, in one word: the scenario's hash and the levers."""
        return key_of(self.solved.scenario, self.edits, self.ceilings)

    @property
    def is_open(self) -> bool:
        """Whether the tab it was last used in is still open."""
        return is_open(self.tab)

    @property
    def is_at_rest(self) -> bool:
        """Whether it was left alone so long that it may give up what can be worked out again."""
        return time.time() - self.used > (REST if self.is_open else SWEEP)

    @property
    def is_worked_in(self) -> bool:
        """Whether it holds anything that the address which opened it would not give once more."""
        held = self.kept or self.undone or self.uploads or self.draft
        return bool(held) or self.linked != (self.source, self.edits, self.ceilings)

    @property
    def is_changed(self) -> bool:
        """Whether what is on screen differs from the base."""
        return bool(self.edits or self.ceilings)

    @property
    def base(self) -> Plan:
        """The plan without levers."""
        return self.solved.plan

    @property
    def scenario(self) -> Scenario:
        """The scenario on screen, levers included."""
        return self.plan.scenario

    @property
    def plan(self) -> Plan:
        """The plan on screen, solved where it is not yet. Look at its ``found``."""
        return self._current().plan

    @property
    def problem(self) -> Problem:
        """The problem of the plan on screen, with a solver of its own, solved."""
        shown = self._current()
        if shown.problem.basis is None and shown.plan.found:
            shown.problem.solve(ties=False)  # from the shared base: a tenth of a second where that is on screen
        return shown.problem

    @property
    def is_ready(self) -> bool:
        """Whether the plan on screen is at hand, or why there is none."""
        failed = self._failed is not None and self._failed[0] == self.key
        return failed or self._on_screen is not None or self._known.plan is not None

    @property
    def _on_screen(self) -> Shown | None:
        """What was put on screen last, if it is of these tables and levers."""
        last = self._shown
        return last if last is not None and last.solved is self.solved and last.key == self.key else None

    def _current(self) -> Shown:
        if self._failed is not None and self._failed[0] == self.key:
            raise self._failed[1]
        shown = self._on_screen
        if shown is None:
            shown = self.solve_levers()
            self.show(shown)
        return shown

    def show(self, found: Shown) -> None:
        """Put a solved plan on screen."""
        self._shown, self._failed = found, None
        self.seconds = self.solved.known(found.edits, found.ceilings).seconds

    def fail(self, key: str, why: AllianceError) -> None:
        """Remember why there is no plan of what was on screen under a key."""
        self._failed = key, why

    def solve_levers(self, watch: Watch | None = None) -> Shown:
        """What the levers ask for: a plan that somebody has had already, or one solved now, by a solver of its own."""
        key, known, begun = self.key, self._known, time.perf_counter()
        if known.plan is not None:
            return Shown(key, self.derived(Engine()), known.plan, self.solved, self.edits, dict(self.ceilings), True)
        problem = self._next(Engine())
        plan = problem.solve(watch=watch)
        if plan.found:
            plan = problem.with_alternatives(
                plan, Watch(watch.time_limit, watch.progress, watch.stop) if watch else None
            )
            problem.detach()  # else every plan that was ever on screen would be kept alive
        if plan.status in SETTLED and not (watch and watch.stop.is_set()):
            known.plan, known.seconds = plan, time.perf_counter() - begun
        return Shown(key, problem, plan, self.solved, self.edits, dict(self.ceilings))

    @property
    def is_again(self) -> bool:
        """Whether the plan on screen was known already when it was asked for."""
        return self._current().again

    @property
    def _known(self) -> Known:
        return self.solved.known(self.edits, self.ceilings)

    def _next(self, engine: Engine) -> Problem:
        """The problem to show next, started from whichever is nearer: the base, or what is on screen."""
        last = self._shown
        if (
            last is None
            or last.solved is not self.solved
            or last.ceilings != self.ceilings
            or last.problem.basis is None
            or not distance(last.edits, self.edits) < distance((), self.edits)
        ):
            return self.derived(engine)
        edited = self.edited
        return last.problem.changed(scenario=edited.scenario, off=edited.off, engine=engine)

    def derived(self, engine: Engine) -> Problem:
        """The problem on screen, not yet solved, for a solver of its own: what long work starts from."""
        edited = self.edited
        return self.solved.changed(edited.scenario, edited.off, self.ceilings, engine)

    def answer(self, name: str, work: Callable[[Problem, Plan], T]) -> T:
        """What an analysis says of the plan on screen, worked out once; for work of less than a second or two.

        ``work`` gets the problem as it is at hand: one that needs it solved asks for :attr:`problem`.
        """
        found: T | None = self.known(name)
        if found is None:
            shown = self._current()
            found = work(shown.problem, shown.plan)
            self._known.learn(name, found)
        return found

    def known(self, name: str) -> Any | None:
        """What has been worked out of the plan on screen, by anybody who had it on screen."""
        return self._known.answers.get(name)

    def pull(self, *edits: Edit) -> None:
        """Set levers: each takes the place of the same lever on the same targets. Raises UsageError where that cannot be."""
        whole = (whole_names(self.solved.scenario, edit) for edit in edits)
        kept = {_place(edit): edit for edit in (*self.edits, *whole)}
        apply_edits(self.solved.scenario, kept.values(), policies())
        self.edits = tuple(kept.values())

    def back(self) -> None:
        """Put the levers back to the plan that was last on screen, or to the base."""
        last = self._shown if self._shown is not None and self._shown.solved is self.solved else None
        self.edits, self.ceilings = (last.edits, dict(last.ceilings)) if last else ((), {})

    def release(self, *edits: Edit) -> None:
        """Take levers back; none named: all of them, and the ceilings."""
        self.edits = tuple(edit for edit in self.edits if edit not in edits) if edits else ()
        self.ceilings = self.ceilings if edits else {}

    def whose(self, dimension: str) -> str:
        """The name whose levers stand in the panel: the one chosen last, at first where the base plan has most; "" for all."""
        if self.looked_at.get(dimension) not in ("", *self.solved.scenario.sets[dimension]):
            self.looked_at[dimension] = _with_most(self.base, dimension)
        return self.looked_at[dimension]

    def keep(self, name: str) -> None:
        """Keep what is on screen under a name, numbered where it is taken. Raises UsageError where there are too many."""
        if len(self.kept) >= MOST_KEPT:
            raise UsageError(f"{MOST_KEPT} what-ifs are kept, which is the most: forget one first")
        name = next(one for one in (name, *(f"{name} ({i})" for i in range(2, 2 + MOST_KEPT))) if one not in self.kept)
        self.kept[name] = Kept(name, self.edits, dict(self.ceilings), self.scenario, self.plan, self.opened.hash)

    @property
    def kept_here(self) -> dict[str, Kept]:
        """The kept what-ifs that belong to the workbook on screen."""
        return {name: kept for name, kept in self.kept.items() if kept.opened == self.opened.hash}

    def recall(self, name: str) -> None:
        """Put a kept what-if of this scenario back on screen."""
        self.edits, self.ceilings = self.kept[name].edits, dict(self.kept[name].ceilings)

    def open(self, source: str, solved: Solved) -> None:
        """Go on with another scenario: as it was left, if it was open before. What-ifs that were kept stay, to be compared."""
        self.left[self.source] = Left(
            self.opened, self.solved, self.edits, self.ceilings, self.undone, self.faults, self.draft
        )
        for name in list(self.left)[:-MOST_SOLVED_LEFT]:  # what was typed stays; plans take memory and can be had again
            self.left[name] = replace(self.left[name], solved=None, undone=[])
        self.source, self.opened, self.solved = source, solved.scenario, solved
        self.edits, self.ceilings, self.undone, self.faults, self.draft = (), {}, [], (), None
        last = self.left.pop(source, None)
        if last is not None and last.opened.hash == solved.scenario.hash:
            self.edits, self.ceilings, self.undone, self.draft = last.edits, last.ceilings, last.undone, last.draft
            self._rest_on(last.solved or solved)
            self.faults = last.faults

    def edit_tables(self, scenario: Scenario, watch: Watch | None = None) -> None:
        """Solve edited tables and take them as the new base; see :meth:`take`."""
        self.take(solve(scenario, watch))

    def take(self, solved: Solved, checked: Tables | None = None) -> None:
        """Take edited tables, solved, as the new base. What does not fit them any more among the levers is taken back.

        ``checked`` are the tables that were solved: what was typed since then stays in the draft.
        """
        self.undone = [*self.undone, self.solved][-MOST_UNDONE:]
        self._rest_on(solved)
        if self.draft is not None and checked in (None, self.draft.now):
            self.draft = self.draft.with_tables(plain_tables(solved.scenario))

    def original_tables(self) -> Tables:
        """The tables as the scenario was opened."""
        return plain_tables(self.opened)

    def rest(self) -> None:
        """Give up what can be worked out again: the plan on screen and its solver's memory. Levers and tables stay."""
        self._shown = None

    def undo(self) -> None:
        """Back to the tables before the last edit."""
        if self.undone:
            self._rest_on(self.undone.pop())
            self.draft = self.draft and self.draft.with_tables(plain_tables(self.solved.scenario))

    def _rest_on(self, solved: Solved) -> None:
        self.solved, self.faults = solved, ()
        fitting: list[Edit] = []
        for edit in self.edits:
            try:
                apply_edits(solved.scenario, [*fitting, edit], policies())
                fitting.append(edit)
            except AllianceError:
                continue
        self.edits = tuple(fitting)


_MOST_OF = {"member": ("orders", "cost"), "capability": ("orders", "cost"), "task": ("risks", "part_of_risk")}


def _with_most(plan: Plan, dimension: str) -> str:
    """The member or capability with most money in a plan's orders, the task with most of the risk; the first one without a plan."""
    table, column = _MOST_OF[dimension]
    amounts = plan.table(table).groupby(dimension)[column].sum() if plan.found else pd.Series(dtype=float)
    return max(plan.scenario.sets[dimension], key=lambda name: amounts.get(name, 0.0))


def _place(edit: Edit) -> tuple[object, ...]:
    """What one lever can hold once: who leaves or joins is a list, so each of its names has a place of its own."""
    return edit.lever, edit.targets, edit.value if LEVERS[edit.lever].kind == "name" else None


@st.cache_resource(show_spinner=False)
def _remembered() -> tuple[dict[str, Session], threading.Lock]:
    """Sessions of this server by their secret word, so that a reload finds its own again; old ones go by themselves."""
    memory: dict[str, Session] = {}
    lock = threading.Lock()

    def sweep() -> None:
        while True:
            time.sleep(SWEEP)
            with lock:
                _forget_old(memory)
                resting = [one for one in memory.values() if one.is_at_rest]
                in_use = {id(one.solved) for one in memory.values() if not one.is_at_rest}
            for session in resting:
                session.rest()
                if id(session.solved) not in in_use and not session.solved.ships:
                    session.solved.forget()

    threading.Thread(target=sweep, daemon=True).start()
    return memory, lock


def _forget_old(memory: dict[str, Session]) -> None:
    """Sessions nobody used for long; and where there are too many, those whose tab is closed: first those in which nothing was
    done, then those of whoever left most behind, so that one person's visits end nobody else's session."""
    for token in [token for token, one in memory.items() if time.time() - one.used > AGE]:
        memory.pop(token, None)
    most = Counter(one.family for one in memory.values())
    closed = sorted(
        (one for one in memory.values() if not one.is_open),
        key=lambda one: (one.is_worked_in, -most[one.family], one.used),
    )
    for one in closed[: max(0, len(memory) - MOST_REMEMBERED)]:
        memory.pop(one.token, None)


def is_open(tab: str) -> bool:
    """Whether a browser's tab still has its line to this server."""
    return runtime.exists() and runtime.get_instance().is_active_session(tab)


def _tab() -> str:
    """The tab that this run of the page is for, as the server calls it."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def current() -> Session:
    """The session of this browser tab: the one being worked in, the one a reload left behind, or a new one."""
    if "session" not in st.session_state:
        st.session_state["session"] = _found_again(str(st.query_params.get("s", ""))) or _begin()
    session: Session = st.session_state["session"]
    session.used, session.tab = time.time(), _tab()
    for task in filter(None, (*session.tasks.values(), session.solving)):
        task.looked = session.used
        task.tabs.add(session.tab)
    _remember(session)
    return session


def close() -> None:
    """Forget the session and all it holds, uploads included, and start afresh."""
    session = st.session_state.pop("session", None)
    st.session_state.clear()  # marked copies of uploads and plans that were compared are in it
    memory, lock = _remembered()
    with lock:
        if session is not None:
            memory.pop(session.token, None)
    st.query_params.clear()


def _begin() -> Session:
    """A new session: the first scenario, or what the link asks for; what cannot be had is told, and the rest is there."""
    asked = link.read(st.query_params, shipped(), FIRST)
    solved = solved_shipped(asked.source)
    session = Session(asked.source, solved.scenario, solved, ceilings=asked.ceilings, notices=asked.refused)
    for edit in asked.edits:
        try:
            session.pull(edit)
        except UsageError as failure:
            session.notices += (f"A change in the link was left out: {failure}",)
    session.linked = session.source, session.edits, session.ceilings
    for name in (link.SCENARIO, link.SET, link.CEILING):
        if name in st.query_params:
            del st.query_params[name]
    return session


def durable_link(session: Session, address: str) -> str:
    """A link that opens what is on screen in any session; "" for a workbook that does not ship or edited tables."""
    if session.source not in shipped() or session.solved.scenario is not solved_shipped(session.source).scenario:
        return ""
    return link.written(address, link.Link(session.source, session.edits, session.ceilings))


def _found_again(token: str) -> Session | None:
    """A copy of a session: its own browser gets all of it back, after a reload or in another tab.

    Whoever is sent the address gets the workbook on screen with its edits and the what-ifs kept of it. Other workbooks, what was
    kept of them and scenarios that were left stay behind: they are nobody else's business.
    """
    memory, lock = _remembered()
    with lock:
        session = memory.get(token)
    if session is None:
        return None
    own = session.browser != "" and session.browser == browser()
    return replace(
        session, browser=browser(), left=dict(session.left) if own else {}, undone=list(session.undone),
        kept=dict(session.kept) if own else session.kept_here, looked_at=dict(session.looked_at) if own else {},
        notices=session.notices if own else (),
        used=time.time(), token=secrets.token_urlsafe(16), declined=set(), solving=None, _shown=None,
        tasks={name: task for name, task in session.tasks.items() if task.key},  # those of uploads stay behind as well
        uploads={name: one for name, one in session.uploads.items() if own or name == session.source},
    )  # fmt: skip


def _remember(session: Session) -> None:
    memory, lock = _remembered()
    with lock:
        memory[session.token] = session
        _forget_old(memory)
    if st.query_params.get("s") != session.token:
        st.query_params["s"] = session.token
