"""A whole plan made better: members in turn choose their whole numbers again, one at a time and then several together.

A turn is an integer programme of the chosen members alone: their columns and the alliance's shortfalls are free, all other
members' are as they are. It is small enough for branch and bound in a second or so, it weighs everything its members' money
could buy instead, and it starts from the plan there is, so that a whole plan that keeps every rule is at hand at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.solve.engine import Answer, Engine, Watch
from model.solve.lp import LP, Array
from model.solve.whole_search import Search

_GAP = 5e-4
"""A turn ends when it is proved this near to its best, a part of the blended objective."""

_LITTLE = 1e-6
MOMENT = 0.05
"""Seconds in which nothing more is begun."""


@dataclass(frozen=True)
class _Round:
    """So many members at a time, for so many seconds each; ends when all turns together gain no more than a part of the objective."""

    members: int
    seconds: float
    enough: float


ROUNDS = (_Round(1, 0.5, 0.03), _Round(4, 3.0, 0.003), _Round(8, 8.0, _LITTLE))


class Turns:
    """Rounds of turns from a whole plan, as long as they help and time lasts. The order of turns is drawn with a fixed seed."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self._uses = abs(search.lp.A)
        self._chosen = np.zeros(search.lp.A.shape[1], dtype=bool)
        self._chosen[search.whole] = True
        self._draw = np.random.default_rng(0)

    def improved(self, best: tuple[LP, Answer]) -> tuple[LP, Answer]:
        """The best plan found, with its problem; the one given where no turn helps."""
        members = np.unique(self.search.owner[self.search.whole])
        for round_ in ROUNDS:
            gained = np.inf
            while gained > round_.enough and self.search.watch.left > MOMENT:
                before = self.search.value(best[1].x)
                best = self._once_round(best, members, round_)
                gained = (before - self.search.value(best[1].x)) / max(abs(before), _LITTLE)
            if round_.members >= len(members):
                break
        return best

    def _once_round(self, best: tuple[LP, Answer], members: Array, round_: _Round) -> tuple[LP, Answer]:
        order = self._draw.permutation(members)
        for i in range(0, len(order), round_.members):
            if self.search.watch.left <= MOMENT:
                break
            best = self._turn(best, order[i : i + round_.members], round_.seconds)
        return best

    def _turn(self, best: tuple[LP, Answer], members: Array, seconds: float) -> tuple[LP, Answer]:
        """These members' whole numbers chosen again; then everything else of everybody."""
        search, (_, now) = self.search, best
        mine = np.isin(search.owner, members)
        limit = Watch(min(seconds, search.watch.left), stop=search.watch.stop)
        choice, gap = Engine().solve_whole(
            self._alone(now.x, mine), search.weights, self._chosen & mine, limit, now.x, _GAP
        )
        if not np.isfinite(gap) or search.value(choice.x) >= search.value(now.x) * (1 - _LITTLE):
            return best
        values = np.rint(np.where(mine, choice.x, now.x)[search.whole])
        made = search.fixed(values, now.basis)
        return made if made is not None and search.value(made[1].x) < search.value(now.x) else best

    def _alone(self, x: Array, mine: Array) -> LP:
        """The problem with all other members' columns as they are; a rule the plan keeps only to rounding is no tighter than that."""
        lp, bounds = self.search.lp, self.search.bounds
        free = mine | (self.search.owner < 0)
        done, live = lp.A @ x, (self._uses @ free.astype(float)) > 0
        return replace(
            lp,
            lower=np.where(free, bounds.lower, x),
            upper=np.where(free, bounds.upper, x),
            row_lower=np.where(live, np.minimum(lp.row_lower, done), -np.inf),
            row_upper=np.where(live, np.maximum(lp.row_upper, done), np.inf),
        )
