"""A plan over all cases found in parts, each case solved wherever there is a worker: for what outgrows one machine.

The parts are those of :mod:`model.solve.l_shaped`; this file keeps the dialogue between them going, on any executor, until what the
first part believes of every case is true.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.language.faults import SolverError
from model.questions.executor import Executor, Here, Lost, Run
from model.solve.case_measures import AIMS, aimed, over
from model.solve.cases import CaseLP
from model.solve.engine import Answer, Engine, Progress, Watch
from model.solve.hot import carry
from model.solve.l_shaped import CUTS, SHARP, Cut, Told, first_part, known, serves, told_at, whole_plan, whole_prices
from model.solve.lp import LP, Array
from model.solve.settle import settle
from model.solve.stages import HOLD, Stage
from model.solve.uncertain import CasesPlan, Uncertain, common

CLOSE = 1e-8
"""The gap between what the first part believes and what is true, relative, at which the dialogue ends."""

INWARDS = 0.5
"""How far from the first part's proposal towards the best plan so far the cases are asked."""

MOST_ROUNDS = 5000
IDLE = 60
"""Rounds after which a cut nobody leaned on is forgotten."""

_ZERO = 1e-9
_LITTLE = 1e-3
_HELD = 1e-7
"""Part by which an earlier objective may be beyond what it is held at: a tenth of what a certificate allows."""
_NEWS = 1e-12
"""By how much of the measure's full size a cut must contradict the first part to be kept."""
_ENGINE: list[Engine] = []
"""The engine of a worker process, made when it is first needed."""

Job = tuple[str, Array | None]
"""A case and the amounts of its shared columns; None leaves them free."""


@dataclass(frozen=True, eq=False)
class SolveCase:
    """What every worker is given: all cases' own problems, and what is asked of them."""

    cases: Mapping[str, CaseLP]
    shared: frozenset[str]
    measure: str

    def __call__(self, job: Job) -> Told:
        """What one case tells."""
        if not _ENGINE:
            _ENGINE.append(Engine())
        name, at = job
        case = self.cases[name]
        if at is None:
            return known(case, self.shared, self.measure, _ENGINE[0], Watch())
        return told_at(case, self.shared, self.measure, at, _ENGINE[0], Watch())


class NoPlan(SolverError):
    """What all cases have told together leaves no orders and holdings."""


@dataclass(frozen=True, eq=False)
class _Tried:
    """A plan of the first part that the cases were asked about: the objective in truth, infinite where something held is broken."""

    x: Array
    told: Mapping[str, Told]
    value: float


