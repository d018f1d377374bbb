"""Coverage of a capability: the least over situations, for situations exclude each other and what serves one serves the next.

Within a situation it is taken over its tasks together, which have to be met at the same time; over periods as the function says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.solve.lp import Key
from model.solve.plan import Plan


def by_period(plan: Plan) -> dict[tuple[str, int], float]:
    """By capability and period, every missing unit alike, in the situation in which the period's coverage is least."""
    return _least(plan, lambda capability, year: (capability, year))


def over_horizon(plan: Plan) -> dict[str, float]:
    """By capability over all periods together, in the situation in which that is least."""
    return _least(plan, lambda capability, year: capability)


def _least(plan: Plan, about: Callable[[str, int], Any]) -> dict[Any, float]:
    d = plan.data
    required: dict[tuple[Any, str], float] = {}
    short: dict[tuple[Any, str], float] = {}
    shortfall: dict[Key, float] = plan.quantity("shortfall")
    for (task, capability, year), whole in d.required.items():
        at = about(capability, year), d.situation_of[task]
        required[at] = required.get(at, 0.0) + whole
        short[at] = short.get(at, 0.0) + shortfall[task, capability, year]
    found: dict[Any, float] = {}
    for at, whole in required.items():
        found[at[0]] = min(found.get(at[0], 1.0), 1.0 - short[at] / whole)
    return found
