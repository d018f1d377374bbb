"""The levers of industry: what suppliers can make, and what must come back to members' own."""

from __future__ import annotations

from model.scenario.levers.functions import MOST, Target, change_to, scaled
from model.scenario.levers.grammar import lever
from model.scenario.scenario import Scenario


@lever("factor", 0.0, MOST)
def supplier_limit(s: Scenario, x: float, capability: Target) -> Scenario:
    """Units the suppliers of a capability can make in a year, where the workbook limits them."""
    return scaled(s, "supplier_limit", x, capability)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def juste_retour(s: Scenario, x: float, member: Target) -> Scenario:
    """Least part of what a member spends on acquisition that must come back to its own industry, where the workbook asks for one."""
    return change_to(s, "juste_retour", x, member)
