"""A front for the page Trade-offs: drawn by many solves, kept as figures alone, and taken from one point to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from model.questions.trade_off.front import Effort
from model.questions.trade_off.result import trade_off
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts, words
from ui.asking import asked, counted, level, measure_step, titled
from ui.state import Session

MOST_SECONDS = 600.0
"""Seconds after which the search for every bend is left as it is."""

_SLACK = 1e-6
"""By which part of its range a measure may lie above the point that is taken: no point is lost to rounding."""


@dataclass(frozen=True)
class Drawn:
    """A front as figures. ``points``: point, first, second (natural units), price (of one unit less of the first, beyond it).

    ``measures`` are (what is bought, what is paid); ``bends`` has one row a bend; ``gap`` bounds how far the front may lie below
    the lines, in the first measure's unit.
    """

    scenario: Scenario
    measures: tuple[str, str]
    points: pd.DataFrame
    bends: pd.DataFrame
    says: tuple[str, ...]
    complete: bool
    gap: float
    solves: int

    @property
    def answer(self) -> str:
        """The front in a sentence."""
        (first, second), s = self.measures, self.scenario
        start = self.points.iloc[0]
        if len(self.points) == 1:
            return (
                f"There is nothing to trade: one plan is best in both, with {amounts.named(first)} at "
                f"{level(s, first, start['first'])} and {amounts.named(second)} at {level(s, second, start['second'])}."
            )
        prices = [amounts.price(s, self.measures, self.points["price"].iloc[place]) for place in (0, -2)]
        last = prices[1].partition(" costs ")[2] or prices[1]
        bought, paid = (self._ends(measure, column) for measure, column in ((first, "first"), (second, "second")))
        return (
            f"{titled(first)} can go from {bought[0]} (with {amounts.named(second)} at {paid[0]}) down to {bought[1]} (at {paid[1]}): "
            f"at the low-cost end {prices[0]}, at the high-cost end {last}."
        )

    def _ends(self, measure: str, column: str) -> list[str]:
        """A measure at both ends of the front, with as many digits as tell them apart."""
        values = [float(self.points[column].iloc[place]) for place in (0, -1)]
        said = [level(self.scenario, measure, value) for value in values]
        if said[0] != said[1] or amounts.is_money(measure):
            return said
        return [words.percent(value, 2) for value in values]

    @property
    def known(self) -> str:
        """How well the front is known."""
        if self.complete:
            return f"Every bend was found exactly, in {words.count(self.solves, 'solve')}."
        low = amounts.step(self.scenario, self.measures[0], self.gap)
        return (
            f"{len(self.points)} points in {words.count(self.solves, 'solve')}: between them the true front lies at most {low} "
            "below the straight lines."
        )

    def ceilings(self, number: int, objectives: Sequence[str]) -> dict[str, float]:
        """Ceilings under which the best plan by these objectives is the point of that number."""
        row, (first, second) = self.points.set_index("point").loc[number], self.measures
        named = {second: "second"} if objectives[0] == first else {second: "second", first: "first"}
        return {
            measure: float(row[column]) + _SLACK * max(abs(float(row[column])), self._range(column))
            for measure, column in named.items()
        }

    def said(self, number: int) -> str:
        """A point in words: ``3: risk 42 %, cost 2.3 bn USD``."""
        row = self.points.set_index("point").loc[number]
        return f"{number}: " + ", ".join(
            f"{amounts.named(measure)} {level(self.scenario, measure, row[column])}"
            for measure, column in zip(self.measures, ("first", "second"), strict=True)
        )

    def _range(self, column: str) -> float:
        return float(self.points[column].max() - self.points[column].min())


def front_of(session: Session, between: tuple[str, str], points: int | None) -> Drawn | None:
    """The front of two measures of what is on screen: so many points, or every bend (None)."""
    how = f"{points} points" if points else "every bend"
    says = (
        f"Each point is the best plan under another ceiling: {points} solves, of some seconds each on a large scenario."
        if points
        else "The search goes on until every bend is known: minutes on a large scenario, and never more than "
        f"{MOST_SECONDS / 60:.0f}; what is found by then is drawn."
    )

    def work(problem: Problem, plan: Plan, watch: Watch) -> Drawn:
        return drawn_front(problem, between, points, watch)

    return asked(session, f"front {between} {how}", f"Draw the front: {how}", says, work)


def drawn_front(problem: Problem, between: tuple[str, str], points: int | None, watch: Watch) -> Drawn:
    """The front, without the plans behind its points."""
    limit = None if points else MOST_SECONDS
    effort = Effort(time_limit=limit, progress=counted(watch, points))
    found = trade_off(problem, between, points or 2, exact=points is None, effort=effort)
    first, second = found.measures
    table = found.table.rename(columns={first: "first", second: "second", "price_beyond": "price"})
    return Drawn(
        problem.scenario, found.measures, table[["point", "first", "second", "price"]], _bends(problem.scenario, found),
        found.says, found.complete, found.gap, found.front.solves,
    )  # fmt: skip


def _bends(scenario: Scenario, found: object) -> pd.DataFrame:
    """One row a bend: where it is, the price on either side, where the money goes from there, which policies change."""
    from model.questions.trade_off.result import TradeOff

    assert isinstance(found, TradeOff)
    records = []
    for number, bend in enumerate(found.bends, 1):
        prices = [
            amounts.price(scenario, found.measures, price).partition(" costs ") for price in (bend.before, bend.after)
        ]
        task, capability, year = bend.buys or ("", "", "")
        goes = (
            f"{capability} for {task}, {words.period(int(year), scenario.settings['years_per_period'])}" if task else ""
        )
        roles = {
            role: words.joined(
                dict.fromkeys(
                    f"{titled(c.rule)} ({', '.join(map(str, c.key))})" for c in bend.changes if c.role == role
                ),
                2,
            )
            for role in ("takes over", "gives way")
        }
        records.append(
            (number, bend.first, bend.second, prices[0][2] or prices[0][0], prices[1][2] or prices[1][0], goes, bend.payer or "",
             roles["takes over"], roles["gives way"])
        )  # fmt: skip
    columns = ["bend", "first", "second", "price before", "price beyond", "the money goes into", "paid most by", "now binds",
               "binds no longer"]  # fmt: skip
    return pd.DataFrame.from_records(records, columns=columns)


def points_frame(found: Drawn) -> tuple[pd.DataFrame, tuple[str, str]]:
    """The points as they are drawn, and the titles of both axes with their units."""
    frame, titles = found.points.copy(), []
    for measure, column in zip(found.measures, ("first", "second"), strict=True):
        size, unit = measure_step(found.scenario, measure, found.points[column].abs().max())
        frame[column] = frame[column] / size
        titles.append(f"{titled(measure)} ({unit})")
    frame["says"] = [
        amounts.price(found.scenario, found.measures, price) if price == price else "the high-cost end of the front"
        for price in frame["price"]
    ]
    return frame, (titles[0], titles[1])


def here_frame(found: Drawn, plans: dict[str, Plan]) -> pd.DataFrame:
    """Where plans stand in the picture of a front, by name."""
    records = []
    for name, plan in plans.items():
        values = [plan.measures[measure] for measure in found.measures]
        sizes = [
            measure_step(found.scenario, measure, found.points[column].abs().max())[0]
            for measure, column in zip(found.measures, ("first", "second"), strict=True)
        ]
        says = ", ".join(
            f"{amounts.named(m)} {level(found.scenario, m, value)}"
            for m, value in zip(found.measures, values, strict=True)
        )
        records.append((name, values[0] / sizes[0], values[1] / sizes[1], says))
    return pd.DataFrame.from_records(records, columns=["name", "first", "second", "says"])
