"""Technology read a second time: when orders are ripe, and what binds research, transfers and the widest gap, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures, Truth, array_of
from model.certificate.rows import Given, Line, Rule, written
from model.scenario.scenario import Scenario

POLICIES = ("technology_gap_is_limited",)
"""What somebody decided, and may be switched off."""


@dataclass(frozen=True, eq=False)
class Technology:
    """By capability: the year from which anybody can order it (-inf: always, inf: never), what its research costs (NaN: there is
    none) and how many units a year all of that allows. By member: its level (NaN: none) and what raising it by 1 costs (NaN: it
    cannot be)."""

    since: Array
    cost: Array
    early: Array
    level: Array
    transfer: Array

    @property
    def has_level(self) -> Truth:
        """Members with a level."""
        return ~np.isnan(self.level)

    @property
    def can_rise(self) -> Truth:
        """Members below the best whose level can be raised."""
        return self.lags & ~np.isnan(self.transfer)

    @property
    def lags(self) -> Truth:
        """Members below the best."""
        return self.behind > 0

    @property
    def behind(self) -> Array:
        """How far each member is below the best; 0 where it has no level."""
        best = np.nanmax(self.level) if self.has_level.any() else 0.0
        return np.where(self.has_level, best - self.level, 0.0)

    def ripe(self, periods: tuple[int, ...]) -> Truth:
        """By capability and period: whether anything can be ordered at all, with research or without."""
        may: Truth = (np.array(periods) >= self.since[:, None]) | ~np.isnan(self.cost)[:, None]
        return may

    def unripe(self, periods: tuple[int, ...]) -> Truth:
        """By capability and period: whether only research allows orders."""
        may: Truth = (np.array(periods) < self.since[:, None]) & ~np.isnan(self.cost)[:, None]
        return may


def technology(s: Scenario) -> Technology:
    """All of it as arrays."""
    capabilities, members = s.sets["capability"], s.sets["member"]
    named = np.array([c in s.available_from for c in capabilities], dtype=bool)
    year = array_of(s.values.get("available_from", {}), capabilities, np.nan)
    return Technology(
        since=np.where(named, np.where(np.isnan(year), np.inf, year), -np.inf),
        cost=array_of(s.values.get("research_cost", {}), capabilities, np.nan),
        early=np.nan_to_num(array_of(s.values.get("early_orders", {}), capabilities, np.nan)),
        level=array_of(s.values.get("technology", {}), members, np.nan),
        transfer=array_of(s.values.get("transfer_cost", {}), members, np.nan),
    )


FIGURES = (("technology", technology),)
"""What the certificate reads of this layer's sheets, and how."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Every rule of this layer."""
    yield from _research(f, x)
    yield from _gaps(f, x)


def _research(f: Figures, x: Columns) -> Iterator[Rule]:
    """Early orders in proportion to what was paid before, and no more paid than there is to pay."""
    tech, first, once = f.technology, list[Line](), list[Line]()
    unripe = tech.unripe(f.periods)
    for c, capability in enumerate(f.capabilities):
        allows = f.years * tech.early[c] / (tech.cost[c] if tech.cost[c] > 0 else 1.0)
        for t in np.flatnonzero(unripe[c]).tolist():
            jointly = [x.jointly_ordered[g, :, t] for g, of in enumerate(f.joint.capability) if of == c]
            orders = np.concatenate([x.ordered[:, c, t], x.commonly_ordered[c, t : t + 1], *jointly])
            if (orders != ABSENT).any():
                paid = [(x.researched[c, earlier], -allows) for earlier in range(t)]
                first.append(((capability, f.periods[t]), 0.0, [*((order, 1.0) for order in orders), *paid]))
        if (x.researched[c] != ABSENT).any():
            once.append(((capability,), float(tech.cost[c]), [(paid, 1.0) for paid in x.researched[c]]))
    yield written("research_comes_first", "<=", first)
    yield written("research_is_paid_once", "<=", once)


def _gaps(f: Figures, x: Columns) -> Iterator[Rule]:
    """How far transfers may go, and how far members stay behind."""
    best, limited, counts = list[Line](), list[Line](), list[Line]()
    most, widest = f.settings["technology_limit"], int(x.widest_gap)
    for m in np.flatnonzero(f.technology.lags).tolist():
        key, behind, raised = (f.members[m],), float(f.technology.behind[m]), x.raised[m]
        if f.technology.can_rise[m]:
            best.append((key, behind, [(step, 1.0) for step in raised]))
        if most is not None:
            limited.append((key, most - behind, [(step, -1.0) for step in raised]))
        counts.append((key, behind, [(widest, 1.0), *((step, 1.0) for step in raised)]))
    yield written("best_is_the_limit", "<=", best)
    yield written("technology_gap_is_limited", "<=", limited)
    yield written("gap_in_technology_counts", ">=", counts, serves=("technology_gap",))
