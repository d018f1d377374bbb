"""Modelling to generate alternatives: a handful of plans nearly as good as the best and as different as can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.data.faults import SolverError
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
class Alternative:
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
    region: Region, plan: Plan, points: Sequence[Array], count: int, tell: Tell | None = None
) -> tuple[Alternative, ...]:
    """At most ``count`` plans of the region, each as far as was found from the plan and all before it.

    Distance is half the money spent differently, by member and capability. Each search starts from the known point (``points``,
    extremes of the region) that is farthest from all plans so far, or from a plan that avoids whatever they spend on
    (hop, skip and jump), and climbs: the distance is convex, so going to the best point of its slope never lowers it.
    """
    assert plan.x is not None
    fields, spending = spending_by_field(region.problem)
    at = [spending @ plan.x]
    pool = [(spending @ x, x) for x in points]
    found: list[Alternative] = []
    for number in range(1, count + 1):
        if tell:
            tell(f"different plans: {number} of {count}", 0.0, 0)
        jump = region.least(spending.T @ (np.sum(at, axis=0) > 1e-6 * np.sum(at)).astype(float)).x
        pool.append((spending @ jump, jump))
        spent, x = max(pool, key=lambda point: _nearest(point[0], at))
        x = _climb(region, spending, at, x)
        spent = spending @ x
        pool.append((spent, x))
        size = float(np.sum(at[0])) or 1.0
        if _nearest(spent, at) <= _SAME * size:
            break
        changed = {
            f: (float(was), float(now))
            for f, was, now in zip(fields, at[0], spent, strict=True)
            if abs(now - was) > _SAME * size
        }
        apart = _apart(spent, at[0]) / size, _nearest(spent, at) / size
        found.append(_verified(Alternative(number, region.measures(x), *apart, changed, region.broken(x), x)))
        at.append(spent)
    return tuple(found)


def _climb(region: Region, spending: Array, at: Sequence[Array], x: Array) -> Array:
    """A plan at least as far from the nearest plan so far, found along the slope of the summed distance."""
    for _ in range(_ROUNDS):
        spent = spending @ x
        slope = np.sum([np.sign(spent - other) for other in at], axis=0)
        further = region.most(spending.T @ slope).x
        if _nearest(spending @ further, at) <= _nearest(spent, at) * (1 + 1e-6):
            return x
        x = further
    return x


def _apart(one: Array, other: Array) -> float:
    return float(np.abs(one - other).sum()) / 2


def _nearest(spent: Array, at: Sequence[Array]) -> float:
    return min(_apart(spent, other) for other in at)


def _verified(found: Alternative) -> Alternative:
    """Raises SolverError for a plan that breaks a rule."""
    if not found.broken <= _ALLOWED:
        raise SolverError(f"Alternative {found.number} breaks a rule by {found.broken:.2g} of its size.")
    return found
