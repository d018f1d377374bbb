"""What a solver is asked with and answers with: bases, answers and ranges. Knows no solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from model.language.cached import cached_property
from model.language.shown import Shown
from model.solve.lp import Array

Status = Literal[
    "optimal", "infeasible", "unbounded", "time limit", "interrupted", "numerical trouble", "iteration limit"
]

LOWER, BASIC, UPPER = 0, 1, 2
"""At its lower limit, basic, at its upper limit: HiGHS's own numbers."""


@dataclass(frozen=True, eq=False)
class Basis(Shown):
    """Where columns and rows are, over the whole LP (ceilings last): LOWER, BASIC, UPPER; usable for any LP of the same shape."""

    columns: Array
    rows: Array


@dataclass(frozen=True, eq=False)
class Answer(Shown):
    """What HiGHS said. ``x`` over all columns; ``y`` over all rows of A and ``ceiling_y`` over the measures, both per unit of the
    *scaled* objective and of the unscaled right-hand side; ``reduced`` likewise over columns."""

    status: Status
    x: Array
    y: Array
    ceiling_y: Array
    reduced: Array
    iterations: int
    seconds: float
    settings: str = "as is"
    read_basis: Callable[[], Basis | None] = lambda: None

    @cached_property
    def basis(self) -> Basis | None:
        """The basis it ends with, read when first asked for: few are ever started from."""
        return self.read_basis()


@dataclass(frozen=True, eq=False)
class Ranges(Shown):
    """Between which values the active limit of each row and column may lie, everything else unchanged, before the optimal basis
    changes; NaN where the limit is not active."""

    row_low: Array
    row_high: Array
    column_low: Array
    column_high: Array


@dataclass(frozen=True, eq=False)
class Ray(Shown):
    """Prices that say no plan keeps all rows: ``y`` over rows of A, ``ceiling_y`` over measures in natural units."""

    y: Array
    ceiling_y: Array

    @property
    def turned(self) -> Ray:
        """The opposite."""
        return Ray(-self.y, -self.ceiling_y)
