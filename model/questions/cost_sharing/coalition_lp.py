"""The programme of any group of members, made from the alliance's by arrays: a group is the alliance with everybody else's part gone.

Columns and rows keep their labels and places, so that one group's basis starts another's. Groups are solved by size: a group
starts from the basis of itself without its last member, and that member's part from the basis of another group that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.core.data import Data
from model.core.holdings import industry_keeps_up
from model.core.requirements import gap_is_seen
from model.language.faults import SolverError
from model.solve.engine import Answer, Basis, Engine, Watch
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, Block

EXACT = 1e-6
"""How far a group's cost may lie from the bound its own prices prove, as a part of it."""

LITTLE = 0.1
"""Size (units, money) below which a row's terms count as this much when it is judged whether its limit is kept."""

LARGE_GROUP = 50_000
"""Non-zeros up to which dual simplex is the quickest for a group (measured on groups of 3, 10, 20 and 31 members of NATO)."""

INDUSTRY = industry_keeps_up.__name__
GAPS = gap_is_seen.__name__
"""A rule with a member in its index that speaks of what a task lacks, and not of what the member owns."""


@dataclass(frozen=True, eq=False)
class GroupAnswer:
    """The least cost of a group (money), the money-valued prices that prove it, and the basis the solve ended with.

    ``multipliers`` by row and ``reduced`` by column of the group's programme ``lp``, per unit of their limits.
    """

    cost: float
    lp: LP
    x: Array
    multipliers: Array
    reduced: Array
    basis: Basis | None


class GroupLP:
    """The alliance's programme, ready to be cut down to any group. Members are numbered as in ``members``."""

    def __init__(self, lp: LP, d: Data, value: float) -> None:
        self.lp, self.members = lp, tuple(d.sets["member"])
        at = {member: i for i, member in enumerate(self.members)}
        self.column_owner = _owners(lp.columns.values(), lp.A.shape[1], at)
        rows = (block for block in lp.rows.values() if block.name != GAPS)
        self.row_owner = _owners(rows, lp.A.shape[0], at)
        self.industry = industry_parts(d)
        self.wanted = wanted_by(d)
        self.losses = value * _losses(lp, d, self.wanted)
        self.spending = np.asarray(lp.K[[lp.measure("cost")]].toarray())[0]
        self._column_of = np.repeat(np.arange(lp.A.shape[1]), np.diff(lp.A.indptr))
        self._unit = float(lp.scale[lp.measure("cost")])

    def of(self, group: Array) -> LP:
        """The programme of a group (a truth for each member): others own, hold, order and give nothing."""
        lp, here = self.lp, np.r_[group, True]  # the last: what belongs to nobody in particular
        columns, rows = here[self.column_owner], here[self.row_owner]
        A, K = lp.A.copy(), lp.K.copy()
        A.data = np.where(columns[self._column_of], A.data, 0.0)
        A.eliminate_zeros()
        K.data = np.where(columns[K.indices], K.data, 0.0)
        row_upper = np.where(rows, lp.row_upper, np.inf)
        if INDUSTRY in lp.rows:
            row_upper[lp.rows[INDUSTRY].places] *= self.industry[group].sum()
        return replace(lp, A=A, K=K, row_lower=np.where(rows, lp.row_lower, -np.inf), row_upper=row_upper)

    def solve(
        self, engine: Engine, group: Array, start: Basis | None = None, watch: Watch | None = None
    ) -> GroupAnswer:
        """The least cost of a group: what it spends, and the loss it is left with at the stated value.

        Raises SolverError where the solver was stopped, or its answer is not borne out by its own prices.
        """
        lp, loss = self.of(group), self.losses[group].sum(axis=0)
        method = "dual simplex" if start is not None else _cold(lp)
        answer = engine.solve(lp, {"cost": 1.0}, start, method, watch, extra=self._unit * loss)
        if answer.status != "optimal":
            raise SolverError(f"The cost of a group could not be settled: {answer.status}.")
        found = self._found(lp, answer, loss)
        if not proved(found):
            raise SolverError("The cost of a group is not borne out by its prices.")
        return found

    def producers(self, engine: Engine, answer: GroupAnswer, group: Array, watch: Watch | None = None) -> Array | None:
        """What each member outside the group would make of its forces at the group's prices: its spending less what it earns.

        By member, money, 0 for those inside; None where prices leave it without a bound.
        """
        outside = ~group
        lp = self.of(outside)
        shared = [name for name in lp.rows if name == GAPS or "member" not in lp.rows[name].index]
        earned = np.zeros(lp.A.shape[0])
        for name in shared:
            earned[lp.rows[name].places] = answer.multipliers[lp.rows[name].places]
        aim = np.where(self.column_owner >= 0, -(self.lp.A.T @ earned), 0.0)
        aim = np.where(np.r_[outside, False][self.column_owner], aim, 0.0)
        row_lower, row_upper = lp.row_lower.copy(), lp.row_upper.copy()
        for name in shared:
            row_lower[lp.rows[name].places], row_upper[lp.rows[name].places] = -np.inf, np.inf
        lp = replace(lp, row_lower=row_lower, row_upper=row_upper)
        found = engine.solve(lp, {"cost": 1.0}, None, "dual simplex", watch, extra=self._unit * aim)
        if found.status != "optimal":
            return None
        worth = (np.where(np.r_[outside, False][self.column_owner], self.spending, 0.0) + aim) * found.x
        return by_member(worth, self.column_owner, len(self.members))

    def _found(self, lp: LP, answer: Answer, loss: Array) -> GroupAnswer:
        x, unit = answer.x, self._unit
        spent = float(np.asarray(lp.K[[lp.measure("cost")]] @ x)[0])
        return GroupAnswer(spent + float(loss @ x), lp, x, answer.y / unit, answer.reduced / unit, answer.basis)


