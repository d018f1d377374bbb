"""Proof that no plan keeps all rules: prices under which the rules, added up, ask for more than any plan can give (Farkas 1902)."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from model.certificate.bounds import implied_bounds
from model.certificate.figures import Array
from model.certificate.judge import Labelled, not_finite, other_policies, prices_of
from model.certificate.programme import Programme, Stage, programme
from model.certificate.reading import Reading
from model.certificate.residuals import largest_terms

CLEAR = 1e-9
"""Part of all that the rules ask for, added up at their prices, by which it must exceed what any plan can give: a million times
the rounding of the sums."""


@dataclass(frozen=True)
class Refutation:
    """Whether prices prove that there is no plan. ``margin``: by what part of its own size the sum of all rules asks for more than
    any plan gives; ``failures`` says in plain words why it proves nothing."""

    passed: bool
    margin: float
    tolerance: float = CLEAR
    seconds: float = 0.0
    failures: tuple[str, ...] = ()


def refute(reading: Reading, stage: Stage, duals: Labelled) -> Refutation:
    """Judges prices that are said to prove that no plan keeps the rules and the stage's ceilings.

    ``duals`` as for :func:`judge`: at least 0 on a >= row, at most 0 on a <= row; prices of the wrong sign, and of rows that
    the reading does not have, count for nothing. The bounds of columns need no prices.
    """
    begun = perf_counter()
    p = programme(reading, stage)
    y, _ = prices_of(p, duals)
    faults = [*reading.faults, *other_policies(reading, stage), *not_finite(p, np.zeros(0), y)]
    margin = float("nan") if faults else _margin(p, y)
    if not faults and not margin > CLEAR:
        faults = [
            f"the rules at these prices exceed what a plan can give by {margin:.2g} of their size, needed {CLEAR:.0e}"
        ]
    return Refutation(not faults, margin, seconds=perf_counter() - begun, failures=tuple(faults))


def _margin(p: Programme, y: Array) -> float:
    """What the rules ask for at these prices, less the most that columns within their bounds give, as a part of all terms."""
    with np.errstate(all="ignore"):
        lawful = np.where(p.side > 0, np.minimum(y, 0.0), np.where(p.side < 0, np.maximum(y, 0.0), y))
        asked = p.right * lawful
        bounds = implied_bounds(p, 0.0)
        worth = np.where(p.used, p.matrix.T @ lawful, 0.0)
        dust = _ROUNDING * largest_terms(p, lawful)
        given = np.where(worth > dust, worth * bounds, 0.0)
        size = float(np.abs(asked).sum() + given.sum())
        return float((asked.sum() - given.sum()) / size) if 0 < size < np.inf else -np.inf


_ROUNDING = 1e-14
"""Part of the largest term of a sum that is nothing but its rounding."""
