"""Several LPs, one for each case that may come, linked to one: LP -> LP, by label and never by position.

The columns of shared variables are one and the same in all cases; everything else stands once for each case, with the case
first in its key. A rule that says the same in every case, and speaks of shared columns only, stands once. Nothing here knows
what the variables mean: any labelled LPs will do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from model.language.faults import UsageError
from model.language.shown import Shown
from model.solve.case_measures import aimed, grade, in_case, made_of
from model.solve.lp import LP, Array, Block, Blocks


@dataclass(frozen=True, eq=False)
class CaseLP:
    """One case: its name, how likely it is, and its problem as if it were certain."""

    name: str
    probability: float
    lp: LP


@dataclass(frozen=True, eq=False)
class Linked(Shown):
    """The linked problem (the extensive form), and where each case's own columns and rows stand in it."""

    lp: LP
    cases: tuple[CaseLP, ...]
    shared: frozenset[str]
    columns: Mapping[str, Array]
    rows: Mapping[str, Array]

    def own(self, case: str, x: Array) -> Array:
        """The part of a plan that is one case's, over the columns of that case's own problem."""
        found: Array = x[self.columns[case]]
        return found


def link(
    cases: Sequence[CaseLP], shared: Collection[str], graded: Iterable[str] = (), level: float = 0.9, least: float = 0.0
) -> Linked:
    """The problem over all cases at once, with ``shared`` variables common to all.

    Its measures are the mean of every measure (``expected_risk``), every measure in each case, and for the ``graded`` ones
    their worst case (``worst_risk``) and the mean of their worst part (``cvar_risk``: at ``level`` 0.9 the worst tenth, at 1
    the worst case); ``least`` is a value no graded measure falls below. Raises UsageError where the cases do not have the
    same shared columns, measures and policies.
    """
    _check_alike(cases, shared)
    lay = _Layout(cases, frozenset(shared))
    rows, A, row_lower, row_upper = lay.rules()
    names, K, ceilings = lay.measures()
    first = cases[0].lp
    lp = LP(
        columns=lay.supporting(lay.columns),
        rows=lay.supporting(rows),
        measures=names,
        A=A.tocsc(),
        K=K,
        lower=lay.column_limits("lower", np.maximum, -np.inf),
        upper=lay.column_limits("upper", np.minimum, np.inf),
        row_lower=row_lower,
        row_upper=row_upper,
        bounds=lay.bounds(),
        bound_blocks={name: lay.labels(name, "bound_blocks", block.name) for name, block in first.bound_blocks.items()},
        scale=lay.sizes("scale"),
        whole=lay.sizes("whole"),
        ceilings=ceilings,
        floors=np.full(len(names), -np.inf),
        off=first.off,
    )
    likely = {case.name: case.probability for case in cases}
    for measure in graded:
        lp = grade(lp, measure, likely, level, least)
    return Linked(lp, tuple(cases), lay.shared, lay.places, {case.name: _row_places(case, rows) for case in cases})


def _check_alike(cases: Sequence[CaseLP], shared: Collection[str]) -> None:
    first = cases[0]
    if len({case.name for case in cases}) < len(cases):
        raise UsageError("two cases have the same name")
    for case in cases[1:]:
        if case.lp.measures != first.lp.measures or case.lp.off != first.lp.off:
            raise UsageError(f"the cases {first.name!r} and {case.name!r} do not have the same measures and policies")
        for name in sorted(shared):
            strangers = set(first.lp.columns[name].keys) ^ set(case.lp.columns[name].keys)
            if strangers:
                key = ", ".join(map(str, min(strangers, key=str)))
                raise UsageError(
                    f"{name}[{key}] is common to all cases, and there is none in {first.name!r} or in {case.name!r}: what a case "
                    "changes must leave what can be ordered and held as it is"
                )


