"""What is settled by the facts and what is open to bargaining: ranges of money and of units held near the best plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.questions.answer import QuestionResult
from model.questions.negotiation.different_plans import Alternative, different_plans
from model.questions.time_limit import finished, said_of
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.extremes import Extreme, Region, burden_of, figure, near
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.figures import plain

if TYPE_CHECKING:
    from model.report.pages import Chart

Tell = Callable[[str, float, int], None]

SETTLED = 0.05
"""A figure whose range is narrower than this part of its largest value counts as settled."""

MANY = 60
"""Ranges of units held computed without being asked for; beyond, only those of named members or capabilities."""

MONEY = "money"

_NOTHING = 1e-9
"""A limit below this is that of a measure at nothing, with room for the solver."""
_NAMED = 3

_DIGITS = 9
"""Significant digits after which the ends of a range count as the same."""


@dataclass(frozen=True)
class Range:
    """The least and the most of one figure of one member; ``what`` is money or a capability."""

    member: str
    what: str
    least: float
    plan: float
    most: float
    unit: str

    @property
    def width(self) -> float:
        return self.most - self.least

    @property
    def settled(self) -> bool:
        """Whether there is next to nothing to bargain about."""
        return self.width <= SETTLED * self.most + 1e-6


@dataclass(frozen=True, eq=False)
class NegotiationRange(QuestionResult):
    """Ranges and alternatives among the plans within ``ceilings``, a part ``within`` of the best.

    ``stopped`` says what the time limit left undone.
    """

    plan: Plan
    within: float
    ceilings: Mapping[str, float]
    ranges: tuple[Range, ...]
    alternatives: tuple[Alternative, ...] = ()
    skipped: str = field(default="")
    stopped: str = field(default="")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a range: member, what, least, plan, most, width, settled, unit."""
        rows = [(r.member, r.what, r.least, r.plan, r.most, r.width, r.settled, r.unit) for r in self.ranges]
        return pd.DataFrame(rows, columns=["member", "what", "least", "plan", "most", "width", "settled", "unit"])

    @cached_property
    def different(self) -> pd.DataFrame:
        """One row an alternative: its objectives, and how much of the money it spends elsewhere."""
        rows = [
            {
                "alternative": a.number,
                **{name: a.measures[name] for name in self.plan.measures},
                "spent_elsewhere": a.difference,
                "nearest_other_plan": a.nearest,
                "largest_violation": a.broken,
                "unit": f"risks and parts: fraction of 1; cost, unfairness: {self._money}",
            }
            for a in self.alternatives
        ]
        return pd.DataFrame(rows)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What each alternative spends on a member's capability, where that is not what the plan does."""
        rows = [
            (a.number, m, c, was, now, now - was, self._money)
            for a in self.alternatives
            for (m, c), (was, now) in a.changes.items()
        ]
        columns = ["alternative", "member", "capability", "plan", "value", "change", "unit"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Negotiation range"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by the name of its sheet; alternatives where there are any."""
        more = {"alternatives": self.different, "changes": self.changes} if self.alternatives else {}
        money = self.table["what"] == MONEY
        return {
            "money": self.table[money].reset_index(drop=True),
            "holdings": self.table[~money].reset_index(drop=True),
            **more,
        }

    @property
    def _last(self) -> int:
        """The last period, by its first year: the one whose stocks are looked at."""
        return self.plan.scenario.periods[-1]

    @property
    def _money(self) -> str:
        return str(self.plan.scenario.settings["currency"]) or "money"

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        limits = ", ".join(
            f"{name.replace('_', ' ')} {_number(limit if limit > _NOTHING else 0.0, 4)}"
            for name, limit in self.ceilings.items()
        )
        said = [f"All plans within {self.within:.1%} of the best were looked at (at most: {limits})."]
        money = [r for r in self.ranges if r.what == MONEY]
        if len(money) == len(self.plan.scenario.sets["member"]):
            fixed, cost = sum(r.least for r in money), self.plan.measures["cost"]
            said.append(
                f"No such plan asks members for less than {fixed:,.0f} {self._money} as the sum of what each cannot avoid: "
                f"{fixed / cost if cost else 1.0:.0%} of all spending is settled by the facts, the rest is open to bargaining."
            )
        said += self._about(money, "Settled in money")
        said += self._about([r for r in self.ranges if r.what != MONEY and r.most > 1e-6], "Settled in units held")
        said += [_alternative(a, self._money) for a in self.alternatives]
        return [*said, *(text for text in (self.skipped, self.stopped) if text)]

    def _about(self, ranges: Sequence[Range], title: str) -> Iterator[str]:
        settled = [r for r in ranges if r.settled]
        if settled:
            largest = sorted(settled, key=lambda r: -r.plan)[:_NAMED]
            more = f" and {len(settled) - _NAMED} more" if len(settled) > _NAMED else ""
            yield f"{title}: {'; '.join(_figure(r) for r in largest)}{more}."
        widest = [r for r in ranges if not r.settled]
        for r in sorted(widest, key=lambda r: -r.width / (1.0 if r.what == MONEY else r.most))[:_NAMED]:
            least, most, plan = _apart(r.least, r.most, r.plan)
            what = f"bear anything from {least} to {most} {r.unit}"
            if r.what != MONEY:
                what = f"hold anything from {least} to {most} ({r.unit}) of {r.what} in {self._last}"
            yield f"Open: {r.member} could {what} (the plan: {plan})."


def negotiation_range(
    scenario: Scenario,
    within: float = 0.01,
    members: Sequence[str] | None = None,
    capabilities: Sequence[str] | None = None,
    alternatives: int = 5,
    problem: Problem | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> NegotiationRange:
    """Ranges of what each member could bear and hold in plans at most a part ``within`` worse in every objective.

    Money for ``members`` (all by default); units of ``capabilities`` held by ``members`` in the last period, where at least one of
    the two is given or there are few. ``alternatives``: so many maximally different plans. ``problem`` and ``plan`` are the
    scenario's own, where there are any already. ``watch`` limits the time: ranges and plans found by then are kept. Raises
    UsageError for strangers, SolverError where there is no plan.
    """
    who, what = checked(scenario, within, members, capabilities, alternatives)
    problem, watch = problem or Problem(scenario), watch or Watch()
    plan = plan or problem.solve(watch=watch)
    if not plan.found:
        raise SolverError(f"There is no plan to start from. {plan.message}")
    ceilings = near(plan, within)
    search = _Search(problem, plan, Region(problem, ceilings, watch), tell or _nobody)
    fields = [(m, c) for m in who for c in what if search.may_hold(m, c)]
    skipped = ""
    if members is None and capabilities is None and len(fields) > MANY:
        skipped = f"Units held ({len(fields)} ranges) were left out; name members or capabilities to see theirs."
        fields = []
    figures = [*((m, MONEY) for m in who), *fields]
    ranges = finished(watch, figures, search.range)
    found, stopped = different_plans(search.region, plan, search.points, alternatives, tell, watch)
    stopped = said_of(len(ranges), len(figures), "ranges") or stopped
    return NegotiationRange(plan, within, ceilings, tuple(ranges), found, skipped, stopped)


def checked(
    scenario: Scenario,
    within: float,
    members: Sequence[str] | None = None,
    capabilities: Sequence[str] | None = None,
    alternatives: int = 0,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members and capabilities to look at. Raises UsageError for strangers and for numbers that make no sense."""
    if not 0 <= within < float("inf"):
        raise UsageError("how far from the best plan to look must be a number from 0 up, such as 0.01 for one per cent")
    if alternatives < 0:
        raise UsageError("the number of alternatives cannot be negative")
    return _known(scenario, "member", members), _known(scenario, "capability", capabilities)


class _Search:
    """The region around a plan, the extremes found so far, and the figures to look at."""

    def __init__(self, problem: Problem, plan: Plan, region: Region, tell: Tell) -> None:
        self.problem, self.plan, self.region, self._tell = problem, plan, region, tell
        self.points: list[Array] = []

    def may_hold(self, member: str, capability: str) -> bool:
        """Whether the member holds any of the capability or may acquire it."""
        return self._stock(member, capability) in self.problem.lp.columns["held"].at

    def _stock(self, member: str, capability: str) -> tuple[str, str, int, int]:
        """All that the member holds of the capability in the last period."""
        return member, capability, 0, self.plan.scenario.periods[-1]

    def range(self, figure_of: tuple[str, str]) -> Range:
        """How far one figure could go: a member and what (money, or a capability)."""
        member, what = figure_of
        return self.money(member) if what == MONEY else self.holding(member, what)

    def money(self, member: str) -> Range:
        """What a member bears over the horizon, discounted."""
        unit = str(self.plan.scenario.settings["currency"]) or "money"
        return self._range(member, MONEY, burden_of(self.problem, member), unit)

    def holding(self, member: str, capability: str) -> Range:
        """Units a member holds in the last period: a stock, which serves every situation, so that nothing is summed over them."""
        aim = figure(self.problem, {("held", self._stock(member, capability)): 1.0})
        return self._range(member, capability, aim, str(self.plan.scenario.unit.get(capability) or "unit"))

    def _range(self, member: str, what: str, aim: Array, unit: str) -> Range:
        self._tell(f"how far {member} could go: {what}", 0.0, 0)
        assert self.plan.x is not None
        value = float(aim @ self.plan.x)
        least, most = (self._extreme(find, aim) for find in (self.region.least, self.region.most))
        return Range(member, what, max(0.0, min(least, value)), value, max(most, value), unit)

    def _extreme(self, find: Callable[[Array], Extreme], aim: Array) -> float:
        if not np.any(aim):
            return 0.0
        found = find(aim)
        self.points.append(found.x)
        return found.value


def _known(scenario: Scenario, kind: str, names: Sequence[str] | None) -> tuple[str, ...]:
    there = scenario.sets[kind]
    for name in names or ():
        if name not in there:
            raise UsageError(f"{name!r} is no {kind}; there are {', '.join(there)}")
    return there if names is None else tuple(dict.fromkeys(names))


def _figure(r: Range) -> str:
    what = "" if r.what == MONEY else f" ({r.what})"
    least, most, _ = _apart(r.least, r.most, r.plan)
    return f"{r.member} {f'{least} to {most}' if least != most else most} {r.unit}{what}"


def _apart(least: float, most: float, plan: float) -> tuple[str, ...]:
    """The figures of a range, with as many digits as it takes to tell its ends apart."""
    digits = 3
    while _number(least, digits) == _number(most, digits) and digits < _DIGITS and most - least > 1e-9 * most:
        digits += 1
    return tuple(_number(value, digits) for value in (least, most, plan))


def _number(value: float, digits: int = 3) -> str:
    return plain(value, max(digits, len(f"{abs(value):.0f}"))) if value else "0"


def _alternative(a: Alternative, money: str) -> str:
    said = f"Alternative {a.number} spends {a.difference:.0%} of the money elsewhere"
    changes = sorted(a.changes.items(), key=lambda item: -abs(item[1][1] - item[1][0]))[:_NAMED]
    named = "; ".join(f"{m}, {c}: {_number(was)} to {_number(now)} {money}" for (m, c), (was, now) in changes)
    return f"{said} ({named})." if named else f"{said}."


def _nobody(what: str, seconds: float, iterations: int) -> None:
    """Nobody wants to know."""


def _charts(found: NegotiationRange) -> list[Chart]:
    from model.report.pages import Chart

    charts = [
        Chart(
            "What each member could bear: least, plan, most", "bar", "money", (2, 3, 4), "member",
            f"discounted spending ({found.table['unit'].iloc[0] if len(found.table) else 'money'})",
        )
    ]  # fmt: skip
    if found.alternatives:
        at = list(found.different.columns).index("spent_elsewhere")
        charts.append(
            Chart(
                "How different the alternatives are", "column", "alternatives", (at,), "alternative",
                "part of the money spent elsewhere",
            )
        )  # fmt: skip
    return charts
