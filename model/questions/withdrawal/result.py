"""Members leaving and joining: what is lost, who makes it up, what it costs to hold risk where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from model.core.parameters import Data
from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.time_limit import finished, in_time, said_of
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.extremes import BUDGET, Extra, least_extra_money
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.amounts import currency_of
from model.wording.figures import goes

if TYPE_CHECKING:
    from model.report.pages import Chart

Tell = Callable[[str, float, int], None]

_COLUMNS = [
    "leaving", "status", "risk_before", "risk_after", "rise", "rise_beyond_one_by_one", "most_weakened_task", "money_gone",
    "others_spend_more", "extra_offer_to_hold_risk", "least_risk_with_any_money", "extra_offer_for_nine_tenths_of_the_way", "unit",
]  # fmt: skip

_SMALL = 1e-7
"""A difference in risk that is none."""


def known(scenario: Scenario, names: Iterable[str]) -> tuple[str, ...]:
    """These names, each a member. Raises UsageError for a stranger."""
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in scenario.sets["member"]:
            raise UsageError(f"{name!r} is no member; there are {', '.join(scenario.sets['member'])}")
    return found


def seen_by(d: Data, plan: Plan) -> float:
    """The risk of a plan by the weights of ``d``: how it looks to that scenario's members."""
    loss = plan.quantity("graded_shortfall")
    return sum(d.task_part[k] * loss[k] for k in d.sets["task"])


@dataclass(frozen=True, eq=False)
class Departure(Shown):
    """One member, or several together, leaving. ``hold`` is the money to keep risk where it was; None where not asked.

    Risk before and after is as the members that stay weigh tasks, so that only forces and money differ. Where no money holds
    risk, ``least_risk`` is what unlimited budgets would reach and ``most_of_the_way`` the money for nine tenths of that way.
    """

    members: tuple[str, ...]
    before: Plan
    after: Plan
    hold: Extra | None = None
    least_risk: float | None = None
    most_of_the_way: Extra | None = None

    @property
    def name(self) -> str:
        """The leavers, as printed."""
        return " and ".join(self.members)

    @property
    def found(self) -> bool:
        return self.after.found

    @cached_property
    def risk_before(self) -> float:
        """Risk of the plan with the leavers, in the eyes of those who stay."""
        return seen_by(self.after.data, self.before)

    @property
    def risk_after(self) -> float:
        return self.after.measures["risk"] if self.found else float("nan")

    @property
    def rise(self) -> float:
        return self.risk_after - self.risk_before

    @cached_property
    def coverage(self) -> dict[str, tuple[float, float]]:
        """Coverage of each task before and after: 1 less the task's risk."""
        before = _coverage(self.before)
        after = _coverage(self.after) if self.found else dict.fromkeys(before, float("nan"))
        return {task: (before[task], after[task]) for task in before}

    @cached_property
    def burdens(self) -> dict[str, tuple[float, float]]:
        """Discounted spending of each member that stays, before and after."""
        if not self.found:
            return {}
        was, now = (plan.quantity("discounted_spend") for plan in (self.before, self.after))
        return {m: (was[m], now[m]) for m in self.after.scenario.sets["member"]}

    @property
    def money_gone(self) -> float:
        """What the leavers bore, discounted."""
        burden = self.before.quantity("discounted_spend")
        return sum(burden[m] for m in self.members)

    @property
    def makers_up(self) -> list[str]:
        """Who spends more afterwards, most first."""
        more = {m: now - was for m, (was, now) in self.burdens.items()}
        most = max(more.values(), default=0.0)
        return [m for m in sorted(more, key=lambda m: -more[m]) if more[m] > max(1e-6, 0.01 * most)]

    @cached_property
    def losses(self) -> list[tuple[str, str, float, float, float]]:
        """Task, capability, effective units the leavers gave, of these made up by others, and no longer there (mean over periods)."""
        was, now = (_given(plan, self.members) for plan in (self.before, self.after))
        found = []
        for key, (by_leavers, by_others) in was.items():
            if by_leavers > 1e-9:
                others = now.get(key, (0.0, 0.0))[1] if self.found else 0.0
                made_up = _without_dust(others - by_others)
                found.append((*key, by_leavers, made_up, _without_dust(by_leavers - made_up)))
        return found


