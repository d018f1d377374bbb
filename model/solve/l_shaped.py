"""The L-shaped method: the problem over all cases in parts, a first one for what is common and one for each case. LP -> LP.

The first part knows of each case only a figure, its outlook: what the graded measure will be there. Every solve of a case, with the
common columns given, tells it a cut: the outlook is no better than a line through the value found. Cuts are kept apart by case
(multi-cut). With their prices, the prices of the whole problem can be put together, so that a plan found in parts is proved like any
other. Sources: Van Slyke & Wets 1969; Birge & Louveaux 1988.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from model.data.faults import SolverError, UsageError
from model.solve.cases import CaseLP, Linked, link
from model.solve.engine import LADDER, Engine, Watch
from model.solve.given import shared_columns, shared_rows
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, Block, Blocks

OUTLOOK = "outlook"
CUTS = "outlook_is_seen"
LACK = "lack"


@dataclass(frozen=True, eq=False)
class Cut:
    """What one solve of a case says of all common amounts: the measure there is at least value + slope (amounts - at).

    ``at`` and ``slope`` are over the case's own shared columns, ``multipliers`` over all its rows; natural units. ``x`` is the
    case's best plan at these amounts. Where nothing keeps the rules (``lack``), the same line says how much is lacking, and
    must come to nothing.
    """

    case: str
    value: float
    at: Array
    slope: Array
    multipliers: Array
    x: Array
    lack: bool = False

    @property
    def constant(self) -> float:
        """The line's value where all common amounts are zero."""
        return self.value - float(self.slope @ self.at)


def known_cut(case: CaseLP, shared: Collection[str], measure: str, engine: Engine, watch: Watch) -> Cut:
    """The cut of a case solved by itself, common columns free: no amounts whatever do better there.

    Raises SolverError where it has no optimum.
    """
    return _cut(case, case.lp, shared, measure, engine, watch)


def cut_at(case: CaseLP, shared: Collection[str], measure: str, at: Array, engine: Engine, watch: Watch) -> Cut:
    """The cut of a case at given amounts of its shared columns. Raises SolverError where the solver does not settle it."""
    fixed, settled = shared_columns(case.lp, shared), shared_rows(case.lp, shared)
    values = np.zeros(case.lp.A.shape[1])
    values[fixed] = at
    held = replace(
        case.lp,
        lower=np.where(fixed, values, case.lp.lower),
        upper=np.where(fixed, values, case.lp.upper),
        bounds={name: np.where(fixed, np.inf, limit) for name, limit in case.lp.bounds.items()},
        row_lower=np.where(settled, -np.inf, case.lp.row_lower),
        row_upper=np.where(settled, np.inf, case.lp.row_upper),
    )
    return _cut(case, held, shared, measure, engine, watch)


def _cut(case: CaseLP, lp: LP, shared: Collection[str], measure: str, engine: Engine, watch: Watch) -> Cut:
    status = "numerical trouble"
    for settings in ("tight tolerances", *(name for name, _ in LADDER)):
        answer = engine.solve(lp, {measure: 1.0}, None, cold_method(lp), watch, settings=settings)
        status = answer.status
        if status == "optimal":
            unit = float(lp.scale[lp.measure(measure)])
            fixed = shared_columns(lp, shared)
            value = float((lp.K[[lp.measure(measure)]] @ answer.x)[0])
            return Cut(case.name, value, answer.x[fixed], answer.reduced[fixed] / unit, answer.y / unit, answer.x)
        if status == "infeasible" and LACK not in lp.measures:
            return replace(_cut(case, _elastic(lp), shared, LACK, engine, watch), lack=True)
    raise SolverError(f"the case {case.name!r} could not be solved with its orders and holdings given ({status})")


