"""Ready-made curves: what fairness, consensus, the share rule, the challenge and interoperability cost in risk and money.

Each curve solves the scenario as it stands with one rule set to several strengths. The first row of a series is the rule
switched off (for interoperability: the alliance as it is); every other row is compared with it, and the slope tells what
each further step costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.language.cached import cached_property
from model.language.faults import UsageError
from model.language.registry import typed_into
from model.questions.answer import QuestionResult
from model.questions.price_of.ready_made import BAND, CURVES, UNITS, Setting, Step
from model.questions.time_limit import finished, in_time
from model.questions.trade_off.front import Effort
from model.scenario.scenario import Scenario
from model.solve.compared import compared_with
from model.solve.engine import Watch
from model.solve.nearby import BUDGET, Nearby
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import amounts

if TYPE_CHECKING:
    from model.report.pages import Chart

__all__ = ["CURVES", "PriceOf", "Setting", "Slope", "Step", "price_of"]

_SAME = 1e-7
"""A difference in risk below this is none."""

_HELD = 5e-6
"""Nor is one below this part of the measure: earlier objectives are held to within a fifth of it."""


@dataclass(frozen=True, eq=False)
class Slope:
    """What one more unit of strength (``per``, in words) adds to risk and cost between two settings ``width`` units apart."""

    start: Step
    end: Step
    per: str
    width: float
    risk: float
    cost: float


@dataclass(frozen=True, eq=False)
class PriceOf(QuestionResult):
    """One ready-made curve; ``stopped`` says what the time limit left undone."""

    scenario: Scenario
    what: str
    steps: tuple[Step, ...]
    stopped: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a setting: risk, cost and unfairness, and how much more than the first row of its series.

        ``budget_cut_at_most``: the extra risk is no more than what cutting every budget by this part would do, solved again
        (blank where that is more than everything, or no budget binds). ``slope_risk`` and
        ``slope_cost``: what each unit ``slope_per`` between the row before and this one adds.
        """
        slopes = {id(slope.end): slope for series in self.series for slope in self.slopes(series)}
        unit = f"risk: fraction of 1; cost, unfairness: {amounts.currency_of(self.scenario)}"
        records = []
        for step in self.steps:
            base = self.base(step.setting.series)
            values = [step.measures.get(name, np.nan) for name in ("risk", "cost", "unfairness")]
            extra = [
                value - base.measures.get(name, np.nan) for name, value in zip(("risk", "cost"), values, strict=False)
            ]
            setting = step.setting
            start = (
                setting.series,
                np.nan if setting.strength is None else setting.strength,
                setting.says,
                setting.given,
                step.status,
            )
            slope = slopes.get(id(step))
            further = (slope.risk, slope.cost, slope.per) if slope else (np.nan, np.nan, "")
            records.append((*start, *values, *extra, step.cut[1], *further, ", ".join(step.bound), unit))
        columns = [
            "series", "strength", "setting", "as_given", "status", "risk", "cost", "unfairness", "extra_risk", "extra_cost",
            "budget_cut_at_most", "slope_risk", "slope_cost", "slope_per", "binds", "unit",
        ]  # fmt: skip
        return pd.DataFrame.from_records(records, columns=columns)

    def base(self, series: str) -> Step:
        """The step others of the series are compared with: its first."""
        return next(step for step in self.steps if step.setting.series == series)

    def slopes(self, series: str) -> tuple[Slope, ...]:
        """What each unit of strength adds between neighbouring settings that have a plan, in the curve's order."""
        unit = UNITS.get(series, BAND)
        there = [s for s in self.steps if s.setting.series == series and s.measures and s.setting.strength is not None]
        found = []
        for start, end in pairwise(there):
            width = ((end.setting.strength or 0.0) - (start.setting.strength or 0.0)) / unit.size
            rise = [(end.measures[name] - start.measures[name]) / width for name in ("risk", "cost")]
            found.append(Slope(start, end, unit.says, width, *rise))
        return tuple(found)

    @property
    def series(self) -> tuple[str, ...]:
        """The series, in order."""
        return tuple(dict.fromkeys(step.setting.series for step in self.steps))

    def curve(self, series: str) -> pd.DataFrame:
        """Risk and cost by setting, of one series: for charts."""
        table = self.table[self.table["series"] == series]
        return table[["setting", "risk", "cost", "unit"]].reset_index(drop=True)

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "The price of " + _TITLES.get(self.what, self.what)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"Settings": self.table, **{_sheet(series): self.curve(series) for series in self.series}}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @cached_property
    def says(self) -> tuple[str, ...]:
        """The curve in sentences, one a series."""
        return (*(_series_said(self, series) for series in self.series), *([self.stopped] if self.stopped else []))


