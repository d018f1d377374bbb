"""Which group would gain most by leaving, judged by bounds on what groups cost: the small integer programme of row generation.

Every row u of ``cuts`` says that a group costs at least the sum of u over its members. Under charges x a group gains at most
the least, over the rows, of the sum of x - u over its members; the group for which that is most is looked for. A whole-number solver
is quick to name one, but has been seen to call a lesser one the best. What is proved is therefore reckoned here, by branching: any
weights of the rows bound the gain, whatever a solver says, and tell who must be, or cannot be, in a group that gains more.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from model.language.faults import SolverError
from model.questions.cost_sharing.games.game import Array
from model.solve.engine import Engine, Watch
from model.solve.lp import LP, Block

ENUMERATED = 14
"""Members up to which every group is simply looked at."""

MOST_NODES = 1500
"""Linear programmes after which branching stops; the bound is true all the same."""

_A_LOOK = 40
"""Linear programmes to look for a group beside the solver's."""

MOST_SECONDS = 5.0
"""Seconds for the whole-number solver to name a group."""

_SMALL = 1e-9
"""Differences in gain that are none, as a part of the largest gain or loss of any member."""

Known = frozenset[bytes]
"""Groups that are not to be pointed at, as bytes of their truths."""


def pointed_at(
    charges: Array, cuts: Array, known: Known = frozenset(), enough: float = -np.inf
) -> tuple[float, Array | None]:
    """The most that any group not in ``known`` may gain by leaving, and the group (truths) that comes nearest to it.

    ``charges`` has a member an entry, ``cuts`` a bound a row; any unit. Nobody and everybody are no groups. Below ``enough``
    nothing is looked into further: the bound is then ``enough``. No group where none other came up. The bound is true even where
    the search was cut short.
    """
    gains = charges - cuts
    if gains.shape[1] <= ENUMERATED:
        return _all(gains, known)
    return _Search(gains, known, enough).run()


def named(charges: Array, cuts: Array, known: Known = frozenset()) -> tuple[float, Array | None]:
    """A group not in ``known`` that may gain much by leaving, and how much: mostly the best, found quickly, and nothing proved."""
    gains = charges - cuts
    n, size = gains.shape[1], float(np.abs(gains).max()) or 1.0
    if n <= ENUMERATED:
        return _all(gains, known)
    search = _Search(gains, known)
    search.run(_A_LOOK)
    found = [group for group in (search.found, _by_solver(gains / size, known)) if group is not None]
    if not found:
        return -np.inf, None
    best = max(found, key=lambda group: float((gains @ group).min()))
    return float((gains @ best).min()), best


def _by_solver(gains: Array, known: Known) -> Array | None:
    """The group a whole-number solver calls the best; None where it gives none."""
    n = gains.shape[1]
    whole = np.r_[np.ones(n, dtype=bool), False]
    answer, gap = Engine().solve_whole(_programme(gains, known), {"loss": 1.0}, whole, Watch(MOST_SECONDS))
    group = answer.x[:n] > 0.5
    fit = np.isfinite(gap) and 0 < group.sum() < n and group.tobytes() not in known
    return group if fit else None


def _all(gains: Array, known: Known = frozenset()) -> tuple[float, Array | None]:
    n = gains.shape[1]
    groups = ((np.arange(1, (1 << n) - 1)[:, None] >> np.arange(n)) & 1).astype(bool)
    most = (groups @ gains.T).min(axis=1)
    if known:
        most[[group.tobytes() in known for group in groups]] = -np.inf
    best = int(most.argmax())
    return float(most[best]), groups[best] if most[best] > -np.inf else None


@dataclass(order=True)
class _Branch:
    """Groups that have the members at 1 in ``low`` and lack those at 0 in ``high``: a bound on what they gain, most first."""

    minus_bound: float
    number: int
    low: Array = field(compare=False)
    high: Array = field(compare=False)
    point: Array = field(compare=False)


