"""Joint programmes opened or not: the relaxation first, then whole decisions by branch and bound, then the plan under them as any other.

Once it is decided which programmes are opened, the problem is a linear programme again: plan, prices, ties and certificate come
as usual. What branch and bound adds is the proof that no other choice of programmes does better. A few programmes are branched on
here, hot, with a certificate for every branch that is given up; more are left to HiGHS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from model.certificate import Refutation
from model.core.data import Data
from model.language.cached import cached_property
from model.layers.programmes import domains as programmes_domains
from model.scenario.scenario import Scenario
from model.solve.branching import Branch, branch_and_bound
from model.solve.diagnose import PROVED
from model.solve.engine import Engine, Watch
from model.solve.lp import LP, Array
from model.solve.stages import HOLD, scaled

if TYPE_CHECKING:
    from model.solve.plan import Plan
    from model.solve.problem import Problem

FREE, OPEN, CLOSED = "free", "open", "closed"

GAP = 1e-7
"""Proved distance of an objective from the best over all choices, as a part of it, at which branch and bound stops."""

_ZERO = 1e-9

FEW = 6
"""Free programmes up to which they are branched on here; HiGHS takes more."""

NO_CHOICE = (
    "No choice of joint programmes satisfies all policies: some could be kept only if programmes could be opened in part. "
    "Relax a pledge, a participation (min_units) or a decision on the sheet Programmes."
)


@dataclass(frozen=True)
class Verdict:
    """Why a programme is opened or not: every measure with it opened and with it closed, all others as decided; None where no plan
    satisfies the policies then. Money is discounted: ``development`` is what all participants pay together, ``savings`` what the
    discount saves on the ``units`` ordered through it. ``burdens`` and ``risks`` are what opening changes for each member. Not
    ``settled``: the time limit came first, and None says nothing about that decision."""

    programme: str
    opened: bool
    free: bool
    when_open: Mapping[str, float] | None
    when_closed: Mapping[str, float] | None
    units: float
    development: float
    savings: float
    burdens: Mapping[str, float]
    risks: Mapping[str, float]
    settled: bool = True


@dataclass(frozen=True, eq=False)
class Chosen:
    """Which programmes a plan opens. ``free``: those the model decided. ``relaxed`` and ``relaxed_opened``: the measures, and how far
    each programme is opened, if programmes could be opened in part. ``bounds``: by objective, what no choice of programmes can beat
    while the objectives before it hold. ``aims``: the objectives, or the weighting, of the solve;
    ``time_limit`` its limit in seconds, which holds for working out the verdicts once more."""

    opened: Mapping[str, bool]
    free: tuple[str, ...] = ()
    relaxed: Mapping[str, float] = field(default_factory=dict)
    relaxed_opened: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)
    aims: tuple[tuple[str, ...], Mapping[str, float] | None] = ((), None)
    time_limit: float | None = None
    problem: Problem | None = field(default=None, repr=False)
    plan: Plan | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """For another process: without the problem, which holds a solver."""
        return {**self.__dict__, "problem": None}

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each programme, by re-solving with its decision turned round; worked out when first asked for."""
        watch = Watch(self.time_limit)
        return tuple(_verdict(self, programme, watch) for programme in self.opened)


@dataclass(frozen=True)
class Choice:
    """How branch and bound ended: whole values of the programmes, and what is proved about each objective."""

    status: str
    opened: Mapping[str, bool] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)
    refutation: Refutation | None = None
    """Where no choice has a plan, the weakest of the proofs of its branches."""


def undecided(d: Data) -> tuple[str, ...]:
    """The programmes about which the model decides."""
    return tuple(g for (g,) in d.keys(programmes_domains.programmes) if d.decision[g] == FREE)


def decided(scenario: Scenario, opened: Mapping[str, bool]) -> Scenario:
    """The scenario with the decision about programmes made."""
    words = {g: OPEN if is_open else CLOSED for g, is_open in opened.items()}
    return scenario.with_values("decision", MappingProxyType({**scenario.decision, **words}))


def as_decided(d: Data) -> dict[str, bool]:
    """What a scenario says of each programme that could be opened."""
    return {g: d.decision[g] == OPEN for (g,) in d.keys(programmes_domains.programmes)}


def choose(
    lp: LP, free: Sequence[str], objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch
) -> Choice:
    """The best choice of programmes: the objectives in their order, each over whole choices, the earlier ones held."""
    block = lp.columns["opened"]
    whole = np.zeros(lp.A.shape[1], dtype=bool)
    whole[[block.at[g,] for g in free]] = True
    aims = [scaled(lp, weights)] if weights else [{name: 1.0} for name in objectives]
    found: Array | None = None
    bounds: dict[str, float] = {}
    for aim in aims:
        # An engine of its own: HiGHS would hold the seconds of earlier runs against the limit of an integer programme.
        answer, gap = Engine().solve_whole(lp, aim, whole, watch, found, GAP)
        if answer.status != "optimal":
            return Choice(answer.status)
        found = answer.x
        if len(aim) == 1:
            (name,) = aim
            value = float((lp.K[[lp.measure(name)]] @ found)[0])
            bounds[name] = value - gap * abs(value) if np.isfinite(gap) else value
            lp = lp.keep(name, min(value + HOLD * max(abs(value), _ZERO), float(lp.ceilings[lp.measure(name)])))
    assert found is not None
    return Choice("optimal", {key[0]: bool(found[place] > 0.5) for key, place in block.at.items()}, bounds)


