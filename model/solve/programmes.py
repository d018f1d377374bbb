"""Joint programmes opened or not: the relaxation first, then whole decisions by branch and bound, then the plan under them as any other.

Once it is decided which programmes are opened, the problem is a linear programme again: plan, prices, ties and certificate come
as usual. What branch and bound adds is the proof that no other choice of programmes does better. A few programmes are branched on
here, hot, with a certificate for every branch that is given up; more are left to HiGHS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from model.certificate import Refutation
from model.core.data import Data
from model.layers.programmes import domains as programmes_domains
from model.scenario.scenario import Scenario
from model.solve.branching import Branch, branch_and_bound
from model.solve.diagnose import PROVED
from model.solve.engine import Engine, Watch
from model.solve.hot import Near
from model.solve.linear import Aims, Solved
from model.solve.lp import LP, Array
from model.solve.plan import Chosen, Plan, Verdict
from model.solve.refusals import WHY
from model.solve.stages import HOLD, scaled
from model.solve.steps import Compiled

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


Solve = Callable[[Compiled, Near | None, bool], Solved]
"""Solves a problem with every decision made, from a near one, with ties broken or not."""


@dataclass(frozen=True, eq=False)
class Decided:
    """The plan under the best choice of programmes (``best``), and the relaxation it was found from."""

    relaxed: Solved
    best: Solved


def decide(problem: Compiled, aims: Aims, watch: Watch, near: Near | None, ties: bool, solve: Solve) -> Decided:
    """The best plan over all choices of the programmes left free: the relaxation, then the choice, then the plan under it.

    Without a plan ``best`` says why.
    """
    relaxed = solve(problem, near, False)
    if not relaxed.plan.found:
        return Decided(relaxed, relaxed)
    problem, d = relaxed.compiled, relaxed.plan.data
    free = undecided(d)
    few = len(free) <= FEW
    choice = Choice("infeasible") if few else choose(problem.lp, free, aims.objectives, aims.weights, watch)
    if choice.status == "infeasible":  # of many, HiGHS' word: here every branch that is given up has its proof
        choice = branched(relaxed, aims, solve)
    if choice.status != "optimal":
        why = (
            f"{NO_CHOICE} {PROVED}"
            if choice.status == "infeasible"
            else WHY.get(choice.status, WHY["numerical trouble"])
        )
        none = replace(relaxed.plan, **_NOTHING, status=choice.status, message=why, refutation=choice.refutation)
        return Decided(relaxed, replace(relaxed, plan=none))
    found = solve(problem.after(decided(relaxed.plan.scenario, choice.opened)), relaxed.near, ties)
    if not found.plan.found:
        return Decided(relaxed, found)
    parts = relaxed.plan.values["opened"]
    chosen = Chosen(choice.opened, free, relaxed.plan.measures, parts, choice.bounds, (aims.objectives, aims.weights))
    seconds = {**found.plan.seconds, "relaxation": relaxed.plan.seconds["solve"]}
    plan = replace(found.plan, scenario=relaxed.plan.scenario, programmes=chosen, seconds=seconds)
    return Decided(relaxed, replace(found, plan=plan))


def branched(relaxed: Solved, aims: Aims, solve: Solve) -> Choice:
    """The best choice by branching on the relaxation's programmes; every branch that has no plan has its proof.

    The bound on the first objective is the least that any branch's certificate proves.
    """
    refutations: list[Refutation] = []
    problem, scenario, d = relaxed.compiled, relaxed.plan.scenario, relaxed.plan.data

    def branch(fixed: Mapping[str, bool], parent: Branch[Plan] | None) -> Branch[Plan] | None:
        plan = relaxed.plan
        if parent is not None:
            plan = solve(problem.after(decided(scenario, fixed)), relaxed.near, False).plan
        if plan.found:
            return Branch([stage.value for stage in plan.stages], plan.values["opened"], plan)
        if plan.refutation is None:
            raise _Unsettled(plan.status)
        refutations.append(plan.refutation)
        return None

    try:
        ended = branch_and_bound(undecided(d), branch)
    except _Unsettled as unsettled:
        return Choice(str(unsettled))
    if ended is None:
        return Choice("infeasible", refutation=min(refutations, key=lambda proof: proof.margin))
    opened = {g: ended.chosen.get(g, d.decision[g] == OPEN) for (g,) in d.keys(programmes_domains.programmes)}
    bound = min(end.solved.certificates[0].bound for end in ended.ends)
    return Choice("optimal", opened, {relaxed.plan.stages[0].measure: bound} if not aims.weights else {})


class _Unsettled(Exception):
    """The status of a branch that ended without a plan and without a proof that there is none."""


_NOTHING: dict[str, Any] = {"x": None, "stages": (), "certificates": (), "ties_broken": False, "last": None}
"""What is left of a relaxation where no plan came of it."""


def verdicts(plan: Plan, solve: Callable[[Scenario], Plan] | None = None) -> tuple[Verdict, ...]:
    """Why each programme of a plan is opened or not, by solving for its decision turned round, all others as decided; without
    ``solve`` nothing is said of the other decision."""
    if plan.programmes is None:
        return ()
    return tuple(_verdict(plan, plan.programmes, programme, solve) for programme in plan.programmes.opened)


def _verdict(plan: Plan, decisions: Chosen, programme: str, solve: Callable[[Scenario], Plan] | None) -> Verdict:
    """The plan beside the one with a decision turned round."""
    is_open = decisions.opened[programme]
    other = solve(decided(plan.scenario, {**decisions.opened, programme: not is_open})) if solve else None
    there = other if other is not None and other.found else None
    opened, closed = (plan, there) if is_open else (there, plan)
    d, orders = plan.data, _orders(opened, programme) if opened else {}
    capability = d.programme_capability[programme]
    saved = {m: d.acquisition_cost[m, capability] - d.joint_price[programme, m] for m, _ in orders}
    return Verdict(
        programme=programme,
        opened=is_open,
        free=programme in decisions.free,
        when_open=opened.measures if opened else None,
        when_closed=closed.measures if closed else None,
        units=sum(orders.values()),
        development=sum(d.discount[t] * d.development_due[programme, t] for t in d.sets["period"]),
        savings=sum(d.discount[t] * saved[m] * units for (m, t), units in orders.items()),
        burdens=_change(opened, closed, "discounted_spend") if opened and closed else {},
        risks=_change(opened, closed, "perceived_risk") if opened and closed else {},
        settled=other is not None and (other.found or other.status == "infeasible"),
    )


def _orders(plan: Plan, programme: str) -> dict[tuple[str, int], float]:
    """Units ordered through a programme, by member and period."""
    return {(m, t): units for (g, m, t), units in plan.values["jointly_ordered"].items() if g == programme}


def _change(opened: Plan, closed: Plan, quantity: str) -> dict[str, float]:
    """What opening changes in a quantity, by member."""
    after, before = opened.quantity(quantity), closed.quantity(quantity)
    return {m: after[m] - before[m] for m in after}
