"""The levers of technology: when capabilities ripen, what research and transfers cost, how wide a gap is agreed."""

from __future__ import annotations

from model.scenario.levers.functions import MOST, Target, change_to, scaled
from model.scenario.levers.grammar import OFF, lever
from model.scenario.scenario import Scenario


@lever("year", 1900, 2200)
def available_from(s: Scenario, x: float, capability: Target) -> Scenario:
    """Year from which a capability can be ordered without research, where the workbook gives one."""
    return change_to(s, "available_from", int(x), capability)


@lever("factor", 0.0, MOST, above=True)
def research_cost(s: Scenario, x: float, capability: Target) -> Scenario:
    """What joint research that brings a capability forward costs."""
    return scaled(s, "research_cost", x, capability)


@lever("factor", 0.0, MOST)
def early_orders(s: Scenario, x: float, capability: Target) -> Scenario:
    """Units a year that can be ordered once all of the research is paid."""
    return scaled(s, "early_orders", x, capability)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def technology(s: Scenario, x: float, member: Target) -> Scenario:
    """A member's technology level at the start."""
    return change_to(s, "technology", x, member)


@lever("factor", 0.0, MOST, above=True)
def transfer_cost(s: Scenario, x: float, member: Target) -> Scenario:
    """What raising a member's technology level costs."""
    return scaled(s, "transfer_cost", x, member)


@lever("value", 0.0, 1.0, unit="fraction of 1", words="off")
def technology_limit(s: Scenario, x: float | str) -> Scenario:
    """In the last period no member's technology level is further than this below the best."""
    return s.with_settings(technology_limit=None if x == OFF else x)