def decide(
    problem: Problem, objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch, ties: bool
) -> Plan:
    """The best plan over all choices of the programmes left free: the relaxation, then the choice, then the plan under it."""
    relaxed = problem.linear(objectives, weights, watch, ties=False)
    if not relaxed.found:
        return relaxed
    free = undecided(problem.data)
    few = len(free) <= FEW
    choice = Choice("infeasible") if few else choose(problem.lp, free, objectives, weights, watch)
    if choice.status == "infeasible":  # of many, HiGHS' word: here every branch that is given up has its proof
        choice = branched(problem, relaxed, objectives, weights, watch)
    if choice.status != "optimal":
        why = problem.why(choice.status, f"{NO_CHOICE} {PROVED}")
        return replace(relaxed, **_NOTHING, status=choice.status, message=why, refutation=choice.refutation)
    pinned = problem.pinned(decided(problem.scenario, choice.opened))
    plan = pinned.linear(objectives, weights, watch, ties)
    if not plan.found:
        return plan
    decisions = Chosen(
        choice.opened,
        free,
        relaxed.measures,
        relaxed.values["opened"],
        choice.bounds,
        (tuple(objectives), weights),
        watch.time_limit,
        pinned,
        plan,
    )
    seconds = {**plan.seconds, "relaxation": relaxed.seconds["solve"]}
    return replace(plan, scenario=problem.scenario, programmes=decisions, seconds=seconds)


def branched(
    problem: Problem, relaxed: Plan, objectives: Sequence[str], weights: Mapping[str, float] | None, watch: Watch
) -> Choice:
    """The best choice by branching on the relaxation's programmes; every branch that has no plan has its proof.

    The bound on the first objective is the least that any branch's certificate proves.
    """
    refutations: list[Refutation] = []

    def solve(fixed: Mapping[str, bool], parent: Branch[Plan] | None) -> Branch[Plan] | None:
        plan = relaxed
        if parent is not None:
            child = problem.changed(scenario=decided(problem.scenario, fixed))
            child.accepted = problem.accepted
            plan = child.linear(objectives, weights, watch, ties=False)
        if plan.found:
            return Branch([stage.value for stage in plan.stages], plan.values["opened"], plan)
        if plan.refutation is None:
            raise _Unsettled(plan.status)
        refutations.append(plan.refutation)
        return None

    try:
        ended = branch_and_bound(undecided(problem.data), solve)
    except _Unsettled as unsettled:
        return Choice(str(unsettled))
    if ended is None:
        return Choice("infeasible", refutation=min(refutations, key=lambda proof: proof.margin))
    opened = {
        g: ended.chosen.get(g, problem.data.decision[g] == OPEN)
        for (g,) in problem.data.keys(programmes_domains.programmes)
    }
    bound = min(end.solved.certificates[0].bound for end in ended.ends)
    return Choice("optimal", opened, {relaxed.stages[0].measure: bound} if not weights else {})


class _Unsettled(Exception):
    """The status of a branch that ended without a plan and without a proof that there is none."""


_NOTHING: dict[str, Any] = {"x": None, "stages": (), "certificates": (), "ties_broken": False, "last": None}
"""What is left of a relaxation where no plan came of it."""


def _verdict(decisions: Chosen, programme: str, watch: Watch) -> Verdict:
    """The plan beside the one with a decision turned round."""
    plan, is_open = decisions.plan, decisions.opened[programme]
    assert plan is not None
    turned = decided(plan.scenario, {**decisions.opened, programme: not is_open})
    objectives, weights = decisions.aims
    alternative = _again(decisions, plan, turned).solve(objectives, weights, watch=watch, ties=False)
    opened, closed = (plan, alternative) if is_open else (alternative, plan)
    d, both = plan.data, opened.found and closed.found
    orders = _orders(opened, programme) if opened.found else {}
    capability = d.programme_capability[programme]
    saved = {m: d.acquisition_cost[m, capability] - d.joint_price[programme, m] for m, _ in orders}
    return Verdict(
        programme=programme,
        opened=is_open,
        free=programme in decisions.free,
        when_open=opened.measures if opened.found else None,
        when_closed=closed.measures if closed.found else None,
        units=sum(orders.values()),
        development=sum(d.discount[t] * d.development_due[programme, t] for t in d.sets["period"]),
        savings=sum(d.discount[t] * saved[m] * units for (m, t), units in orders.items()),
        burdens=_change(opened, closed, "discounted_spend") if both else {},
        risks=_change(opened, closed, "perceived_risk") if both else {},
        settled=alternative.found or alternative.status == "infeasible",
    )


def _again(decisions: Chosen, plan: Plan, scenario: Scenario) -> Problem:
    """A problem to solve the plan's scenario in with other decisions: hot where the plan's own problem is at hand."""
    if decisions.problem is not None:
        return decisions.problem.changed(scenario=scenario, engine=Engine())
    from model.solve.problem import Problem

    ceilings = zip(plan.lp.measures, plan.lp.ceilings.tolist(), strict=True)
    return Problem(scenario, {name: limit for name, limit in ceilings if np.isfinite(limit)}, plan.lp.off)


def _orders(plan: Plan, programme: str) -> dict[tuple[str, int], float]:
    """Units ordered through a programme, by member and period."""
    return {(m, t): units for (g, m, t), units in plan.values["jointly_ordered"].items() if g == programme}


def _change(opened: Plan, closed: Plan, quantity: str) -> dict[str, float]:
    """What opening changes in a quantity, by member."""
    after, before = opened.quantity(quantity), closed.quantity(quantity)
    return {m: after[m] - before[m] for m in after}
