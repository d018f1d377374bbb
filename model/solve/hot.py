"""Carry what was learnt in one solve to a changed problem: the basis, by name and key, and the choice to use it at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from model.solve.answers import BASIC, LOWER, Answer, Basis
from model.solve.lp import LP, Array, Blocks

Path = Literal["hot", "rebuild"]

FAR = 0.1
"""Part of all columns and rows that may come or go before a fresh start is quicker. Measured (benchmarks/what_if.py): of the
32 members of the NATO workbook, each up to 0.08, 26 leave in 0.5 to 1.7 s (a fresh start takes 2.8), and six run out of patience."""

LARGE = 12_000
"""Non-zeros above which a cold solve starts with the interior point (measured: benchmarks/methods.py)."""

PATIENCE = 0.33
"""Simplex iterations, as a part of the rows, after which a hot solve is given up for a fresh one: by then it has taken nearly as
long as interior point from nothing (measured: a near change needs a few hundredths, a tenth of everything 0.1 to 0.3)."""

SECONDS = 2.5e-5
"""Processor seconds a non-zero after which a hot solve is given up, about what a cold one takes: where no plan exists, dual simplex may
crawl for minutes over what the interior point settles at once. The plan found is the same either way."""


def cold_method(lp: LP) -> str:
    """The fastest sure method for a first solve, by size."""
    return "interior point" if lp.A.nnz > LARGE else "dual simplex"


def path(before: LP, after: LP) -> Path:
    """Whether to start a changed problem from the basis of the one before.

    Hot wherever both have most columns and rows in common; a change that takes many away or brings many in is quicker fresh.
    """
    return (
        "hot" if _strangers(before.columns, after.columns) + _strangers(before.rows, after.rows) <= FAR else "rebuild"
    )


def _strangers(before: Blocks, after: Blocks) -> float:
    """The part of all places that only one of two problems has."""
    if before == after:
        return 0.0
    one = {(name, key) for name, block in before.items() for key in block.keys}
    other = {(name, key) for name, block in after.items() for key in block.keys}
    return len(one ^ other) / max(1, len(one | other))


def only_aim_differs(before: LP, after: LP) -> bool:
    """Whether two problems have the same rules and limits: then the plan of one keeps the other's, and primal simplex goes on from it.

    For any other edit dual simplex is the quicker, even where the base plan still keeps every rule (a larger budget).
    """
    arrays = ("row_lower", "row_upper", "lower", "ceilings", "floors")
    return (
        before.off == after.off
        and before.columns == after.columns
        and before.rows == after.rows
        and all(np.array_equal(getattr(before, name), getattr(after, name)) for name in arrays)
        and np.array_equal(before.upper_bounds(), after.upper_bounds())
        and _same_live_rows(before, after)
    )


def _same_live_rows(before: LP, after: LP) -> bool:
    """The rows that bind at all; what makes up measures nobody minimises does not count."""
    live = after.live_rows({})
    one, other = before.A.tocsr()[live], after.A.tocsr()[live]
    return bool(
        one.nnz == other.nnz and np.array_equal(one.indices, other.indices) and np.array_equal(one.data, other.data)
    )


def carry(basis: Basis, before: LP, after: LP) -> Basis:
    """The basis for a changed problem: what both have keeps its status; new columns start at zero, new rows slack."""
    if before.columns == after.columns and before.rows == after.rows:
        return basis
    columns = _carried(basis.columns, before.columns, after.columns, after.A.shape[1], LOWER)
    rows = _carried(basis.rows, before.rows, after.rows, after.A.shape[0], BASIC)
    return Basis(columns, np.r_[rows, basis.rows[before.A.shape[0] :]])


def _carried(status: Array, before: Blocks, after: Blocks, width: int, new: int) -> Array:
    found = np.full(width, new, dtype=np.int8)
    for name, block in after.items():
        old = before.get(name)
        if old is not None and old.keys == block.keys:
            found[block.places] = status[old.places]
        elif old is not None:
            at = old.at
            found[block.places] = [status[at[key]] if key in at else new for key in block.keys]
    return found


@dataclass(frozen=True, eq=False)
class Near:
    """A solved problem to start from: its arrays and its last answer. ``is_own``: it is the very problem, solved before."""

    lp: LP
    answer: Answer
    is_own: bool = False


def is_near(near: Near | None, lp: LP) -> bool:
    """Whether to start from there at all."""
    return near is not None and near.answer.basis is not None and (near.is_own or path(near.lp, lp) == "hot")


def beginning(near: Near | None, lp: LP) -> tuple[Basis | None, str]:
    """The basis to start from and the method: cold by size; hot by primal simplex where only the aim differs, else by hot simplex."""
    if near is None or near.answer.basis is None:
        return None, cold_method(lp)
    method = "primal simplex" if not near.is_own and only_aim_differs(near.lp, lp) else "hot simplex"
    return carry(near.answer.basis, near.lp, lp), method