def price_of(problem: Problem, what: str, effort: Effort | None = None) -> PriceOf:
    """A ready-made curve: fairness, consensus, share, challenge or interoperability.

    A setting without a plan is a row that says so; one the time limit of ``effort`` did not leave time for is no row. Raises
    UsageError for another word.
    """
    if what not in CURVES:
        raise UsageError(f"there is no ready-made price of {what!r}; there are {', '.join(CURVES)}")
    search = _Search(problem, what, effort or Effort())
    steps = finished(search.watch, search.settings(), search.step)
    series = list(dict.fromkeys(step.setting.series for step in steps))
    steps.sort(key=lambda step: (series.index(step.setting.series), _rank(step.setting)))
    said = f"The time limit was reached: {len(steps)} settings are finished, and only these are shown."
    return PriceOf(problem.scenario, what, tuple(steps), "" if search.through else said)


def _rank(setting: Setting) -> float:
    """The order of a series: its first setting first, then as its strength grows."""
    return -np.inf if setting.strength is None else setting.strength / UNITS.get(setting.series, BAND).size


class _Search:
    """One curve in the making: each setting starts from the one before, which is near it."""

    def __init__(self, problem: Problem, what: str, effort: Effort) -> None:
        self.near, self.what, self.through = problem, what, False
        self.last: Step | None = None
        self._first: tuple[Step, BudgetCuts | None] | None = None
        self.off, self.ceilings, self.scenario = frozenset(problem.off), problem.ceilings, problem.scenario
        self.watch, self._tell = Watch(effort.time_limit), effort.progress

    def settings(self) -> Iterator[Setting]:
        """The curve's settings, each told what came of the one before; ``through`` once there are no more."""
        made = CURVES[self.what].settings(self.scenario)
        with suppress(StopIteration):
            while True:
                yield made.send(self.last)
        self.through = True

    def step(self, setting: Setting) -> Step:
        """What a setting leads to. Raises SolverError where the time limit cut it short."""
        if self._tell:
            self._tell(f"{setting.series}: {setting.says}", 0.0, 0)
        tolerated = setting.tolerance
        changed = self.near.changed(
            setting.scenario,
            {**self.ceilings, **setting.ceilings},
            off=sorted(self.off | setting.off),
            accepted=None
            if tolerated is None
            else {m: min(1.0, tolerated * risk) for m, risk in self.accepted.items()},
        )
        plan = in_time(changed.solve(setting.aim, watch=self.watch))
        if plan.found:
            self.near = changed
            if setting.aim[0] != "risk":
                setting = replace(setting, strength=plan.measures[setting.aim[0]])
        self.last = self._like_a_cut(_step(setting, plan, self.what), plan)
        if plan.found and self.what == "consensus":
            perceived = plan.quantity("perceived_risk")
            strains = [perceived[m] / risk for m, risk in self.accepted.items() if risk > 0]
            self.last = replace(self.last, strain=max(strains, default=np.nan))
        return self.last

    def _like_a_cut(self, step: Step, plan: Plan) -> Step:
        """With the cut in all budgets that does as much as the step, against the first step of its series."""
        if self._first is None or self._first[0].setting.series != step.setting.series:
            has_plan = plan.found and "risk" in {stage.measure for stage in plan.stages}
            self._first = (step, BudgetCuts(plan) if has_plan else None)
            return step
        base, cuts = self._first
        most = (
            _cut(step.measures["risk"] - base.measures["risk"], base.budget_worth) if step.measures and cuts else np.nan
        )
        if cuts is None or most != most:
            return step
        extra = step.measures["risk"] - base.measures["risk"]
        return replace(step, cut=cuts.like(extra, most, self.watch))

    @cached_property
    def accepted(self) -> dict[str, float]:
        """The risk each member compares with, worked out once for all settings of the curve."""
        return compared_with(self.scenario, self.watch, self.off)


def _step(setting: Setting, plan: Plan, what: str) -> Step:
    if not plan.found:
        return Step(setting, plan.status, {})
    worth = sum(gain * plan.data.budget[key] for key, gain in plan.gains(BUDGET, "risk").items())
    bound: dict[str, float] = {}
    for rule in typed_into(CURVES[what].cell):
        for key, gain in plan.gains(rule, "risk").items():
            bound[str(key[0])] = bound.get(str(key[0]), 0.0) + gain
    most = sorted((member for member in bound if bound[member] > 1e-12), key=lambda member: (-bound[member], member))
    return Step(setting, plan.status, plan.measures, float(worth), bound=tuple(most[:5]))


def _cut(extra: float, worth: float) -> float:
    """Risk is convex in the budgets, so their prices bound from above the cut that would do as much."""
    if not extra > _SAME or not worth > 0 or extra > worth:
        return np.nan
    return extra / worth


# ---------------------------------------------------------------- sentences