class _Layout:
    """Where everything stands in the linked problem."""

    def __init__(self, cases: Sequence[CaseLP], shared: frozenset[str]) -> None:
        self.cases, self.shared = cases, shared
        self.columns: dict[str, Block] = {}
        for name in cases[0].lp.columns:
            self.columns[name] = replace(self.labels(name, "columns", name), start=self.width)
        self.places = {case.name: self._places(case) for case in cases}

    @property
    def width(self) -> int:
        """How many columns there are so far."""
        return max((block.stop for block in self.columns.values()), default=0)

    def labels(self, name: str, of: str, variable: str) -> Block:
        """The labels of a variable, or of what limits one: a shared one's as they are, else every case's."""
        blocks = [(case, getattr(case.lp, of)[name]) for case in self.cases]
        return blocks[0][1] if variable in self.shared else _by_case(blocks)

    def _places(self, case: CaseLP) -> Array:
        """Where each column of a case's own problem stands."""
        found = np.empty(case.lp.A.shape[1], dtype=np.int64)
        for name, block in case.lp.columns.items():
            at, common = self.columns[name].at, name in self.shared
            found[block.places] = [at[key if common else (case.name, *key)] for key in block.keys]
        return found

    def over_all(self, case: CaseLP, matrix: sp.csr_array) -> sp.csr_array:
        """Rows over a case's own columns, as rows over all."""
        columns = self.places[case.name][matrix.indices]
        found = sp.csr_array((matrix.data, columns, matrix.indptr), shape=(matrix.shape[0], self.width))
        found.sort_indices()
        return found

    def column_limits(self, which: str, tighter: np.ufunc, loosest: float) -> Array:
        """Smallest or largest values: of a shared column, what every case allows."""
        found = np.full(self.width, loosest)
        for case in self.cases:
            tighter.at(found, self.places[case.name], getattr(case.lp, which))
        return found

    def bounds(self) -> dict[str, Array]:
        """Policies that are limits on single columns."""
        found = {name: np.full(self.width, np.inf) for name in self.cases[0].lp.bounds}
        for case in self.cases:
            for name, limit in case.lp.bounds.items():
                np.minimum.at(found[name], self.places[case.name], limit)
        return found

    def rules(self) -> tuple[dict[str, Block], sp.csr_array, Array, Array]:
        """The labels of all rules, their rows one after the other, and the rows' limits."""
        blocks: dict[str, Block] = {}
        pieces, lower, upper, start = [sp.csr_array((0, self.width))], [np.zeros(0)], [np.zeros(0)], 0
        for name in self.cases[0].lp.rows:
            common = self._is_common(name)
            stand = self.cases[:1] if common else self.cases
            found = [(case, case.lp.rows[name]) for case in stand]
            blocks[name] = replace(found[0][1] if common else _by_case(found), start=start)
            start = blocks[name].stop
            for case, block in found:
                pieces.append(self.over_all(case, case.lp.rows_apart[block.places]))
                lower.append(case.lp.row_lower[block.places])
                upper.append(case.lp.row_upper[block.places])
        return blocks, sp.vstack(pieces, format="csr"), np.concatenate(lower), np.concatenate(upper)

    def _is_common(self, name: str) -> bool:
        """Whether a rule speaks of shared columns only, and says the same in every case."""
        first = self.cases[0].lp
        block = first.rows[name]
        rows = first.rows_apart[block.places]
        if not _only_shared(first, rows.indices, self.shared):
            return False
        laid = self.over_all(self.cases[0], rows)
        return all(self._same(block, laid, first, case) for case in self.cases[1:])

    def _same(self, block: Block, laid: sp.csr_array, first: LP, case: CaseLP) -> bool:
        other = case.lp.rows[block.name]
        if other.keys != block.keys:
            return False
        limits = ((first.row_lower, case.lp.row_lower), (first.row_upper, case.lp.row_upper))
        if not all(np.array_equal(one[block.places], two[other.places]) for one, two in limits):
            return False
        own = self.over_all(case, case.lp.rows_apart[other.places])
        return (
            own.nnz == laid.nnz
            and np.array_equal(own.indptr, laid.indptr)
            and np.array_equal(own.indices, laid.indices)
            and np.array_equal(own.data, laid.data)
        )

    def measures(self) -> tuple[tuple[str, ...], sp.csr_array, Array]:
        """Every measure's mean, then every measure in each case: names, rows and ceilings."""
        each = [self.over_all(case, case.lp.K) for case in self.cases]
        mean = each[0] * self.cases[0].probability
        for case, rows in zip(self.cases[1:], each[1:], strict=True):
            mean = mean + rows * case.probability
        known = self.cases[0].lp.measures
        names = [aimed("expected", measure) for measure in known]
        names += [in_case(measure, case.name) for case in self.cases for measure in known]
        ceilings = [np.full(len(known), np.inf), *(case.lp.ceilings for case in self.cases)]
        return tuple(names), sp.vstack([mean, *each], format="csr"), np.concatenate(ceilings)

    def sizes(self, which: str) -> Array:
        """What each measure is scaled by, or its full size; of a mean, the mean over cases."""
        each = [np.asarray(getattr(case.lp, which)) for case in self.cases]
        mean = sum(case.probability * sizes for case, sizes in zip(self.cases, each, strict=True))
        return np.concatenate([mean, *each])

    def supporting(self, blocks: Blocks) -> dict[str, Block]:
        """What serves a measure serves all that is made of it over cases."""
        known, names = self.cases[0].lp.measures, [case.name for case in self.cases]

        def serves(block: Block) -> tuple[str, ...]:
            made = (made_of(name, names) if name in known else (name,) for name in block.supports)
            return tuple(name for part in made for name in part)

        return {name: replace(block, supports=serves(block)) for name, block in blocks.items()}


def _only_shared(lp: LP, columns: Array, shared: frozenset[str]) -> bool:
    common = np.zeros(lp.A.shape[1], dtype=bool)
    for name in shared:
        common[lp.columns[name].places] = True
    return bool(common[columns].all())


def _by_case(blocks: Sequence[tuple[CaseLP, Block]]) -> Block:
    """The labels of every case, one after the other, with the case first in the key."""
    keys = tuple((case.name, *key) for case, block in blocks for key in block.keys)
    return replace(blocks[0][1], index=("case", *blocks[0][1].index), keys=keys)


def _row_places(case: CaseLP, rows: Blocks) -> Array:
    """Where each row of a case's own problem stands."""
    found = np.empty(case.lp.A.shape[0], dtype=np.int64)
    for name, block in case.lp.rows.items():
        at, by_case = rows[name].at, rows[name].index[:1] == ("case",)
        found[block.places] = [at[(case.name, *key) if by_case else key] for key in block.keys]
    return found
