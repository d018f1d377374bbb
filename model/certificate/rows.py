"""Rows under construction: a rule as labelled rows of (row, column, coefficient), laid out from index arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np

from model.certificate.columns import ABSENT, Key, keys_of, number
from model.certificate.figures import Array, Truth, Whole
from model.language.shown import Shown

Sense = Literal["<=", ">=", "="]

Entries: TypeAlias = tuple[Whole, Whole, Array]
"""Rows, columns and coefficients, flat and of one length."""


@dataclass(frozen=True)
class Given:
    """What a reading is asked for: rules switched off, the risk each member compares with under consensus, who is outvoted."""

    off: frozenset[str] = frozenset()
    accepted: Mapping[str, float] = field(default_factory=dict)
    outvoted: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Rule(Shown):
    """All rows of one name. ``serves`` names the measures that call for it; empty: it always holds."""

    name: str
    keys: tuple[Key, ...]
    sense: Sense
    right: Array
    entries: Entries
    serves: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Rows:
    """The numbered places of a rule that is being written: ``at`` is ABSENT where the rule says nothing."""

    name: str
    at: Whole
    keys: tuple[Key, ...]

    def rule(self, sense: Sense, right: Any, *terms: Entries, serves: Sequence[str] = ()) -> Rule:
        """The rule with these terms on the left and ``right``, by place, on the right."""
        exists = self.at != ABSENT
        limits = np.broadcast_to(np.asarray(right, dtype=float), self.at.shape)[exists].ravel()
        return Rule(self.name, self.keys, sense, limits, joined(*terms), frozenset(serves))


def rows(name: str, exists: Truth, *axes: Sequence[Any]) -> Rows:
    """Places for a rule, wherever it exists."""
    return Rows(name, number(exists), keys_of(exists, axes))


Term: TypeAlias = tuple[int, float]
"""A column and its coefficient."""

Line: TypeAlias = tuple[Key, float, Iterable[Term]]
"""One row as it is read: its key, its limit and its terms."""


def written(name: str, sense: Sense, lines: Iterable[Line], serves: Sequence[str] = ()) -> Rule:
    """A rule written row by row, for those that have few; a column that does not exist adds nothing."""
    keys, right, row, column, amount = [], [], [], [], []
    for place, (key, limit, terms) in enumerate(lines):
        keys.append(key)
        right.append(limit)
        for at, coefficient in terms:
            if at != ABSENT and coefficient != 0:
                row.append(place)
                column.append(at)
                amount.append(coefficient)
    found = np.array(row, dtype=np.int64), np.array(column, dtype=np.int64), np.array(amount, dtype=float)
    return Rule(name, _same(tuple(keys)), sense, np.array(right, dtype=float), found, frozenset(serves))


@lru_cache(maxsize=96)
def _same(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The very same list of keys for equal ones: what was worked out of a list is known again by it."""
    return keys


def entries(at: Whole, column: Whole, coefficient: Any) -> Entries:
    """Entries of a term: rows, columns and coefficients that broadcast against one another; absent places drop out."""
    amount = np.asarray(coefficient, dtype=float)
    at, column, amount = np.broadcast_arrays(at, column, amount)
    kept = (at != ABSENT) & (column != ABSENT) & (amount != 0)
    return at[kept], column[kept], amount[kept]


def joined(*terms: Entries) -> Entries:
    """Several terms as one."""
    if not terms:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    row, column, amount = zip(*terms, strict=True)
    return np.concatenate(row), np.concatenate(column), np.concatenate(amount)


def moved(term: Entries, at: Whole, factor: Any = 1.0) -> Entries:
    """A term whose rows ``r`` become ``at[r]`` and whose coefficients are multiplied by ``factor[r]``."""
    row, column, amount = term
    scale = np.broadcast_to(np.asarray(factor, dtype=float), at.shape)
    return entries(at[row], column, amount * scale[row])
