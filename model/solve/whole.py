"""Some columns in whole numbers: by branch and bound where the programme is small enough, else by rounding with repair.

Both keep every rule: rounding fixes the columns nearest to whole numbers, solves the linear programme again so that all others
make room, and goes on with what is still in fractions; what no longer fits is rounded the other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from model.data.faults import SolverError
from model.solve.engine import Answer, Basis, Engine, Watch
from model.solve.lp import LP, Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.proof import prove
from model.solve.settle import settle
from model.solve.stages import Stage

Method = Literal["branch and bound", "rounding"]

FEW = 400
"""Whole columns up to which branch and bound is tried, on problems of at most MANY non-zeros."""
MANY = 12_000

WHOLE = 1e-6
"""A number this close to a whole one is whole."""

_BATCH = 0.4
_ORDER = 1e4
"""By how much one objective outweighs the next, as in the blends of :mod:`model.solve.stages`."""

_KEPT = 1e-6

_TRIES = 60
"""Moves in vain after which rounding is improved no further."""


@dataclass(frozen=True, eq=False)
class WholePlan:
    """A plan with some columns whole. ``plan`` has its tables (its status is "whole units": it is no optimum of the linear
    programme); ``measures`` every measure. ``gap`` is the proved distance of the blended objective from the best whole plan, a
    part of it; NaN where only the linear plan bounds it. ``broken`` is the largest relative breach of any rule, as the certificate
    reads the rules. ``fixed`` is the linear programme with the whole columns fixed, ``basis`` and ``objective`` its end."""

    plan: Plan
    measures: Mapping[str, float]
    method: Method
    gap: float
    broken: float
    fixed: LP
    basis: Basis | None
    objective: float
    solves: int


def whole_plan(
    problem: Problem,
    plan: Plan,
    whole: Array,
    groups: Array,
    watch: Watch | None = None,
    method: Method | None = None,
) -> WholePlan:
    """The best plan found with the columns ``whole`` (places in the LP) in whole numbers; ``groups`` says whose each is.

    ``problem`` must be the one that gave ``plan``. Raises SolverError where no such plan was found.
    """
    watch = watch or Watch()
    small = len(whole) <= FEW and problem.lp.A.nnz <= MANY
    method = method or ("branch and bound" if small else "rounding")
    search = _Search(problem.engine, problem.lp, blend_of(plan.stages, problem.lp), watch)
    rounded, gap = search.rounded(whole, groups, problem.basis), float("nan")
    best = search.fixed(whole, np.rint(rounded.x[whole]), problem.basis) if rounded is not None else None
    if best is not None:
        best = search.improved(whole, best)
    if method == "branch and bound":
        found, gap = search.branched(whole, best[1] if best else None)
        best = search.fixed(whole, np.rint(found.x[whole]), problem.basis) if found is not None else None
    if best is None:
        raise SolverError(
            "No plan in whole units was found that keeps every policy. Choose fewer capabilities, allow more time, "
            "or relax the policy that is tightest."
        )
    return _finished(problem, plan, search, best, (method, gap))


def other_way(problem: Problem, found: WholePlan, plan: Plan, column: int, value: float) -> dict[str, float] | None:
    """Every objective's change if one whole column had another value, the others as they are; None where no plan keeps the rules."""
    lp = replace(found.fixed, lower=found.fixed.lower.copy(), upper=found.fixed.upper.copy())
    lp.lower[column] = lp.upper[column] = value
    weights = blend_of(plan.stages, lp)
    answer = problem.engine.solve(lp, weights, found.basis, keep_basis=False)
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
    problem: Problem, plan: Plan, search: _Search, best: tuple[LP, Answer], how: tuple[Method, float]
) -> WholePlan:
    """The plan with all measures at their true values, read against every rule."""
    lp, answer = best
    x = settle(problem.engine, lp, answer.x)
    proof = prove(problem.reading, problem.lp, plan.stages[0], x)
    if not proof.primal <= _KEPT:
        worst = next((place.says for place in proof.worst if place.kind == "primal"), "")
        raise SolverError(f"The plan in whole units breaks a rule: {worst}")
    measures = {name: float(v) for name, v in zip(lp.measures, lp.K @ x, strict=True)}
    made = replace(
        plan, status="whole units", x=x, certificates=(), ties_broken=False, message="rounded to whole units"
    )
    return WholePlan(made, measures, *how, proof.primal, lp, answer.basis, search.value(answer.x), search.solves)


