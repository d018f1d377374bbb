"""The façade: a scenario, solved. Everything analyses and reports need starts here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from model import certificate
from model.core.parameters import Data
from model.formulation.build import Statement, restate, state
from model.formulation.changes import Moved, changed, stale
from model.language.cached import cached_property
from model.language.collector import uncollected
from model.language.faults import SolverError, UsageError
from model.language.registry import PARTS
from model.scenario.checks.magnitudes import suspects
from model.scenario.scenario import Scenario
from model.solve.compile import compile_model, patch
from model.solve.diagnose import Diagnosis, diagnose
from model.solve.dissent import RULE as CONSENSUS
from model.solve.dissent import Dissent, dissent, let_off, no_vote_helps, weights_of
from model.solve.engine import Answer, Basis, Engine, Progress, Watch
from model.solve.hot import Path, carry, cold_method, only_aim_differs, path
from model.solve.lp import LP, Array
from model.solve.plan import Plan
from model.solve.programmes import Chosen, as_decided, decide, undecided
from model.solve.proof import measures_of, prove, refuted, refuted_by
from model.solve.proved import proved
from model.solve.refusals import TWO_CHOICES, WHY, check_finite, check_measures, uncertified, unproved
from model.solve.settle import Unsettled, settle
from model.solve.stages import Outcome, in_order, weighted
from model.solve.ties import TieRule, break_ties, named_weights


class Problem:
    """One scenario as a problem to solve, again and again.

    ``ceilings`` puts upper limits on measures (natural units), ``off`` switches policies off by rule name. Several threads
    may change a solved one (:meth:`changed`) at once, each with an engine of its own; only one may solve it. Raises
    UsageError for unknown measures or policies, SolverError for figures that are not finite.
    """

    def __init__(
        self,
        scenario: Scenario,
        ceilings: Mapping[str, float] | None = None,
        off: Iterable[str] = (),
        engine: Engine | None = None,
    ) -> None:
        self.scenario, self.engine = scenario, engine or Engine()
        self.ceilings, self.off = dict(ceilings or {}), tuple(off)
        self.seconds: dict[str, float] = {}
        self._last: Answer | None = None
        self._from: Problem | None = None
        self._patched = False
        self._wants_ties = True
        self.dissent, self._voting = Dissent(), 0.0
        self._decided: Problem | None = None
        self._watch = Watch()
        self._tied = 0.0
        check_finite(scenario)
        check_measures(self.ceilings, scenario)
        policies = [name for name, part in PARTS.items() if part.may_bend]
        if unknown := set(self.off) - set(policies):
            raise UsageError(
                f"{sorted(unknown)[0]!r} is no policy that can be switched off; there are {', '.join(policies)}"
            )

    def changed(
        self,
        scenario: Scenario | None = None,
        ceilings: Mapping[str, float] | None = None,
        off: Iterable[str] | None = None,
        engine: Engine | None = None,
    ) -> Problem:
        """The problem of an edited scenario, or of other ceilings or policies, ready to start from this one's solution.

        What is not named stays as it is. Without an ``engine`` of its own it shares this problem's, so that neither may be
        solved while the other is. Whether the start is hot is decided in one place (:func:`model.solve.hot.path`); its
        ``path`` says so after a solve.
        """
        other = Problem(
            self.scenario if scenario is None else scenario,
            self.ceilings if ceilings is None else ceilings,
            self.off if off is None else off,
            engine or self.engine,
        )
        other._from = self
        if scenario is None and set(other.off) == set(self.off):
            other.data, other.statement = self.data, self.statement
            other.reading = self.reading
            other.tie_rule = self.tie_rule
            other.lp = _with_ceilings(self.lp, other.ceilings)
        return other

    def detach(self) -> None:
        """Let go of the problem this one was changed from, which would live as long as this one does.

        For a problem that has been solved: it stands by itself from then on. Raises SolverError for one without a plan.
        """
        if self.basis is None:
            raise SolverError("a problem without a plan still needs the one it was changed from")
        self._from = None

    @property
    def basis(self) -> Basis | None:
        """The basis of the last plan found; None before the first."""
        return self._last.basis if self._last else None

    @cached_property
    def path(self) -> Path:
        """ "hot" where a solve starts from the basis of the problem this one was changed from, else "rebuild"."""
        base = self._from
        return "rebuild" if base is None or base._last is None else path(base.lp, self.lp)

    @cached_property
    def accepted(self) -> dict[str, float]:
        """The risk each member compares with under consensus: what it would face alone, or perceives in the status quo.

        Raises SolverError when one of these solves was stopped or could not be settled.
        """
        if not self.scenario.settings["consensus"]:
            return {}
        if CONSENSUS in self.off:
            return dict.fromkeys(self.scenario.sets["member"], 1.0)
        from model.solve.compared import compared_with  # which solves problems of its own

        begun = time.perf_counter()
        found = compared_with(self.scenario, self._watch, self.off)
        self.seconds["accepted"] = time.perf_counter() - begun
        return found

    @cached_property
    def _edited(self) -> frozenset[str] | None:
        """What differs from the problem this one was changed from; None where everything has to be stated anew."""
        return None if self._from is None else changed(self._from.scenario, self.scenario)

    @cached_property
    def data(self) -> Data:
        """The scenario as the rules see it."""
        edited = self._edited
        if (
            edited is None or self._from is None or self.accepted
        ):  # what each compares with changes with nearly any edit
            return Data(self.scenario, self.accepted)
        base = self._from.data
        return base.after(self.scenario, self.accepted, stale(base.reads, edited))

    @cached_property
    def statement(self) -> Statement:
        """Every rule stated for this scenario; what an edit does not touch is the base problem's."""
        edited = self._edited
        if edited is not None and self._from is not None and not self.scenario.settings["consensus"]:
            restated = restate(
                self._from.statement, self.data, Moved(edited, self._from.statement, self._from.data, self.data)
            )
            if restated is not None:
                self._patched = True
                return restated
        return state(self.data)

    @cached_property
    def lp(self) -> LP:
        """The compiled problem, with ceilings set and policies switched off."""
        _, begun = self.accepted, time.perf_counter()
        statement = self.statement
        built = time.perf_counter()
        if self._patched and self._from is not None:
            lp = patch(self._from.lp, self._from.statement, statement, self.data)
        else:
            lp = compile_model(statement, self.data)
        self.seconds |= {"build": built - begun, "compile": time.perf_counter() - built}
        return _with_ceilings(lp.drop(*self.off), self.ceilings)

    @cached_property
    def reading(self) -> certificate.Reading:
        """The certificate's own reading of the scenario."""
        return self.read_again(self.off)

    def read_again(self, off: Iterable[str]) -> certificate.Reading:
        """The certificate's own reading with other policies switched off, and the same members outvoted."""
        return certificate.read(self.scenario, frozenset(off), self.accepted, self.dissent.outvoted)

    @cached_property
    def tie_rule(self) -> TieRule:
        """What the tie-break needs to know."""
        d, keys = self.data, self.lp.columns["contributed"].keys
        required = np.array([d.required[key[1:]] for key in keys])
        share = np.array([d.task_share[key[:2]] for key in keys]) * required
        base = self._from
        known = base.tie_rule.known(base.lp) if base is not None and "tie_rule" in base.__dict__ else None
        return TieRule(share, required, named_weights(self.lp, known))

    def solve(
        self,
        objectives: Sequence[str] | None = None,
        weights: Mapping[str, float] | None = None,
        time_limit: float | None = None,
        progress: Progress | None = None,
        watch: Watch | None = None,
        ties: bool = True,
    ) -> Plan:
        """The best plan: objectives in order (by default the scenario's), or one weighting of normalised measures.

        Weights are on risks as they are (0…1) and money as a part of all budgets. ``time_limit`` in seconds is for the
        whole call. ``ties`` false leaves ties unbroken, where only the measures are wanted (they are the same). Always
        returns a :class:`Plan`; look at its ``status``. Raises UsageError for unknown measures.
        """
        objectives = tuple(objectives or self.scenario.settings["objectives"])
        check_measures([*objectives, *(weights or {})], self.scenario)
        watch, self._decided = watch or Watch(time_limit, progress), None
        self._watch = Watch(progress=watch.progress, stop=watch.stop)  # what others face alone can be stopped as well
        with uncollected():
            _, begun = self.lp, time.perf_counter()
            if self.is_by_voice and undecided(self.data):
                raise UsageError(TWO_CHOICES)
            one_by_one = decide if undecided(self.data) else Problem.linear
            plan = one_by_one(self, objectives, weights, watch, ties)
        return replace(
            plan,
            seconds={**self.seconds, **plan.seconds, "total": time.perf_counter() - begun + sum(self.seconds.values())},
        )

    def linear(
        self, objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch, ties: bool = True
    ) -> Plan:
        """The best plan of the linear programme: joint programmes as decided, and those that are not opened in part."""
        self._watch, self._wants_ties, lp = watch, ties, self.lp
        if self.is_by_voice:
            lp = self._by_voice(weights_of(lp, objectives, weights), watch)
        plan = self._climb(lp, objectives, weights, watch)
        plan = replace(plan, seconds={**plan.seconds, "dissent": self._voting}) if self.is_by_voice else plan
        opened = as_decided(self.data)
        if not plan.found or not opened:
            return plan
        aims = tuple(objectives), weights
        decisions = Chosen(opened, aims=aims, time_limit=watch.time_limit, problem=self, plan=plan)
        return replace(plan, programmes=decisions)

    def pinned(self, scenario: Scenario) -> Problem:
        """The problem with the decision about joint programmes made: the one to ask about the plan's neighbours."""
        self._decided = self.changed(scenario)
        self._decided.accepted = self.accepted
        return self._decided

    @property
    def decided(self) -> Problem:
        """The problem its last plan is the best of: itself, or where it had joint programmes to decide, the one under that choice."""
        return self._decided or self

    def choice_of_programmes(self, time_limit: float | None = None) -> dict[str, bool]:
        """Which joint programmes its best plan opens, where the model decides about any; empty where there is nothing to decide.

        All stay closed where there is no plan.
        """
        if not undecided(self.data):
            return {}
        found = self.solve(time_limit=time_limit, ties=False).programmes
        return dict(found.opened) if found else dict.fromkeys(as_decided(self.data), False)

    @staticmethod
    def why(status: str, infeasible: str = "") -> str:
        """Why a solve ended without a plan, in a sentence."""
        return infeasible if infeasible and status == "infeasible" else WHY.get(status, WHY["numerical trouble"])

    def diagnose(self) -> Diagnosis:
        """Which policies cannot hold together, and the cheapest ways out."""
        return diagnose(self.engine, self.lp, self.data, self._watch)

    @property
    def is_by_voice(self) -> bool:
        """Whether consensus is a matter of enough voice, so that somebody may be outvoted."""
        settings = self.scenario.settings
        return bool(settings["consensus"]) and settings["consensus_voice"] < 1 and CONSENSUS not in self.off

    def _by_voice(self, aim: Mapping[str, float], watch: Watch) -> LP:
        """The problem with those let off consensus whom these aims outvote; the reading goes by the same choice."""
        begun, needed = time.perf_counter(), self.scenario.settings["consensus_voice"]
        self.dissent = dissent(self.lp, self.accepted, self.data.voice, needed, aim, watch)
        self.lp = let_off(self.lp, self.accepted, self.dissent.outvoted)
        self.reading = self.read_again(self.off)
        self._voting = time.perf_counter() - begun
        return self.lp

    def _climb(self, lp: LP, objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch) -> Plan:
        """Solver settings in turn until an answer passes its certificate."""
        begun = time.perf_counter()
        refusals: list[Plan] = []

        def attempt(settings: str) -> Plan:
            outcome = self._attempt(lp, objectives, weights, watch, settings)
            plan = self._plan(lp, outcome, watch, settings, time.perf_counter() - begun)
            if plan.status != "infeasible":
                return plan
            refusals.extend([] if refusals else [self._refusal(plan, watch)])  # the same whatever the settings
            return replace(refusals[0], settings=settings)

        plan = proved(attempt, lambda plan: plan.status not in ("numerical trouble", "iteration limit"))
        if plan.status != "numerical trouble":
            return plan
        return replace(plan, message=f"{plan.message} {suspects(self.scenario)}".strip())

    def _refusal(self, none: Plan, watch: Watch) -> Plan:
        """That there is no plan, explained and proved from the certificate's own reading; "numerical trouble" where it is not."""
        diagnosis = self.diagnose()
        proof = self._refuted(diagnosis, none.lp, watch)
        if proof.passed:
            diagnosis = replace(diagnosis, proof=proof)
            return replace(none, message=diagnosis.summary, diagnosis=diagnosis, refutation=proof)
        status = "interrupted" if watch.stop.is_set() else "numerical trouble" if watch.left else "time limit"
        message = unproved(proof) if status == "numerical trouble" else WHY[status]
        return replace(none, status=status, message=message)

    def _refuted(self, diagnosis: Diagnosis, lp: LP, watch: Watch) -> certificate.Refutation:
        """The proof that there is no plan: by the prices of the least stretch, else by the solver's own; by voice, whatever the vote."""
        if self.is_by_voice:
            needed = self.scenario.settings["consensus_voice"]
            found = no_vote_helps(lp, self.accepted, self.data.voice, needed, self.reading, watch)
            why = "it was not proved for every vote that there is none"
            return found or certificate.Refutation(False, float("nan"), failures=(why,))
        assert diagnosis.prices is not None
        proof = refuted(self.reading, lp, diagnosis.prices)
        return proof if proof.passed else refuted_by(self.reading, lp, self.engine.ray(lp, watch))

    def _attempt(
        self, lp: LP, objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch, settings: str
    ) -> Outcome:
        start = self._start(lp)
        method = self._method(lp, start)
        watch = watch if watch.one_core else replace(watch, meanwhile=lambda: self.reading)
        if weights:
            outcome = weighted(self.engine, lp, weights, start, method, watch, settings)
        else:
            outcome = in_order(self.engine, lp, objectives, start, method, watch, settings)
        if outcome.restarted:
            self.path = "rebuild"
        return outcome

    def _method(self, lp: LP, start: Basis | None) -> str:
        """Cold by size; hot by primal simplex where only the aim differs from the base problem's, else by hot simplex."""
        if start is None:
            return cold_method(lp)
        fresh = self._last is None and self._from is not None
        return "primal simplex" if fresh and only_aim_differs(self._from.lp, lp) else "hot simplex"  # type: ignore[union-attr]

    def _start(self, lp: LP) -> Basis | None:
        """The basis to start from: this problem's own last one, or that of the problem it was changed from."""
        if self._last is not None or self.path == "rebuild":
            return self.basis
        assert self._from is not None
        assert self._from.basis is not None
        return carry(self._from.basis, self._from.lp, lp)

    def _plan(self, lp: LP, outcome: Outcome, watch: Watch, settings: str, solving: float) -> Plan:
        """The outcome as a plan: ties broken, measures settled, every stage judged; or the reason why there is none."""
        iterations = sum(answer.iterations for answer in outcome.answers)
        none = Plan(
            self.scenario, self.data, lp, outcome.status, settings=settings, accepted=self.accepted,
            dissent=self.dissent, iterations=iterations, seconds={"solve": solving},
        )  # fmt: skip
        if outcome.status != "optimal" or outcome.final is None:
            return replace(none, message=WHY.get(outcome.status, WHY["numerical trouble"]))
        begun, stages = time.perf_counter(), outcome.stages
        # Without a tie-break the last stage's point is the plan itself, and proved as such.
        own = stages if self._wants_ties else stages[:-1]
        proofs = [prove(self.reading, lp, stage) for stage in own]
        if not all(proof.passed for proof in proofs):
            return replace(none, status="numerical trouble", message=uncertified(proofs))
        try:
            x, last, broken = self._printed(lp, outcome, watch)
        except Unsettled as reason:
            return replace(none, status="numerical trouble", message=str(reason))
        seconds = {"solve": solving + self._tied, "certify": time.perf_counter() - begun - self._tied}
        if not last.passed:
            return replace(none, status="numerical trouble", message=uncertified([last]), seconds=seconds)
        self._last = outcome.final
        proved = (*proofs, last) if self._wants_ties else (*proofs, last, last)
        plan = replace(none, stages=stages, certificates=proved, seconds=seconds, x=x, ties_broken=broken)
        return replace(plan, last=outcome.final)

    def _printed(self, lp: LP, outcome: Outcome, watch: Watch) -> tuple[Array, certificate.Certificate, bool]:
        """The plan the tie-break picks, its measures settled and proved with them; where it fails its proof, or no tie-break is
        wanted, the solver's own plan, and False. Raises Unsettled."""
        assert outcome.final is not None
        begun, last = time.perf_counter(), outcome.stages[-1]
        picked, broken = outcome.final.x, False
        if self._wants_ties:
            picked, broken = break_ties(
                self.engine, outcome.lp or lp, outcome.final, outcome.stages, self.tie_rule, watch
            )
        settled = settle(self.engine, lp, picked)
        self._tied = time.perf_counter() - begun
        proof = prove(self.reading, lp, last, settled, printed=measures_of(lp, settled))
        if broken and not proof.passed:
            settled, broken = settle(self.engine, lp, outcome.final.x), False
            proof = prove(self.reading, lp, last, settled, printed=measures_of(lp, settled))
        return settled, proof, broken


def _with_ceilings(lp: LP, ceilings: Mapping[str, float]) -> LP:
    lp = replace(lp, ceilings=np.full(len(lp.measures), np.inf))
    for name, limit in ceilings.items():
        lp = lp.keep(name, limit)
    return lp