class _Search:
    """Best first: the branch with the highest bound is split on the member it is least sure of."""

    def __init__(self, gains: Array, known: Known, enough: float = -np.inf) -> None:
        self.size = float(np.abs(gains).max()) or 1.0
        self.gains, self.known, self.enough = gains / self.size, known, enough / self.size
        self.n = gains.shape[1]
        self.best = -np.inf
        self.found: Array | None = None
        self._numbers, self._solved = count(), 0

    def run(self, most_nodes: int | None = None) -> tuple[float, Array | None]:
        """The bound and the group; after so many linear programmes what is known by then."""
        most_nodes = MOST_NODES if most_nodes is None else most_nodes
        waiting: list[_Branch] = []
        self._add(waiting, np.zeros(self.n), np.ones(self.n))
        while waiting and self._solved < most_nodes and -waiting[0].minus_bound > self._least:
            branch = heapq.heappop(waiting)
            at = int(np.abs(branch.point - 0.5).argmin())
            if not 1e-7 < branch.point[at] < 1 - 1e-7 or branch.low[at] == branch.high[at]:
                at = self._open(branch)  # a whole group, known or counted: the others of this branch are looked at
            if at < 0:
                continue
            for side in (0.0, 1.0):
                low, high = branch.low.copy(), branch.high.copy()
                low[at] = high[at] = side
                self._add(waiting, low, high)
        left = [-branch.minus_bound for branch in waiting[:1]]
        return max([self.best, self.enough, *left]) * self.size, self.found

    @property
    def _least(self) -> float:
        """What a branch has to promise to be looked into."""
        return max(self.best, self.enough) + _SMALL

    def _open(self, branch: _Branch) -> int:
        """A member that is not settled in a branch; -1 where all are."""
        free = np.flatnonzero(branch.high > branch.low)
        return int(free[0]) if len(free) else -1

    def _add(self, waiting: list[_Branch], low: Array, high: Array) -> None:
        """A branch, once its bound and what follows from its weights are known; left out where it promises too little."""
        if high.sum() < 1 or low.sum() > self.n - 1:
            return
        self._solved += 1
        bound, point, worth = self._relaxed(low, high)
        for level in (0.2, 0.5, 0.8):
            self._climb((point > level) & (high > 0.5) | (low > 0.5))
        slack, free = bound - self._least, high > low
        if slack > 0:
            low, high = np.where(free & (worth > slack), 1.0, low), np.where(free & (-worth > slack), 0.0, high)
            heapq.heappush(waiting, _Branch(-bound, next(self._numbers), low, high, point))

    def _relaxed(self, low: Array, high: Array) -> tuple[float, Array, Array]:
        """With parts of members allowed: a bound, where it is reached, and what each member is worth by the weights that prove it."""
        k, n = self.gains.shape
        done = linprog(
            np.r_[np.zeros(n), -1.0],
            A_ub=np.c_[-self.gains, np.ones(k)],
            b_ub=np.zeros(k),
            bounds=[*zip(low, high, strict=True), (None, None)],
            method="highs-ds",
        )
        if done.status != 0:
            raise SolverError(f"The most dissatisfied group could not be looked for: {done.message}")
        weights = np.maximum(-done.ineqlin.marginals, 0.0)
        worth = weights / weights.sum() @ self.gains
        return float(np.where(worth > 0, high, low) @ worth), done.x[:n], worth

    def _climb(self, group: Array) -> None:
        """The best group that is reached from one by letting single members in and out; all on the way that are not known count."""
        change, sums = np.where(group, -1.0, 1.0), self.gains @ group
        here = float(sums.min()) if 0 < group.sum() < self.n else -np.inf
        while True:
            if here > self.best and group.tobytes() not in self.known:
                self.best, self.found = here, group.copy()
            after, members = (sums[:, None] + self.gains * change).min(axis=0), group.sum() + change
            after[(members < 1) | (members > self.n - 1)] = -np.inf
            at = int(after.argmax())
            if after[at] <= here + _SMALL:
                return
            here, group, sums = float(after[at]), group.copy(), sums + self.gains[:, at] * change[at]
            group[at], change[at] = not group[at], -change[at]


def _programme(gains: Array, known: Known) -> LP:
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
    columns = {"in": Block("in", ("member",), tuple((i,) for i in range(n)), 0), "gain": Block("gain", (), ((),), n)}
    return LP(
        columns, {}, ("loss",), sp.csc_array(rows), sp.csr_array(np.r_[np.zeros(n), -1.0][None, :]),
        lower=np.r_[np.zeros(n), -float(n)], upper=np.r_[np.ones(n), float(n)],
        row_lower=np.r_[np.full(k, -np.inf), 1.0, 1.0 - (apart < 0).sum(axis=1)],
        row_upper=np.r_[np.zeros(k), n - 1.0, np.full(len(apart), np.inf)], bounds={}, scale=np.array([1000.0]), whole=np.ones(1),
        ceilings=np.array([np.inf]), floors=np.array([-np.inf]),
    )  # fmt: skip
