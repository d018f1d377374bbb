"""Numbers, money, periods and lists as people write them: the one place that rounds a figure for a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable

from model.scenario.scenario import Scenario

_MILLIONS = (" m", " mn", " mio", " million", " millions")
_FINEST = 6
"""Decimals of a percentage after which two figures count as the same."""
_NOISE = 1e-11
"""A fraction as close as this to 0 or to 1 is that: what is left over is the solver's."""
_STEPS = ((1e6, "tn"), (1e3, "bn"), (1.0, "m"))


def number(value: float, digits: int = 2) -> str:
    """At least ``digits`` significant digits and no needless ones: ``1,240``, ``6.3``, ``0.042``; never ``-0``."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)) + 1e-12))
    said = f"{value:,.{places}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def percent(value: float, places: int | None = None) -> str:
    """A fraction as a percentage: ``63 %``, ``6.3 %``, ``0.04 %``; whole from ten up, except near a hundred."""
    value = next((float(end) for end in (0, 1) if abs(value - end) <= _NOISE), value)
    part = 100 * value
    if places is not None:
        return f"{part:,.{places}f} %"
    if 99 < part < 100:
        return f"{part:.1f} %" if part <= 99.95 else "almost 100 %"
    return f"{number(part)} %" if abs(part) < 10 else f"{part:,.0f} %"


def percents_apart(one: float, other: float) -> tuple[str, str]:
    """Two fractions that are compared, as percentages: with as many digits as it takes to tell them apart; equal only if they are."""
    said = percent(one), percent(other)
    places = 1
    while said[0] == said[1] and places <= _FINEST and abs(one - other) > 0.5 * 10.0 ** (-2 - _FINEST):
        said = percent(one, places), percent(other, places)
        places += 1
    return said


def money(value: float, currency: str) -> str:
    """An amount of the scenario's money: ``4.1 bn USD`` where the label says millions, else number and label."""
    label = currency.strip()
    base = next((label[: -len(end)] for end in _MILLIONS if label.lower().endswith(end)), None)
    if base is None:
        return f"{number(value, 3)} {label}".strip()
    for size, word in _STEPS:
        if abs(value) >= 0.9995 * size or size == 1.0:
            return f"{number(value / size, 3)} {word} {base}".strip()
    return f"{number(value)} {label}"


def billion(currency: str) -> str:
    """A thousand of the scenario's money, which is a billion where the label says millions: ``1 bn USD``."""
    return money(1000.0, currency)


def times(value: float) -> str:
    """How many times as much: ``1.6 times``, ``1.0 times``, ``0.058 times``."""
    return f"{value:.1f} times" if 0.95 <= value < 9.95 else f"{number(value)} times"


def joined(items: Iterable[str], limit: int | None = None) -> str:
    """``A``, ``A and B``, ``A, B and C``; beyond ``limit``, ``A, B and 3 others``."""
    names = list(items)
    if limit is not None and len(names) > limit + 1:
        names = [*names[:limit], f"{len(names) - limit} others"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def period(year: int, step: int) -> str:
    """The years of a period: ``2026``, or ``2026–2027`` where periods are two years long."""
    return str(year) if step == 1 else f"{year}–{year + step - 1}"


def periods(years: Iterable[int], step: int) -> str:
    """Several periods, neighbours joined: ``2026–2029 and 2034–2035``."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and runs[-1][1] + 1 == year:
            runs[-1][1] = year + step - 1
        else:
            runs.append([year, year + step - 1])
    return joined(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def unit_of(scenario: Scenario, capability: str) -> str:
    """What one of a capability is called; ``unit`` where the scenario does not say."""
    return str(scenario.unit.get(capability) or "unit")


def amount(value: float, scenario: Scenario, capability: str) -> str:
    """So many units of a capability: ``4.2 × brigade`` is what a planner can read whatever the unit is called."""
    return f"{number(value)} ({unit_of(scenario, capability)})"


def count(many: int, one: str, several: str = "") -> str:
    """``1 member``, ``3 members``; ``no members`` for none."""
    return f"{many or 'no'} {one if many == 1 else several or one + 's'}"


def capital(text: str) -> str:
    """The sentence with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def currency_of(scenario: Scenario) -> str:
    """The scenario's money, for headers and sentences."""
    return str(scenario.settings["currency"]) or "money"
