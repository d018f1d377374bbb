"""Figures of measures as a planner says them in a trade-off: points of risk, billions of money."""

from __future__ import annotations

from math import isfinite

from model.language.registry import PARTS
from model.scenario.scenario import Scenario
from model.wording.words import currency_of, joined, money, number

__all__ = [
    "POINT", "currency_of", "is_money", "level", "listed", "money", "named", "number", "price", "price_unit", "step", "unit_of",
]  # fmt: skip

listed = joined

POINT = 0.01
"""A point of risk: one in a hundred."""


def is_money(measure: str) -> bool:
    """Whether a measure is in money; all others are fractions of 1."""
    return PARTS[measure].unit == "money"


def unit_of(scenario: Scenario, measure: str) -> str:
    """A measure's unit as tables print it."""
    return currency_of(scenario) if is_money(measure) else "fraction of 1"


def named(measure: str) -> str:
    """A measure as it is called in a sentence."""
    return measure.replace("_", " ")


def level(scenario: Scenario, measure: str, value: float) -> str:
    """Where a measure stands: ``risk 0.089``, ``cost 14.8 bn USD``."""
    said = money(value, currency_of(scenario)) if is_money(measure) else number(value, 3)
    return f"{named(measure)} {said}"


def step(scenario: Scenario, measure: str, value: float) -> str:
    """So much of a measure: ``4.1 bn USD`` (``of unfairness``), ``2.3 points of risk``."""
    if is_money(measure):
        said = money(value, currency_of(scenario))
        return said if measure == "cost" else f"{said} of {named(measure)}"
    return f"{number(value / POINT)} points of {named(measure)}"


def price(scenario: Scenario, measures: tuple[str, str], value: float) -> str:
    """What a round amount less of the first measure costs in the second: ``a point of risk costs 4.1 bn USD``."""
    first, second = measures
    if not isfinite(value):
        return f"no amount of {named(second)} lowers {named(first)}"
    whole = 1000.0 if is_money(first) else POINT
    what = f"{step(scenario, first, whole)} less" if is_money(first) else f"a point of {named(first)}"
    return f"{what} costs {step(scenario, second, value * whole)}"


def price_unit(scenario: Scenario, measures: tuple[str, str]) -> str:
    """The unit of a price in tables."""
    first, second = measures
    return f"{named(second)} ({unit_of(scenario, second)}) per unit of {named(first)} ({unit_of(scenario, first)})"
