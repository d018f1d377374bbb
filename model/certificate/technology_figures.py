"""The figures of technology, derived from the sheet Technology and the columns of Members once more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scenario.scenario import Scenario

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]


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

    def listed(column: str, names: tuple[str, ...]) -> Array:
        cells = s.values.get(column, {})
        return np.array([np.nan if cells.get(name) is None else cells[name] for name in names], dtype=float)

    named = np.array([c in s.available_from for c in capabilities], dtype=bool)
    year = listed("available_from", capabilities)
    return Technology(
        since=np.where(named, np.where(np.isnan(year), np.inf, year), -np.inf),
        cost=listed("research_cost", capabilities),
        early=np.nan_to_num(listed("early_orders", capabilities)),
        level=listed("technology", members),
        transfer=listed("transfer_cost", members),
    )
