"""Branch and bound over a few yes-or-no decisions, each branch a linear programme in which the others may be taken in part.

Knows nothing of what is decided: joint programmes of one problem and of one over cases are branched on by the same loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.solve.stages import HOLD

T = TypeVar("T")

WHOLE = 1e-7
"""A decision this close to yes or no is that."""

_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Branch(Generic[T]):
    """The best of all choices that share some decisions, if the others could be taken in part: its objectives in their order, how
    far each decision is taken (0…1), and what was solved for it."""

    values: Sequence[float]
    taken: Mapping[str, float]
    solved: T


Solve = Callable[[Mapping[str, bool], Branch[T] | None], Branch[T] | None]
"""Solves the branch with these decisions made, from the branch it comes from; None where it is proved to have no plan."""


@dataclass(frozen=True, eq=False)
class Ended(Generic[T]):
    """The best choice, as a truth for each decision branched on, and every branch that was not followed further."""

    chosen: Mapping[str, bool]
    ends: Sequence[Branch[T]]


def branch_and_bound(free: Sequence[str], solve: Solve[T]) -> Ended[T] | None:
    """The choice of the free decisions with the best objectives, in their order; None where no choice has a plan.

    Branches on the decision taken most of those taken in part, no before yes; a branch is given up where even in part it does no
    better than the best choice so far, or has no plan.
    """
    best: tuple[Sequence[float], Mapping[str, bool]] | None = None
    ends: list[Branch[T]] = []
    waiting: list[tuple[dict[str, bool], Branch[T] | None]] = [({}, None)]
    while waiting:
        fixed, parent = waiting.pop()
        branch = solve(fixed, parent)
        if branch is None:
            continue
        part = {name: branch.taken[name] for name in free if name not in fixed}
        whole = {name: amount > 0.5 for name, amount in part.items()}
        is_worse = best is not None and not _is_better(branch.values, best[0])
        if is_worse or all(abs(part[name] - whole[name]) <= WHOLE for name in part):
            ends.append(branch)
            best = best if is_worse else (branch.values, {**fixed, **whole})
            continue
        most = max(part, key=lambda name: (part[name] if part[name] < 1 - WHOLE else 0.0, name))
        waiting += [({**fixed, most: is_taken}, branch) for is_taken in (True, False)]  # the last is looked at first
    return None if best is None else Ended(best[1], ends)


def _is_better(values: Sequence[float], best: Sequence[float]) -> bool:
    """Whether objectives in their order are better than those of the best so far, by more than they are held to."""
    for mine, others in zip(values, best, strict=True):
        if abs(mine - others) > HOLD * max(abs(others), _ZERO):
            return mine < others
    return False