@dataclass(frozen=True, eq=False)
class Withdrawals(QuestionResult):
    """Every departure that was tried, as tidy tables and as sentences; ``stopped`` says what the time limit left undone."""

    before: Plan
    departures: tuple[Departure, ...]
    skipped: str = field(default="")
    stopped: str = field(default="")

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a departure: risk before and after, money gone, and the money to hold risk."""
        rows, unit = [], f"{currency_of(self.before.scenario)}; risk: fraction of 1"
        single = {d.members[0]: d.rise for d in self.departures if len(d.members) == 1}
        for d in self.departures:
            alone = [single.get(m) for m in d.members]
            apart = sum(a for a in alone if a is not None) if None not in alone and len(alone) > 1 else None
            worst = min(d.coverage, key=lambda k: d.coverage[k][1] - d.coverage[k][0]) if d.found else None
            rows.append(
                (
                    d.name,
                    d.after.status,
                    d.risk_before,
                    _or_none(d.risk_after),
                    _or_none(d.rise),
                    None if apart is None else _or_none(d.rise - apart),
                    worst,
                    d.money_gone,
                    sum(now - was for was, now in d.burdens.values()) if d.found else None,
                    d.hold.total if d.hold and d.hold.found else None,
                    d.least_risk,
                    d.most_of_the_way.total if d.most_of_the_way else None,
                    unit,
                )
            )
        return pd.DataFrame(rows, columns=_COLUMNS)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """Coverage of every task before and after every departure."""
        rows = [
            (d.name, task, was, now, now - was, "fraction of 1")
            for d in self.departures
            if d.found
            for task, (was, now) in d.coverage.items()
        ]
        return pd.DataFrame(rows, columns=["leaving", "task", "before", "after", "change", "unit"])

    @cached_property
    def resilience(self) -> pd.DataFrame:
        """N−1: the coverage each task keeps whichever single member leaves, and whose leaving is the worst for it."""
        single = [d for d in self.departures if len(d.members) == 1 and d.found]
        rows = []
        for task, was in _coverage(self.before).items() if single else ():
            worst = min(single, key=lambda d: d.coverage[task][1])
            rows.append((task, was, worst.coverage[task][1], worst.name, "fraction of 1"))
        return pd.DataFrame(rows, columns=["task", "before", "n_minus_1", "worst_departure", "unit"])

    @cached_property
    def makeup(self) -> pd.DataFrame:
        """What each member that stays spends before and after, and would have to offer beyond its budget to hold risk."""
        rows = [
            (
                d.name,
                m,
                was,
                now,
                now - was,
                d.hold.beyond.get(m) if d.hold and d.hold.found else None,
                currency_of(self.before.scenario),
            )
            for d in self.departures
            for m, (was, now) in d.burdens.items()
        ]
        return pd.DataFrame(
            rows, columns=["leaving", "member", "before", "after", "change", "extra_offer_to_hold_risk", "unit"]
        )

    @cached_property
    def losses(self) -> pd.DataFrame:
        """What is lost by task and capability, of it what others make up and what is no longer there; mean over the periods."""
        unit = self.before.scenario.unit
        rows = [
            (d.name, *row, f"effective {unit.get(row[1]) or 'unit'}")
            for d in self.departures
            if d.found
            for row in d.losses
        ]
        return pd.DataFrame(rows, columns=["leaving", "task", "capability", "lost", "made_up", "gone", "unit"])

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Withdrawal"

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        names = ("table", "resilience", "tasks", "makeup", "losses")
        return dict(zip(("departures", *names[1:]), (getattr(self, name) for name in names), strict=True))

    @cached_property
    def says(self) -> list[str]:
        """What a planner can repeat in a meeting."""
        found = sorted((d for d in self.departures if d.found), key=lambda d: -d.rise)
        said = [
            f"With everybody in, risk is {100 * self.before.measures['risk']:.1f} % (0 %: all that is required is there). "
            "Below, before and after are by the priorities of those who stay."
        ]
        said += [sentence(d) for d in found[:NAMED]]
        for d in self.departures:
            if not d.found:
                said.append(f"Without {d.name} there is no plan: {d.after.message}")
        fragile = self.resilience.sort_values("n_minus_1", kind="stable").head(1).to_dict("records")
        said += [
            f"{r['task']} keeps least: with the worst single departure {self._tried}, that of {r['worst_departure']}, "
            f"{goes('its coverage', r['before'], r['n_minus_1'])}."
            for r in fragile
        ]
        return [*said, *(text for text in (self.skipped, self.stopped) if text)]

    @property
    def _tried(self) -> str:
        tried = {d.members for d in self.departures if len(d.members) == 1}
        return "of all" if len(tried) == len(self.before.scenario.sets["member"]) else f"of the {len(tried)} tried"


def withdrawal(
    scenario: Scenario,
    members: Sequence[str] | None = None,
    groups: Sequence[Sequence[str]] = (),
    pairs: bool = False,
    top: int | None = None,
    hold: bool = True,
    problem: Problem | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Withdrawals:
    """Members leaving one at a time (all, or ``members``), named ``groups`` leaving together, and, on wish, ``pairs``.

    Requirements stay; a leaver that led a situation leaves it without a lead; fair shares and voices are shared out among
    those who stay. ``top`` limits pairs to those among the so many members whose leaving raises risk most. ``problem`` and
    ``plan`` are the scenario's own, where there are any already. ``watch`` limits the time: departures finished by then are
    kept. Raises UsageError for strangers, SolverError without a base plan.
    """
    members, groups = checked(scenario, members, groups, top)
    watch = watch or Watch()
    trial = _Trial(problem or Problem(scenario), plan, hold, tell or _nobody, watch)
    first: list[tuple[str, ...]] = [*((m,) for m in members), *groups]
    found, asked, skipped = finished(watch, first, trial.leave), len(first), ""
    if pairs and len(scenario.sets["member"]) > 2:
        chosen = _weightiest(found[: len(members)], top)
        together = list(combinations([m for m in members if m in chosen], 2))
        if len(found) == asked:
            found += finished(watch, together, trial.leave)
            asked += len(together)
        if len(chosen) < len(members):
            skipped = f"Pairs were tried among the {len(chosen)} members whose leaving alone raises risk most."
    return Withdrawals(trial.before, tuple(found), skipped, said_of(len(found), asked, "departures"))


def _weightiest(single: Sequence[Departure], top: int | None) -> set[str]:
    """The members whose leaving alone raises risk most."""
    ranked = sorted(single, key=lambda d: -d.rise if d.found else float("-inf"))
    return {d.members[0] for d in ranked[: top or len(ranked)]}


def checked(
    scenario: Scenario,
    members: Sequence[str] | None,
    groups: Sequence[Sequence[str]] = (),
    top: int | None = None,
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Who leaves alone and who together, each a member and once. Raises UsageError for what makes no sense."""
    single = known(scenario, scenario.sets["member"] if members is None else members)
    together = [known(scenario, group) for group in groups]
    if top is not None and top < 2:
        raise UsageError(f"pairs among the top {top} make no sense; name 2 or more")
    leaving = [(m,) for m in single] + together
    if not leaving or any(not 0 < len(group) < len(scenario.sets["member"]) for group in leaving):
        raise UsageError("somebody has to leave, and somebody has to stay")
    return single, together


