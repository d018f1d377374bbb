"""Planning when it is not known which case will come: one plan for all cases, what knowing would be worth, what is regretted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf
from typing import Any

import pandas as pd

from model.language.cached import cached_property
from model.questions.cases.decomposition import in_parts
from model.questions.executor import Executor
from model.questions.time_limit import out_of_time, said_of
from model.scenario.scenario import Scenario
from model.solve.case_measures import over
from model.solve.engine import Progress, Watch
from model.solve.given import Amounts, amounts_of
from model.solve.plan import Plan
from model.solve.uncertain import CasesPlan, Uncertain, common
from model.solve.valuation import COST, Valuation, valuation
from model.wording.amounts import currency_of, unit_of

HERE, AVERAGE = "all cases", "the average case"
"""What the plan for all cases at once and the plan for the average case are called among those for a case."""

_SOME = 1e-6


@dataclass(frozen=True, eq=False)
class Answer:
    """One way to decide: its aimed-at measure over cases and its expected cost; None where it has none, and why.

    ``here and now`` decides once for all cases, ``wait and see`` once the case is known, ``average case`` for the mean of all.
    """

    name: str
    value: float | None
    cost: float | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class CasesResult:
    """What comes of planning for cases. ``plan`` is the one for all cases; without one there is nothing else but ``says``.

    ``values`` holds, by plan and case, what the plan's orders and holdings are worth in the case; plans are those of
    :data:`HERE`, of :data:`AVERAGE` and of each case by itself. ``known`` are the cases' own plans.
    """

    uncertain: Uncertain
    aim: str
    plan: CasesPlan
    known: Mapping[str, Plan] = field(default_factory=dict)
    average: Plan | None = None
    values: Mapping[tuple[str, str], Valuation] = field(default_factory=dict)
    stopped: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a plan for all cases."""
        return self.plan.found

    @property
    def measure(self) -> str:
        """The measure cases are compared by."""
        return self.uncertain.graded

    def over(self, by_case: Mapping[str, float]) -> float:
        """What the aim makes of one figure a case."""
        likely = self.uncertain.likely
        return over(self.aim, [by_case[case] for case in likely], list(likely.values()), self.uncertain.level)

    def mean(self, by_case: Mapping[str, float]) -> float:
        """The mean over cases."""
        return fsum(likely * by_case[case] for case, likely in self.uncertain.likely.items())

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The ways to decide, by name."""
        measures = self.plan.measures
        here = Answer("here and now", self.plan.stages[0].value, measures[f"expected_{COST}"])
        return {answer.name: answer for answer in (here, self._wait_and_see(), self._average_case())}

    def _wait_and_see(self) -> Answer:
        missing = [case for case in self.uncertain.likely if case not in self.known]
        if missing:
            return Answer("wait and see", None, None, f"no plan for {', '.join(missing)} by itself")
        best = {case: plan.measures[self.measure] for case, plan in self.known.items()}
        costs = {case: plan.measures[COST] for case, plan in self.known.items()}
        return Answer("wait and see", self.over(best), self.mean(costs))

    def _average_case(self) -> Answer:
        found = {case: self.values.get((AVERAGE, case)) for case in self.uncertain.likely}
        there = {case: value for case, value in found.items() if value is not None}
        if self.average is None or len(there) < len(found):
            return Answer("average case", None, None, "there is no plan for the average case")
        costs = self.mean({case: value.cost for case, value in there.items()})
        wrong = [case for case, value in there.items() if not value.allowed]
        if wrong:
            return Answer("average case", None, costs, f"its orders and holdings break policies in {', '.join(wrong)}")
        return Answer("average case", self.over({c: value.value or 0.0 for c, value in there.items()}), costs)

    @property
    def perfect_information(self) -> float | None:
        """How much lower the aim would be if it were known in advance which case comes; None where that is not known."""
        return _fall(self.answers["here and now"].value, self.answers["wait and see"].value)

    @property
    def stochastic_solution(self) -> float | None:
        """How much lower the aim is than with the plan for the average case; infinite where that plan is not to be had."""
        if self.average is not None and "break policies" in self.answers["average case"].why:
            return inf
        return _fall(self.answers["average case"].value, self.answers["here and now"].value)

    @property
    def says(self) -> list[str]:
        """The findings in sentences."""
        from model.questions.cases.words import sentences

        return sentences(self)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tidy tables by name; the first is the main one."""
        from model.questions.cases.tables import tables

        return tables(self)

    @property
    def table(self) -> pd.DataFrame:
        """A row a case."""
        return self.tables["cases"]


