"""What given acquisitions are worth in one case: the shared columns held at given amounts, the rest decided best. LP -> LP."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.solve.lp import LP, Array, Key

Amounts = Mapping[str, Mapping[Key, float]]
"""Amounts by variable and key."""

_BROKEN = 1e-6
"""Part of a row's own size by which it may be off before it counts as broken: what a certificate allows."""

_LITTLE = 1e-3
"""Part of the largest row of a rule below which a row's own size is rounding."""


@dataclass(frozen=True)
class Breach:
    """A policy that given amounts break in a case by themselves: which, where, and by how much, in the rule's unit."""

    rule: str
    key: Key
    by: float


@dataclass(frozen=True, eq=False)
class Given:
    """A problem whose shared columns are held. ``broken`` policies are switched off in ``lp``."""

    lp: LP
    breaches: tuple[Breach, ...]

    @property
    def broken(self) -> frozenset[str]:
        """The policies that do not hold."""
        return frozenset(breach.rule for breach in self.breaches)


def amounts_of(lp: LP, x: Array, shared: Collection[str]) -> dict[str, dict[Key, float]]:
    """The amounts of the shared columns in a plan, none below 0 by rounding."""
    return {
        name: dict(zip(block.keys, np.maximum(x[block.places], 0.0).tolist(), strict=True))
        for name, block in lp.columns.items()
        if name in shared
    }


def shared_columns(lp: LP, shared: Collection[str]) -> Array:
    """A truth for each column: whether it is shared."""
    found = np.zeros(lp.A.shape[1], dtype=bool)
    for name in shared:
        found[lp.columns[name].places] = True
    return found


def shared_rows(lp: LP, shared: Collection[str]) -> Array:
    """A truth for each row: whether it speaks of shared columns only."""
    others = (~shared_columns(lp, shared)).astype(float)
    found: Array = (abs(lp.rows_apart) @ others) == 0
    return found


def given(lp: LP, amounts: Amounts) -> Given:
    """The problem with these columns held at these amounts; keys without an amount are held at 0.

    Rules that speak of nothing else are looked at here: those that hold need not bind again, those that do not are breaches.
    """
    fixed = shared_columns(lp, amounts)
    values = np.zeros(lp.A.shape[1])
    for name, cells in amounts.items():
        block = lp.columns[name]
        values[block.places] = [cells.get(key, 0.0) for key in block.keys]
    settled = shared_rows(lp, amounts)
    found = _breaches(lp, values, settled)
    off = lp.off | {breach.rule for breach in found}
    held = replace(
        lp,
        lower=np.where(fixed, values, lp.lower),
        upper=np.where(fixed, values, lp.upper),
        bounds={name: np.where(fixed, np.inf, limit) for name, limit in lp.bounds.items()},
        row_lower=np.where(settled, -np.inf, lp.row_lower),
        row_upper=np.where(settled, np.inf, lp.row_upper),
        off=off,
    )
    return Given(held, found)


def _breaches(lp: LP, values: Array, settled: Array) -> tuple[Breach, ...]:
    """The settled rows that do not hold, each measured by its own size, and at least by a little of its rule's largest."""
    rows, live = lp.rows_apart, settled & lp.live_rows({})
    activity, terms = rows @ values, abs(rows) @ np.abs(values)
    over = np.maximum(activity - lp.row_upper, lp.row_lower - activity)
    limits = np.where(np.isfinite(lp.row_upper), lp.row_upper, lp.row_lower)
    size = np.maximum(terms, np.abs(np.where(np.isfinite(limits), limits, 0.0)))
    found: list[Breach] = []
    for name, block in lp.rows.items():
        here = block.places
        least = _LITTLE * float(size[here].max(initial=0.0))
        broken = live[here] & (over[here] > _BROKEN * np.maximum(size[here], least))
        found += [Breach(name, block.keys[at], float(over[block.start + at])) for at in np.flatnonzero(broken).tolist()]
    return tuple(found)
