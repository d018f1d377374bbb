"""What a solver is asked with and answers with: bases, answers, ranges, limits and listeners. Knows no solver."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from model.solve.lp import Array

Status = Literal[
    "optimal", "infeasible", "unbounded", "time limit", "interrupted", "numerical trouble", "iteration limit"
]
Progress = Callable[[str, float, int], None]
"""Told now and then: what is being done, seconds so far, iterations so far."""


LOWER, BASIC, UPPER = 0, 1, 2
"""At its lower limit, basic, at its upper limit: HiGHS's own numbers."""


@dataclass(frozen=True, eq=False)
class Basis:
    """Where columns and rows are, over the whole LP (ceilings last): LOWER, BASIC, UPPER; usable for any LP of the same shape."""

    columns: Array
    rows: Array


@dataclass(frozen=True, eq=False)
class Answer:
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
class Ranges:
    """Between which values the active limit of each row and column may lie, everything else unchanged, before the optimal basis
    changes; NaN where the limit is not active."""

    row_low: Array
    row_high: Array
    column_low: Array
    column_high: Array


@dataclass(frozen=True)
class Watch:
    """Limits and listeners of a solve; ``time_limit`` in seconds, from when the watch was made.

    ``meanwhile`` is done while the solver, which needs no Python, is at work; it may be asked for again, and then costs nothing.
    ``processor_limit`` is in seconds of the solver's own thread in one run, whatever else the machine is busy with.
    ``one_core`` says to do nothing meanwhile: other solves run on the other cores.
    """

    time_limit: float | None = None
    progress: Progress | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    begun: float = field(default_factory=time.perf_counter)
    meanwhile: Callable[[], object] | None = None
    one_core: bool = False
    processor_limit: float = math.inf

    @property
    def left(self) -> float:
        """Seconds left."""
        return float("inf") if self.time_limit is None else max(0.0, self.begun + self.time_limit - time.perf_counter())
