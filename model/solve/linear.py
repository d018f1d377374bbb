"""One linear programme to its proved plan: every decision that is not a quantity is made, and what members compare with is known.

Starts from a solved problem that is near, if there is one. Where that comes to nothing the problem is stated and compiled anew, in
case what was kept of the near one should not have been; then solver settings are tried in turn until an answer passes its certificate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from model.certificate import Certificate, Refutation
from model.scenario.checks.magnitudes import suspects
from model.solve.diagnose import Diagnosis, diagnose
from model.solve.engine import Engine, Watch
from model.solve.hot import Near, Path, beginning, is_near
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.proof import measures_of, prove, refuted, refuted_by
from model.solve.proved import proved
from model.solve.refusals import WHY, uncertified, unproved
from model.solve.settle import Unsettled, settle
from model.solve.stages import Outcome, in_order, weighted
from model.solve.steps import Compiled
from model.solve.ties import break_ties


@dataclass(frozen=True)
class Aims:
    """What is minimised: objectives in order, or one weighting of normalised measures."""

    objectives: tuple[str, ...]
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, eq=False)
class Solved:
    """A compiled problem and what came of it; ``path`` says whether it was started hot. The problem is the one that was asked about,
    or the same stated and compiled anew."""

    compiled: Compiled
    plan: Plan
    path: Path = "rebuild"

    @property
    def near(self) -> Near | None:
        """Where to start the next one from; None without a plan."""
        return None if self.plan.last is None else Near(self.plan.lp, self.plan.last)


Refute = Callable[[Compiled, Watch], Refutation]
"""Proves that a problem has no plan."""


def solved(
    compiled: Compiled,
    aims: Aims,
    engine: Engine,
    watch: Watch,
    near: Near | None = None,
    ties: bool = True,
    refute: Refute | None = None,
) -> Solved:
    """The best plan of a problem, or why there is none. ``ties`` false leaves ties unbroken. ``refute`` proves in its own way that
    there is no plan, where the prices of the linear programme are not all there is to say."""
    begun = time.perf_counter()
    if is_near(near, compiled.lp):
        solve = _Solve(compiled, aims, engine, watch, ties, refute, begun)
        plan = solve.attempt("as is", near)
        if _is_settled(plan):
            return Solved(compiled, plan, "rebuild" if solve.restarted else "hot")
        compiled = compiled.rebuilt() if compiled.stated.is_restated else compiled
    solve = _Solve(compiled, aims, engine, watch, ties, refute, begun)
    plan = proved(solve.attempt, _is_settled)
    if plan.status == "numerical trouble":
        plan = replace(plan, message=f"{plan.message} {suspects(compiled.stated.scenario)}".strip())
    return Solved(compiled, plan)


def _is_settled(plan: Plan) -> bool:
    return plan.status not in ("numerical trouble", "iteration limit")


class _Solve:
    """One problem, solved under one setting after the other."""

    def __init__(
        self,
        compiled: Compiled,
        aims: Aims,
        engine: Engine,
        watch: Watch,
        ties: bool,
        refute: Refute | None,
        begun: float,
    ) -> None:
        self.compiled, self.aims, self.engine, self.watch = compiled, aims, engine, watch
        self.lp, self.ties, self.refute, self.begun = compiled.lp, ties, refute, begun
        self.restarted = False
        self._refusal: Plan | None = None

    def attempt(self, settings: str, near: Near | None = None) -> Plan:
        """The plan under these settings; "numerical trouble" where it fails its certificate."""
        start, method = beginning(near, self.lp)
        watch = self.watch if self.watch.one_core else replace(self.watch, meanwhile=lambda: self.compiled.reading)
        if self.aims.weights:
            outcome = weighted(self.engine, self.lp, self.aims.weights, start, method, watch, settings)
        else:
            outcome = in_order(self.engine, self.lp, self.aims.objectives, start, method, watch, settings)
        self.restarted = outcome.restarted
        plan = self._plan(outcome, settings, time.perf_counter() - self.begun)
        if plan.status != "infeasible":
            return plan
        self._refusal = self._refusal or self._refused(plan)  # the same whatever the settings
        return replace(self._refusal, settings=settings)

    def _plan(self, outcome: Outcome, settings: str, solving: float) -> Plan:
        """The outcome as a plan: ties broken, measures settled, every stage judged; or the reason why there is none."""
        stated = self.compiled.stated
        iterations = sum(answer.iterations for answer in outcome.answers)
        none = Plan(
            stated.scenario, stated.data, self.lp, outcome.status, settings=settings, accepted=stated.accepted,
            iterations=iterations, seconds={"solve": solving},
        )  # fmt: skip
        if outcome.status != "optimal" or outcome.final is None:
            return replace(none, message=WHY.get(outcome.status, WHY["numerical trouble"]))
        begun, stages = time.perf_counter(), outcome.stages
        # Without a tie-break the last stage's point is the plan itself, and proved as such.
        own = stages if self.ties else stages[:-1]
        proofs = [prove(self.compiled.reading, self.lp, stage) for stage in own]
        if not all(proof.passed for proof in proofs):
            return replace(none, status="numerical trouble", message=uncertified(proofs))
        try:
            x, last, broken, tied = self._printed(outcome)
        except Unsettled as reason:
            return replace(none, status="numerical trouble", message=str(reason))
        seconds = {"solve": solving + tied, "certify": time.perf_counter() - begun - tied}
        if not last.passed:
            return replace(none, status="numerical trouble", message=uncertified([last]), seconds=seconds)
        judged = (*proofs, last) if self.ties else (*proofs, last, last)
        plan = replace(none, stages=stages, certificates=judged, seconds=seconds, x=x, ties_broken=broken)
        return replace(plan, last=outcome.final)

    def _printed(self, outcome: Outcome) -> tuple[Array, Certificate, bool, float]:
        """The plan the tie-break picks, its measures settled and proved with them, and the seconds that took; where it fails its
        proof, or no tie-break is wanted, the solver's own plan, and False. Raises Unsettled."""
        assert outcome.final is not None
        lp, begun, last = self.lp, time.perf_counter(), outcome.stages[-1]
        picked, broken = outcome.final.x, False
        if self.ties:
            rule = self.compiled.tie_rule
            picked, broken = break_ties(self.engine, outcome.lp or lp, outcome.final, outcome.stages, rule, self.watch)
        x = settle(self.engine, lp, picked)
        tied = time.perf_counter() - begun
        proof = prove(self.compiled.reading, lp, last, x, printed=measures_of(lp, x))
        if broken and not proof.passed:
            x, broken = settle(self.engine, lp, outcome.final.x), False
            proof = prove(self.compiled.reading, lp, last, x, printed=measures_of(lp, x))
        return x, proof, broken, tied

    def _refused(self, none: Plan) -> Plan:
        """That there is no plan, explained and proved from the certificate's own reading; "numerical trouble" where it is not."""
        diagnosis = diagnose(self.engine, self.lp, self.compiled.stated.data, self.watch)
        proof = self.refute(self.compiled, self.watch) if self.refute else self._refuted(diagnosis)
        if proof.passed:
            diagnosis = replace(diagnosis, proof=proof)
            return replace(none, message=diagnosis.summary, diagnosis=diagnosis, refutation=proof)
        is_stopped = self.watch.stop.is_set()
        status = "interrupted" if is_stopped else "numerical trouble" if self.watch.left else "time limit"
        message = unproved(proof) if status == "numerical trouble" else WHY[status]
        return replace(none, status=status, message=message)

    def _refuted(self, diagnosis: Diagnosis) -> Refutation:
        """The proof that there is no plan: by the prices of the least stretch, else by the solver's own."""
        assert diagnosis.prices is not None
        proof = refuted(self.compiled.reading, self.lp, diagnosis.prices)
        return (
            proof if proof.passed else refuted_by(self.compiled.reading, self.lp, self.engine.ray(self.lp, self.watch))
        )
