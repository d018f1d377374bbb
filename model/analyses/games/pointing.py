"""Which group would gain most by leaving, judged by bounds on what groups cost: the small integer programme of row generation.

Every row u of ``cuts`` says that a group costs at least the sum of u over its members. Under charges x a group gains at most
the least, over the rows, of the sum of x - u over its members; the group for which that is most is looked for.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from model.analyses.games.game import Array
from model.data.faults import SolverError
from model.solve.engine import Engine, Watch
from model.solve.lp import LP, Block

ENUMERATED = 14
"""Members up to which every group is simply looked at."""

MOST_SECONDS = 30.0
"""Seconds after which the search stops; the bound is true all the same."""

_SCALE, _DONE = 1000.0, 1e-9
"""The solver stops at differences of 1e-6 on this scale: by so much of the largest gain or loss of any member."""


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
    """The same by branch and bound."""
    n, size = gains.shape[1], float(np.abs(gains).max()) or 1.0
    whole = np.r_[np.ones(n, dtype=bool), False]
    answer, gap = Engine().solve_whole(
        _programme(gains / size, known), {"loss": 1.0}, whole, Watch(MOST_SECONDS), gap=0.0
    )
    if answer.status == "infeasible":
        return -np.inf, None
    if answer.status not in ("optimal", "time limit"):
        raise SolverError(f"The most dissatisfied group could not be looked for: {answer.status}.")
    group = answer.x[:n] > 0.5 if np.isfinite(gap) else None
    if answer.status == "time limit" or group is None:
        return float(np.maximum(gains, 0.0).sum(axis=1).min()), group  # what is plain to see
    return max((float(answer.x[n]) + _DONE) * size, float((gains @ group).min())), group


def _programme(gains: Array, known: frozenset[bytes]) -> LP:
    """Whether each member is in, and the gain: at most what each row says. A group differs from each known in some member."""
    k, n = gains.shape
    apart = np.array([[-1.0 if inside else 1.0 for inside in np.frombuffer(g, dtype=bool)] for g in sorted(known)])
    apart = apart.reshape(-1, n)
    rows = np.block(
        [
            [-gains, np.ones((k, 1))],
            [np.ones((1, n)), np.zeros((1, 1))],
            [apart, np.zeros((len(apart), 1))],
        ]
    )
    lower = np.r_[np.full(k, -np.inf), 1.0, 1.0 - (apart < 0).sum(axis=1)]
    upper = np.r_[np.zeros(k), n - 1.0, np.full(len(apart), np.inf)]
    columns = {
        "in": Block("in", ("member",), tuple((i,) for i in range(n)), 0),
        "gain": Block("gain", (), ((),), n),
    }
    return LP(
        columns, {}, ("loss",), sp.csc_array(rows), sp.csr_array(np.r_[np.zeros(n), -1.0][None, :]),
        lower=np.r_[np.zeros(n), -float(n)], upper=np.r_[np.ones(n), float(n)], row_lower=lower, row_upper=upper, bounds={},
        scale=np.array([_SCALE]), whole=np.ones(1), ceilings=np.array([np.inf]), floors=np.array([-np.inf]),
    )  # fmt: skip
