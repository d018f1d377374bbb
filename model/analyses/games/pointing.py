"""Which group would gain most by leaving, judged by bounds on what groups cost: the small integer programme of row generation.

Every row u of ``cuts`` says that a group costs at least the sum of u over its members. Under charges x a group gains at most
the least, over the rows, of the sum of x - u over its members; the group for which that is most is looked for.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from model.analyses.games.game import Array
from model.data.faults import SolverError

ENUMERATED = 14
"""Members up to which every group is simply looked at."""

MOST_NODES = 20_000
"""Nodes after which branching stops; the bound is true all the same."""

_SCALE = 1000.0
"""The largest gain in the programme: its solver stops at 1e-6, which is a billionth of it."""

_NONE = 2
"""How the integer programme ends where no group is left."""


def pointed_at(charges: Array, cuts: Array, known: frozenset[bytes] = frozenset()) -> tuple[float, Array | None]:
    """The most that any group not in ``known`` may gain by leaving, and the group (truths) that comes nearest to it.

    ``charges`` has a member an entry, ``cuts`` a bound a row; any unit. Nobody and everybody are no groups; ``known`` are groups as
    bytes of their truths. No group, and minus infinity, where all are known. The bound is true even where the search was cut short.
    """
    gains = charges - cuts
    return _all(gains, known) if gains.shape[1] <= ENUMERATED else _searched(gains, known)


def _all(gains: Array, known: frozenset[bytes] = frozenset()) -> tuple[float, Array | None]:
    n = gains.shape[1]
    groups = ((np.arange(1, (1 << n) - 1)[:, None] >> np.arange(n)) & 1).astype(bool)
    most = (groups @ gains.T).min(axis=1)
    if known:
        most[[group.tobytes() in known for group in groups]] = -np.inf
    best = int(most.argmax())
    return float(most[best]), groups[best] if most[best] > -np.inf else None


def _searched(gains: Array, known: frozenset[bytes] = frozenset()) -> tuple[float, Array | None]:
    """The same by branching: the gain is at most what each row says, and a group differs from each known one in some member."""
    n = gains.shape[1]
    size = (float(np.abs(gains).max()) or 1.0) / _SCALE
    apart = np.array([[-1.0 if inside else 1.0 for inside in np.frombuffer(g, dtype=bool)] for g in sorted(known)])
    apart = apart.reshape(-1, n)
    rules = [
        LinearConstraint(np.c_[-gains / size, np.ones(len(gains))], -np.inf, 0.0),
        LinearConstraint(np.r_[np.ones(n), 0.0][None, :], 1, n - 1),
        LinearConstraint(np.c_[apart, np.zeros(len(apart))], 1.0 - (apart < 0).sum(axis=1), np.inf),
    ]
    done = milp(
        np.r_[np.zeros(n), -1.0],
        integrality=np.r_[np.ones(n), 0.0],
        bounds=Bounds(np.r_[np.zeros(n), -np.inf], np.r_[np.ones(n), np.inf]),
        constraints=rules if len(apart) else rules[:2],
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
    )
    if done.status == _NONE:
        return -np.inf, None
    if done.mip_dual_bound is None:  # however it ended, its bound is true; without one nothing is known
        raise SolverError(f"The most dissatisfied group could not be looked for: {done.message}")
    bound = -float(done.mip_dual_bound) * size
    if done.x is None:
        return bound, None
    group = done.x[:n] > 0.5
    return max(bound, float((gains @ group).min())), group
