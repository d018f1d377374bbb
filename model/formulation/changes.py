"""What an edit of a scenario changes: which columns and settings, and so which parts of a statement have to be stated again.

A what-if edit changes little, so that most of a problem can be kept. What every part read was noted while it was worked out
(:class:`model.core.data.Reader`); nothing is guessed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from model.core.data import Data, Node
from model.formulation.build import Statement
from model.language.registry import Part
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS

SETTINGS = frozenset(column.name for sheet in SHEETS if sheet.form == "settings" for column in sheet.columns)
COLUMNS = frozenset(column.key for sheet in SHEETS if sheet.form != "settings" for column in sheet.columns)


def changed(before: Scenario, after: Scenario) -> frozenset[str] | None:
    """The columns and settings in which two scenarios differ; None where their sets, periods, risk bands or rules do."""
    same_shape = before.periods == after.periods and len(before.severity) == len(after.severity)
    same_shape = same_shape and before.rules == after.rules
    if not same_shape or dict(before.sets) != dict(after.sets):
        return None
    columns = {key for key in COLUMNS if key in after.values and _differs(before.values.get(key), after.values[key])}
    settings = {name for name in SETTINGS if before.settings.get(name) != after.settings.get(name)}
    return frozenset(columns | settings)


def _differs(before: Any, after: Any) -> bool:
    return before is not after and dict(before or {}) != dict(after)


def stale(reads: Mapping[Node, Iterable[Node]], edited: Iterable[str]) -> set[Node]:
    """Everything that read what was edited, directly or by way of something else; what was edited is part of it."""
    readers: dict[Node, list[Node]] = defaultdict(list)
    for node, names in dict(reads).items():
        for name in tuple(names):
            readers[name].append(node)
    found, waiting = set(edited), list(edited)
    while waiting:
        fresh = [node for node in readers[waiting.pop()] if node not in found]
        found.update(fresh)
        waiting += fresh
    return found


def goes_by(made: Statement, d: Data, name: str) -> set[Node]:
    """Everything a part read, directly or by way of something else."""
    reads, found, waiting = {**d.reads, **made.reads}, set[Node](), [name]
    while waiting:
        fresh = [node for node in reads.get(waiting.pop(), ()) if node not in found]
        found.update(fresh)
        waiting += fresh
    return found


class Moved:
    """Tells which parts say something else after an edit: by what they read first, and then by value.

    A part that reads an edited column only by way of figures that came out the same (a member's holdings changed, but not
    which capabilities it has) need not be stated again. Called with a part or a domain.
    """

    def __init__(self, edited: frozenset[str], made: Statement, before: Data, after: Data) -> None:
        self._reads = {**before.reads, **made.reads}
        self._stated = made.reads
        self._edited, self._before, self._after = edited, before, after
        self._stale = stale(self._reads, edited)
        self._found: dict[Node, bool] = {}

    def __call__(self, what: Any) -> bool:
        node = what.name if isinstance(what, Part) else what
        if node not in self._stale:
            return False
        if node not in self._found:
            self._found[node] = self._moves(node)
        return self._found[node]

    def _moves(self, node: Node) -> bool:
        """Whether anything that was read stands for something else now; for what has a value of its own, whether that does."""
        if node in self._edited:
            return True
        if not any(map(self, self._reads[node])):
            return False
        if callable(node):
            return self._before.keys(node) != self._after.keys(node)
        return node in self._stated or bool(getattr(self._before, node) != getattr(self._after, node))
