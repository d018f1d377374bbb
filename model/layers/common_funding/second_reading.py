"""Common funding read a second time: what the alliance may own itself, and what binds its stocks and contributions, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures, Truth, array_of
from model.certificate.rows import Given, Line, Rule, written
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
    of = f.needs.situation_of
    at_once = [(p, np.flatnonzero(of == i).tolist()) for i, p in enumerate(f.situations)]
    alone = [(k, [i]) for i, k in enumerate(f.tasks)]
    yield written("common_holdings_carry_over", "<=", _kept(f, x))
    yield written("common_forces_are_used_once", "<=", _sent(f, x, at_once, f.needs.rival))
    yield written("common_forces_suffice", "<=", _sent(f, x, alone, ~f.needs.rival))


def _kept(f: Figures, x: Columns) -> Iterator[Line]:
    """What is left of the period before, and what arrives."""
    for c in np.flatnonzero(f.common.owned).tolist():
        stock, delay, at_start = x.commonly_held[c], int(f.forces.delay[c]), float(f.common.at_start[c])
        for t, period in enumerate(f.periods):
            before = [(stock[t - 1], -f.forces.left[c])] if t > 0 else []
            arriving = [(x.commonly_ordered[c, t - delay], -1.0)] if t >= delay else []
            right = at_start if t == 0 else 0.0
            yield (f.capabilities[c], period), right, [(stock[t], 1.0), *before, *arriving]


def _sent(f: Figures, x: Columns, together: list[tuple[str, list[int]]], which: Truth) -> Iterator[Line]:
    """What serves these tasks together is no more than can be deployed, for each of these capabilities."""
    for name, tasks in together:
        for c in np.flatnonzero(f.common.owned & which).tolist():
            for t, period in enumerate(f.periods):
                sent = x.commonly_contributed[tasks, c, t]
                if (sent != ABSENT).any():
                    deployed = (x.commonly_held[c, t], -f.common.deployable[c])
                    yield (name, f.capabilities[c], period), 0.0, [*((y, 1.0) for y in sent), deployed]
