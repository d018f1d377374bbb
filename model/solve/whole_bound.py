"""How good any plan in whole units could be: a proved bound from the linear plan's prices.

What members share (requirements, industry) is taken out of the rules and charged at its price in the linear plan. What is left
falls apart into one integer programme for each member, small enough for branch and bound. Whatever the prices, the sum of their
bounds lies below every whole plan (Lagrangian relaxation); it is no lower than the linear plan, which lets members hold fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from model.solve.engine import Basis, Engine, Watch
from model.solve.lp import LP, Array
from model.solve.whole_search import Search

_GAP = 1e-4
_LONGEST = 3.0
_PRICED = "priced"


def least_possible(search: Search, basis: Basis | None, watch: Watch) -> float:
    """A value of the search's weighted objectives that no whole plan can beat; the linear plan's where time is out."""
    lp = replace(search.lp, lower=search.bounds.lower, upper=search.bounds.upper)
    linear = search.solve(lp, basis)
    if linear.status != "optimal":
        return -np.inf
    floor = search.value(linear.x)
    if np.isfinite(lp.ceilings).any():
        return floor
    live = lp.live_rows(search.weights)
    shared = live & _shared(lp, search.owner)
    price = np.where(shared, linear.y, 0.0)
    price[((price > 0) & np.isinf(lp.row_lower)) | ((price < 0) & np.isinf(lp.row_upper))] = 0.0
    at = np.where(price > 0, lp.row_lower, lp.row_upper)
    total = float(price[price != 0] @ at[price != 0])
    parts = list(_parts(lp, search.cost - lp.A.T @ price, live & ~shared, search.owner))
    for i, (part, mine) in enumerate(parts):
        seconds = min(_LONGEST, watch.left / (len(parts) - i))
        total += _part_bound(part, mine & _places(search.whole, len(mine)), Watch(seconds, stop=watch.stop))
    return max(floor, total) if np.isfinite(total) else floor


def _shared(lp: LP, owner: Array) -> Array:
    """The rows of A in which columns of more than one owner stand."""
    own = sp.csr_array((np.ones(len(owner)), (np.arange(len(owner)), owner + 1)))
    return np.asarray(((abs(lp.A) @ own) > 0).sum(axis=1)).ravel() > 1


def _places(whole: Array, size: int) -> Array:
    chosen = np.zeros(size, dtype=bool)
    chosen[whole] = True
    return chosen


def _parts(lp: LP, cost: Array, own: Array, owner: Array) -> Iterator[tuple[LP, Array]]:
    """The problem of each owner alone at given costs of columns, with the rows ``own`` that nobody shares; and its columns."""
    uses = abs(lp.A)
    for one in np.unique(owner):
        mine = owner == one
        kept = own & ((uses @ mine.astype(float)) > 0)
        yield (
            replace(
                lp,
                rows={},
                measures=(_PRICED,),
                K=sp.csr_array((cost * mine)[None, :]),
                lower=np.where(mine, lp.lower, 0.0),
                upper=np.where(mine, lp.upper, 0.0),
                row_lower=np.where(kept, lp.row_lower, -np.inf),
                row_upper=np.where(kept, lp.row_upper, np.inf),
                scale=np.ones(1),
                whole=np.ones(1),
                ceilings=np.full(1, np.inf),
                floors=np.full(1, -np.inf),
            ),
            mine,
        )


def _part_bound(part: LP, whole: Array, watch: Watch) -> float:
    """What this owner's part of the objective cannot fall below: by branch and bound, or by its linear programme."""
    weights, cost = {_PRICED: 1.0}, part.K.toarray()[0]
    if not (
        np.isfinite(part.row_lower) | np.isfinite(part.row_upper)
    ).any():  # nothing for a solver: each column at its cheaper end
        ends = np.where(cost > 0, part.lower, part.upper)
        return float(cost[cost != 0] @ ends[cost != 0])
    linear = Engine().solve(part, weights)
    if linear.status != "optimal":
        return -np.inf
    least = float(cost @ linear.x)
    if not whole.any() or watch.left <= 0:
        return least
    answer, gap = Engine().solve_whole(part, weights, whole, watch, gap=_GAP)
    if answer.status not in ("optimal", "time limit") or not np.isfinite(gap):
        return least
    value = float(cost @ answer.x)
    return max(least, value - gap * abs(value))
