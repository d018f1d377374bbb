"""What one measure costs in another: the front between them, where it bends, and the price in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.questions.answer import QuestionResult
from model.questions.trade_off.bends import Bend, Change, bends, bends_table
from model.questions.trade_off.front import Edge, Effort, Front, exact_front, sampled_front
from model.scenario.scenario import Scenario
from model.solve.problem import Problem
from model.wording import amounts

if TYPE_CHECKING:
    from model.report.pages import Chart

_SENTENCES = 6
"""Bends told in words; the table has them all."""


@dataclass(frozen=True, eq=False)
class TradeOff(QuestionResult):
    """A front and what it means. ``measures`` are (what is bought, what is paid); ``assumes`` says what holds all along it."""

    scenario: Scenario
    front: Front
    assumes: str = ""

    @property
    def measures(self) -> tuple[str, str]:
        return self.front.measures

    @property
    def complete(self) -> bool:
        """Whether every bend is known exactly."""
        return self.front.complete

    @property
    def stopped(self) -> str:
        """What the time limit left undone; empty where the front has all that was asked for."""
        if not self.front.stopped:
            return ""
        return f"The time limit was reached after {self.front.solves} solves: the front is left as it is."

    @property
    def gap(self) -> float:
        """How far the true front may lie below the drawn one at most, in the unit of the first measure."""
        return self.front.gap

    @cached_property
    def bends(self) -> tuple[Bend, ...]:
        """Where the price changes, and the rules that take over there."""
        return bends(self.front)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a point, from low to high cost: both measures, and the price of one unit less of the first beyond it.

        ``price_beyond`` is the slope of the chord to the next point (none at the last), ``price_here`` the price on the
        ceiling where it was solved for; ``gap`` how far the front may lie below that chord, in the first measure's unit.
        """
        (first, second), edges = self.measures, [*self.front.edges, None]
        records = [
            (
                number,
                point.first,
                point.second,
                np.nan if edge is None else edge.price,
                _finite(point.support.price) if point.support and point.support.plan and not self.complete else np.nan,
                np.nan if edge is None else edge.low,
                edge is None or edge.exact,
                f"{amounts.unit_of(self.scenario, first)}; {amounts.unit_of(self.scenario, second)}",
                amounts.price_unit(self.scenario, self.measures),
            )
            for number, (point, edge) in enumerate(zip(self.front.points, edges, strict=True), 1)
        ]
        return pd.DataFrame.from_records(
            records,
            columns=["point", first, second, "price_beyond", "price_here", "gap", "exact", "unit", "price_unit"],
        )

    @cached_property
    def bends_table(self) -> pd.DataFrame:
        """One row a bend and a rule whose worth changes there."""
        unit = amounts.unit_of(self.scenario, self.measures[0])
        return bends_table(self.bends, self.measures, unit, amounts.price_unit(self.scenario, self.measures))

    @cached_property
    def curve(self) -> pd.DataFrame:
        """The front in 41 equal steps of the second measure, read off its edges: for charts."""
        (first, second), points = self.measures, self.front.points
        paid = np.linspace(points[0].second, points[-1].second, 41 if len(points) > 1 else 1)
        bought = np.interp(paid, [point.second for point in points], [point.first for point in points])
        unit = f"{amounts.unit_of(self.scenario, first)}; {amounts.unit_of(self.scenario, second)}"
        return pd.DataFrame({second: paid, first: bought, "unit": unit})

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Trade-off between {} and {}".format(*map(amounts.named, self.measures))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"Front": self.table, "Bends": self.bends_table, "Curve": self.curve}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @cached_property
    def says(self) -> tuple[str, ...]:
        """The front in sentences."""
        return (*_sentences(self), *(said for said in (self.assumes, self.stopped) if said))


def trade_off(
    problem: Problem,
    between: tuple[str, str] = ("risk", "cost"),
    points: int = 11,
    exact: bool = False,
    effort: Effort | None = None,
) -> TradeOff:
    """The front between two measures: ``points`` of it by ceilings on the second, or every bend (``exact``).

    Where one measure is a fraction and the other money, the price is that of a point of the fraction in money, whatever
    the order. Joint programmes left free are taken as the best plan decides them: a front over whole decisions would have jumps.
    Raises UsageError for unknown measures and where no plan satisfies the policies.
    """
    opened = problem.choice_of_programmes(effort.time_limit if effort else None)
    problem, assumes = problem.decided, _assumed(opened)
    first, second = between
    unknown = [name for name in between if name not in problem.lp.measures]
    if not unknown and amounts.is_money(first) and not amounts.is_money(second):
        first, second = second, first
    if exact:
        return TradeOff(problem.scenario, exact_front(problem, first, second, effort), assumes)
    return TradeOff(problem.scenario, sampled_front(problem, first, second, points, effort), assumes)


