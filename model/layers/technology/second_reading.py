"""Technology read a second time: when orders are ripe, and what binds research, transfers and the widest gap, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns, by_anybody
from model.certificate.figures import Array, Figures, Truth, array_of
from model.certificate.rows import Given, Rule, entries, rows
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
    ordered = by_anybody(f, *(column != ABSENT for column in (x.ordered, x.commonly_ordered, x.jointly_ordered)))
    first = rows("research_comes_first", f.technology.unripe(f.periods) & ordered, f.capabilities, f.periods)
    allows = f.years * f.technology.early / np.where(f.technology.cost > 0, f.technology.cost, 1.0)
    earlier = np.tri(len(f.periods), k=-1)  # period of the order, period of the payment
    yield first.rule(
        "<=",
        0.0,
        entries(first.at, x.ordered, 1.0),
        entries(first.at, x.commonly_ordered, 1.0),
        entries(first.at[f.joint.capability][:, None], x.jointly_ordered, 1.0),
        entries(first.at[..., None], x.researched[:, None], -allows[:, None, None] * earlier),
    )
    once = rows("research_is_paid_once", (x.researched != ABSENT).any(axis=1), f.capabilities)
    yield once.rule("<=", np.nan_to_num(f.technology.cost), entries(once.at[:, None], x.researched, 1.0))


def _gaps(f: Figures, x: Columns) -> Iterator[Rule]:
    """How far transfers may go, and how far members stay behind."""
    behind, lags = f.technology.behind, f.technology.lags
    best = rows("best_is_the_limit", f.technology.can_rise, f.members)
    yield best.rule("<=", behind, entries(best.at[:, None], x.raised, 1.0))
    most = f.settings["technology_limit"]
    if most is not None:
        limited = rows("technology_gap_is_limited", lags, f.members)
        yield limited.rule("<=", most - behind, entries(limited.at[:, None], x.raised, -1.0))
    counts = rows("gap_in_technology_counts", lags, f.members)
    risen = entries(counts.at[:, None], x.raised, 1.0)
    yield counts.rule(">=", behind, entries(counts.at, x.widest_gap, 1.0), risen, serves=("technology_gap",))
