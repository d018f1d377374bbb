"""What a lever is, and the register of them: write a function, put ``@lever`` above it, and nothing else.

A lever's parameter names after ``s`` (the scenario) and ``x`` (the value) are its targets, in the order they are written
in brackets. The first paragraph of its docstring is its meaning, as users read it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from model.scenario.scenario import Scenario

Kind = Literal["factor", "value", "year", "switch", "word", "name"]
"""What a lever takes: a factor on what the workbook says, a value in its place (a whole year), on or off, a word, a name."""

OFF, ON = "off", "on"


@dataclass(frozen=True)
class Lever:
    """One lever. ``low`` and ``high`` are inclusive; ``above`` says that ``low`` itself is not allowed.

    ``words`` are what may stand instead of a number (or, without a range, the only things that may).
    """

    name: str
    function: Callable[..., Scenario]
    kind: Kind
    targets: tuple[str, ...]
    says: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What it takes, in words: ``a factor from 0 to 100``."""
        if self.kind in ("switch", "word"):
            return " or ".join(self.words)
        if self.kind == "name":
            return f"the name of a {self.unit}"
        what = {"factor": "a factor", "year": "a year"}.get(self.kind, "a number")
        low = f"above {self.low:g} up to {self.high:g}" if self.above else f"from {self.low:g} to {self.high:g}"
        unit = f" ({self.unit})" if self.unit and self.kind == "value" else ""
        return f"{what} {low}{unit}" + (f", or {' or '.join(self.words)}" if self.words else "")

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimension each target is of: the other of two is a member."""
        return tuple("member" if target == "other" else target for target in self.targets)

    @property
    def form(self) -> str:
        """How it is written: ``requirement[task, capability]=x``."""
        inside = f"[{', '.join(self.targets)}]" if self.targets else ""
        return f"{self.name}{inside}={'x' if self.kind != 'name' else self.unit}"


LEVERS: dict[str, Lever] = {}
"""Every lever by name, in the order they are listed."""


def lever(
    kind: Kind,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    unit: str = "",
    above: bool = False,
    words: str | tuple[str, ...] = "",
) -> Callable[[Callable[..., Scenario]], Callable[..., Scenario]]:
    """Registers a function of (s, x, one target or more) as a lever of its own name."""

    def register(function: Callable[..., Scenario]) -> Callable[..., Scenario]:
        name, targets = function.__name__, tuple(inspect.signature(function).parameters)[2:]
        says = " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
        if name in LEVERS or not says:
            raise TypeError(f"the lever {name!r} is there twice, or has no docstring")
        LEVERS[name] = Lever(
            name, function, kind, targets, says, unit or ("times" if kind == "factor" else ""), low, high, above,
            tuple(words.split()) if isinstance(words, str) else words,
        )  # fmt: skip
        return function

    return register
