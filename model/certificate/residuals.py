"""How far a plan and its prices are from proving each other best, place by place, each measured by its own size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.certificate.bounds import implied_bounds
from model.certificate.figures import FLOOR, Array, Truth, Whole
from model.certificate.programme import Programme


@dataclass(frozen=True, eq=False)
class Residuals:
    """Relative residuals by row and by column, and the two ends of the gap.

    ``broken``: by how much a row is violated; ``outside``: a column below zero or above its bound; ``wrong_sign``: a
    price that rewards breaking its row; ``unpriced``: a reduced cost that says the objective could still fall;
    ``idle_price``: a row both slack and priced; ``idle_cost``: a column off its bound though that costs. ``loose``
    counts the columns without an implied bound whose reduced cost is below zero: while there are any, the bound
    rests on their being rounding.
    """

    broken: Array
    outside: Array
    wrong_sign: Array
    unpriced: Array
    idle_price: Array
    idle_cost: Array
    objective: float
    bound: float
    worth: float
    loose: int

    @property
    def gap(self) -> float:
        """Distance of objective and bound, relative to the objective."""
        return abs(self.objective - self.bound) / self.worth


def residuals(p: Programme, reach: Array, x: Array, y: Array) -> Residuals:
    """Compares a plan ``x`` and prices ``y`` with the programme; ``reach`` is the natural size of each column."""
    with np.errstate(all="ignore"):
        x = np.where(p.used, x, 0.0)
        objective = _product(p.cost, x)
        worth = max(abs(objective), FLOOR * p.worth) or 1.0
        primal = _primal(p, reach, x)
        lawful = np.where(p.side > 0, np.minimum(y, 0.0), np.where(p.side < 0, np.maximum(y, 0.0), y))
        reduced, against, weight = _pricing(p, reach, y, lawful, worth)
        falls = np.maximum(-reduced, 0.0)
        bounded = np.isfinite(p.upper)
        bounds = implied_bounds(p, objective)
        given_up = np.where(np.isfinite(bounds), falls * np.where(falls > 0, bounds, 0.0), 0.0)
        return Residuals(
            broken=primal.broken,
            outside=primal.outside,
            wrong_sign=np.where(y != lawful, weight, 0.0),
            unpriced=np.where(bounded, 0.0, falls / against),
            idle_price=np.where(p.side != 0, np.minimum(primal.slack, weight), 0.0),
            idle_cost=_idle_cost(p, primal, x, reduced, against),
            objective=objective,
            bound=_product(p.right, lawful) - float(given_up.sum()),
            worth=worth,
            loose=int(((falls > 0) & ~np.isfinite(bounds)).sum()),
        )


@dataclass(frozen=True, eq=False)
class _Primal:
    broken: Array
    slack: Array
    outside: Array
    size: Array


def _primal(p: Programme, reach: Array, x: Array) -> _Primal:
    """Each row against the largest of its terms and limit; each column against its own value and bound."""
    activity = p.matrix @ x
    size = np.maximum(np.abs(x), FLOOR * reach)
    terms = np.abs(p.matrix.data) * size[p.matrix.indices]
    row_size = np.maximum.reduce([_largest(p.matrix.indptr, terms), np.abs(p.right), FLOOR * p.natural])
    over = activity - p.right
    broken = np.where(p.side > 0, over, np.where(p.side < 0, -over, np.abs(over)))
    outside = np.maximum.reduce([-x, x - p.upper, np.zeros_like(x)])
    return _Primal(
        broken=_ratio(np.maximum(broken, 0.0), row_size),
        slack=_ratio(np.maximum(-broken, 0.0), row_size),
        outside=np.where(p.used, outside / size, 0.0),
        size=size,
    )


def _pricing(p: Programme, reach: Array, y: Array, lawful: Array, worth: float) -> tuple[Array, Array, Array]:
    """Reduced costs; the largest term of each; and how much each row's price weighs in the column it weighs most in."""
    reduced = np.where(p.used, p.cost - p.matrix.T @ lawful, 0.0)
    row = np.repeat(np.arange(len(y)), np.diff(p.matrix.indptr))
    share = np.abs(p.matrix.data * y[row])
    against = np.maximum(np.abs(p.cost), FLOOR * worth / reach)
    np.maximum.at(against, p.matrix.indices, share)
    return reduced, against, _largest(p.matrix.indptr, share / against[p.matrix.indices])


def largest_terms(p: Programme, y: Array) -> Array:
    """The largest term of each column's worth at prices ``y``."""
    row = np.repeat(np.arange(len(y)), np.diff(p.matrix.indptr))
    found = np.zeros(p.matrix.shape[1])
    np.maximum.at(found, p.matrix.indices, np.abs(p.matrix.data * y[row]))
    return found


def _idle_cost(p: Programme, primal: _Primal, x: Array, reduced: Array, against: Array) -> Array:
    """A column that costs must be at zero, one that gains at its bound."""
    above, below = np.maximum(x, 0.0), np.maximum(p.upper - x, 0.0)
    high = np.where(np.isfinite(p.upper), p.upper, 0.0)
    away = np.where(reduced > 0, above / primal.size, np.where(high > 0, below / np.maximum(primal.size, high), 0.0))
    return np.where(p.used, np.minimum(away, np.abs(reduced) / against), 0.0)


def _largest(first: Whole, terms: Array) -> Array:
    """The largest term of each row; 0 where a row has none."""
    found = np.zeros(len(first) - 1)
    filled: Truth = np.diff(first) > 0
    if filled.any():
        found[filled] = np.maximum.reduceat(terms, first[:-1][filled])
    return found


def _product(one: Array, other: Array) -> float:
    """The sum of products, added up the same way on any machine; numpy's ``@`` hands it to threads, and differs by their number."""
    return float((one * other).sum())


def _ratio(part: Array, whole: Array) -> Array:
    """Part of the whole; nothing of nothing is nothing."""
    return np.where(part == 0, 0.0, part / whole)
