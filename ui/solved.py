"""Base plans: those of shipped scenarios shared by everybody, those of uploads kept by their session alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from model.data.scenario import Scenario
from model.data.shipped import shipped_scenarios
from model.data.workbook import load
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem

FIRST = os.environ.get("ALLIANCE_FIRST", "nato_2035")
"""The scenario a new session opens with; a server may be given another that ships by the variable ALLIANCE_FIRST."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A scenario with its solved problem and plan."""

    scenario: Scenario
    problem: Problem
    plan: Plan
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What has been worked out of the plan by whoever has it open: frozen results only."""

    def changed(self, scenario: Scenario, off: Iterable[str], ceilings: Mapping[str, float], engine: Engine) -> Problem:
        """The problem of an edited scenario with a solver of its own; many sessions may derive theirs at once."""
        edited = None if scenario is self.scenario else scenario
        return self.problem.changed(scenario=edited, ceilings=ceilings, off=off, engine=engine)


def solve(scenario: Scenario, watch: Watch | None = None) -> Solved:
    """The scenario solved from nothing."""
    problem = Problem(scenario)
    plan = problem.solve(watch=watch)
    if plan.found:
        _ = problem.tie_rule, problem.basis, plan.data, plan.measures
    return Solved(scenario, problem, plan)


@st.cache_resource(show_spinner=False, max_entries=6)
def _shipped(name: str, stamp: float) -> Solved:
    """A shipped scenario, solved once for the whole server; ``stamp`` is the file's time, so that a new file is read anew."""
    return solve(load(shipped()[name].read_bytes(), name))  # by content: no path of the server in what is taken away


def shipped() -> dict[str, Path]:
    """The scenarios that ship, by name."""
    return {path.stem: path for path in shipped_scenarios()}


def solved_shipped(name: str) -> Solved:
    """A shipped scenario, solved; from memory after the first time."""
    return _shipped(name, shipped()[name].stat().st_mtime)
