"""The compiled problem: labelled arrays and their verbs. Every change makes a new one; nothing here knows Pyomo or HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.language.cached import cached_property
from model.language.shown import Shown

Key = tuple[Any, ...]
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Block(Shown):
    """The rows of one rule, or the columns of one variable: a run of places with one key each."""

    name: str
    index: tuple[str, ...]
    keys: tuple[Key, ...]
    start: int
    may_bend: bool = False
    supports: tuple[str, ...] = ()

    @property
    def stop(self) -> int:
        return self.start + len(self.keys)

    @property
    def places(self) -> slice:
        return slice(self.start, self.stop)

    @cached_property
    def at(self) -> dict[Key, int]:
        """The place of each key."""
        return {key: self.start + i for i, key in enumerate(self.keys)}


Blocks = Mapping[str, Block]


@dataclass(frozen=True, eq=False)
class LP(Shown):
    r"""Minimise a weighting of the measures K x, subject to

    row_lower <= A x <= row_upper, floors <= K x <= ceilings, lower <= x <= min(upper, policy bounds).

    ``columns`` and ``rows`` say by name which places belong to which variable and rule. Every measure is a row of K: an
    objective is a weighting of K, a KPI is K x, a ceiling one number (floors only hold an optimal face). ``bounds`` holds
    the policies that are limits on single columns (infinite where they say nothing). Natural units throughout; ``scale``
    brings each measure to a size the solver likes and is applied and undone by the engine alone; ``whole`` is the full
    size of each measure: 1, or all budgets. ``off`` names the policies switched off.
    """

    columns: Blocks
    rows: Blocks
    measures: tuple[str, ...]
    A: sp.csc_array
    K: sp.csr_array
    lower: Array
    upper: Array
    row_lower: Array
    row_upper: Array
    bounds: Mapping[str, Array]
    scale: Array
    whole: Array
    ceilings: Array
    floors: Array
    bound_blocks: Blocks = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    @cached_property
    def rows_apart(self) -> sp.csr_array:
        """A, laid out by rows."""
        return self.A.tocsr()

    def measure(self, name: str) -> int:
        """The row of K of a measure."""
        return self.measures.index(name)

    def keep(self, name: str, at_most: float) -> LP:
        """The same problem with a ceiling on a measure."""
        ceilings = self.ceilings.copy()
        ceilings[self.measure(name)] = at_most
        return replace(self, ceilings=ceilings)

    def drop(self, *policies: str) -> LP:
        """The same problem with policies switched off."""
        return replace(self, off=self.off | set(policies))

    def upper_bounds(self) -> Array:
        """The largest value of each column under the policies that are on."""
        upper = self.upper
        for name, limit in self.bounds.items():
            if name not in self.off:
                upper = np.minimum(upper, limit)
        return upper

    def used(self, weights: Mapping[str, float]) -> frozenset[str]:
        """The measures and policies in play: in the objective, under a ceiling, or switched on."""
        wanted = {name for name, weight in weights.items() if weight}
        capped = {name for name, limit in zip(self.measures, self.ceilings, strict=True) if np.isfinite(limit)}
        policies = {name for name, block in self.rows.items() if block.may_bend and block.keys and name not in self.off}
        return frozenset(wanted | capped | policies)

    def live_rows(self, weights: Mapping[str, float]) -> Array:
        """Which rows of A bind at all: not switched off, and not the support of a measure nobody asks for."""
        used = self.used(weights)
        live = np.ones(self.A.shape[0], dtype=bool)
        for name, block in self.rows.items():
            if name in self.off or (block.supports and not used & set(block.supports)):
                live[block.places] = False
        return live & (np.isfinite(self.row_lower) | np.isfinite(self.row_upper))

    def equals(self, other: LP, tolerance: float = 1e-9) -> bool:
        """Same labels and, within a relative tolerance, the same numbers."""
        arrays = ("lower", "upper", "row_lower", "row_upper", "ceilings")
        same = [self.columns == other.columns, self.rows == other.rows, self.off == other.off]
        if not all(same) or self.A.shape != other.A.shape:
            return False
        size = max(1.0, abs(self.A).max())
        return (
            abs(self.A - other.A).max() <= tolerance * size
            and abs(self.K - other.K).max() <= tolerance * max(1.0, abs(self.K).max())
            and all(np.allclose(getattr(self, n), getattr(other, n), tolerance, tolerance) for n in arrays)
            and all(np.allclose(self.bounds[n], other.bounds[n], tolerance, tolerance) for n in self.bounds)
        )

    def written_out(self, name: str, limit: int = 3) -> str:
        """The first rows of a rule, bound or measure as people write them: the golden files of the tests."""
        if name in self.bounds:
            return self._bounds_written(name, limit)
        if name in self.measures:
            return f"{name}: {self._terms(self.K[[self.measure(name)]])}"
        matrix, block = self.rows_apart, self.rows[name]
        places = range(block.start, min(block.stop, block.start + limit))
        return "\n".join(
            f"{said(name, block.keys[i - block.start])}: {_side(self._terms(matrix[[i]]), self.row_lower[i], self.row_upper[i])}"
            for i in places
        )

    def _bounds_written(self, name: str, limit: int) -> str:
        block, bounded = self.bound_blocks[name], self.columns[self.bound_blocks[name].name]
        lines = (
            f"{said(name, key)}: {said(bounded.name, key)} <= {self.bounds[name][bounded.at[key]]:.6g}"
            for key in block.keys[:limit]
        )
        return "\n".join(lines)

    def _terms(self, row: sp.csr_array) -> str:
        entries = sorted(zip(row.tocoo().coords[1], row.tocoo().data, strict=True))
        return " ".join(f"{value:+.6g} {self.column_said(int(j))}" for j, value in entries)

    def column_said(self, place: int) -> str:
        """A column's name and key, as printed."""
        block = next(block for block in self.columns.values() if block.start <= place < block.stop)
        return said(block.name, block.keys[place - block.start])


def said(name: str, key: Iterable[Any]) -> str:
    """A part and its key as people write them: ``held[Poland, tanks, 0, 2026]``."""
    inside = ", ".join(str(part) for part in key)
    return f"{name}[{inside}]" if inside else name


def _side(terms: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{terms} = {upper:.6g}"
    return f"{terms} <= {upper:.6g}" if np.isinf(lower) else f"{terms} >= {lower:.6g}"
