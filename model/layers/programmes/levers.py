"""The levers of joint programmes: what they cost, what they save, and whether they are opened."""

from __future__ import annotations

from model.scenario.levers.functions import MOST, Target, change_to, scaled
from model.scenario.levers.grammar import lever
from model.scenario.scenario import Scenario


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