class _Dialogue:
    """What has been told so far, and the best plan so far."""

    def __init__(self, problem: Uncertain, run: Run, tell: Progress, watch: Watch) -> None:
        self.problem, self.run, self.tell, self.watch = problem, run, tell, watch
        self.measure = problem.graded
        self.first = first_part(problem.case_lps, common(), self.measure, problem.level)
        cases = [case.name for case in problem.case_lps]
        self.engine, self.begun, self.rounds = Engine(), time.perf_counter(), 0
        begin = self.ask([(name, None) for name in cases])
        self.cuts: dict[int, Cut] = dict(enumerate(cut for told in begin.values() for cut in told.cuts))
        self.leaned: dict[int, int] = dict.fromkeys(self.cuts, MOST_ROUNDS)  # what is known of a case by itself is kept
        self.best: _Tried | None = None
        lp = self.first.linked.lp
        self._size = float(lp.whole[lp.measure(aimed("expected", self.measure))])
        self._last: tuple[LP, Answer] | None = None
        self._used = self.cuts

    def ask(self, jobs: Sequence[Job]) -> dict[str, Told]:
        """What these jobs tell, by case. Raises SolverError where a worker could not do one."""
        found: dict[str, Told] = {}
        for (case, _), told in self.run(jobs):
            if isinstance(told, Lost):
                raise SolverError(f"the case {case!r} could not be solved: {told.message}")
            found[case] = told
        return {case: found[case] for case, _ in jobs}

    def stage(self, objective: str, ceilings: Mapping[str, float]) -> Stage:
        """One objective at its best while earlier ones are held, as a stage of the problem over all cases at once.

        Cases are not asked at the first part's own proposal, which leaps from corner to corner, but half way between it and the best
        plan so far, where what they tell is worth more (in-out separation: Ben-Ameur & Neto 2007). Where that is no news to the first
        part, they are asked at the proposal itself.
        """
        best, inwards, bound = self._again(objective, ceilings), INWARDS, -np.inf
        while self.rounds < MOST_ROUNDS and self.watch.left > 0:
            proposal = self._proposal(objective, ceilings)
            if proposal is None:
                break
            lp, answer = proposal
            bound = float((lp.K @ answer.x)[lp.measure(objective)])
            tried = self._try(
                answer.x if best is None else inwards * best.x + (1 - inwards) * answer.x, objective, ceilings
            )
            if np.isfinite(tried.value) and (best is None or tried.value <= best.value):
                best = tried
            size = max(abs(bound), _LITTLE * float(lp.whole[lp.measure(objective)]))
            gap = (best.value - bound) / size if best is not None else np.inf
            self.rounds += 1
            self.tell(f"in parts, gap {gap:.1g}", time.perf_counter() - self.begun, self.rounds)
            if best is not None and gap <= CLOSE:
                self.best = best
                return self._stage(lp, answer, best, objective, ceilings)
            learnt = self._learn(answer.x, tried)
            if not learnt and inwards == 0.0 and best is not None:  # as near as the solver's accuracy lets them come
                self.best = best = tried if np.isfinite(tried.value) else best
                return self._stage(lp, answer, best, objective, ceilings)
            inwards = INWARDS if learnt or inwards == 0.0 else 0.0
        reached = f"the best plan so far has {best.value:.6g}" if best is not None else "there is no plan yet"
        raise SolverError(
            f"The parts did not agree in time, or within {self.rounds} rounds: of {objective.replace('_', ' ')} {reached}, and "
            f"none has less than {bound:.6g}. Give it more time, or solve all cases at once."
        )

    def _again(self, objective: str, ceilings: Mapping[str, float]) -> _Tried | None:
        """The best plan of the stage before, by this stage's objective."""
        return None if self.best is None else self._judged(self.best.x, self.best.told, objective, ceilings)

    def _proposal(self, objective: str, ceilings: Mapping[str, float]) -> tuple[LP, Answer] | None:
        """What the first part proposes, by what it has been told so far; None where the time is up."""
        lp, self._used = self.first.with_cuts(self.cuts), self.cuts
        for name, limit in ceilings.items():
            lp = lp.keep(name, limit)
        start = None
        if self._last is not None and self._last[1].basis is not None:
            start = carry(self._last[1].basis, self._last[0], lp)
        answer = self.engine.solve(
            lp, {objective: SHARP}, start, "dual simplex", self.watch, settings="tight tolerances"
        )
        if answer.status != "optimal" and start is not None:
            answer = self.engine.solve(lp, {objective: SHARP}, None, "dual simplex", self.watch)
        if answer.status == "infeasible":
            raise NoPlan
        if answer.status == "time limit":
            return None
        if answer.status != "optimal":
            raise SolverError(f"the part that decides what is common could not be solved ({answer.status})")
        self._last = lp, answer
        return lp, answer

    def _try(self, x: Array, objective: str, ceilings: Mapping[str, float]) -> _Tried:
        told = self.ask([(case, self.first.amounts(case, x)) for case in self.problem.likely])
        return self._judged(x, told, objective, ceilings)

    def _judged(self, x: Array, told: Mapping[str, Told], objective: str, ceilings: Mapping[str, float]) -> _Tried:
        lacking = any(answer.lacking > _ZERO for answer in told.values())
        broken = lacking or any(
            self._true(x, told, name) > limit + _HELD * abs(limit) for name, limit in ceilings.items()
        )
        return _Tried(x, told, np.inf if broken else self._true(x, told, objective))

    def _true(self, x: Array, told: Mapping[str, Told], name: str) -> float:
        """What a measure over cases really comes to."""
        likely, lp = self.problem.likely, self.first.linked.lp
        for aim in AIMS:
            if name == aimed(aim, self.measure):
                return over(aim, [told[case].value for case in likely], list(likely.values()), self.problem.level)
        return float((lp.K @ x)[lp.measure(name)])

    def _learn(self, proposal: Array, tried: _Tried) -> bool:
        """Keep what is news to the first part, and forget what it has not leaned on for long. Whether there was news."""
        assert self._last is not None
        lp, answer = self._last
        prices = answer.y[lp.rows[CUTS].places] if self.cuts else np.zeros(0)
        for number, price in zip(list(self.cuts), prices.tolist(), strict=True):
            if price:
                self.leaned[number] = max(self.leaned[number], self.rounds)
        kept = [number for number in self.cuts if self.rounds - self.leaned[number] <= IDLE]
        self.cuts = {number: self.cuts[number] for number in kept}
        every = (cut for told in tried.told.values() for cut in told.cuts)
        news = [cut for cut in every if self.first.news(cut, proposal) > _NEWS * self._size]
        fresh = max(self.leaned) + 1
        for number, cut in enumerate(news, fresh):
            self.cuts[number], self.leaned[number] = cut, self.rounds
        return bool(news)

    def _stage(self, lp: LP, answer: Answer, best: _Tried, objective: str, ceilings: Mapping[str, float]) -> Stage:
        """The stage as if all cases had been solved at once: plan and prices put together from the parts."""
        linked, unit = self.problem.linked, SHARP * float(lp.scale[lp.measure(objective)])
        x = settle(self.problem.engine, linked.lp, whole_plan(linked, best.told, self.first, best.x))
        prices = whole_prices(linked, lp, answer.y / unit, self._used)
        held = np.zeros(len(linked.lp.measures))
        for name in ceilings:
            held[linked.lp.measure(name)] = answer.ceiling_y[lp.measure(name)] / unit
        value = float((linked.lp.K @ x)[linked.lp.measure(objective)])
        seconds = time.perf_counter() - self.begun
        return Stage({objective: 1.0}, value, dict(ceilings), x, prices, held, np.zeros(len(x)), seconds, self.rounds)


