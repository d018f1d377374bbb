"""The L-shaped method: the problem over all cases in parts, a first one for what is common and one for each case. LP -> LP.

With the common columns given, a case falls into pieces that have nothing to do with each other (who sends what capability to which
situation and when); they are found from the matrix. The first part knows of each piece only a figure, its outlook: what it will add
to the graded measure. Every solve of a case tells it a cut for each piece: the outlook is no better than a line through the value
found. With the cuts' prices, the prices of the whole problem can be put together, so that a plan found in parts is proved like any
other. Sources: Van Slyke & Wets 1969; Birge & Louveaux 1988 (several cuts a round).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.solve.cases import CaseLP, Linked, link
from model.solve.engine import Answer, Engine, Watch
from model.solve.given import shared_columns, shared_rows
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, Block, Blocks
from model.solve.proved import proved

OUTLOOK = "outlook"
CUTS = "outlook_is_seen"
LACK = "lack"

SHARP = 1e4
"""What makes the smallest of prices large beside the solver's tolerances."""

_MOST = 1e4
_NONE = -1


@dataclass(frozen=True, eq=False)
class Pieces:
    """What a case falls into once its shared columns are given: the piece of each column and row, -1 for those of none.

    ``valued`` numbers the pieces that add to the measure.
    """

    column: Array
    row: Array
    valued: Array

    @classmethod
    def of(cls, lp: LP, shared: Collection[str], measure: str) -> Pieces:
        """The pieces of a case; two columns are of one piece where a rule that is in force speaks of both."""
        free = np.flatnonzero(~shared_columns(lp, shared))
        bind = np.flatnonzero(lp.live_rows({measure: 1.0}) & ~shared_rows(lp, shared))
        between = lp.rows_apart[bind][:, free]
        graph = sp.block_array([[None, between], [between.T, None]], format="csr")
        _, label = connected_components(graph, directed=False)
        row, column = np.full(lp.A.shape[0], _NONE), np.full(lp.A.shape[1], _NONE)
        row[bind], column[free] = label[: len(bind)], label[len(bind) :]
        adds = np.asarray(lp.K[[lp.measure(measure)]].todense()).ravel() != 0
        return cls(column, row, np.unique(column[adds & (column != _NONE)]))


@dataclass(frozen=True, eq=False)
class Cut:
    """What one solve of a case says of one piece: it adds at least constant + slope (amounts ``where``) to the measure.

    ``where`` counts the case's own shared columns; ``multipliers`` are of its ``rows``; natural units. A cut of no ``piece`` (-1) says
    how much is lacking for the rules to hold, which must come to nothing.
    """

    case: str
    piece: int
    constant: float
    where: Array
    slope: Array
    rows: Array
    multipliers: Array

    @property
    def factor(self) -> float:
        """What the line is multiplied by for the solver, which takes coefficients below 1e-9 for nothing."""
        largest = float(np.abs(self.slope).max(initial=0.0))
        return min(max(1.0, 1.0 / largest), _MOST) if largest > 0 else 1.0


@dataclass(frozen=True, eq=False)
class Told:
    """A case's answer: the measure there, its best plan ``x``, and a cut for each piece; ``lacking`` where nothing keeps its rules."""

    case: str
    value: float
    x: Array
    cuts: tuple[Cut, ...]
    lacking: float = 0.0


def known(case: CaseLP, shared: Collection[str], measure: str, engine: Engine, watch: Watch) -> Told:
    """What a case solved by itself tells, common columns free. Raises SolverError where the solver does not settle it."""
    return _told(case, case.lp, shared, measure, engine, watch)


def told_at(case: CaseLP, shared: Collection[str], measure: str, at: Array, engine: Engine, watch: Watch) -> Told:
    """What a case tells with its shared columns at given amounts. Raises SolverError where the solver does not settle it."""
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
    return _told(case, held, shared, measure, engine, watch)


def _told(case: CaseLP, lp: LP, shared: Collection[str], measure: str, engine: Engine, watch: Watch) -> Told:
    answer = proved(
        lambda settings: engine.solve(lp, {measure: SHARP}, None, cold_method(lp), watch, settings=settings),
        lambda answer: answer.status in ("optimal", "infeasible"),
        before=("tight tolerances",),
    )
    if answer.status == "infeasible":
        return _lacking(case, _elastic(lp), shared, engine, watch)
    if answer.status != "optimal":
        raise SolverError(
            f"the case {case.name!r} could not be solved with its orders and holdings given ({answer.status})"
        )
    value = float((lp.K[[lp.measure(measure)]] @ answer.x)[0])
    return Told(case.name, value, answer.x, tuple(_cuts(case, lp, shared, measure, answer)))


def _cuts(case: CaseLP, lp: LP, shared: Collection[str], measure: str, answer: Answer) -> Iterator[Cut]:
    """A line for each piece that adds to the measure, from the prices of its rules."""
    pieces, at = Pieces.of(case.lp, shared, measure), lp.measure(measure)
    fixed = shared_columns(lp, shared)
    prices = answer.y / (SHARP * float(lp.scale[at]))
    adds = np.asarray(lp.K[[at]].todense()).ravel() * answer.x
    count = int(pieces.column.max(initial=0)) + 1
    value = np.bincount(pieces.column[pieces.column >= 0], adds[pieces.column >= 0], minlength=count)
    priced = np.flatnonzero((pieces.row >= 0) & (prices != 0))
    gather = sp.csr_array((-prices[priced], (pieces.row[priced], priced)), shape=(count, lp.A.shape[0]))
    slopes = (gather @ lp.rows_apart)[:, fixed].tocsr()
    rows_of = sp.csr_array((np.ones(len(priced)), (pieces.row[priced], priced)), shape=(count, lp.A.shape[0]))
    amounts = answer.x[fixed]
    for piece in pieces.valued.tolist():
        told = slice(slopes.indptr[piece], slopes.indptr[piece + 1])
        where, slope = slopes.indices[told], slopes.data[told]
        rows = rows_of.indices[rows_of.indptr[piece] : rows_of.indptr[piece + 1]]
        constant = float(value[piece] - slope @ amounts[where])
        yield Cut(case.name, piece, constant, where, slope, rows, prices[rows])


