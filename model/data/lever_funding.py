"""The levers of what members pay for together: common funding and joint programmes."""

from __future__ import annotations

from model.data.faults import UsageError
from model.data.lever_functions import MOST, Target, change_to, scaled
from model.data.lever_grammar import OFF, lever
from model.data.scenario import Scenario


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


@lever("factor", 0.0, MOST)
def development_cost(s: Scenario, x: float, programme: Target) -> Scenario:
    """Cost of developing a joint programme."""
    return scaled(s, "development_cost", x, programme)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def programme_discount(s: Scenario, x: float, programme: Target) -> Scenario:
    """Part of the price of a unit that participants of a joint programme save."""
    return change_to(s, "programme_discount", x, programme)


@lever("word", words="open closed free")
def decision(s: Scenario, x: str, programme: Target) -> Scenario:
    """Opens a joint programme, keeps it closed, or leaves it free for the model to decide."""
    return change_to(s, "decision", x, programme)
