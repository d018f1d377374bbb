"""The levers of partners from outside: what they pay and lend, and what they leave to the members."""

from __future__ import annotations

from model.scenario.levers.functions import MOST, Target, change_to, scaled
from model.scenario.levers.grammar import lever
from model.scenario.scenario import Scenario


@lever("factor", 0.0, MOST)
def partner_money(s: Scenario, x: float, partner: Target) -> Scenario:
    """Most a partner pays in a year, where the workbook limits it."""
    return scaled(s, "partner_money", x, partner)


@lever("factor", 0.0, MOST)
def reimbursement(s: Scenario, x: float, partner: Target, capability: Target, task: Target) -> Scenario:
    """What a partner pays a member for each effective unit it contributes."""
    return scaled(s, "reimbursement", x, partner, capability, task)


@lever("factor", 0.0, MOST)
def lending(s: Scenario, x: float, partner: Target, capability: Target, task: Target) -> Scenario:
    """Effective units a partner offers to lend."""
    return scaled(s, "lendable", x, partner, capability, task)


@lever("value", 0.0, 1.0, unit="fraction of 1")
def own_part(s: Scenario, x: float, partner: Target) -> Scenario:
    """Least part of what a partner helps with that members bear themselves."""
    return change_to(s, "members_part", x, partner)