def _lacking(case: CaseLP, lp: LP, shared: Collection[str], engine: Engine, watch: Watch) -> Told:
    """How much is lacking for the rules to hold, and a cut that says what would help."""
    answer = engine.solve(lp, {LACK: 1.0}, None, cold_method(lp), watch, settings="tight tolerances")
    if answer.status != "optimal":
        raise SolverError(f"what the case {case.name!r} lacks could not be found ({answer.status})")
    fixed = shared_columns(case.lp, shared)
    own = len(fixed)
    lack, slope = float((lp.K @ answer.x)[0]), answer.reduced[:own][fixed]
    where, rows = np.flatnonzero(slope), np.flatnonzero(answer.y)
    amounts = answer.x[:own][fixed]
    cut = Cut(case.name, _NONE, lack - float(slope @ amounts), where, slope[where], rows, answer.y[rows])
    return Told(case.name, np.inf, answer.x[:own], (cut,), lack)


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

    @cached_property
    def count(self) -> dict[str, int]:
        """How many shared columns each case has."""
        return {case.name: sum(len(case.lp.columns[name].keys) for name in self.shared) for case in self.linked.cases}

    def amounts(self, case: str, x: Array) -> Array:
        """The amounts of a case's own shared columns in a plan of this part."""
        found: Array = self.linked.own(case, x)[: self.count[case]]  # outlooks come last
        return found

    def with_cuts(self, cuts: Mapping[int, Cut]) -> LP:
        """This part with what it has been told: a row a cut, outlook - slope x >= constant (or - slope x >= constant), times a factor."""
        lp = self.linked.lp
        block = Block(CUTS, ("number",), tuple((number,) for number in cuts), lp.A.shape[0])
        return replace(
            lp,
            rows={**lp.rows, CUTS: block},
            A=sp.vstack([lp.A, self._lines(list(cuts.values()))], format="csc"),
            row_lower=np.r_[lp.row_lower, [cut.factor * cut.constant for cut in cuts.values()]],
            row_upper=np.r_[lp.row_upper, np.full(len(cuts), np.inf)],
        )

    def news(self, cut: Cut, x: Array) -> float:
        """By how much a cut contradicts a plan of this part."""
        found = cut.constant + float(cut.slope @ x[self.linked.columns[cut.case][cut.where]])
        return found if cut.piece == _NONE else found - float(x[self._outlook(cut)])

    def _outlook(self, cut: Cut) -> int:
        return self.linked.lp.columns[OUTLOOK].at[cut.case, cut.piece]

    def _lines(self, cuts: Sequence[Cut]) -> sp.csr_array:
        columns, amounts, ends = [], [], [0]
        for cut in cuts:
            own, slope = self.linked.columns[cut.case][cut.where], -cut.factor * cut.slope
            seen = cut.piece != _NONE
            columns.append(np.r_[own, self._outlook(cut)] if seen else own)
            amounts.append(np.r_[slope, cut.factor] if seen else slope)
            ends.append(ends[-1] + len(columns[-1]))
        joined = [np.concatenate(each) if each else np.zeros(0) for each in (amounts, columns)]
        return sp.csr_array((joined[0], joined[1].astype(np.int64), ends), shape=(len(cuts), self.linked.lp.A.shape[1]))


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
    at = [lp.measure(measure), *own]
    keys = tuple((piece,) for piece in Pieces.of(lp, shared, measure).valued.tolist())
    outlooks = np.zeros((len(at), len(keys)))
    outlooks[0] = 1.0
    return LP(
        columns={**columns, OUTLOOK: Block(OUTLOOK, ("piece",), keys, start)},
        rows=rows,
        measures=tuple(lp.measures[row] for row in at),
        A=sp.hstack([lp.rows_apart[settled][:, kept], sp.csr_array((int(settled.sum()), len(keys)))], format="csc"),
        K=sp.hstack([lp.K[at][:, kept], outlooks], format="csr"),
        lower=np.r_[lp.lower[kept], np.full(len(keys), least)],
        upper=np.r_[lp.upper[kept], np.full(len(keys), np.inf)],
        row_lower=lp.row_lower[settled],
        row_upper=lp.row_upper[settled],
        bounds={
            name: np.r_[lp.bounds[name][kept], np.full(len(keys), np.inf)]
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


def whole_plan(linked: Linked, told: Mapping[str, Told], first: First, x: Array) -> Array:
    """A plan of the whole problem: what is common from the first part, the rest from each case's own solve."""
    found = np.zeros(linked.lp.A.shape[1])
    for case, answer in told.items():
        found[linked.columns[case]] = answer.x
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
                    np.add.at(found, linked.rows[cut.case][cut.rows], weight * cut.factor * cut.multipliers)
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
