"""A scenario with cases as one problem: solved over all cases at once, proved, and read case by case.

Each case's LP comes from the one formulation; :mod:`model.solve.cases` links them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model import certificate
from model.language.cached import cached_property
from model.language.collector import uncollected
from model.language.faults import SolverError, UsageError
from model.language.registry import parts
from model.language.shown import Shown
from model.layers.cases.cases import average, cases_of, without_cases
from model.scenario.scenario import Scenario
from model.solve.branching import Branch, branch_and_bound
from model.solve.case_measures import AIMS, aimed
from model.solve.cases import CaseLP, Linked, link
from model.solve.diagnose import PROVED
from model.solve.engine import Basis, Engine, Watch
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, said
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.programmes import FREE, decided, undecided
from model.solve.proof import measures_of, prove, refuted_by
from model.solve.proved import proved
from model.solve.refusals import unproved
from model.solve.settle import Unsettled, settle
from model.solve.stages import Outcome, Stage, in_order
from model.solve.ties import TieRule, break_ties

OPENED = "opened"
"""The variable that says how far a joint programme is opened."""


def common() -> tuple[str, ...]:
    """The variables whose values are the same in every case: all that are not decided, or reckoned, case by case."""
    return tuple(part.name for part in parts("variable") if not part.by_case and not part.supports)


@dataclass(frozen=True, eq=False)
class CasesPlan(Shown):
    """One plan over all cases, or the reason why there is none.

    ``status`` is "optimal" only when every stage passed its certificate. ``plans`` shows it case by case, with the face of any
    plan; their orders and holdings are the same. ``measures`` gives every measure over cases (``expected_risk``, ``risk in
    calm``) in natural units.
    """

    linked: Linked
    aim: str
    status: str
    x: Array | None = None
    stages: tuple[Stage, ...] = ()
    certificates: tuple[certificate.Certificate, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    message: str = ""
    seconds: float = 0.0
    ties_broken: bool = False
    proof: certificate.Refutation | None = None
    """That there is no plan, where there is none."""
    rounds: int = 0
    """Rounds of the dialogue between parts; 0 where all cases were solved at once."""

    @property
    def found(self) -> bool:
        """Whether there is a certified plan."""
        return self.status == "optimal"

    @cached_property
    def measures(self) -> dict[str, float]:
        """Every measure over cases; empty where there is no plan."""
        if self.x is None or not self.found:
            return {}
        return measures_of(self.linked.lp, self.x)


class Uncertain:
    """A scenario's cases as one problem to solve, for one aim after the other.

    ``off`` switches policies off in every case. Joint programmes left free are decided once for all cases, as is best for ``aim``
    over all of them; without an ``aim`` they stay as they are. Raises UsageError where the workbook names no cases, or asks for
    consensus by voice, which is a rule in whole numbers; SolverError where the choice of programmes could not be settled in time.
    """

    def __init__(
        self,
        scenario: Scenario,
        off: Iterable[str] = (),
        engine: Engine | None = None,
        aim: str | None = "expected",
        watch: Watch | None = None,
    ) -> None:
        self.off, self.engine = tuple(off), engine or Engine()
        if aim is not None:
            scenario = Uncertain(scenario, self.off, self.engine, None)._decided(aim, watch or Watch())
        self.scenario, self.cases = scenario, cases_of(scenario)
        self.base = Problem(without_cases(scenario), off=self.off, engine=self.engine)
        self.problems = {case.name: self.base.changed(case.scenario) for case in self.cases}
        if any(problem.is_by_voice for problem in self.problems.values()):
            raise UsageError(
                "who is outvoted is not chosen case by case: plan for cases with consensus_voice 1, or with consensus_excess"
            )

    def _decided(self, aim: str, watch: Watch) -> Scenario:
        """The scenario with the programmes decided that were left free."""
        if not any(word == FREE for word in self.scenario.decision.values()):
            return self.scenario
        free = undecided(self.base.data)
        opened = self._choice(free, self.objectives(aim), watch) if free else {}
        return decided(self.scenario, opened or dict.fromkeys(free, False))

    @cached_property
    def average(self) -> Problem:
        """The problem of the average case: every figure at its mean."""
        return self.base.changed(average(self.scenario, self.cases))

    @property
    def graded(self) -> str:
        """The first objective: the measure the cases are compared by."""
        return str(self.scenario.settings["objectives"][0])

    @property
    def level(self) -> float:
        """How far into the tail CVaR looks."""
        return float(self.scenario.settings["cvar_level"])

    @property
    def likely(self) -> dict[str, float]:
        """The probability of each case."""
        return {case.name: case.probability for case in self.cases}

    @cached_property
    def case_lps(self) -> tuple[CaseLP, ...]:
        """Each case's own problem, compiled, after the base, of which they keep what they share."""
        _ = self.base.compiled
        return tuple(CaseLP(case.name, case.probability, self.problems[case.name].lp) for case in self.cases)

    @cached_property
    def linked(self) -> Linked:
        """The problem over all cases (the extensive form)."""
        with uncollected():
            return link(self.case_lps, common(), (self.graded,), self.level)

    @cached_property
    def reading(self) -> certificate.Reading:
        """The certificate's own reading of all cases."""
        chances = [
            certificate.Chance(case.name, case.probability, self.problems[case.name].reading) for case in self.cases
        ]
        return certificate.over_cases(chances, self.graded, self.level)

    def objectives(self, aim: str) -> tuple[str, ...]:
        """The workbook's objectives over cases: the first as aimed at, then its mean, then the others at their mean.

        Without the second, a plan for the worst case would leave all others as bad as the worst.
        """
        if aim not in AIMS:
            raise UsageError(f"there is no aim called {aim!r}; there are {', '.join(AIMS)}")
        first, *others = self.scenario.settings["objectives"]
        return tuple(dict.fromkeys([aimed(aim, first), *(aimed("expected", name) for name in (first, *others))]))

    def solve(self, aim: str = "expected", watch: Watch | None = None, ties: bool = True) -> CasesPlan:
        """The best plan over all cases. Always returns a :class:`CasesPlan`; look at its ``status``."""
        objectives, watch, begun = self.objectives(aim), watch or Watch(), time.perf_counter()
        lp = self.linked.lp

        def attempt(settings: str) -> CasesPlan:
            outcome = in_order(self.engine, lp, objectives, None, cold_method(lp), watch, settings)
            return self._plan(aim, outcome, watch, ties)

        plan = proved(attempt, lambda plan: plan.status != "numerical trouble")
        return replace(plan, seconds=time.perf_counter() - begun)

    def _plan(self, aim: str, outcome: Outcome, watch: Watch, ties: bool) -> CasesPlan:
        if outcome.status != "optimal" or outcome.final is None:
            return self.without_plan(aim, outcome.status, watch)
        none = CasesPlan(self.linked, aim, outcome.status)
        lp, last = self.linked.lp, outcome.stages[-1]
        proofs = [self.prove(stage) for stage in outcome.stages]
        if not all(proof.passed for proof in proofs):
            return replace(none, status="numerical trouble", message=_unproved(proofs))
        picked, broken = outcome.final.x, False
        if ties:
            picked, broken = break_ties(
                self.engine, outcome.lp or lp, outcome.final, outcome.stages, self.tie_rule, watch
            )
        try:
            x = settle(self.engine, lp, picked)
            proof = self.prove_printed(last, x)
            if broken and not proof.passed:
                x, broken = settle(self.engine, lp, outcome.final.x), False
                proof = self.prove_printed(last, x)
        except Unsettled as reason:
            return replace(none, status="numerical trouble", message=str(reason))
        return self.plan(aim, x, outcome.stages, (*proofs, proof), broken)

    def plan(
        self,
        aim: str,
        x: Array,
        stages: Sequence[Stage],
        proofs: Sequence[certificate.Certificate],
        broken: bool,
    ) -> CasesPlan:
        """The plan with these proofs; "numerical trouble" where one did not pass."""
        passed = all(proof.passed for proof in proofs)
        status, message = ("optimal", "") if passed else ("numerical trouble", _unproved(proofs))
        plans = {case.name: self._own_plan(case.name, x, status) for case in self.cases} if passed else {}
        return CasesPlan(self.linked, aim, status, x, tuple(stages), tuple(proofs), plans, message, ties_broken=broken)

    def without_plan(self, aim: str, status: str, watch: Watch) -> CasesPlan:
        """The reason why there is no plan, with the face of one; "numerical trouble" where that there is none is not proved."""
        if status != "infeasible":
            return CasesPlan(self.linked, aim, status, message=_WHY.get(status, _WHY["numerical trouble"]))
        for case in self.cases:
            own = self.problems[case.name].solve(("risk",), watch=watch, ties=False)
            if own.status == "infeasible":
                why = f"In the case {case.name} alone no plan satisfies all policies. {own.message}"
                return CasesPlan(self.linked, aim, status, message=why, proof=own.refutation)
        proof = self.refuted(watch)
        if not proof.passed:
            return CasesPlan(self.linked, aim, "numerical trouble", message=unproved(proof))
        return CasesPlan(self.linked, aim, status, message=self._clash(watch), proof=proof)

    def refuted(self, watch: Watch) -> certificate.Refutation:
        """Whether it is proved, from the certificate's own reading of all cases, that they have no plan together."""
        ray = self.engine.ray(self.linked.lp, watch)
        return refuted_by(self.reading, self.linked.lp, ray, list(self.likely))

    def _choice(self, free: Sequence[str], objectives: Sequence[str], watch: Watch) -> Mapping[str, bool] | None:
        """The choice of programmes with the best objectives over all cases; None where no choice has a plan.

        Raises SolverError where the time is up, or where that a branch has no plan is not proved.
        """
        lp = self.linked.lp

        def solve(fixed: Mapping[str, bool], parent: Branch[Basis | None] | None) -> Branch[Basis | None] | None:
            start = parent.solved if parent is not None else None
            method = "dual simplex" if start is not None else cold_method(lp)
            outcome = in_order(self.engine, _opened(lp, fixed), objectives, start, method, watch, "as is")
            if outcome.status == "infeasible" and self._has_none(fixed, watch):
                return None
            if outcome.status != "optimal" or outcome.x is None:
                raise SolverError(
                    f"which joint programmes to open over all cases could not be settled ({outcome.status})"
                )
            taken = {g: float(outcome.x[place]) for (g,), place in lp.columns[OPENED].at.items()}
            return Branch([stage.value for stage in outcome.stages], taken, outcome.basis)

        ended = branch_and_bound(free, solve)
        return None if ended is None else ended.chosen

    def _has_none(self, opened: Mapping[str, bool], watch: Watch) -> bool:
        """Whether it is proved that no plan opens, or leaves closed, these programmes."""
        return Uncertain(decided(self.scenario, opened), self.off, self.engine, None).refuted(watch).passed

    def _own_plan(self, case: str, x: Array, status: str) -> Plan:
        """What a case gets, with the face of any plan: without stages of its own, for it was not solved by itself."""
        problem = self.problems[case]
        return Plan(
            problem.scenario, problem.data, problem.lp, status, self.linked.own(case, x), accepted=problem.accepted
        )

    def prove(self, stage: Stage) -> certificate.Certificate:
        """The certificate of one stage over all cases."""
        return prove(self.reading, self.linked.lp, stage, cases=list(self.likely))

    def prove_printed(self, stage: Stage, x: Array) -> certificate.Certificate:
        """The same of a plan that claims to be as good, and of all its measures."""
        lp = self.linked.lp
        return prove(self.reading, lp, stage, x, list(self.likely), printed=measures_of(lp, x))

    @cached_property
    def tie_rule(self) -> TieRule:
        """The rule of a single problem, with every case's contributions weighed by its probability."""
        lp = self.linked.lp
        weights, rules = np.zeros(lp.A.shape[1]), []
        for case in self.cases:
            rule = self.problems[case.name].tie_rule
            rules.append((case.probability, rule))
            weights[self.linked.columns[case.name]] += case.probability * rule.weights
        return TieRule(
            np.concatenate([rule.share for _, rule in rules]),
            np.concatenate([rule.required for _, rule in rules]),
            weights,
            aimed("expected", "unfairness"),
            np.concatenate([np.full(len(rule.share), likely) for likely, rule in rules]),
        )

    def _clash(self, watch: Watch) -> str:
        """Why cases that have plans of their own have none together, in words."""
        lp = self.linked.lp
        names = [said(name, key) for name, block in lp.rows.items() for key in block.keys]
        hard = np.concatenate([np.full(len(block.keys), not block.may_bend) for block in lp.rows.values()])
        conflict = [names[row] for row in self.engine.smallest_conflict(lp, hard, watch).tolist()]
        clash = f" These cannot hold together: {'; '.join(conflict[:8])}." if conflict else ""
        return f"Every case by itself has a plan, but no orders and holdings suit all of them.{clash} {PROVED}"


def _opened(lp: LP, fixed: Mapping[str, bool]) -> LP:
    """The problem with these programmes opened or not."""
    lower, upper, places = lp.lower.copy(), lp.upper.copy(), lp.columns[OPENED].at
    for g, is_open in fixed.items():
        lower[places[g,]] = upper[places[g,]] = float(is_open)
    return replace(lp, lower=lower, upper=upper)


def _unproved(proofs: Sequence[certificate.Certificate]) -> str:
    told = dict.fromkeys(failure for proof in proofs for failure in proof.failures)
    return f"The solver's answer over all cases did not pass its certificate: {'; '.join(told)}"


_WHY = {
    "unbounded": "The problem over all cases has no bound: a price or a weight in the workbook must be wrong.",
    "time limit": "The time limit was reached before a plan over all cases was proved best.",
    "interrupted": "The solve was stopped before a plan over all cases was proved best.",
    "numerical trouble": "The solver could not settle the problem over all cases.",
    "iteration limit": "The solver gave up before a plan over all cases was proved best.",
}