def _elastic(lp: LP) -> LP:
    """The same rules, each with room at a price; what all the room costs is the measure."""
    height, width = lp.A.shape
    ends = np.ones((1, 2 * height))
    wider = {name: np.r_[limit, np.full(2 * height, np.inf)] for name, limit in lp.bounds.items()}
    names = tuple((row, side) for side in ("more", "less") for row in range(height))
    return replace(
        lp,
        columns={**lp.columns, LACK: Block(LACK, ("row", "side"), names, width)},
        measures=(LACK,),
        A=sp.hstack([lp.A, sp.eye_array(height), -sp.eye_array(height)], format="csc"),
        K=sp.csr_array(np.hstack([np.zeros((1, width)), ends])),
        lower=np.r_[lp.lower, np.zeros(2 * height)],
        upper=np.r_[lp.upper, np.full(2 * height, np.inf)],
        bounds=wider,
        scale=np.ones(1),
        whole=np.ones(1),
        ceilings=np.full(1, np.inf),
        floors=np.full(1, -np.inf),
    )


# ---------------------------------------------------------------- the first part


@dataclass(frozen=True, eq=False)
class First:
    """The part that decides what is common, so far without cuts. ``linked`` speaks of shared columns and outlooks only."""

    linked: Linked
    shared: frozenset[str]
    measure: str

    def amounts(self, case: str, x: Array) -> Array:
        """The amounts of a case's own shared columns in a plan of this part."""
        own = self.linked.own(case, x)
        found: Array = own[:-1]  # the outlook comes last
        return found

    def outlooks(self, x: Array) -> dict[str, float]:
        """What this part believes the measure to be in each case."""
        block = self.linked.lp.columns[OUTLOOK]
        return {key[0]: float(value) for key, value in zip(block.keys, x[block.places], strict=True)}

    def with_cuts(self, cuts: Mapping[int, Cut]) -> LP:
        """This part with what it has been told: a row a cut, outlook - slope x >= constant (or - slope x >= constant)."""
        lp = self.linked.lp
        block = Block(CUTS, ("number",), tuple((number,) for number in cuts), lp.A.shape[0])
        return replace(
            lp,
            rows={**lp.rows, CUTS: block},
            A=sp.vstack([lp.A, *(self._line(cut) for cut in cuts.values())], format="csc"),
            row_lower=np.r_[lp.row_lower, [cut.constant for cut in cuts.values()]],
            row_upper=np.r_[lp.row_upper, np.full(len(cuts), np.inf)],
        )

    def news(self, cut: Cut, x: Array) -> float:
        """By how much a cut contradicts a plan of this part."""
        own = self.linked.own(cut.case, x)
        found = cut.constant + float(cut.slope @ own[:-1])
        return found if cut.lack else found - float(own[-1])

    def _line(self, cut: Cut) -> sp.csr_array:
        places, told = self.linked.columns[cut.case], np.flatnonzero(cut.slope)
        columns, amounts = places[told], -cut.slope[told]
        if not cut.lack:
            columns, amounts = np.r_[columns, places[-1]], np.r_[amounts, 1.0]
        return sp.csr_array((amounts, columns, [0, len(columns)]), shape=(1, self.linked.lp.A.shape[1]))


def first_part(
    cases: Sequence[CaseLP], shared: Collection[str], measure: str, level: float, least: float = 0.0
) -> First:
    """The part of a problem over cases that decides what is common. ``least`` is a value no case's measure falls below."""
    common = frozenset(shared)
    parts = [replace(case, lp=_only_common(case.lp, common, measure, least)) for case in cases]
    return First(link(parts, common, (measure,), level, least), common, measure)


