"""Base plans: those of shipped scenarios shared by everybody, those of uploads kept by their session alone."""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import streamlit as st

from model.language.cached import cached_property
from model.questions.sweep.runs import SETTLED
from model.scenario.levers.edits import Edit
from model.scenario.scenario import Scenario
from model.scenario.shipped import shipped_scenarios
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.workbook.read.load import load

FIRST = os.environ.get("ALLIANCE_FIRST", "nato_2035")
"""The scenario a new session opens with; a server may be given another that ships by the variable ALLIANCE_FIRST."""


MOST_PLANS, MOST_ANSWERS = 24, 40
"""Plans of what-ifs remembered of one scenario (some 10 MB each for NATO), and answers about each."""


@dataclass(eq=False)
class Known:
    """What has been worked out of one set of levers: the plan, the seconds it took, and answers about it; frozen results only."""

    plan: Plan | None = None
    seconds: float = 0.0
    answers: dict[str, Any] = field(default_factory=dict)

    def learn(self, name: str, found: Any) -> None:
        """Keep an answer; the oldest goes where there are too many."""
        while len(self.answers) >= MOST_ANSWERS:
            self.answers.pop(next(iter(self.answers)), None)
        self.answers[name] = found


@dataclass(frozen=True, eq=False)
class Solved:
    """A scenario with its solved problem and plan, and what is known of its what-ifs: the same for all who have it open.

    It lives as long as somebody has it open, and everything known with it; nobody gets at it but by the same scenario.
    """

    scenario: Scenario
    problem: Problem
    plan: Plan
    ships: bool = False
    _what_ifs: dict[str, Known] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self, scenario: Scenario, off: Iterable[str], ceilings: Mapping[str, float], engine: Engine) -> Problem:
        """The problem of an edited scenario with a solver of its own; many sessions may derive theirs at once."""
        edited = None if scenario is self.scenario else scenario
        return self.problem.changed(scenario=edited, ceilings=ceilings, off=off, engine=engine)

    @cached_property
    def base(self) -> Known:
        """What is known of the plan without levers."""
        return Known(self.plan)

    def known(self, edits: Iterable[Edit], ceilings: Mapping[str, float]) -> Known:
        """What is known of some levers, for everybody to add to; what nobody asked for longest goes where there is too much."""
        key = key_of(self.scenario, edits, ceilings)
        if key == key_of(self.scenario, (), {}):
            return self.base
        with self._lock:
            found = self._what_ifs[key] = self._what_ifs.pop(key, Known())
            while len(self._what_ifs) > MOST_PLANS:
                self._what_ifs.pop(next(iter(self._what_ifs)))
        return found

    def forget(self) -> None:
        """Give up what is known of what-ifs."""
        with self._lock:
            self._what_ifs.clear()


def key_of(scenario: Scenario, edits: Iterable[Edit], ceilings: Mapping[str, float]) -> str:
    """What is on screen, in one word: the scenario's hash and the levers."""
    said = [scenario.hash, *(edit.text for edit in edits), *map(str, sorted(ceilings.items()))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


_OPEN: weakref.WeakValueDictionary[str, Solved] = weakref.WeakValueDictionary()
"""Scenarios that somebody has open, by all that their workbooks say."""


def solve(scenario: Scenario, watch: Watch | None = None) -> Solved:
    """The scenario solved from nothing; where somebody has the very same one open, solved already, it is that one."""
    said = repr([getattr(scenario, part.name) for part in fields(scenario)])  # names, sources and cells as well
    word = hashlib.sha256(said.encode()).hexdigest()
    found = _OPEN.get(word)
    if found is None:
        found = _solved(scenario, watch)
        if found.plan.status in SETTLED:
            _OPEN[word] = found
    return found


def _solved(scenario: Scenario, watch: Watch | None = None, ships: bool = False) -> Solved:
    problem = Problem(scenario)
    plan = problem.solve(watch=watch)
    if plan.found:
        plan = problem.with_alternatives(plan, Watch(watch.time_limit, watch.progress, watch.stop) if watch else None)
        _ = problem.tie_rule, problem.basis, plan.data, plan.measures
    return Solved(scenario, problem, plan, ships)


@st.cache_resource(show_spinner=False, max_entries=6)
def _shipped(name: str, stamp: float) -> Solved:
    """A shipped scenario, solved once for the whole server; ``stamp`` is the file's time, so that a new file is read anew."""
    # by content: no path of the server in what is taken away
    return _solved(load(shipped()[name].read_bytes(), name), ships=True)


def shipped() -> dict[str, Path]:
    """The scenarios that ship, by name."""
    return {path.stem: path for path in shipped_scenarios()}


def solved_shipped(name: str) -> Solved:
    """A shipped scenario, solved; from memory after the first time."""
    return _shipped(name, shipped()[name].stat().st_mtime)
