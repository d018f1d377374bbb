"""A watch whose time is up after so many looks at it: the same cut on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.solve.engine import Watch


@dataclass(frozen=True)
class Patience(Watch):
    """``looks``: how often ``left`` says that there is time; after that there is none."""

    looks: int = 0
    seen: list[None] = field(default_factory=list)

    @property
    def left(self) -> float:
        self.seen.append(None)
        return float("inf") if len(self.seen) <= self.looks else 0.0
