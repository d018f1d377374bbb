"""The register of cross-sheet checks: a check is one function with ``@check`` above it, and nothing else to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model.data.faults import Fault
from model.data.ledger import Places
from model.data.scenario import Scenario

Checker = Callable[[Scenario, Places], Iterator[Fault]]


@dataclass(frozen=True)
class Check:
    """One check and the columns, settings (by :attr:`Column.key`) and dimensions it reads."""

    function: Checker
    reads: frozenset[str]


CHECKS: list[Check] = []
"""Every check, in the order of its definition."""


def check(*reads: str) -> Callable[[Checker], Checker]:
    """Registers a check. It is made only where everything it ``reads`` could be read without fault."""

    def register(function: Checker) -> Checker:
        CHECKS.append(Check(function, frozenset(reads)))
        return function

    return register


def some(items: list[str], most: int = 5) -> str:
    """The first few items, and how many more there are."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