def _only_common(lp: LP, shared: frozenset[str], measure: str, least: float) -> LP:
    """What a case says of shared columns alone, and one column more for what the rest of it will come to."""
    kept, settled = shared_columns(lp, shared), shared_rows(lp, shared)
    columns, start = _kept_blocks(lp.columns, kept)
    rows, _ = _kept_blocks(lp.rows, settled)
    own = [row for row, name in enumerate(lp.measures) if name != measure and lp.K[[row]][:, ~kept].nnz == 0]
    K = sp.block_array([[None, np.ones((1, 1))], [lp.K[own][:, kept], None]], format="csr") if own else None
    at = [lp.measure(measure), *own]
    return LP(
        columns={**columns, OUTLOOK: Block(OUTLOOK, (), ((),), start)},
        rows=rows,
        measures=tuple(lp.measures[row] for row in at),
        A=sp.hstack([lp.rows_apart[settled][:, kept], sp.csr_array((int(settled.sum()), 1))], format="csc"),
        K=K if K is not None else sp.csr_array(np.r_[np.zeros(start), 1.0].reshape(1, -1)),
        lower=np.r_[lp.lower[kept], least],
        upper=np.r_[lp.upper[kept], np.inf],
        row_lower=lp.row_lower[settled],
        row_upper=lp.row_upper[settled],
        bounds={
            name: np.r_[lp.bounds[name][kept], np.inf]
            for name, block in lp.bound_blocks.items()
            if block.name in shared
        },
        bound_blocks={name: block for name, block in lp.bound_blocks.items() if block.name in shared},
        scale=lp.scale[at],
        whole=lp.whole[at],
        ceilings=lp.ceilings[at],
        floors=lp.floors[at],
        off=lp.off,
    )


def _kept_blocks(blocks: Blocks, kept: Array) -> tuple[dict[str, Block], int]:
    """The labels of what is kept, closed up, and how many there are."""
    found: dict[str, Block] = {}
    start = 0
    for name, block in blocks.items():
        keys = tuple(key for key, stays in zip(block.keys, kept[block.places].tolist(), strict=True) if stays)
        found[name] = replace(block, keys=keys, start=start)
        start += len(keys)
    return found, start


def serves(cases: Sequence[CaseLP], shared: Collection[str], objectives: Sequence[str]) -> None:
    """Raises UsageError where later objectives are not of common columns alone: then only the whole problem will do."""
    first = cases[0].lp
    rest = ~shared_columns(first, shared)
    for name in objectives[1:]:
        if first.K[[first.measure(name)]][:, rest].nnz:
            raise UsageError(
                f"in parts, only objectives of orders and holdings (such as cost) can follow the first; {name} is none: solve all "
                "cases at once"
            )


# ---------------------------------------------------------------- the whole again


def whole_plan(linked: Linked, cuts: Mapping[str, Cut], first: First, x: Array) -> Array:
    """A plan of the whole problem: what is common from the first part, the rest from each case's own solve."""
    found = np.zeros(linked.lp.A.shape[1])
    for case, cut in cuts.items():
        found[linked.columns[case]] = cut.x
    for name in first.shared:
        ours, theirs = linked.lp.columns[name], first.linked.lp.columns[name]
        found[[ours.at[key] for key in theirs.keys]] = np.maximum(x[theirs.places], 0.0)
    return found


def whole_prices(linked: Linked, lp: LP, prices: Array, cuts: Mapping[int, Cut]) -> Array:
    """The prices of the whole problem's rows, put together from those of the first part and of the cuts it leans on."""
    found = np.zeros(linked.lp.A.shape[0])
    for name, block in lp.rows.items():
        if name == CUTS:
            for weight, cut in zip(prices[block.places].tolist(), cuts.values(), strict=True):
                if weight:
                    np.add.at(found, linked.rows[cut.case], weight * cut.multipliers)
        else:
            ours = linked.lp.rows[name]
            if ours.index[:1] == block.index[:1]:
                places = [ours.at[key] for key in block.keys]
            else:  # stands once there, and here once for each case, or the other way round
                places = [
                    ours.at[key[1:] if block.index[:1] == ("case",) else (linked.cases[0].name, *key)]
                    for key in block.keys
                ]
            np.add.at(found, places, prices[block.places])
    return found
