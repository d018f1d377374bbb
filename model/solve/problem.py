"""The façade: a scenario, solved. Everything analyses and reports need starts here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from model import certificate
from model.core.parameters import Data
from model.formulation.build import Statement
from model.language.collector import uncollected
from model.language.faults import SolverError, UsageError
from model.language.outside import OwnRules
from model.language.own_rules import Rule
from model.language.registry import policies
from model.language.shown import Shown
from model.scenario.scenario import Scenario
from model.solve.compared import accepted_risks, alone_and_today
from model.solve.engine import Basis, Engine, Progress, Watch
from model.solve.hot import Near, Path, path
from model.solve.linear import Aims, Solved, solved
from model.solve.lp import LP
from model.solve.own_rules import under
from model.solve.plan import Alternatives, Chosen, Plan
from model.solve.programmes import as_decided, decide, undecided, verdicts
from model.solve.refusals import TWO_CHOICES, check_finite, check_measures
from model.solve.steps import Compiled, Stated
from model.solve.ties import TieRule
from model.solve.voice import is_by_voice, no_vote, outvoting


class Problem(Shown):
    """One scenario as a problem to solve, again and again.

    ``ceilings`` puts upper limits on measures (natural units), ``off`` switches policies off by rule name. ``accepted`` is the risk
    each member compares with under consensus; by default it is worked out first, as the scenario says. ``rules`` adds rules from
    outside (decorated functions, or what ``load_rules`` gives), which hold for this problem only. Several threads
    may change a solved one (:meth:`changed`) at once, each with an engine of its own; only one may solve it. Raises
    UsageError for unknown measures or policies, SolverError for figures that are not finite.

    What a problem is never changes; it keeps what its last solve left to start the next one from.
    """

    def __init__(
        self,
        scenario: Scenario,
        ceilings: Mapping[str, float] | None = None,
        off: Iterable[str] = (),
        engine: Engine | None = None,
        accepted: Mapping[str, float] | None = None,
        rules: OwnRules | Iterable[Rule] | None = None,
    ) -> None:
        scenario = under(scenario, rules)
        self.scenario, self.engine = scenario, engine or Engine()
        self.ceilings, self.off = dict(ceilings or {}), tuple(off)
        self.seconds: dict[str, float] = {}
        self._accepted = accepted
        self._base: Problem | None = None
        self._now: Compiled | None = None
        self._last: Near | None = None
        self._path: Path | None = None
        self._decided: Problem | None = None
        check_finite(scenario)
        check_measures(self.ceilings, scenario)
        known = policies(scenario.rules)
        if unknown := set(self.off) - set(known):
            raise UsageError(
                f"{sorted(unknown)[0]!r} is no policy that can be switched off; there are {', '.join(known)}"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process: what it asks, to be solved there; what it was solved from stays here."""
        return (type(self), (self.scenario, self.ceilings, self.off, None, self._accepted))

    def in_words(self) -> list[str]:
        """Of which scenario, and what it asks beside it."""
        held = [f"{name} at most {ceiling:,.6g}" for name, ceiling in self.ceilings.items()]
        off = [f"switched off: {', '.join(self.off)}"] if self.off else []
        own = [f"{len(self.scenario.rules)} rules from outside"] if self.scenario.rules else []
        solved = "solved" if self._last is not None else "not solved"
        return ["; ".join([f"scenario {self.scenario.name}", *held, *off, *own, solved])]

    def changed(
        self,
        scenario: Scenario | None = None,
        ceilings: Mapping[str, float] | None = None,
        off: Iterable[str] | None = None,
        engine: Engine | None = None,
        accepted: Mapping[str, float] | None = None,
    ) -> Problem:
        """The problem of an edited scenario, or of other ceilings or policies, ready to start from this one's solution.

        What is not named stays as it is; what members compare with under consensus is worked out for the edited scenario unless it is
        given. Without an ``engine`` of its own it shares this problem's, so that neither may be solved while the other is. Whether
        the start is hot is decided in one place (:func:`model.solve.hot.path`); its ``path`` says so after a solve.
        """
        rules = self.scenario.rules if scenario is None or not scenario.rules else scenario.rules
        other = Problem(
            self.scenario if scenario is None else scenario.with_rules(rules) if rules else scenario,
            self.ceilings if ceilings is None else ceilings,
            self.off if off is None else off,
            engine or self.engine,
            accepted,
        )
        other._base = self
        if scenario is None and accepted is None and set(other.off) == set(self.off):
            other._now = self.compiled.limited(other.ceilings)
            other._accepted = other._now.stated.accepted
        return other

    def unsolved(self) -> Problem:
        """The same problem, stated and compiled as this one is, to be solved once more from where this one was."""
        other = Problem(self.scenario, self.ceilings, self.off, self.engine, self._accepted)
        other._base = self._base
        other._now = self.compiled
        return other

    def detach(self) -> None:
        """Let go of the problem this one was changed from, which would live as long as this one does.

        For a problem that has been solved: it stands by itself from then on. Raises SolverError for one without a plan.
        """
        if self._last is None:
            raise SolverError("a problem without a plan still needs the one it was changed from")
        self._base = None

    @property
    def basis(self) -> Basis | None:
        """The basis of the last plan found; None before the first."""
        return self._last.answer.basis if self._last is not None else None

    @property
    def path(self) -> Path:
        """ "hot" where a solve starts from the basis of the problem this one was changed from, else "rebuild"."""
        if self._path is None:
            near = self._base._last if self._base is not None else None
            self._path = "rebuild" if near is None else path(near.lp, self.lp)
        return self._path

    @property
    def accepted(self) -> Mapping[str, float]:
        """The risk each member compares with under consensus: what it would face alone, or perceives in the status quo.

        Raises SolverError when one of these solves was stopped or could not be settled.
        """
        return self._compared(Watch())

    def _compared(self, watch: Watch) -> Mapping[str, float]:
        if self._accepted is None:
            begun = time.perf_counter()
            self._accepted = accepted_risks(self.scenario, self.off, watch)
            self.seconds |= {"accepted": time.perf_counter() - begun} if self._accepted else {}
        return self._accepted

    @property
    def compiled(self) -> Compiled:
        """The problem stated and compiled; once it was solved by voice, with those let off consensus whom its aims outvoted."""
        return self._compiled(Watch())

    def _compiled(self, watch: Watch) -> Compiled:
        if self._now is None:
            accepted, begun = self._compared(watch), time.perf_counter()
            base = self._base._now if self._base is not None else None
            stated = Stated.of(self.scenario, accepted, base.stated if base else None)
            built = time.perf_counter()
            self._now = Compiled.of(stated, self.ceilings, self.off, base)
            self.seconds |= {"build": built - begun, "compile": time.perf_counter() - built}
        return self._now

    @property
    def data(self) -> Data:
        """The scenario as the rules see it."""
        return self.compiled.stated.data

    @property
    def statement(self) -> Statement:
        """Every rule stated for this scenario; what an edit does not touch is the base problem's."""
        return self.compiled.stated.statement

    @property
    def lp(self) -> LP:
        """The compiled problem, with ceilings set and policies switched off."""
        return self.compiled.lp

    @property
    def reading(self) -> certificate.Reading:
        """The certificate's own reading of the scenario."""
        return self.compiled.reading

    def read_again(self, off: Iterable[str]) -> certificate.Reading:
        """The certificate's own reading with other policies switched off, and the same members outvoted."""
        return self.compiled.read_again(off)

    @property
    def tie_rule(self) -> TieRule:
        """What the tie-break needs to know."""
        return self.compiled.tie_rule

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
        aims = Aims(tuple(objectives or self.scenario.settings["objectives"]), weights)
        check_measures([*aims.objectives, *(weights or {})], self.scenario)
        watch, self._decided = watch or Watch(time_limit, progress), None
        with uncollected():
            self._compiled(
                Watch(progress=watch.progress, stop=watch.stop)
            )  # what others face alone can be stopped as well
            if self.scenario.rules:
                _ = self.reading  # what is wrong with rules from outside is said before anything is solved
            begun = time.perf_counter()
            plan = self._best(aims, watch, ties)
        total = time.perf_counter() - begun + sum(self.seconds.values())
        return replace(plan, seconds={**self.seconds, **plan.seconds, "total": total})

    def _best(self, aims: Aims, watch: Watch, ties: bool) -> Plan:
        """The best plan, every decision that is not a quantity made first."""

        def solve(problem: Compiled, near: Near | None, ties: bool) -> Solved:
            return solved(problem, aims, self.engine, watch, near, ties)

        if undecided(self.data):
            if self.is_by_voice:
                raise UsageError(TWO_CHOICES)
            decided = decide(self.compiled, aims, watch, self._near, ties, solve)
            self._keep(decided.relaxed)
            if decided.best.plan.found:
                self._decided = self._pinned(decided.best)
            return decided.best.plan
        found = self._voted(aims, watch, ties) if self.is_by_voice else solve(self.compiled, self._near, ties)
        self._keep(found)
        opened = as_decided(self.data)
        if not found.plan.found or not opened:
            return found.plan
        return replace(found.plan, programmes=Chosen(opened, aims=(aims.objectives, aims.weights)))

    def _voted(self, aims: Aims, watch: Watch, ties: bool) -> Solved:
        """The best plan under the vote these aims lead to."""
        begun = time.perf_counter()
        compiled, dissent = outvoting(self.compiled, aims, watch)
        voting = time.perf_counter() - begun
        found = solved(compiled, aims, self.engine, watch, self._near, ties, no_vote)
        plan = replace(found.plan, dissent=dissent, seconds={**found.plan.seconds, "dissent": voting})
        return replace(found, plan=plan)

    @property
    def _near(self) -> Near | None:
        """Where to start from: this problem's own last plan, or that of the problem it was changed from."""
        if self._last is not None:
            return replace(self._last, is_own=True)
        return self._base._last if self._base is not None else None

    def _keep(self, found: Solved) -> None:
        """Keep what a solve left: the problem as it was solved, and where its plan was found, to start from."""
        self._now = found.compiled
        self._path = found.path if self._path is None or found.path == "rebuild" else self._path
        self._last = found.near if found.plan.found else self._last

    def _pinned(self, best: Solved) -> Problem:
        """The problem with the decision about joint programmes made: the one to ask about the plan's neighbours."""
        stated = best.compiled.stated
        other = Problem(stated.scenario, self.ceilings, self.off, self.engine, stated.accepted)
        other._keep(best)
        return other

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

    def with_alternatives(self, plan: Plan, watch: Watch | None = None) -> Plan:
        """The problem's last plan with what its tables compare it with, each found by a solve of its own: every joint programme
        decided the other way, and under consensus what members would face alone and in the status quo."""
        if not plan.found or not (plan.programmes or plan.accepted):
            return plan
        watch = watch or Watch()
        objectives, weights = plan.programmes.aims if plan.programmes else ((), None)

        def solve(scenario: Scenario) -> Plan:
            turned = self.decided.changed(scenario, engine=Engine(), accepted=plan.accepted)
            return turned.solve(objectives, weights, watch=watch, ties=False)

        return plan.beside(Alternatives(verdicts(plan, solve), *alone_and_today(plan, watch)))

    @property
    def is_by_voice(self) -> bool:
        """Whether consensus is a matter of enough voice, so that somebody may be outvoted."""
        return is_by_voice(self.scenario, self.off)