def _series_said(found: PriceOf, series: str) -> str:
    base, *others = [step for step in found.steps if step.setting.series == series]
    if not base.measures:
        return f"{series.capitalize()}: there is no plan with {base.setting.says}, so nothing to compare with."
    risk = amounts.level(found.scenario, "risk", base.measures["risk"])
    cost = amounts.level(found.scenario, "cost", base.measures["cost"])
    parts = [_step_said(found, base, step) for step in others]
    same = [step.setting.says for step, part in zip(others, parts, strict=True) if not part]
    nothing = f" Nothing changes with: {' … '.join([same[0], same[-1]] if len(same) > 1 else same)}." if same else ""
    told = "".join(f" {part}" for part in parts if part)
    slope = _slope_said(found, found.slopes(series))
    return f"{series[:1].upper()}{series[1:]}: with {base.setting.says}, {risk} and {cost}.{nothing}{told}{slope}"


def _slope_said(found: PriceOf, slopes: Sequence[Slope]) -> str:
    """Where the curve is steepest in risk (in money where no risk changes), and what each step costs there."""
    by_risk = max(slopes, key=lambda slope: abs(slope.risk), default=None)
    if by_risk is None:
        return ""
    steepest = by_risk if abs(by_risk.risk) > _SAME else max(slopes, key=lambda slope: abs(slope.cost))
    whole = min(1.0, steepest.width)  # nothing is said of a unit that the curve does not reach
    said = _amounts_said(found, whole * steepest.risk, whole * steepest.cost)
    if not said:
        return ""
    ends = f'from "{steepest.start.setting.says}" to "{steepest.end.setting.says}"'
    return f" The curve is steepest {ends}: there {steepest.per if whole == 1 else 'this step'} means {said}."


def _step_said(found: PriceOf, base: Step, step: Step) -> str:
    start = f"{step.setting.says[:1].upper()}{step.setting.says[1:]}{' (as given)' if step.setting.given else ''}:"
    if not step.measures:
        why = "no plan can keep to it" if step.status == "infeasible" else f"no certified plan ({step.status})"
        return f"{start} {why}."
    risk, money = (step.measures[name] - base.measures[name] for name in ("risk", "cost"))
    said = _amounts_said(found, risk, money)
    if not said:
        return ""
    low, high = (100 * part for part in step.cut)
    like = f", as much as cutting every budget by {_range_said(low, high)} %" if high == high else ""
    who = f"; it weighs on {amounts.listed(list(step.bound[:3]))}" if step.bound else ""
    return f"{start} {said}{like}{who}."


def _range_said(low: float, high: float) -> str:
    """Both ends, or one where they read alike."""
    ends = amounts.number(low), amounts.number(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _amounts_said(found: PriceOf, risk: float, money: float) -> str:
    """So much more or less risk and money; empty where neither changes."""
    s, base = found.scenario, found.steps[0].measures
    nothing = {name: max(_SAME, _HELD * abs(base.get(name, 0.0))) for name in ("risk", "cost")}
    parts = [_more(amounts.step(s, "risk", abs(risk)), risk, nothing["risk"])]
    parts.append(_more(amounts.step(s, "cost", abs(money)), money, nothing["cost"]))
    return " and ".join(part for part in parts if part)


def _more(amount: str, difference: float, nothing: float) -> str:
    if abs(difference) <= nothing:
        return ""
    return f"{amount} {'more' if difference > 0 else 'less'}"


_SOLVES = 5
"""Cuts tried for each amount of risk."""


class BudgetCuts:
    """Cuts of a plan's budgets, and what each adds to risk. Remembers what was solved."""

    def __init__(self, plan: Plan) -> None:
        self.near = Nearby(plan, plan.stage("risk"))

    def like(self, extra: float, most: float, watch: Watch) -> tuple[float, float]:
        """Two parts of every budget: cutting the one adds no more risk than ``extra``, cutting the other no less.

        ``most`` is a cut that is known to add as much. What breaks a policy counts as adding more than any amount.
        """
        low, high = 0.0, most
        for _ in range(_SOLVES):
            if watch.left <= 0:
                break
            cut = (low + high) / 2
            answer = self.near.less_money(cut)
            enough = answer is None or -self.near.change(answer) >= extra
            low, high = (low, cut) if enough else (cut, high)
        return low, high


_TITLES = {"share": "the share rule", "challenge": "the reasonable challenge"}


def _charts(found: PriceOf) -> list[Chart]:
    from model.report.pages import Chart

    curves = [_sheet(series) for series in found.series]
    return [Chart(f"Risk: {name}", "line", name, (1,), "setting", "risk (fraction of 1)") for name in curves]


def _sheet(series: str) -> str:
    return f"Curve {series}"[:31].strip()
