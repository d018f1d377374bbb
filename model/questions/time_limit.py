"""When the time for an analysis is up: what is finished stays, what is not is left out, and a sentence says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from model.language.faults import SolverError
from model.solve.engine import Watch
from model.solve.plan import Plan

Item = TypeVar("Item")
Done = TypeVar("Done")

TIME_LIMIT = "time limit"
"""The status of a plan whose solve was cut short."""

_NOTHING = 0.02
"""Seconds that are no time left: the solver's clock and ours need not agree to the last millisecond."""


def out_of_time(watch: Watch) -> bool:
    """Whether the time of a watch is up."""
    return watch.left <= _NOTHING


def finished(watch: Watch, items: Iterable[Item], do: Callable[[Item], Done], keeps_parts: bool = False) -> list[Done]:
    """What ``do`` gives for each item in turn, until the time is up: fewer results than items mean that it was.

    An item under way when the time is up is not finished, whatever came of it: its plan may be proved best and its ties not
    yet broken. But where each ``keeps_parts``, by looking at the same watch, what it gives counts. Any SolverError before that
    is the caller's.
    """
    done: list[Done] = []
    for item in items:
        if out_of_time(watch):
            break
        try:
            found = do(item)
        except SolverError:
            if not out_of_time(watch):
                raise
            break
        if out_of_time(watch) and not keeps_parts:
            break
        done.append(found)
    return done


def in_time(plan: Plan) -> Plan:
    """The plan, or none, of a solve that was not cut short. Raises SolverError for one that was."""
    if plan.status == TIME_LIMIT:
        raise SolverError(plan.message)
    return plan


def said_of(done: int, asked: int, what: str) -> str:
    """The sentence on an analysis that was cut short: ``what`` (departures, levers ...) in the plural; empty where all is done."""
    if done >= asked:
        return ""
    return f"The time limit was reached: {done} of {asked} {what} are finished, and only these are shown."
