"""Common funding read a second time: what the alliance may own itself, and what binds its stocks and contributions, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures, Truth, Whole, array_of
from model.certificate.rows import Given, Rule, entries, rows
from model.certificate.shares import fair_shares
from model.scenario.scenario import Scenario

POLICIES = (
    "common_forces_are_used_once",
    "common_forces_suffice",
    "common_stock_is_limited",
)
"""What somebody decided, and may be switched off."""


@dataclass(frozen=True, eq=False)
class Common:
    """By capability: whether the alliance may own it, from when it may order, what it has and may have, what a unit
    costs it, and the part of a unit that can be deployed.

    ``paid_by`` is every member's part of that, by member and capability.
    """

    owned: Truth
    since: Array
    at_start: Array
    most: Array
    price: Array
    upkeep: Array
    paid_by: Array
    deployable: Array


def common(s: Scenario) -> Common:
    """The sheet Common funding as arrays; what is a weakest link is nobody's to own for the others."""
    capabilities = s.sets["capability"]
    factor = array_of(s.common_cost_factor, capabilities)
    paid = np.zeros((len(s.sets["member"]), len(capabilities)))
    for i, c in enumerate(capabilities):
        if c in s.common_key:
            paid[:, i] = fair_shares(s, s.common_key[c])
    return Common(
        owned=np.array(
            [c in s.common_cost_factor and s.sharing[c] != "weakest link" for c in capabilities], dtype=bool
        ),
        since=array_of(s.common_from_year, capabilities, blank=-np.inf),
        at_start=array_of(s.common_holding, capabilities),
        most=array_of(s.common_max_stock, capabilities, blank=np.inf),
        price=factor * array_of(s.unit_cost, capabilities),
        upkeep=factor * array_of(s.sustainment_cost, capabilities),
        paid_by=paid,
        deployable=array_of(s.capability_availability, capabilities, blank=1.0),
    )


FIGURES = (("common", common),)
"""What the certificate reads of this layer's sheets, and how."""


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
