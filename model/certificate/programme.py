"""The arrays of one stage: the reading's rules that apply, the stage's objective and its ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from model.certificate.columns import Key, label
from model.certificate.figures import Array, Truth
from model.certificate.reading import Reading
from model.certificate.rows import Sense

CEILING = "ceiling"


@dataclass(frozen=True)
class Stage:
    """What is to be proved: the weights minimised, the ceilings held, the policies off, what members compare with.

    ``weights`` and ``ceilings`` are by measure in natural units; ``off`` are names of rules; ``accepted`` is by member
    and needed only under consensus.
    """

    weights: Mapping[str, float]
    ceilings: Mapping[str, float] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    accepted: Mapping[Any, float] = field(default_factory=dict)
    outvoted: frozenset[str] = frozenset()

    @property
    def measures(self) -> frozenset[str]:
        """The measures it needs."""
        return frozenset({name for name, weight in self.weights.items() if weight != 0} | set(self.ceilings))


@dataclass(frozen=True, eq=False)
class Programme:
    """minimise cost·x, matrix·x (<=, >=, =) right, 0 <= x <= upper.

    ``side`` is 1 for <=, -1 for >=, 0 for =. ``natural`` is the natural size of each ceiling's measure and 0 for other
    rows; ``worth`` that of the objective. ``blocks`` names the rows in order; ``used`` the columns a stage looks at.
    """

    cost: Array
    matrix: sparse.csr_matrix
    side: Array
    right: Array
    upper: Array
    natural: Array
    worth: float
    blocks: tuple[tuple[str, tuple[Key, ...]], ...]
    used: Truth

    def row_name(self, row: int) -> str:
        """The rule and its key in words, such as ``budget_is_respected[Norland, 2026]``."""
        for name, keys in self.blocks:
            if row < len(keys):
                return label(name, keys[row])
            row -= len(keys)
        raise IndexError(row)


_SIDE: dict[Sense, float] = {"<=": 1.0, ">=": -1.0, "=": 0.0}


def programme(reading: Reading, stage: Stage) -> Programme:
    """The stage's programme; a rule that only serves measures is left out where none of them is asked for."""
    size, wanted = reading.columns.size, stage.measures
    rules = [rule for rule in reading.rules if not rule.serves or rule.serves & wanted]
    held = [reading.measures[name] for name in stage.ceilings]
    blocks = tuple((rule.name, rule.keys) for rule in rules)
    parts = [rule.entries for rule in rules]
    parts += [(np.zeros_like(m.column), m.column, m.coefficient) for m in held]
    heights = [len(rule.keys) for rule in rules] + [1] * len(held)
    start = np.concatenate([[0], np.cumsum(heights)]).astype(np.int64)
    row = np.concatenate([part[0] + first for part, first in zip(parts, start[:-1], strict=True)])
    column, amount = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    matrix = sparse.csr_matrix((amount, (row, column)), shape=(int(start[-1]), size))
    matrix.eliminate_zeros()
    ceilings = [1.0] * len(held)
    return Programme(
        cost=sum((w * _dense(reading, m) for m, w in stage.weights.items() if w != 0), np.zeros(size)),
        matrix=matrix,
        side=np.concatenate([*(np.full(len(rule.keys), _SIDE[rule.sense]) for rule in rules), ceilings]),
        right=np.concatenate([*(rule.right for rule in rules), list(stage.ceilings.values())]).astype(float),
        upper=reading.columns.upper,
        natural=np.concatenate([np.zeros(start[-1] - len(held)), [m.natural for m in held]]),
        worth=sum(abs(w) * reading.measures[m].natural for m, w in stage.weights.items()),
        blocks=(*blocks, (CEILING, tuple((name,) for name in stage.ceilings))),
        used=_used(reading, matrix),
    )


def _dense(reading: Reading, name: str) -> Array:
    measure = reading.measures[name]
    dense: Array = np.bincount(measure.column, measure.coefficient, minlength=reading.columns.size).astype(float)
    return dense


def _used(reading: Reading, matrix: sparse.csr_matrix) -> Truth:
    """All columns but those of measures that this stage does not need."""
    used = np.ones(reading.columns.size, dtype=bool)
    for name in reading.columns.on_demand:
        first = reading.columns.start[name]
        used[first : first + len(reading.columns.keys[name])] = False
    used[matrix.indices] = True
    return used
