"""Linear production games: groups pool what they own and need, and pay the least cost of a linear programme.

Owen (*On the core of linear production games*, Mathematical Programming 9, 1975): charge each member, at the prices of the one
solve for everybody, for what it needs and credit it for what it owns. The charges pay the cost, and no group could do better
by itself, because the same prices bound its own programme from below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.games.game import Array, Charges


@dataclass(frozen=True, eq=False)
class LinearGame:
    """c(S) = min cost'x subject to A x >= the sum of S's needs, 0 <= x <= the sum of S's limits.

    ``cost`` has an entry a column, ``A`` a row a requirement; ``needs`` a row a requirement and a column a member (negative:
    something owned that A uses up), ``limits`` a row a column of A and a column a member, infinite where nothing limits it.
    Raises UsageError where the shapes do not fit.
    """

    members: tuple[str, ...]
    cost: Array
    A: Array
    needs: Array
    limits: Array

    def __post_init__(self) -> None:
        rows, columns, n = *self.A.shape, len(self.members)
        shapes = self.cost.shape, self.needs.shape, self.limits.shape
        if shapes != ((columns,), (rows, n), (columns, n)):
            raise UsageError(f"for {rows} rows, {columns} columns and {n} members, the arrays have the shapes {shapes}")

    def of(self, group: Iterable[str]) -> float:
        """What a group pays by itself. Raises SolverError where it cannot meet its needs."""
        return float(self._solve(group).fun)

    def costs(self) -> dict[frozenset[str], float]:
        """What every non-empty group pays by itself."""
        sizes = range(1, len(self.members) + 1)
        return {frozenset(g): self.of(g) for size in sizes for g in combinations(self.members, size)}

    def owen(self) -> Charges:
        """Needs at their prices less the rents on what is owned, from one solve for everybody."""
        done = self._solve(self.members)
        limits = np.where(np.isfinite(self.limits), self.limits, 0.0)
        charges = self.needs.T @ -done.ineqlin.marginals + limits.T @ done.upper.marginals
        return Charges(dict(zip(self.members, charges.tolist(), strict=True)))

    def _solve(self, group: Iterable[str]):  # type: ignore[no-untyped-def]  # scipy's result has no type
        here = np.isin(self.members, list(group))
        limits = np.where(here, self.limits, 0.0).sum(axis=1)
        done = linprog(
            self.cost,
            A_ub=-self.A,
            b_ub=-self.needs[:, here].sum(axis=1),
            bounds=[(0, top if np.isfinite(top) else None) for top in limits],
            method="highs",
        )
        if done.status != 0:
            raise SolverError(f"{', '.join(sorted(group))} cannot meet their needs by themselves: {done.message}")
        return done
