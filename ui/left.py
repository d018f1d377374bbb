"""A scenario that was worked on and is not open now: everything that was done with it, to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.language.faults import Fault
from model.scenario.levers.edits import Edit
from model.scenario.scenario import Scenario
from ui.draft import Draft
from ui.solved import Solved


@dataclass(frozen=True, eq=False)
class Left:
    """What was being done with a scenario when another was opened. ``solved`` is None where its tables must be solved again."""

    opened: Scenario
    solved: Solved | None
    edits: tuple[Edit, ...]
    ceilings: Mapping[str, float]
    undone: list[Solved]
    faults: tuple[Fault, ...]
    draft: Draft | None