class _Trial:
    """The base plan, and departures from it one after the other."""

    def __init__(self, problem: Problem, plan: Plan | None, hold: bool, tell: Tell, watch: Watch) -> None:
        self.problem, self._hold, self._tell, self._watch = problem, hold, tell, watch
        self.before = plan or base_plan(problem, watch)

    def leave(self, leaving: tuple[str, ...]) -> Departure:
        self._tell(f"without {' and '.join(leaving)}", 0.0, 0)
        changed = self.problem.changed(self.problem.scenario.without(*leaving))
        after = self._solved(changed)
        found = Departure(leaving, self.before, after)
        if not self._hold or not after.found:
            return found
        if found.rise <= _SMALL:
            return Departure(leaving, self.before, after, Extra("optimal", dict.fromkeys(found.burdens, 0.0), {}))
        extra = least_extra_money(changed, {"risk": found.risk_before + _SMALL}, self._watch)
        if extra.found:
            return Departure(leaving, self.before, after, extra)
        return Departure(leaving, self.before, after, extra, *self._as_near_as_money_gets(changed, found.risk_after))

    def _as_near_as_money_gets(self, changed: Problem, risk: float) -> tuple[float | None, Extra | None]:
        """The risk that unlimited budgets reach under all other policies, and the extra money for most of the way there."""
        plan = in_time(changed.changed(off={*changed.off, BUDGET}).solve(("risk",), watch=self._watch))
        if not plan.found:
            return None, None
        least = plan.measures["risk"]
        extra = least_extra_money(changed, {"risk": risk - MOST * (risk - least)}, self._watch)
        return least, extra if extra.found else None

    def _solved(self, problem: Problem) -> Plan:
        """The plan after a departure, or why there is none. Raises SolverError where neither could be settled."""
        plan = problem.solve(watch=self._watch)
        if not plan.found and plan.status != "infeasible":
            raise SolverError(f"A departure could not be settled: {plan.message}")
        return plan


