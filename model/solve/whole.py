"""Some columns in whole numbers: by branch and bound where the programme is small enough, else by rounding and members in turn.

Every way keeps every rule: a first whole plan by rounding down, made better by members choosing again in turn
(:mod:`model.solve.whole_search`), with a proof of how good the end is.

The proof is a bound from the linear plan's prices. What members share (requirements, industry) is taken out of the rules and charged
at its price in the linear plan. What is left falls apart into one integer programme for each member, small enough for branch and
bound. Whatever the prices, the sum of their bounds lies below every whole plan (Lagrangian relaxation); it is no lower than the
linear plan, which lets members hold fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp

from model.language.faults import SolverError
from model.language.shown import Shown
from model.solve.engine import Answer, Basis, Engine, Watch
from model.solve.lp import LP, Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.proof import check_printed, measures_of, prove
from model.solve.settle import settle
from model.solve.stages import Stage
from model.solve.whole_search import MOMENT, WHOLE, Search, Turns, part_of

Method = Literal["branch and bound", "rounding"]

FEW = 400
"""Whole columns up to which branch and bound is tried, on problems of at most MANY non-zeros."""
MANY = 12_000

SEARCH, BOUND = 0.7, 0.92
"""The parts of the time limit after which the search, and then the proof of a bound, end; the rest is for checks and close calls."""

_ORDER = 1e4
"""By how much one objective outweighs the next, as in the blends of :mod:`model.solve.stages`."""

_KEPT = 1e-6

_GAP = 1e-4
_LONGEST = 3.0
_PRICED = "priced"


@dataclass(frozen=True, eq=False)
class WholePlan(Shown):
    """A plan with some columns whole. ``plan`` has its tables (its status is "whole units": it is no optimum of the linear
    programme); ``measures`` every measure. ``gap`` is the proved distance of the blended objective from the best whole plan, a
    part of it; NaN where nothing is proved. ``least`` is what the first objective is proved not to fall below in any whole plan, in
    its own unit; NaN for a weighting. ``broken`` is the largest relative breach of any rule, as the certificate
    reads the rules. ``fixed`` is the linear programme with the whole columns fixed, ``basis`` and ``objective`` its end."""

    plan: Plan
    measures: Mapping[str, float]
    method: Method
    gap: float
    least: float
    broken: float
    fixed: LP
    basis: Basis | None
    objective: float
    solves: int
    cut_short: bool = False
    """Whether the time was up before search and proof had ended by themselves."""


def whole_plan(
    problem: Problem, plan: Plan, whole: Array, watch: Watch | None = None, method: Method | None = None
) -> WholePlan:
    """The best plan found with the columns ``whole`` (places in the LP) in whole numbers, within the watch's time; only a first whole
    plan is looked for however little time there is. ``problem`` must be the one that gave ``plan``.

    Raises SolverError where no such plan was found.
    """
    watch, problem = watch or Watch(), problem.decided
    small = len(whole) <= FEW and problem.lp.A.nnz <= MANY
    method = method or ("branch and bound" if small else "rounding")
    search = Search(problem.lp, blend_of(plan.stages, problem.lp), whole, part_of(watch, SEARCH))
    if plan.x is not None and is_whole(plan.x[whole]) and (best := search.fixed(np.rint(plan.x[whole]), problem.basis)):
        return _finished(
            problem, plan, search, best, (method, 0.0)
        )  # no whole plan beats the linear one, which is whole
    best = search.first(problem.basis)
    gap, cut = float("nan"), False
    if method == "branch and bound":
        found, gap = search.branched(best[1] if best else None, part_of(watch, BOUND))
        best = search.fixed(np.rint(found.x[whole]), problem.basis) if found is not None else None
    elif best is not None:
        best = Turns(search).improved(best)
        cut = search.watch.left <= MOMENT
        value = search.value(best[1].x)
        gap = max(0.0, value - least_possible(search, problem.basis, part_of(watch, BOUND))) / max(abs(value), _KEPT)
    if best is None:
        raise SolverError(
            "No plan in whole units was found that keeps every policy. Choose fewer capabilities, allow more time, "
            "or relax the policy that is tightest."
        )
    cut = not gap <= _KEPT and (cut or part_of(watch, BOUND).left <= MOMENT)
    return replace(_finished(problem, plan, search, best, (method, gap)), cut_short=cut)


def is_whole(amounts: Array) -> bool:
    """Whether there is nothing to round: all are whole numbers, or there are none."""
    return bool((np.abs(amounts - np.rint(amounts)) <= WHOLE).all())


def other_way(
    problem: Problem, found: WholePlan, plan: Plan, column: int, value: float, watch: Watch | None = None
) -> dict[str, float] | None:
    """Every objective's change if one whole column had another value, the others as they are; None where no plan keeps the rules."""
    lp = replace(found.fixed, lower=found.fixed.lower.copy(), upper=found.fixed.upper.copy())
    lp.lower[column] = lp.upper[column] = value
    weights = blend_of(plan.stages, lp)
    answer = problem.engine.solve(lp, weights, found.basis, watch=watch)
    if answer.status != "optimal":
        return None
    change = lp.K @ (answer.x - found.plan.x)
    return {name: float(change[lp.measure(name)]) for name in weights}


def blend_of(stages: tuple[Stage, ...], lp: LP) -> dict[str, float]:
    """The objectives in order as one weighting for the engine, or the plan's own weighting."""
    if len(stages) == 1 and len(stages[0].weights) > 1:
        return {name: weight / float(lp.scale[lp.measure(name)]) for name, weight in stages[0].weights.items()}
    return {stage.measure: _ORDER ** (1 - i) for i, stage in enumerate(stages)}