def _cold(lp: LP) -> str:
    """How to solve a group from nothing: what is left of the programme is mostly smaller than it looks."""
    return cold_method(lp) if lp.A.nnz > LARGE_GROUP else "dual simplex"


def composed(basis: Basis, other: Basis, columns: Array, rows: Array) -> Basis:
    """A basis whose marked columns and rows are taken from another."""
    found = Basis(basis.columns.copy(), basis.rows.copy())
    found.columns[columns] = other.columns[columns]
    found.rows[: len(rows)][rows] = other.rows[: len(rows)][rows]
    return found


def proved(found: GroupAnswer) -> bool:
    """Whether a group's plan keeps its limits and its prices bound its cost from below, as near as makes no difference."""
    lp, x = found.lp, found.x
    at, size = lp.A @ x, abs(lp.A) @ np.abs(x) + LITTLE
    live = lp.live_rows({"cost": 1.0})
    kept = ((at >= lp.row_lower - EXACT * size) & (at <= lp.row_upper + EXACT * size))[live].all()
    top = lp.upper_bounds()
    kept = kept and bool((x >= -EXACT).all() and (x <= top * (1 + EXACT) + EXACT).all())
    bound = float(row_worth(lp, found.multipliers).sum() + column_worth(lp, found.reduced).sum())
    return kept and abs(found.cost - bound) <= EXACT * max(abs(found.cost), 1e-9)


def row_worth(lp: LP, multipliers: Array) -> Array:
    """By row: its price times its active limit, money."""
    limit = np.where(multipliers > 0, lp.row_lower, lp.row_upper)
    return np.where(
        np.isfinite(limit) & (multipliers != 0), multipliers * np.where(np.isfinite(limit), limit, 0.0), 0.0
    )


def column_worth(lp: LP, reduced: Array) -> Array:
    """By column: what its largest value saves, money, negative; 0 where it has none."""
    top = lp.upper_bounds()
    return np.minimum(reduced, 0.0) * np.where(np.isfinite(top), top, 0.0)


def by_member(values: Array, owner: Array, members: int) -> Array:
    """Sums by owner; what belongs to nobody in particular is left out."""
    mine = owner >= 0
    return np.bincount(owner[mine], values[mine], members)


def industry_parts(d: Data) -> Array:
    """The part of industry's deliveries that is each member's own: by GDP, or equal where nobody has any."""
    gdp = np.array([d.gdp[m] or 0.0 for m in d.sets["member"]], dtype=float)
    found: Array = gdp / gdp.sum() if gdp.sum() > 0 else np.full(len(gdp), 1.0 / len(gdp))
    return found


def wanted_by(d: Data) -> dict[str, Array]:
    """By task: how much of the alliance's whole risk each member's own wish makes of a unit of the task's loss."""
    whole = sum(d.task_weight[k] * d.span[k] for k in d.sets["task"])
    members, tasks = d.sets["member"], d.sets["task"]
    if whole <= 0:
        return {k: np.zeros(len(members)) for k in tasks}
    return {k: np.array([d.voice[m] * d.own_weight[m, k] for m in members]) / whole for k in tasks}


def _losses(lp: LP, d: Data, wanted: Mapping[str, Array]) -> Array:
    """A row a member: its own part of the alliance's risk in each column; together they are the measure."""
    found, block = np.zeros((len(d.sets["member"]), lp.A.shape[1])), lp.columns["short"]
    for place, (k, c, t, b) in enumerate(block.keys, block.start):
        found[:, place] = wanted[k] * (d.importance[c] * d.band_severity[b] / d.required[k, c, t])
    return found


def _owners(blocks: Iterable[Block], length: int, at: Mapping[str, int]) -> Array:
    """The number of the member each place belongs to; -1 for nobody in particular."""
    found = np.full(length, -1)
    for block in blocks:
        if "member" in block.index:
            i = block.index.index("member")
            found[block.places] = [at[key[i]] for key in block.keys]
    return found
