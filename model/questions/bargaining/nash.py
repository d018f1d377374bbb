"""The Nash bargain over perceived risks, as near as wanted: linear programmes between which a small concave problem is solved.

The product of gains over being alone depends on a plan only through the losses of its tasks, which are few. Plans found so far
span a polytope of losses; the best mixture in it gives each task the weight it has there; a linear programme with these weights
finds the plan that could improve most, and by concavity how much anything could: the stated error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from model.core.requirements import task_loss_adds_up
from model.solve.engine import Watch
from model.solve.extremes import Region
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.problem import Problem

TOLERANCE = 1e-6
"""Part of the mean gain by which the bargain may fall short of the best."""

_ROUNDS = 60
_LEAST_GAIN = 1e-9


class Losses:
    """Losses of tasks over all plans of a solved problem (its policies hold); each search starts where the one before ended."""

    def __init__(self, problem: Problem, watch: Watch | None = None) -> None:
        lp = problem.lp
        rows, block = lp.rows[task_loss_adds_up.__name__], lp.columns["task_loss"]
        self.tasks = tuple(key[0] for key in rows.keys)
        matrix, self._by_column = lp.rows_apart, {}
        for key in rows.keys:
            row = -matrix[[rows.at[key]]].toarray()[0]
            row[block.places] = 0.0  # what is left is the loss in shortfalls, from the rule's own row
            self._by_column[key[0]] = row
        self._region = Region(problem, {}, watch)

    def least(self, weights: Mapping[str, float]) -> tuple[float, Array]:
        """The least weighted sum of losses over all plans, and the losses of a plan that has it, in order of ``tasks``."""
        aim = np.sum([weights[k] * self._by_column[k] for k in self.tasks], axis=0)
        found = self._region.least(aim)
        losses = np.array([self._by_column[k] @ found.x for k in self.tasks])
        return float(sum(weights[k] * loss for k, loss in zip(self.tasks, losses, strict=True))), losses


@dataclass(frozen=True, eq=False)
class Bargain:
    """The bargain: risk each member perceives there, the geometric mean of gains, and a bound on how much of it is missing
    (as a part of the mean gain); ``solves`` how many linear programmes it took."""

    perceived: Mapping[str, float]
    mean_gain: float
    error: float
    solves: int


def nash_point(plan: Plan, losses: Losses, alone: Mapping[str, float]) -> Bargain | None:
    """The losses that maximise the product of (risk alone - perceived risk) over members; None where some member cannot gain.

    Raises SolverError where a linear programme could not be settled.
    """
    d = plan.data
    members = d.sets["member"]
    feels = np.array([[d.own_part[m, k] for k in losses.tasks] for m in members])
    start = np.array([alone[m] for m in members])
    known = plan.quantity("graded_shortfall")
    points = [np.array([known[k] for k in losses.tasks])]
    mix, solves = np.ones(1), 0
    for _ in range(_ROUNDS):
        mix = _best_mixture(np.array(points), mix, feels, start)
        here = mix @ np.array(points)
        gains = start - feels @ here
        inside = gains.min() > _LEAST_GAIN
        pull = 1.0 / gains if inside else _towards_gain(gains)
        weights = dict(zip(losses.tasks, (pull @ feels).tolist(), strict=True))
        best, point = losses.least(weights)
        solves += 1
        gap = (sum(weights[k] * loss for k, loss in zip(losses.tasks, here, strict=True)) - best) / len(members)
        if inside and gap <= TOLERANCE:
            return _bargain(members, start, gains, max(0.0, gap), solves)
        if gap <= 1e-12:
            break
        points, mix = [*points, point], np.append(mix * 0.99, 0.01)
    return _bargain(members, start, gains, gap, solves) if inside else None


def _bargain(members: tuple[str, ...], alone: Array, gains: Array, gap: float, solves: int) -> Bargain:
    perceived = dict(zip(members, (alone - gains).tolist(), strict=True))
    return Bargain(perceived, float(np.exp(np.log(gains).mean())), float(np.expm1(gap)), solves)


def _towards_gain(gains: Array) -> Array:
    """While somebody does not gain yet: weights on those that gain least, sharper than any mean."""
    spread = max(1e-6, float(np.ptp(gains)))
    weights = np.exp(-8.0 * (gains - gains.min()) / spread)
    return np.asarray(weights / weights.sum())


def _best_mixture(points: Array, mix: Array, feels: Array, alone: Array) -> Array:
    """Weights of the points found so far (summing to 1) that maximise the mean logarithm of gains, or first the least gain."""
    gain_of = alone[None, :] - points @ feels.T
    if (mix @ gain_of).min() <= _LEAST_GAIN:
        mix = _least_gain_mixture(gain_of)
        if (mix @ gain_of).min() <= _LEAST_GAIN:
            return mix
    return _newton(gain_of, mix)


def _least_gain_mixture(gain_of: Array) -> Array:
    from scipy.optimize import linprog

    count, members = gain_of.shape
    found = linprog(
        np.r_[np.zeros(count), -1.0],
        A_ub=np.c_[-gain_of.T, np.ones(members)],
        b_ub=np.zeros(members),
        A_eq=np.r_[np.ones(count), 0.0][None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * count + [(None, None)],
    )
    return np.maximum(found.x[:count], 0.0) / np.maximum(found.x[:count], 0.0).sum()


def _newton(gain_of: Array, mix: Array) -> Array:
    """A concave problem in as many unknowns as there are points: sequential quadratic programming from the mixture before."""

    def value(w: Array) -> tuple[float, Array]:
        gains = np.maximum(w @ gain_of, 1e-12)
        return -float(np.log(gains).mean()), -(gain_of / gains).mean(axis=1)

    found = minimize(
        value, mix / mix.sum(), jac=True, method="SLSQP", bounds=[(0.0, 1.0)] * len(mix),
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones(len(w))},
        options={"maxiter": 300, "ftol": 1e-14},
    )  # fmt: skip
    better = np.maximum(found.x, 0.0) / np.maximum(found.x, 0.0).sum()
    return better if value(better)[0] <= value(mix / mix.sum())[0] else mix / mix.sum()
