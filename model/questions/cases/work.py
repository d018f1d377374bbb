"""The work behind planning for cases: the plan for all of them, the plan for each, and what each is worth in every other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from model.questions.cases.decomposition import in_parts
from model.questions.cases.result import AVERAGE, HERE, CasesResult, acquired
from model.questions.executor import Executor
from model.questions.time_limit import out_of_time, said_of
from model.scenario.scenario import Scenario
from model.solve.engine import Progress, Watch
from model.solve.plan import Plan
from model.solve.uncertain import CasesPlan, Uncertain
from model.solve.valuation import Valuation, valuation


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


def _silent(what: str, seconds: float, done: int) -> None:
    """Nobody to tell."""
