"""Whether some group of members would rather go alone, where groups are too many to list: by row generation, with a bound.

The prices of any one group's solve bound every other group's cost from below (:mod:`coalition_prices`). A small integer
programme finds the group that these bounds let gain most; that group is solved; its prices sharpen the bound where it was
weak; and so on, until the group found is the one the bounds point at. Stopped before, the bound is still true: no group gains
more.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from model.language.faults import SolverError, UsageError
from model.questions.cost_sharing.coalitions import AllianceGame
from model.questions.cost_sharing.games.game import Charges
from model.questions.cost_sharing.games.pointing import named, pointed_at
from model.questions.time_limit import out_of_time
from model.solve.engine import Watch
from model.solve.lp import Array

SMALL = 1e-6
"""A gain from leaving that is none, as a part of the total."""


@dataclass(frozen=True)
class Dissatisfied:
    """The group charged most beyond its own cost, of those solved, and by how much (money; at most 0: it gains by staying).

    No group at all is charged more than ``bound`` beyond its cost. ``proved`` where the two are the same but for ``tolerance``.
    Where the time did not suffice for a single group, ``group`` is nobody and ``excess`` minus infinity.
    """

    group: frozenset[str]
    excess: float
    bound: float
    tolerance: float
    seconds: float
    solves: int

    @property
    def proved(self) -> bool:
        """Whether this is the most dissatisfied group there is."""
        return self.bound - self.excess <= self.tolerance

    @property
    def in_core(self) -> bool | None:
        """Whether no group would gain by leaving; None where the time did not suffice to know."""
        if self.excess > self.tolerance:
            return False
        return True if self.bound <= self.tolerance else None


@dataclass(frozen=True)
class Transfer:
    """The least payments after which no group would gain by leaving: charges, and the money that changes hands.

    ``least`` is a proved lower limit on that money; equal to ``moved`` where the time sufficed.
    """

    charges: Charges
    moved: float
    least: float


class CoreCheck:
    """Asks one allocation after the other; groups solved and bounds found serve all that follow."""

    def __init__(self, game: AllianceGame, watch: Watch | None = None) -> None:
        self.game, self._watch = game, watch or Watch()
        self.cuts: list[Array] = [self._in_order(game.owen)]
        self.groups: dict[frozenset[str], float] = {}
        self.tolerance = SMALL * abs(game.total)

    def ask(self, allocation: Mapping[str, float], seconds: float = 60.0, worst: bool = True) -> Dissatisfied:
        """The most dissatisfied group under an allocation, within so many seconds; without ``worst``, only whether any is.

        Raises UsageError where the allocation is for other members or does not pay the total; SolverError where a group
        could not be solved for another reason than time.
        """
        charges = self._checked(allocation)
        begun, before = time.perf_counter(), len(self.groups)
        bound = float("inf")
        while True:
            enough, late = (
                self._enough(charges, worst),
                time.perf_counter() - begun > seconds or out_of_time(self._watch),
            )
            promise, next_group = self._master(charges)
            if (
                late or next_group is None or promise <= enough + self.tolerance
            ):  # nothing better in sight: is there none?
                here, next_group = self._master(charges, enough)
                bound = min(bound, here)
            if self._close(bound, charges, worst) or late or next_group is None:
                break
            if not self._solve(next_group, begun + seconds - time.perf_counter()):
                break
        if bound == float("inf"):
            bound = self._master(charges, self._enough(charges, worst))[0]
        group, excess = self._worst(charges)
        spent = time.perf_counter() - begun
        return Dissatisfied(group, excess, max(bound, excess), self.tolerance, spent, len(self.groups) - before)

    def least_transfer(self, borne: Mapping[str, float], seconds: float = 60.0) -> Transfer:
        """The charges nearest to what each bears that leave no group a reason to go, within so many seconds.

        Where the time is up first, half as much more goes into charges that content every group by the bounds alone (if need be,
        the Owen charges, which always do); they are given with what no charges can fall short of.
        """
        begun, now = time.perf_counter(), self._checked(borne)
        least = 0.0
        while True:
            charges, least = self._nearest(now, self._known)
            asked = self._named(charges)
            left = begun + seconds - time.perf_counter()
            found = self.ask(asked, max(left, 0.0), worst=False)
            if found.in_core:
                return Transfer(asked, least, least)
            if found.in_core is None or left <= 0 or out_of_time(self._watch):
                return self._by_bounds(now, least, time.perf_counter() + 0.5 * seconds)

    # ------------------------------------------------------------ the small programmes

    def _master(self, charges: Array, enough: float | None = None) -> tuple[float, frozenset[str] | None]:
        """A group not yet solved that may gain much by the bounds there are, and how much.

        With ``enough``, the most that any may gain, proved, where it is more than that.
        """
        known = frozenset(self.game.truths(g).tobytes() for g in self._known)
        cuts = np.array(self.cuts)
        gain, truths = named(charges, cuts, known) if enough is None else pointed_at(charges, cuts, known, enough)
        if truths is None:
            return gain, None
        return gain, frozenset(m for m, inside in zip(self.game.members, truths, strict=True) if inside)

    def _enough(self, charges: Array, worst: bool) -> float:
        """The gain below which no group needs to be looked at: that of the worst known, or, asked only whether any gains, none."""
        best = self._worst(charges)[1]
        return best if worst else max(best, 0.0)

    def _by_bounds(self, now: Array, least: float, until: float) -> Transfer:
        """Charges that no group leaves even if it paid no more than its bound: no group is solved for them."""
        cuts, paid = np.array(self.cuts), dict[frozenset[str], float]()
        while time.perf_counter() < until:
            charges, moved = self._nearest(now, paid)
            bound, truths = pointed_at(charges, cuts, enough=0.0)
            if bound <= self.tolerance:
                return Transfer(self._named(charges), moved, min(least, moved))
            if truths is None:
                break
            group = frozenset(m for m, inside in zip(self.game.members, truths, strict=True) if inside)
            if group in paid:
                break
            paid[group] = float((cuts @ truths).max())
        owen = self._in_order(self.game.owen)
        return Transfer(self.game.owen, 0.5 * float(np.abs(owen - now).sum()), least)

    def _nearest(self, now: Array, known: Mapping[frozenset[str], float]) -> tuple[Array, float]:
        """The charges nearest to what is borne under which groups pay no more than is known of them, and the money they move."""
        n, size = len(now), abs(self.game.total) or 1.0
        rows = np.array([self.game.truths(g) for g in known], dtype=float).reshape(-1, n)
        eye = np.eye(n)
        done = linprog(
            np.r_[np.zeros(n), np.full(n, 0.5)],
            A_ub=np.block([[rows, np.zeros((len(rows), n))], [eye, -eye], [-eye, -eye]]),
            b_ub=np.r_[np.array([*known.values()]), now, -now] / size,
            A_eq=np.r_[np.ones(n), np.zeros(n)][None, :],
            b_eq=[self.game.total / size],
            bounds=[(None, None)] * n + [(0, None)] * n,
            method="highs",
        )
        if done.status != 0:
            raise SolverError(f"The least transfer could not be found: {done.message}")
        return done.x[:n] * size, float(done.fun) * size

    # ------------------------------------------------------------ groups

    def _solve(self, members: frozenset[str], seconds: float) -> bool:
        """Solve a group and learn from its prices; whether there was time for it."""
        watch = Watch(max(0.0, min(seconds, self._watch.left)))
        try:
            answer = self.game.answer(members, watch)
            self.groups[members] = answer.cost
            self.game.keep(members, answer)
            found = self.game.bound(members, answer, watch)
        except SolverError:
            if out_of_time(watch):
                return False
            raise
        if found is not None:
            self.cuts.append(found)
        return True

    @property
    def _known(self) -> dict[frozenset[str], float]:
        """Every group whose cost is known, here or to the game."""
        return {**self.game.known, **self.groups}

    def _worst(self, charges: Array) -> tuple[frozenset[str], float]:
        """The worst-treated group among those solved; nobody, for lack of any."""
        if not self._known:
            return frozenset(), -np.inf
        gains = {g: self._excess(charges, g, cost) for g, cost in self._known.items()}
        group = max(gains, key=lambda g: gains[g])
        return group, gains[group]

    def _close(self, bound: float, charges: Array, worst: bool) -> bool:
        """Whether all that was asked is known: that no group gains more than one found, or whether any gains at all."""
        best = self._worst(charges)[1]
        whether = bound <= self.tolerance or best > self.tolerance
        return bound - best <= self.tolerance or (whether and not worst)

    def _excess(self, charges: Array, members: frozenset[str], cost: float) -> float:
        return float(charges[self.game.truths(members)].sum()) - cost

    def _in_order(self, allocation: Mapping[str, float]) -> Array:
        return np.array([allocation[m] for m in self.game.members])

    def _named(self, charges: Array) -> Charges:
        return Charges(dict(zip(self.game.members, charges.tolist(), strict=True)))

    def _checked(self, allocation: Mapping[str, float]) -> Array:
        if set(allocation) != set(self.game.members):
            raise UsageError(f"the allocation is not for the members of the game: {', '.join(self.game.members)}")
        charges = self._in_order(allocation)
        if abs(charges.sum() - self.game.total) > 1e-6 * max(abs(self.game.total), np.abs(charges).sum()):
            raise UsageError(f"the charges add up to {charges.sum():,.6g} and have to pay {self.game.total:,.6g}")
        return charges
