"""Labelled numbers, and how they are brought into the order of other labels: worked out once for each pair of label lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.certificate.columns import Key
from model.certificate.figures import Array, Whole


@dataclass(frozen=True, eq=False)
class Cells:
    """Numbers by key, as two lists of one length; keys are all different."""

    keys: Sequence[Key]
    numbers: Array

    @classmethod
    def of(cls, cells: Mapping[Key, float] | Cells) -> Cells:
        """The same from a mapping."""
        if isinstance(cells, Cells):
            return cells
        return cls(tuple(cells), np.fromiter(cells.values(), dtype=float, count=len(cells)))

    def ordered(self, wanted: Sequence[Key]) -> Array:
        """The numbers in the order of other keys; 0 where a key has none."""
        places, _ = _placing(_List(self.keys), _List(wanted))
        found = np.zeros(len(wanted))
        found[places >= 0] = self.numbers[places[places >= 0]]
        return found

    def strangers(self, known: Sequence[Key]) -> list[tuple[Key, float]]:
        """Keys that are not among the known ones, with numbers other than 0."""
        _, extra = _placing(_List(self.keys), _List(known))
        return [(self.keys[i], float(self.numbers[i])) for i in extra[self.numbers[extra] != 0].tolist()]


NOTHING = Cells((), np.zeros(0))


class _List:
    """A list of keys, the same as another only if it is that very list: what-ifs share theirs, so looking is enough."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = keys

    def __hash__(self) -> int:
        return id(self.keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _List) and self.keys is other.keys


@lru_cache(maxsize=192)
def _placing(have: _List, wanted: _List) -> tuple[Whole, Whole]:
    """For each wanted key its place among those there are (-1 where it is missing), and the places nobody wants."""
    at = {key: i for i, key in enumerate(have.keys)}
    places = np.array([at.get(key, -1) for key in wanted.keys], dtype=np.int64)
    unwanted = np.ones(len(have.keys), dtype=bool)
    unwanted[places[places >= 0]] = False
    return places, np.flatnonzero(unwanted)