def in_parts(
    problem: Uncertain,
    aim: str = "expected",
    executor: Executor | None = None,
    tell: Progress | None = None,
    watch: Watch | None = None,
) -> CasesPlan:
    """The best plan over all cases, found in parts on an executor, and proved over all cases at once like any other.

    Raises UsageError where later objectives are not of common columns alone, SolverError where the parts do not come to an end.
    """
    begun = time.perf_counter()
    objectives = problem.objectives(aim)
    serves(problem.case_lps, common(), problem.scenario.settings["objectives"])
    cases = SolveCase({case.name: case for case in problem.case_lps}, frozenset(common()), problem.graded)
    stages: list[Stage] = []
    ceilings: dict[str, float] = {}
    with (executor or Here()).opened(cases) as run:
        dialogue = _Dialogue(problem, run, tell or _silent, watch or Watch())
        try:
            for objective in objectives:
                stages.append(dialogue.stage(objective, ceilings))
                ceilings[objective] = stages[-1].value + HOLD * max(abs(stages[-1].value), _ZERO)
        except NoPlan:
            return problem.without_plan(aim, "infeasible", watch or Watch())
    proofs = [problem.prove(stage) for stage in stages]
    printed = problem.prove_printed(stages[-1], stages[-1].x)
    plan = problem.plan(aim, stages[-1].x, stages, [*proofs, printed], False)
    return replace(plan, seconds=time.perf_counter() - begun, rounds=dialogue.rounds)


def _silent(what: str, seconds: float, done: int) -> None:
    """Nobody to tell."""