def _finished(
    problem: Problem, plan: Plan, search: Search, best: tuple[LP, Answer], how: tuple[Method, float]
) -> WholePlan:
    """The plan with all measures at their true values, read against every rule."""
    lp, answer = best
    x = settle(problem.engine, lp, answer.x)
    measures = measures_of(lp, x)
    proof = prove(problem.reading, problem.lp, plan.stages[0], x, printed=measures)
    if not proof.primal <= _KEPT:
        worst = next((place.says for place in proof.worst if place.kind == "primal"), "")
        raise SolverError(f"The plan in whole units breaks a rule: {worst}")
    check_printed(proof)
    made = replace(
        plan, status="whole units", x=x, certificates=(), ties_broken=False, message="rounded to whole units"
    )
    method, gap = how
    objective = search.value(answer.x)
    least = _least(plan, search, objective - gap * abs(objective))
    return WholePlan(made, measures, method, gap, least, proof.primal, lp, answer.basis, objective, search.solves)


def _least(plan: Plan, search: Search, bound: float) -> float:
    """What a bound on the weighted objectives says of the first: at worst all others have their full size."""
    if len(plan.stages[0].weights) > 1:
        return float("nan")
    lp, first = search.lp, plan.stages[0].measure
    full = {name: weight * float((lp.scale * lp.whole)[lp.measure(name)]) for name, weight in search.weights.items()}
    others = sum(size for name, size in full.items() if name != first)
    unit = full[first] / float(lp.whole[lp.measure(first)])
    return max(plan.stages[0].value, (bound - others) / unit) if np.isfinite(bound) else plan.stages[0].value


# ---------------------------------------------------------------- how good any whole plan could be


def least_possible(search: Search, basis: Basis | None, watch: Watch) -> float:
    """A value of the search's weighted objectives that no whole plan can beat; the linear plan's where time is out."""
    lp = replace(search.lp, lower=search.bounds.lower, upper=search.bounds.upper)
    linear = search.solve(lp, basis)
    if linear.status != "optimal":
        return -np.inf
    floor = search.value(linear.x)
    if np.isfinite(lp.ceilings).any():
        return floor
    live = lp.live_rows(search.weights)
    shared = live & _shared(lp, search.owner)
    price = np.where(shared, linear.y, 0.0)
    price[((price > 0) & np.isinf(lp.row_lower)) | ((price < 0) & np.isinf(lp.row_upper))] = 0.0
    at = np.where(price > 0, lp.row_lower, lp.row_upper)
    total = float(price[price != 0] @ at[price != 0])
    parts = list(_parts(lp, search.cost - lp.A.T @ price, live & ~shared, search.owner))
    for i, (part, mine) in enumerate(parts):
        seconds = min(_LONGEST, watch.left / (len(parts) - i))
        total += _part_bound(part, mine & _places(search.whole, len(mine)), Watch(seconds, stop=watch.stop))
    return max(floor, total) if np.isfinite(total) else floor


def _shared(lp: LP, owner: Array) -> Array:
    """The rows of A in which columns of more than one owner stand."""
    own = sp.csr_array((np.ones(len(owner)), (np.arange(len(owner)), owner + 1)))
    return np.asarray(((abs(lp.A) @ own) > 0).sum(axis=1)).ravel() > 1


def _places(whole: Array, size: int) -> Array:
    chosen = np.zeros(size, dtype=bool)
    chosen[whole] = True
    return chosen


def _parts(lp: LP, cost: Array, own: Array, owner: Array) -> Iterator[tuple[LP, Array]]:
    """The problem of each owner alone at given costs of columns, with the rows ``own`` that nobody shares; and its columns."""
    uses = abs(lp.A)
    for one in np.unique(owner):
        mine = owner == one
        kept = own & ((uses @ mine.astype(float)) > 0)
        yield (
            replace(
                lp,
                rows={},
                measures=(_PRICED,),
                K=sp.csr_array((cost * mine)[None, :]),
                lower=np.where(mine, lp.lower, 0.0),
                upper=np.where(mine, lp.upper, 0.0),
                row_lower=np.where(kept, lp.row_lower, -np.inf),
                row_upper=np.where(kept, lp.row_upper, np.inf),
                scale=np.ones(1),
                whole=np.ones(1),
                ceilings=np.full(1, np.inf),
                floors=np.full(1, -np.inf),
            ),
            mine,
        )


def _part_bound(part: LP, whole: Array, watch: Watch) -> float:
    """What this owner's part of the objective cannot fall below: by branch and bound, or by its linear programme."""
    weights, cost = {_PRICED: 1.0}, part.K.toarray()[0]
    if not (
        np.isfinite(part.row_lower) | np.isfinite(part.row_upper)
    ).any():  # nothing for a solver: each column at its cheaper end
        ends = np.where(cost > 0, part.lower, part.upper)
        return float(cost[cost != 0] @ ends[cost != 0])
    linear = Engine().solve(part, weights)
    if linear.status != "optimal":
        return -np.inf
    least = float(cost @ linear.x)
    if not whole.any() or watch.left <= 0:
        return least
    answer, gap = Engine().solve_whole(part, weights, whole, watch, gap=_GAP)
    if answer.status not in ("optimal", "time limit") or not np.isfinite(gap):
        return least
    value = float(cost @ answer.x)
    return max(least, value - gap * abs(value))
