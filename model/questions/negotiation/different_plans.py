"""Modelling to generate alternatives: a handful of plans nearly as good as the best and as different as can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.language.faults import SolverError
from model.language.shown import Shown
from model.questions.time_limit import finished, said_of
from model.solve.engine import Watch
from model.solve.extremes import Field, Region, spending_by_field
from model.solve.lp import Array
from model.solve.plan import Plan

Tell = Callable[[str, float, int], None]

_ROUNDS = 6
"""Steps towards more difference before an alternative is taken as it is."""

_SAME = 1e-4
"""Plans that spend less than this part of the money differently are the same plan."""

_ALLOWED = 1e-6
"""Largest violation of any rule, relative to its own size, in an alternative."""


@dataclass(frozen=True, eq=False)
class Alternative(Shown):
    """One plan nearly as good. ``difference`` is the part of the plan's money that it spends elsewhere (on another member's or
    another capability's account), ``nearest`` the same against the most similar plan found before, ``changes`` spending by
    member and capability before and now, ``broken`` the worst violation of any rule, as the certificate reads it."""

    number: int
    measures: Mapping[str, float]
    difference: float
    nearest: float
    changes: Mapping[Field, tuple[float, float]]
    broken: float
    x: Array


def different_plans(
    region: Region,
    plan: Plan,
    points: Sequence[Array],
    count: int,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> tuple[tuple[Alternative, ...], str]:
    """At most ``count`` plans of the region, each as far as was found from the plan and all before it; and what the time limit of
    ``watch`` left undone, in a sentence.

    Distance is half the money spent differently, by member and capability. Each search starts from the known point (``points``,
    extremes of the region) that is farthest from all plans so far, or from a plan that avoids whatever they spend on
    (hop, skip and jump), and climbs: the distance is convex, so going to the best point of its slope never lowers it.
    """
    assert plan.x is not None
    watch = watch or Watch()
    hunt = _Hunt(
        region, plan.x, points, lambda number: tell(f"different plans: {number} of {count}", 0.0, 0) if tell else None
    )
    done = finished(watch, range(1, count + 1), hunt.next)
    return tuple(found for found in done if found is not None), said_of(len(done), count, "alternatives")


class _Hunt:
    """Plans found so far, and the points to start the search for the next one from."""

    def __init__(self, region: Region, x: Array, points: Sequence[Array], tell: Callable[[int], None]) -> None:
        self.region, self._tell, self._over = region, tell, False
        self.fields, self.spending = spending_by_field(region.problem)
        self.at = [self.spending @ x]
        self.pool = [(self.spending @ point, point) for point in points]
        self.size = float(np.sum(self.at[0])) or 1.0

    def next(self, number: int) -> Alternative | None:
        """One more plan; None where every other one is like a plan found before."""
        if self._over:
            return None
        self._tell(number)
        avoids = (np.sum(self.at, axis=0) > 1e-6 * np.sum(self.at)).astype(float)
        jump = self.region.least(self.spending.T @ avoids).x
        self.pool.append((self.spending @ jump, jump))
        x = self._climbed(max(self.pool, key=lambda point: _nearest(point[0], self.at))[1])
        spent = self.spending @ x
        self.pool.append((spent, x))
        self._over = _nearest(spent, self.at) <= _SAME * self.size
        return None if self._over else self._alternative(number, x, spent)

    def _climbed(self, x: Array) -> Array:
        """A plan at least as far from the nearest plan so far, found along the slope of the summed distance."""
        for _ in range(_ROUNDS):
            spent = self.spending @ x
            slope = np.sum([np.sign(spent - other) for other in self.at], axis=0)
            further = self.region.most(self.spending.T @ slope).x
            if _nearest(self.spending @ further, self.at) <= _nearest(spent, self.at) * (1 + 1e-6):
                return x
            x = further
        return x

    def _alternative(self, number: int, x: Array, spent: Array) -> Alternative:
        changed = {
            f: (float(was), float(now))
            for f, was, now in zip(self.fields, self.at[0], spent, strict=True)
            if abs(now - was) > _SAME * self.size
        }
        apart = _apart(spent, self.at[0]) / self.size, _nearest(spent, self.at) / self.size
        found = _verified(Alternative(number, self.region.measures(x), *apart, changed, self.region.broken(x), x))
        self.at.append(spent)
        return found


def _apart(one: Array, other: Array) -> float:
    return float(np.abs(one - other).sum()) / 2


def _nearest(spent: Array, at: Sequence[Array]) -> float:
    return min(_apart(spent, other) for other in at)


def _verified(found: Alternative) -> Alternative:
    """Raises SolverError for a plan that breaks a rule."""
    if not found.broken <= _ALLOWED:
        raise SolverError(f"Alternative {found.number} breaks a rule by {found.broken:.2g} of its size.")
    return found
