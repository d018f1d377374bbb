"""The surface of three measures: the least of one under ceilings on the two others, on a grid."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.questions.answer import QuestionResult
from model.questions.time_limit import TIME_LIMIT, said_of
from model.questions.trade_off.front import Effort
from model.scenario.scenario import Scenario
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts

if TYPE_CHECKING:
    from model.report.pages import Chart


@dataclass(frozen=True)
class Spot:
    """One point of the grid: the ceilings, how the solve ended, what was reached and the prices on both ceilings.

    A price is the fall in the first measure for one unit more of the ceiling; ``values`` are all three measures.
    """

    ceilings: tuple[float, float]
    status: str
    values: tuple[float, float, float]
    prices: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Surface(QuestionResult):
    """The surface of three measures, the first at its least everywhere."""

    scenario: Scenario
    measures: tuple[str, str, str]
    spots: tuple[Spot, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a pair of ceilings; blank where no plan keeps both."""
        first, second, third = self.measures
        unit = "; ".join(amounts.unit_of(self.scenario, name) for name in self.measures)
        records = [(*spot.ceilings, *spot.values, *spot.prices, spot.status, unit) for spot in self.spots]
        columns = [
            f"{second}_at_most", f"{third}_at_most", first, second, third, f"price_of_{second}", f"price_of_{third}",
            "status", "unit",
        ]  # fmt: skip
        return pd.DataFrame.from_records(records, columns=columns)

    @cached_property
    def grid(self) -> pd.DataFrame:
        """The first measure, a row each ceiling on the second and a column each ceiling on the third."""
        first, second, third = self.measures
        wide = self.table.pivot_table(index=f"{second}_at_most", columns=f"{third}_at_most", values=first, dropna=False)
        wide.columns = [f"{third} at most {amounts.number(float(at), 3)}" for at in wide.columns]
        return wide.reset_index()

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Trade-off between {}, {} and {}".format(*map(amounts.named, self.measures))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"Surface": self.table, "Grid": self.grid}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def stopped(self) -> str:
        """What the time limit left undone; empty where every pair was solved."""
        return said_of(sum(spot.status != TIME_LIMIT for spot in self.spots), len(self.spots), "pairs of ceilings")

    @cached_property
    def says(self) -> tuple[str, ...]:
        """The corners of the surface in sentences."""
        s, (first, second, third) = self.scenario, self.measures
        found = [spot for spot in self.spots if spot.status == "optimal"]
        if not found:
            return (f"No point of the surface of {amounts.named(first)} was found. {self.stopped}".strip(),)
        best = min(found, key=lambda spot: spot.values[0])
        missing = len(self.spots) - len(found)
        said = [
            f"The least {amounts.named(first)} under {len(self.spots)} pairs of ceilings on {amounts.named(second)} and "
            f"{amounts.named(third)}: at best {amounts.level(s, first, best.values[0])}, with "
            f"{amounts.level(s, second, best.values[1])} and {amounts.level(s, third, best.values[2])}."
        ]
        said += [self._strictest(at) for at in (0, 1)]
        if self.stopped:
            said.append(self.stopped)
        elif missing:
            said.append(f"{missing} of the pairs cannot be kept together.")
        return tuple(text for text in said if text)

    def _strictest(self, which: int) -> str:
        """What the strictest ceiling on one measure costs while the other is held where the first is at its best."""
        s, first = self.scenario, self.measures[0]
        free = max(spot.ceilings[1 - which] for spot in self.spots)
        line = [spot for spot in self.spots if spot.ceilings[1 - which] == free and spot.status == "optimal"]
        if len(line) < 2:
            return ""
        line.sort(key=lambda spot: spot.ceilings[which])
        (tight, loose), (name, other) = (line[0], line[-1]), (self.measures[1 + which], self.measures[2 - which])
        more = tight.values[0] - loose.values[0]
        return (
            f"With {amounts.level(s, other, free)} at most throughout, {amounts.level(s, name, tight.ceilings[which])} at most means "
            f"{amounts.step(s, first, more)} more than {amounts.level(s, name, loose.ceilings[which])} at most."
        )


def surface(problem: Problem, measures: tuple[str, str, str], points: int = 5, effort: Effort | None = None) -> Surface:
    """The least of the first measure on a grid of ``points`` x ``points`` ceilings on the second and third.

    The ceilings run from the least either can be to where the first is at its best. Raises UsageError for unknown or
    repeated measures and where no plan satisfies the policies, SolverError where an end could not be solved.
    """
    if len(set(measures)) < 3:
        raise UsageError(f"a surface is over three different measures, not {', '.join(measures)}")
    if points < 2:
        raise UsageError(f"a surface needs at least 2 points a side, not {points}")
    effort = effort or Effort()
    first, second, third = measures
    begun, problem = time.perf_counter(), problem.changed()
    best, *least = (
        _end(problem, order, effort)
        for order in ((first, second, third), (second, first, third), (third, first, second))
    )
    sides = [
        np.linspace(plan.measures[name], max(best.measures[name], plan.measures[name]), points)
        for name, plan in zip((second, third), least, strict=True)
    ]
    spots = []
    for number, limits in enumerate(product(*sides), 1):
        left = None if effort.time_limit is None else max(0.0, begun + effort.time_limit - time.perf_counter())
        if effort.progress:
            effort.progress(f"point {number} of {points**2} of the surface", time.perf_counter() - begun, 0)
        ceilings = {second: _room(limits[0]), third: _room(limits[1])}
        problem = problem.changed(ceilings={**problem.ceilings, **ceilings})
        spots.append(_spot(problem.solve(measures, time_limit=left), measures, (float(limits[0]), float(limits[1]))))
    return Surface(problem.scenario, measures, tuple(spots))


def _room(limit: float) -> float:
    """A ceiling at the very least a measure can be, with a hair of room for what the solver can tell."""
    return float(limit + 1e-7 * max(abs(limit), 1e-6))


def _end(problem: Problem, order: tuple[str, ...], effort: Effort) -> Plan:
    plan = problem.solve(order, time_limit=effort.time_limit)
    if not plan.found:
        raise (UsageError if plan.status == "infeasible" else SolverError)(plan.message)
    return plan


def _spot(plan: Plan, measures: tuple[str, str, str], ceilings: tuple[float, float]) -> Spot:
    if not plan.found:
        return Spot(ceilings, plan.status, (np.nan,) * 3, (np.nan,) * 2)
    prices = -plan.stage(measures[0]).ceiling_multipliers
    one, other = (max(0.0, float(prices[plan.lp.measure(name)])) for name in measures[1:])
    values = tuple(plan.measures[name] for name in measures)
    return Spot(ceilings, plan.status, (values[0], values[1], values[2]), (one, other))


def _charts(found: Surface) -> list[Chart]:
    from model.report.pages import Chart

    first, second, third = map(amounts.named, found.measures)
    units = [amounts.unit_of(found.scenario, measure) for measure in found.measures]
    return [
        Chart(
            f"The least {first} for each {second} and {third}", "line", "Grid", tuple(range(1, found.grid.shape[1])),
            f"{second} at most ({units[1]})", f"{first} ({units[0]})",
        )
    ]  # fmt: skip