class _Search:
    """The linear programme with bounds that close in on whole numbers."""

    def __init__(self, engine: Engine, lp: LP, weights: Mapping[str, float], watch: Watch) -> None:
        self.engine, self.weights, self.watch = engine, weights, watch
        self.lp = replace(lp, upper=lp.upper_bounds(), bounds={}, bound_blocks={})
        self.cost = np.asarray(lp.K.T @ (np.array([weights.get(name, 0.0) for name in lp.measures]) * lp.scale))
        self.solves, self._lifts = 0, 64

    def value(self, x: Array) -> float:
        return float(self.cost @ x)

    def solve(self, lp: LP, basis: Basis | None) -> Answer:
        self.solves += 1
        return self.engine.solve(lp, self.weights, basis)

    def fixed(self, whole: Array, values: Array, basis: Basis | None) -> tuple[LP, Answer] | None:
        """The best plan with these columns at these values."""
        lower, upper = self.lp.lower.copy(), self.lp.upper.copy()
        lower[whole] = upper[whole] = values
        lp = replace(self.lp, lower=lower, upper=upper)
        answer = self.solve(lp, basis)
        return (lp, answer) if answer.status == "optimal" else None

    def improved(self, whole: Array, best: tuple[LP, Answer]) -> tuple[LP, Answer]:
        """Moves of one whole column by one, the most promising by its price first, as long as they help and time lasts."""
        (lp, answer), failed = best, np.zeros(len(whole), dtype=bool)
        while failed.sum() < _TRIES and self.watch.left > 0:
            promise = np.where(failed, 0.0, np.abs(answer.reduced[whole]))
            at = int(np.argmax(promise)) if len(whole) else 0
            if not len(whole) or promise[at] <= WHOLE:
                break
            column = whole[at]
            move = _Bounds(lp.lower.copy(), lp.upper.copy())
            move.lower[column] -= np.sign(answer.reduced[column])
            move.upper[column] = move.lower[column]
            tried = None if self._outside(column, move.lower[column]) else self._answer(move, answer.basis)
            if tried is None or self.value(tried.x) >= self.value(answer.x) * (1 - 1e-9):
                failed[at] = True
            else:
                lp, answer = replace(self.lp, lower=move.lower, upper=move.upper), tried
        return lp, answer

    def _outside(self, column: int, value: float) -> bool:
        return bool(value < self.lp.lower[column] or value > self.lp.upper[column])

    def branched(self, whole: Array, start: Answer | None) -> tuple[Answer | None, float]:
        """The best whole plan within the time limit, and its proved gap; from the rounded plan, which stays where nothing is better."""
        chosen = np.zeros(self.lp.A.shape[1], dtype=bool)
        chosen[whole] = True
        at = start.x if start is not None else None
        answer, gap = self.engine.solve_whole(self.lp, self.weights, chosen, self.watch, at)
        if answer.status == "infeasible" or not np.isfinite(gap):
            return start, float("nan")
        if start is not None and self.value(start.x) < self.value(answer.x):
            return start, gap
        return answer, gap

    def rounded(self, whole: Array, groups: Array, basis: Basis | None) -> Answer | None:
        """Rounding with repair; None where it runs into a wall.

        ``groups`` says for each whole column to whom it belongs: where rounding up has left somebody no way on, all of that one's
        columns are set free again and only rounded down, which gives units up and frees money; in the end, everybody's.
        """
        bounds = self._whole_bounds(whole)
        start = self._answer(bounds, basis)
        answer, held, downward = start, bounds, np.zeros(len(whole), dtype=bool)
        while answer is not None and start is not None:
            off = np.abs(answer.x[whole] - np.rint(answer.x[whole]))
            open_ = np.flatnonzero(off > WHOLE)
            if not len(open_):
                return answer
            nearest = open_[np.argsort(off[open_], kind="stable")]
            step = self._step(held, answer, whole, nearest, groups, downward)
            if step is not None:
                held, answer = step
                continue
            if downward.all():
                return None
            stuck = downward | (groups == groups[nearest[0]])
            give_way = not downward[stuck].all() and self.watch.left > 0
            downward = stuck if give_way else np.ones(len(whole), dtype=bool)
            held = _Bounds(held.lower.copy(), held.upper.copy())
            free = whole[downward]
            held.lower[free], held.upper[free] = bounds.lower[free], bounds.upper[free]
            answer = self._answer(held, answer.basis)
            if answer is None:
                held, answer, downward = bounds, start, np.ones(len(whole), dtype=bool)
        return None

    def _step(
        self, held: _Bounds, answer: Answer, whole: Array, nearest: Array, groups: Array, downward: Array
    ) -> tuple[_Bounds, Answer] | None:
        """Some columns more rounded, nearest first: those nearer to the number below give up what is over it; the others are lifted
        to the number above, fewer where that breaks a rule. Whoever cannot be lifted at all, or all when time is out, give up."""
        x, hurry = answer.x[whole], self.watch.left <= 0
        batch = nearest if hurry else nearest[: max(1, round(_BATCH * len(nearest)))]
        down = batch[hurry | downward[batch] | (np.rint(x[batch]) < x[batch])]
        if len(down) and (step := self._tried(held, answer, whole[down], np.floor(x[down]), give_up=True)):
            return step
        if hurry and not downward.all():
            return None
        size = min(self._lifts, len(batch))
        while size:
            some = batch[:size]
            if step := self._tried(held, answer, whole[some], np.rint(x[some])):
                self._lifts = 2 * size
                return step
            size //= 2
        self._lifts = 1
        own = nearest[groups[nearest] == groups[nearest[0]]]
        first = nearest[:1]
        return self._tried(held, answer, whole[own], np.floor(x[own]), give_up=True) or self._tried(
            held, answer, whole[first], np.ceil(x[first])
        )

    def _tried(
        self, held: _Bounds, answer: Answer, columns: Array, values: Array, give_up: bool = False
    ) -> tuple[_Bounds, Answer] | None:
        if (values < held.lower[columns]).any() or (values > held.upper[columns]).any():
            return None
        bounds = _Bounds(held.lower.copy(), held.upper.copy())
        bounds.upper[columns] = values
        if not give_up:
            bounds.lower[columns] = values
        found = self._answer(bounds, answer.basis)
        return None if found is None else (bounds, found)

    def _answer(self, bounds: _Bounds, basis: Basis | None) -> Answer | None:
        answer = self.solve(replace(self.lp, lower=bounds.lower, upper=bounds.upper), basis)
        return answer if answer.status == "optimal" else None

    def _whole_bounds(self, whole: Array) -> _Bounds:
        """Limits on single whole columns, those written as rows too (pledges), moved to the whole numbers within them."""
        lower, upper, lp = self.lp.lower.copy(), self.lp.upper.copy(), self.lp
        by_row = lp.A.tocsr()
        single = np.flatnonzero((np.diff(by_row.indptr) == 1) & lp.live_rows(self.weights))
        at = by_row.indptr[single]
        columns, factors = by_row.indices[at], by_row.data[at]
        ends = lp.row_lower[single] / factors, lp.row_upper[single] / factors
        np.maximum.at(lower, columns, np.minimum(*ends))
        np.minimum.at(upper, columns, np.maximum(*ends))
        lower[whole], upper[whole] = np.ceil(lower[whole] - WHOLE), np.floor(upper[whole] + WHOLE)
        kept = np.zeros(len(lower), dtype=bool)
        kept[whole] = True
        return _Bounds(np.where(kept, lower, lp.lower), np.where(kept, upper, lp.upper))


@dataclass(frozen=True, eq=False)
class _Bounds:
    """The ends of every column."""

    lower: Array
    upper: Array
