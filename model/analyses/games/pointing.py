"""Which group would gain most by leaving, judged by bounds on what groups cost: the small integer programme of row generation.

Every row u of ``cuts`` says that a group costs at least the sum of u over its members. Under charges x a group gains at most
the least, over the rows, of the sum of x - u over its members; the group for which that is most is looked for.
"""

from __future__ import annotations

import heapq
from itertools import count

import numpy as np
from scipy.optimize import linprog

from model.analyses.games.game import Array
from model.data.faults import SolverError

ENUMERATED = 14
"""Members up to which every group is simply looked at."""

MOST_NODES = 400
"""Linear programmes after which branching stops; the bound is true all the same."""


def pointed_at(
    charges: Array, cuts: Array, known: frozenset[bytes] = frozenset(), enough: float = -np.inf
) -> tuple[float, Array | None]:
    """The most that any group but nobody and everybody may gain by leaving, and the group (truths) that comes nearest to it.

    ``charges`` has a member an entry, ``cuts`` a bound a row; any unit. Groups in ``known`` (truths as bytes) are not pointed
    at; None where no other came up. Below ``enough`` nothing is looked into further. The bound is true even where the search
    was cut short.
    """
    gains = charges - cuts
    if gains.shape[1] <= ENUMERATED:
        bound, group = _all(gains)
        return bound, None if group.tobytes() in known else group
    return _branched(gains, known, enough)


def _all(gains: Array) -> tuple[float, Array]:
    n = gains.shape[1]
    groups = (np.arange(1, (1 << n) - 1)[:, None] >> np.arange(n)) & 1
    most = (groups @ gains.T).min(axis=1)
    best = int(most.argmax())
    return float(most[best]), groups[best].astype(bool)


def _branched(
    gains: Array, known: frozenset[bytes] = frozenset(), enough: float = -np.inf
) -> tuple[float, Array | None]:
    """Best first: the branch with the highest bound is split on the member it is least sure of."""
    n, number, small = gains.shape[1], count(), 1e-9 * float(np.abs(gains).max())
    best, found, fresh = -np.inf, None, -np.inf
    value, point = _relaxed(gains, np.zeros(n), np.ones(n))
    waiting = [(-value, next(number), np.zeros(n), np.ones(n), point)]
    while waiting and next(number) < 3 * MOST_NODES and -waiting[0][0] > max(best, enough) + small:
        _, _, low, high, point = heapq.heappop(waiting)
        for truths in _rounded(point, low, high):
            here = float((gains @ truths).min())
            best = max(best, here)
            if here > fresh and truths.tobytes() not in known:
                fresh, found = here, truths
        at = int(np.abs(point - 0.5).argmin())
        if not 1e-7 < point[at] < 1 - 1e-7:
            continue  # a whole group: just counted
        for side in (0.0, 1.0):
            lower, upper = low.copy(), high.copy()
            lower[at] = upper[at] = side
            if upper.sum() >= 1 and lower.sum() <= n - 1:
                value, there = _relaxed(gains, lower, upper)
                heapq.heappush(waiting, (-value, next(number), lower, upper, there))
    return max([best, *(-branch[0] for branch in waiting)]), found


def _relaxed(gains: Array, low: Array, high: Array) -> tuple[float, Array]:
    """The same with parts of members allowed: a bound, and where it is reached."""
    k, n = gains.shape
    size = float(np.abs(gains).max()) or 1.0
    done = linprog(
        np.r_[np.zeros(n), -1.0],
        A_ub=np.vstack([np.c_[-gains / size, np.ones(k)], np.r_[np.ones(n), 0.0], np.r_[-np.ones(n), 0.0]]),
        b_ub=np.r_[np.zeros(k), n - 1, -1],
        bounds=[*zip(low, high, strict=True), (None, None)],
        method="highs-ds",
    )
    if done.status == 2:
        return -np.inf, low
    if done.status != 0:
        raise SolverError(f"The most dissatisfied group could not be looked for: {done.message}")
    return -float(done.fun) * size, done.x[:n]


def _rounded(point: Array, low: Array, high: Array) -> list[Array]:
    """Whole groups near a point, neither nobody nor everybody."""
    found = [(point > level) & (high > 0.5) | (low > 0.5) for level in (0.2, 0.5, 0.8)]
    return [truths for truths in found if 0 < truths.sum() < len(point)]