def base_plan(problem: Problem, watch: Watch | None = None) -> Plan:
    """The plan everything is compared with. Raises SolverError where there is none."""
    plan = problem.solve(watch=watch)
    if not plan.found:
        raise SolverError(f"There is no base plan to compare with. {plan.message}")
    return plan


def _given(plan: Plan, members: Sequence[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """Effective units given to each task by these members and by all others, mean over the periods."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    if not plan.found:
        return found
    periods = len(plan.scenario.periods)
    for (m, k, c, _), value in plan.values["contributed"].items():
        ours, theirs = found.get((k, c), (0.0, 0.0))
        part = value / periods
        found[k, c] = (ours + part, theirs) if m in members else (ours, theirs + part)
    return found


def _coverage(plan: Plan) -> Mapping[str, float]:
    loss, span = plan.quantity("graded_shortfall"), plan.data.span
    return {k: 1.0 - loss[k] / span[k] if span[k] else 1.0 for k in plan.scenario.sets["task"]}


def _without_dust(value: float) -> float:
    return value if abs(value) > 1e-9 else 0.0


def _or_none(value: float) -> float | None:
    return value if value == value else None


def _nobody(what: str, seconds: float, iterations: int) -> None:
    """Nobody wants to know."""


NAMED = 3
"""Departures told in words, and members named in each; the tables have them all."""

MOST = 0.9
"""Part of the way back to the risk of before that is priced where no money goes all the way."""


def sentence(d: Departure) -> str:
    """One departure that has a plan."""
    money = currency_of(d.before.scenario)
    said = f"Without {d.name}, {goes('risk', d.risk_before, d.risk_after)}; {d.money_gone:,.0f} {money} goes with it"
    if d.makers_up:
        more = sum(now - was for was, now in d.burdens.values())
        named = ", ".join(d.makers_up[:NAMED])
        change = f"spend {more:,.0f} {money} more" if more >= 0 else f"spend {-more:,.0f} {money} less"
        said += f", and the others together {change} (increases: {named} first)"
    return said + (_to_hold(d, money) if d.hold is not None else ".")


def _to_hold(d: Departure, money: str) -> str:
    """What it takes to hold risk where it was, or how near money gets."""
    assert d.hold is not None
    if d.hold.found:
        return f". To hold risk where it was they would have to offer {d.hold.total:,.0f} {money} beyond their budgets."
    said = ". No money holds risk where it was, because other limits (deliveries, industry, shares, caveats) bind"
    if d.least_risk is not None:
        said += f"; the least risk that any money reaches is {100 * d.least_risk:.1f} %"
    if d.most_of_the_way is not None:
        said += f", and {MOST:.0%} of the way there takes {d.most_of_the_way.total:,.0f} {money} beyond the budgets"
    return said + "."


def _charts(found: Withdrawals) -> list[Chart]:
    from model.report.pages import Chart

    at = list(found.table.columns).index
    charts = [
        Chart(
            "Risk before and after each departure", "column", "departures", (at("risk_before"), at("risk_after")),
            "who leaves", "risk (fraction of 1)",
        )
    ]  # fmt: skip
    if len(found.resilience):
        charts.append(
            Chart(
                "Coverage of each task, and what the worst single departure leaves", "bar", "resilience", (1, 2),
                "task", "coverage (fraction of 1)",
            )
        )  # fmt: skip
    return charts
