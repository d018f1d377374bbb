"""The levers of common funding: how much the alliance may own, and what it costs."""

from __future__ import annotations

from model.language.faults import UsageError
from model.scenario.levers.functions import MOST, Target, scaled
from model.scenario.levers.grammar import OFF, lever
from model.scenario.scenario import Scenario


@lever("value", 0.0, 1e6, unit="units", words="off")
def common_limit(s: Scenario, x: float | str, capability: Target) -> Scenario:
    """Largest number of units the alliance may own of a capability on Common funding; off: as many as are worth it."""
    old = s.common_max_stock
    if capability not in (None, *old) or not old:
        raise UsageError(f"the workbook has no common funding of {capability or 'anything'}")
    limit = None if x == OFF else x
    return s.with_values("common_max_stock", {c: limit if capability in (None, c) else old[c] for c in old})


@lever("factor", 0.0, MOST, above=True)
def common_cost(s: Scenario, x: float, capability: Target) -> Scenario:
    """What it costs the alliance to buy and keep a capability on Common funding."""
    return scaled(s, "common_cost_factor", x, capability)
