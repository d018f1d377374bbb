"""The register of cross-sheet checks: a check is one function with ``@check`` above it, and nothing else to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model.language.faults import Fault
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

Checker = Callable[[Scenario, Places], Iterator[Fault]]


@dataclass(frozen=True)
class Check:
    """One check and the columns, settings (by :attr:`Column.key`) and dimensions it reads.

    ``only_warns``: what it finds is odd but legal, and never keeps anybody from planning.
    """

    function: Checker
    reads: frozenset[str]
    only_warns: bool = False


HORIZON = ("first_year", "last_year", "years_per_period")
"""The settings that say which periods there are."""

CHECKS: list[Check] = []
"""Every check, in the order of its definition."""


def check(*reads: str, only_warns: bool = False) -> Callable[[Checker], Checker]:
    """Registers a check. It is made only where everything it ``reads`` could be read without fault."""

    def register(function: Checker) -> Checker:
        CHECKS.append(Check(function, frozenset(reads), only_warns))
        return function

    return register


def hint(*reads: str) -> Callable[[Checker], Checker]:
    """Registers a check that only ever warns."""
    return check(*reads, only_warns=True)


def some(items: list[str], most: int = 5) -> str:
    """The first few items, and how many more there are."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
