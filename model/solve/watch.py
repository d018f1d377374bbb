"""Limits and listeners of a solve. Loads nothing: the command line names them in all its commands."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, float, int], None]
"""Told now and then: what is being done, seconds so far, iterations so far."""


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
