"""Checks across sheets: what no single cell shows. One small function each, by topic; see :mod:`registry`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from model.language.faults import Fault
from model.layers import gather
from model.scenario.checks import forces, magnitudes, money, scales, weights, years
from model.scenario.checks.registry import CHECKS, Check, check
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

__all__ = ["CHECKS", "Check", "check", "forces", "magnitudes", "money", "run_checks", "scales", "weights", "years"]

gather("checks")  # the layers' register theirs


def run_checks(
    scenario: Scenario,
    places: Places | None = None,
    spoiled: Collection[str] = frozenset(),
    warnings: bool = True,
) -> Iterator[Fault]:
    """The faults all checks find. ``places`` says where values stand, ``spoiled`` which could not be read.

    Without ``warnings``, checks that only warn are left out (others may still warn).
    """
    for registered in CHECKS:
        if (warnings or not registered.only_warns) and registered.reads.isdisjoint(spoiled):
            yield from _guarded(registered, scenario, places or Places())


def _guarded(registered: Check, scenario: Scenario, places: Places) -> Iterator[Fault]:
    """What one check finds; a check that fails is a fault of its own, and all others are made nevertheless."""
    try:
        yield from registered.function(scenario, places)
    except Exception as failure:
        name = registered.function.__name__.replace("_", " ")
        message = (
            f"the check that {name} could not be made ({type(failure).__name__}: {failure}): a defect of the program"
        )
        remedy = "Correct the other faults first. If this one stays, please report it."
        yield Fault("", "", "warning" if registered.only_warns else "error", "", message, remedy)
