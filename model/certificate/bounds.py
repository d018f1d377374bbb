"""How large each variable can be in some best plan: what makes the duality bound hold for any prices whatever."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from model.certificate.figures import Array, Truth, Whole
from model.certificate.programme import Programme

_MOST_PASSES = 40


def implied_bounds(p: Programme, objective: float) -> Array:
    """An upper bound for each column such that some best plan respects all of them; inf where none was found.

    Three sources. A row whose other terms can ease it only so far limits each of its terms. A plan at least as good as
    the one at hand spends no more than ``objective`` (used only if no cost is negative: if there were no such plan, the
    bound to be proved would hold anyway). A column that costs nothing less than zero and only ever eases rows need not
    exceed what they can call for.
    """
    row, column, amount, right = _upper_form(p, objective)
    bounds = _propagated(p.upper.copy(), row, column, amount, right)
    loose = np.isinf(bounds) & _only_eases(p, column, amount)
    if loose.any():
        bounds[loose] = _called_for(bounds, row, column, amount, right)[loose]
        bounds = _propagated(bounds, row, column, amount, right)
    return bounds


def _upper_form(p: Programme, objective: float) -> tuple[Whole, Whole, Array, Array]:
    """Every row as "at most": entries (row, column, amount) and right-hand sides; equalities twice."""
    equal = p.side == 0
    sign = np.where(p.side < 0, -1.0, 1.0)
    parts = [sparse.diags(sign) @ p.matrix, -p.matrix[equal]]
    right = [sign * p.right, -p.right[equal]]
    if (p.cost >= 0).all():
        parts.append(sparse.csr_matrix(p.cost))
        right.append(np.array([max(objective, 0.0) * (1 + 1e-9)]))
    whole = sparse.vstack(parts).tocoo()
    return whole.row, whole.col, whole.data, np.concatenate(right)


def _propagated(bounds: Array, row: Whole, column: Whole, amount: Array, right: Array) -> Array:
    """Passes over all rows until no further column becomes bounded."""
    eases, binds = amount < 0, amount > 0
    for _ in range(_MOST_PASSES):
        unbounded = np.isinf(bounds).sum()
        ease = np.bincount(row[eases], -amount[eases] * bounds[column[eases]], minlength=len(right))
        room = np.maximum(right + ease, 0.0)
        bounds = bounds.copy()
        np.minimum.at(bounds, column[binds], room[row[binds]] / amount[binds])
        if np.isinf(bounds).sum() == unbounded:
            break
    return bounds


def _only_eases(p: Programme, column: Whole, amount: Array) -> Truth:
    """Columns that no row limits and that never lower the objective."""
    eases = p.cost >= 0
    eases[column[amount > 0]] = False
    return eases


def _called_for(bounds: Array, row: Whole, column: Whole, amount: Array, right: Array) -> Array:
    """The most that any row can call for of a column which eases it."""
    binds, eases = amount > 0, amount < 0
    load = np.bincount(row[binds], amount[binds] * bounds[column[binds]], minlength=len(right)) - right
    need = np.zeros(len(bounds))
    np.maximum.at(need, column[eases], np.maximum(load, 0.0)[row[eases]] / -amount[eases])
    return need
