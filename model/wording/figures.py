"""Figures in the sentences of analyses: plain decimals, and sums that still add up after rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.wording.words import number

_NOISE = 1e-9
"""Figures smaller than this, as printed, are nothing: what is left over is the solver's."""
_NOTHING = 5e-15
"""An amount smaller than this is what the solver leaves over of none."""
_FINEST = 8
"""Decimals after which two figures count as the same."""


def plain(value: float, digits: int = 4) -> str:
    """Significant digits without an exponent and without needless zeros: ``1,240``, ``6.31``, ``0.000423``."""
    return "0" if abs(value) < _NOTHING else number(value, digits)


def apart(one: float, other: float, *others: float, scale: float = 100.0, places: int = 1) -> list[str]:
    """Figures that are compared, with as many decimals as it takes to tell the first two apart: per cent, unless scaled otherwise."""
    values = [0.0 if abs(scale * value) < _NOISE else value for value in (one, other, *others)]
    one, other = values[:2]
    while places < _FINEST and one != other and f"{scale * one:.{places}f}" == f"{scale * other:.{places}f}":
        places += 1
    return [f"{scale * value:,.{places}f}" for value in values]


def goes(what: str, was: float, now: float) -> str:
    """A fraction before and after in per cent: ``risk goes from 5.4 % to 16.9 %``; that it stays where it does."""
    before, after = apart(was, now)
    return f"{what} stays at {before} %" if before == after else f"{what} goes from {before} % to {after} %"


def adding_up(values: Sequence[float], digits: int = 4) -> tuple[list[str], str]:
    """Terms and their total, rounded to the same decimals so that the printed terms sum to the printed total.

    Rounded down first; the last digits still missing go to the terms with the largest remainders.
    """
    total = math.fsum(values)
    largest = max((abs(value) for value in [*values, total]), default=0.0)
    if largest == 0 or not math.isfinite(largest):
        return [plain(value) for value in values], plain(total)
    places = min(14, max(0, digits - 1 - math.floor(math.log10(largest) + 1e-12)))
    units = [value * 10**places for value in values]
    whole = [math.floor(unit) for unit in units]
    missing = round(total * 10**places) - sum(whole)
    order = sorted(range(len(units)), key=lambda i: whole[i] - units[i])
    for i in order[: max(0, missing)]:
        whole[i] += 1
    return [_said(n, places) for n in whole], _said(sum(whole), places)


def _said(units: int, places: int) -> str:
    return f"{units / 10**places:,.{places}f}" if units else "0"


def signed(said: str) -> str:
    """A term of a sum: ``+ 0.12`` or ``- 0.03``."""
    return f"- {said[1:]}" if said.startswith("-") else f"+ {said}"
