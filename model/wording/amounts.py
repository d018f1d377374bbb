"""Figures of measures as a planner says them in a trade-off: points of risk, billions of money."""

from __future__ import annotations

from math import floor, isfinite, log10

from model.language.registry import PARTS
from model.scenario.scenario import Scenario

_MILLIONS = (" m", " mn", " mio", " million", " millions")
_STEPS = ((1e6, "tn"), (1e3, "bn"), (1.0, "m"))

POINT = 0.01
"""A point of risk: one in a hundred."""


def is_money(measure: str) -> bool:
    """Whether a measure is in money; all others are fractions of 1."""
    return PARTS[measure].unit == "money"


def currency_of(scenario: Scenario) -> str:
    """The scenario's money."""
    return str(scenario.settings["currency"]) or "money"


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


def number(value: float, digits: int = 2) -> str:
    """At least ``digits`` significant digits and no needless ones."""
    if value == 0 or not isfinite(value):
        return "0" if value == 0 else str(value)
    places = max(0, digits - 1 - floor(log10(abs(value)) + 1e-12))
    said = f"{value:,.{min(places, 12)}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def money(value: float, currency: str) -> str:
    """An amount of the scenario's money: ``4.1 bn USD`` where the label says millions, else number and label."""
    base = next((currency[: -len(end)] for end in _MILLIONS if currency.lower().endswith(end)), None)
    if base is None:
        return f"{number(value, 3)} {currency}"
    for size, word in _STEPS:
        if abs(value) >= 0.9995 * size or size == 1.0:
            return f"{number(value / size, 3)} {word} {base}"
    return f"{number(value)} {currency}"


def listed(items: list[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