def _fall(before: float | None, after: float | None) -> float | None:
    """A difference that rounding does not turn negative."""
    if before is None or after is None:
        return None
    fall = before - after
    return 0.0 if abs(fall) <= _SOME * max(abs(before), abs(after)) else fall


def cases(
    scenario: Scenario,
    aim: str = "expected",
    off: Sequence[str] = (),
    tell: Progress | None = None,
    watch: Watch | None = None,
    parts: Executor | None = None,
) -> CasesResult:
    """Everything about planning for the cases of a workbook, for one aim: expected, cvar or worst.

    ``parts`` finds the plan for all cases in parts, on an executor (:mod:`model.questions.cases.decomposition`), instead of at once. Raises
    UsageError where the workbook names no cases or there is no such aim, SolverError where parts did not come to an end.
    """
    tell, watch = tell or _silent, watch or Watch()
    problem = Uncertain(scenario, off, aim=aim, watch=watch)
    problem.objectives(aim)
    tell("all cases at once", 0.0, 0)
    plan = in_parts(problem, aim, parts, tell, watch) if parts else problem.solve(aim, watch)
    if not plan.found:
        return CasesResult(problem, aim, plan)
    known: dict[str, Plan] = {}
    for case, own in problem.problems.items():
        if out_of_time(watch):
            break
        tell(f"the case {case} by itself", 0.0, 0)
        found = own.solve(watch=watch)
        known |= {case: found} if found.found else {}
    average = None if out_of_time(watch) else problem.average.solve(watch=watch)
    average = average if average is not None and average.found else None
    values = dict(_valued(problem, _plans(plan, known, average), tell, watch))
    asked = len(problem.cases) * (2 + len(problem.cases))
    stopped = said_of(len(values), asked, "plans in cases") if out_of_time(watch) else ""
    return CasesResult(problem, aim, plan, known, average, values, stopped)


def _plans(plan: CasesPlan, known: Mapping[str, Plan], average: Plan | None) -> dict[str, Plan]:
    """The plans to be valued in every case: by all cases' orders and holdings any case's view of the common plan will do."""
    here = {HERE: next(iter(plan.plans.values()))}
    return {**here, **({AVERAGE: average} if average else {}), **known}


def _valued(
    problem: Uncertain, plans: Mapping[str, Plan], tell: Progress, watch: Watch
) -> Iterator[tuple[tuple[str, str], Valuation]]:
    """What every plan's orders and holdings are worth in every case, until the time is up."""
    for name, plan in plans.items():
        amounts = acquired(plan)
        for case, own in problem.problems.items():
            if out_of_time(watch):
                return
            tell(f"the plan for {name} in the case {case}", 0.0, 0)
            yield (name, case), valuation(own, amounts, problem.graded, watch)


def acquired(plan: Plan) -> Amounts:
    """What a plan orders, lifts and holds."""
    assert plan.x is not None
    return amounts_of(plan.lp, plan.x, common())


def units(result: CasesResult) -> tuple[str, str]:
    """The units of the measure and of cost."""
    scenario = result.uncertain.scenario
    return unit_of(scenario, result.measure), currency_of(scenario)


def orders(plan: Plan) -> dict[Any, float]:
    """Units ordered by member, capability and period."""
    return {key: value for key, value in plan.values["ordered"].items() if value > _SOME}


def _silent(what: str, seconds: float, done: int) -> None:
    """Nobody to tell."""
