"""What binds the alliance's own stocks and contributions (common funding), as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Figures, Truth, Whole
from model.certificate.rows import Given, Rule, entries, rows

POLICIES = (
    "common_forces_are_used_once",
    "common_forces_suffice",
    "common_stock_is_limited",
)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """The alliance's own stock carries over, and serves tasks within what can be deployed of it."""
    axes = (f.capabilities, f.periods)
    stock, left, number = x.commonly_held, f.forces.left[:, None], len(f.periods)
    before = np.concatenate([np.full_like(stock[:, :1], ABSENT), stock[:, :-1]], axis=1)
    arriving = np.full_like(stock, ABSENT)
    for c, delay in enumerate(f.forces.delay):
        arriving[c, delay:] = x.commonly_ordered[c, : max(0, number - delay)]
    first = np.arange(number) == 0
    carry = rows("common_holdings_carry_over", stock != ABSENT, *axes)
    yield carry.rule(
        "<=",
        np.where(first, f.common.at_start[:, None], 0.0),
        entries(carry.at, stock, 1.0),
        entries(carry.at, before, -left),
        entries(carry.at, arriving, -1.0),
    )
    of, y, part, rival = (
        f.needs.situation_of,
        x.commonly_contributed,
        f.common.deployable[:, None],
        f.needs.rival[:, None],
    )
    used: Truth = np.zeros((len(f.situations), *stock.shape), dtype=bool)
    for k, p in enumerate(of):
        used[p] |= y[k] != ABSENT
    once = rows("common_forces_are_used_once", used & rival, f.situations, *axes)
    at: Whole = once.at[of]
    yield once.rule("<=", 0.0, entries(at, y, 1.0), entries(once.at, stock[None], -part))
    each = rows("common_forces_suffice", (y != ABSENT) & ~rival, f.tasks, *axes)
    yield each.rule("<=", 0.0, entries(each.at, y, 1.0), entries(each.at, stock[None], -part))
