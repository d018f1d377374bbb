"""Give what nobody minimised its true value: the smallest there is, with every decision where the plan has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.language.faults import SolverError
from model.solve.engine import Engine
from model.solve.lp import LP, Array
from model.solve.proved import proved

_MISSING = ("gap", "short")
"""What is missing, in the order one follows from the other; only a solve for risk makes it no larger than it is."""


class Unsettled(SolverError):
    """The measures nobody minimised could not be worked out for a plan."""


def settle(engine: Engine, lp: LP, x: Array) -> Array:
    """The same plan with every shortfall and every measure at its true value.

    A shortfall is at least what is not provided, and a measure such as unfairness is a largest or an absolute value, written
    with helper variables: only the solver's wish to make them small pushes them down. A solve that does not ask for them leaves
    them loose. Here shortfalls are what their rules ask for, the mildest bands first, and all measures are minimised over the
    helpers alone. Raises Unsettled where that cannot be solved under any settings.
    """
    settled = x.copy()
    for name in _MISSING:
        _lower(lp, name, settled)
    helper = np.zeros(len(x), dtype=bool)
    for block in lp.columns.values():
        helper[block.places] = bool(block.supports)
    alone = _helpers_alone(lp, settled, helper)
    answer = proved(
        lambda settings: engine.solve(alone, dict.fromkeys(lp.measures, 1.0), settings=settings),
        lambda answer: answer.status == "optimal",
    )
    if answer.status != "optimal":
        raise Unsettled(f"The measures that are no objective could not be worked out for the plan: {answer.status}.")
    settled[helper] = answer.x
    return settled


def _lower(lp: LP, name: str, x: Array) -> None:
    """Bring the columns of a variable down to what the rows that need them ask for, in order of columns within a row."""
    places = lp.columns[name].places
    x[places] = lp.lower[places]
    dropped = np.zeros(lp.A.shape[0], dtype=bool)
    for rule in lp.off & lp.rows.keys():
        dropped[lp.rows[rule].places] = True
    sign = np.where(np.isfinite(lp.row_lower), 1.0, -1.0)  # a rule may stand as "at least" or as "at most"
    limit = np.where(sign > 0, lp.row_lower, -lp.row_upper)
    own = lp.A[:, places].tocsr().tocoo()
    row, column = own.coords
    amount = own.data * sign[row]
    asks = (amount > 0) & np.isfinite(limit[row]) & ~dropped[row] & (lp.row_lower[row] != lp.row_upper[row])
    row, column, amount = row[asks], column[asks], amount[asks]
    needs, which = np.unique(row, return_inverse=True)
    missing = np.maximum(limit[needs] - sign[needs] * (lp.rows_apart[needs] @ x), 0.0)
    room = amount * (lp.upper_bounds()[places][column] - x[places][column])
    taken = np.clip(missing[which] - _before(room, which), 0.0, room)
    np.maximum.at(x, places.start + column, lp.lower[places][column] + taken / amount)


def _before(room: Array, which: Array) -> Array:
    """What the earlier entries of the same row have room for; entries come row by row, in order of columns."""
    first = np.r_[True, which[1:] != which[:-1]] if len(which) else np.zeros(0, dtype=bool)
    so_far = np.cumsum(room) - room
    return so_far - so_far[np.flatnonzero(first)][which] if len(which) else so_far


def _helpers_alone(lp: LP, x: Array, helper: Array) -> LP:
    """The problem over the helper variables, everything else as the plan has it."""
    supports = np.zeros(lp.A.shape[0], dtype=bool)
    for block in lp.rows.values():
        supports[block.places] = bool(block.supports)
    rows = lp.rows_apart[supports]
    decided = rows @ np.where(helper, 0.0, x)
    return replace(
        lp,
        columns={},
        rows={},
        A=rows[:, helper].tocsc(),
        K=lp.K[:, helper],
        lower=lp.lower[helper],
        upper=lp.upper[helper],
        bounds={},
        row_lower=lp.row_lower[supports] - decided,
        row_upper=lp.row_upper[supports] - decided,
        ceilings=np.full(len(lp.measures), np.inf),
        floors=np.full(len(lp.measures), -np.inf),
    )