def _assumed(opened: Mapping[str, bool]) -> str:
    """Which joint programmes the whole front has; empty where none was to be decided."""
    if not opened:
        return ""
    said = [f"{name} {'opened' if is_open else 'closed'}" for name, is_open in opened.items()]
    return f"All along the front joint programmes are as the best plan has them: {amounts.listed(said)}."


def _sentences(found: TradeOff) -> list[str]:
    s, front, (first, second) = found.scenario, found.front, found.measures
    start, end = front.points[0], front.points[-1]
    if not front.edges:
        return [
            f"There is no trade-off: one plan is best in both, at {amounts.level(s, first, start.first)} and "
            f"{amounts.level(s, second, start.second)}."
        ]
    said = [
        f"Between {amounts.level(s, second, start.second)} (with {amounts.level(s, first, start.first)}) and "
        f"{amounts.level(s, second, end.second)} (with {amounts.level(s, first, end.first)}) every step costs more than "
        f"the one before: {_known(found)}.",
        f"{_end(found, 'At the low-cost end', front.edges[0], 'first')}; {_end(found, 'at the high-cost end', front.edges[-1], 'last')}.",
    ]
    return said + [_bend_sentence(found, bend) for bend in _main(found.bends)]


def _end(found: TradeOff, where: str, edge: Edge, which: str) -> str:
    """What the first or last stretch of the front costs; on average over it, where the front may bend between its ends."""
    said = f"{where} {amounts.price(found.scenario, found.measures, edge.price)}"
    return said if found.front.complete else f"{said} on average over the {which} stretch between points"


def _known(found: TradeOff) -> str:
    front, count = found.front, len(found.front.edges)
    if front.complete:
        return (
            f"{count} straight {'piece' if count == 1 else 'pieces'}, every bend found exactly in {front.solves} solves"
        )
    low = amounts.step(found.scenario, found.measures[0], front.gap)
    return (
        f"{len(front.points)} points in {front.solves} solves; between them the true front lies at most {low} "
        "below the straight lines"
    )


def _main(found: Sequence[Bend]) -> list[Bend]:
    """The sharpest bends, in the front's order."""
    sharpest = sorted(found, key=lambda bend: -bend.depth)[:_SENTENCES]
    return [bend for bend in found if bend in sharpest]


def _bend_sentence(found: TradeOff, bend: Bend) -> str:
    s, (first, second) = found.scenario, found.measures
    about = "At" if bend.exact else "Near"
    rise = amounts.price(s, found.measures, bend.after)
    before = amounts.price(s, found.measures, bend.before).partition(" costs ")[2]
    where = f"{about} {amounts.level(s, first, bend.first)} and {amounts.level(s, second, bend.second)}"
    return f"{where}: beyond here {rise}, before it {before}.{_purpose(bend)}{_policies(bend.changes)}"


def _purpose(bend: Bend) -> str:
    if bend.buys is None:
        return ""
    task, capability, year = bend.buys
    payer = f"; {bend.payer} pays most of it" if bend.payer else ""
    return f" From here it goes above all into {capability} for {task} ({year}){payer}."


def _policies(changes: Sequence[Change]) -> str:
    said = []
    for role, one, several in (("takes over", "now binds", "now bind"), ("gives way", "binds", "bind")):
        rules = [_rule(change) for change in changes if change.role == role][:2]
        if rules:
            said.append(
                f"{amounts.listed(rules)} {one if len(rules) == 1 else several}{' no longer' if role == 'gives way' else ''}"
            )
    return " " + "; ".join(said) + "." if said else ""


def _rule(change: Change) -> str:
    """A rule's name is a sentence: ``"budget is respected" (Northland, 2026)``."""
    inside = ", ".join(str(part) for part in change.key)
    return f'"{change.rule.replace("_", " ")}"{f" ({inside})" if inside else ""}'


def _finite(value: float) -> float:
    return value if np.isfinite(value) else np.nan


def _charts(found: TradeOff) -> list[Chart]:
    from model.report.pages import Chart

    first, second = map(amounts.named, found.measures)
    bought, paid = (amounts.unit_of(found.scenario, measure) for measure in found.measures)
    title = f"The least {first} for each {second}"
    return [Chart(title, "line", "Curve", (1,), f"{second} ({paid})", f"{first} ({bought})")]
