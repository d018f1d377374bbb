"""Looking for whole numbers: the linear programme with bounds that close in on them, then members choosing again in turn.

A first whole plan comes from rounding with repair. It is made better by turns: members choose their whole numbers again, one at a
time and then several together. A turn is an integer programme of the chosen members alone: their columns and the alliance's
shortfalls are free, all other members' are as they are. It is small enough for branch and bound in a second or so, it weighs
everything its members' money could buy instead, and it starts from the plan there is, so that a whole plan that keeps every rule is
at hand at any moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.solve.engine import Answer, Basis, Engine, Watch
from model.solve.lp import LP, Array

WHOLE = 1e-6
"""A number this close to a whole one is whole."""

_BATCH = 0.4


class Search:
    """The linear programme, its objectives as one weighting, the columns to be whole (places) and the time there is."""

    def __init__(self, lp: LP, weights: Mapping[str, float], whole: Array, watch: Watch) -> None:
        self.engine, self.weights, self.watch, self.whole = Engine(), weights, watch, whole
        self.lp = replace(lp, upper=lp.upper_bounds(), bounds={}, bound_blocks={})
        self.cost = np.asarray(lp.K.T @ (np.array([weights.get(name, 0.0) for name in lp.measures]) * lp.scale))
        self.bounds = self._whole_bounds(whole)
        self.owner = owners(lp)
        self.solves, self._lifts = 0, 64

    def value(self, x: Array) -> float:
        """The weighted objectives at a plan, in the engine's scaled units."""
        return float(self.cost @ x)

    def solve(self, lp: LP, basis: Basis | None) -> Answer:
        self.solves += 1
        return self.engine.solve(lp, self.weights, basis)

    def fixed(self, values: Array, basis: Basis | None) -> tuple[LP, Answer] | None:
        """The best plan with the whole columns at these values, and its problem; None where no plan keeps every rule."""
        lower, upper = self.lp.lower.copy(), self.lp.upper.copy()
        lower[self.whole] = upper[self.whole] = values
        lp = replace(self.lp, lower=lower, upper=upper)
        answer = self.solve(lp, basis)
        return (lp, answer) if answer.status == "optimal" else None

    def first(self, basis: Basis | None) -> tuple[LP, Answer] | None:
        """A first whole plan, however little time there is: everything over a whole number given up or, where that breaks a rule,
        rounding with repair; None where it runs into a wall."""
        answer = self.rounded_down(basis) or self.rounded(self.whole, self.owner[self.whole], basis)
        return None if answer is None else self.fixed(np.rint(answer.x[self.whole]), answer.basis)

    def rounded_down(self, basis: Basis | None) -> Answer | None:
        """Every whole column limited to the number below and all others anew, until none is in fractions; None where a rule breaks."""
        held = self.bounds
        answer = self._answer(held, basis)
        while answer is not None:
            x = answer.x[self.whole]
            if not (np.abs(x - np.rint(x)) > WHOLE).any():
                break
            held = _Bounds(held.lower, held.upper.copy())
            held.upper[self.whole] = np.minimum(held.upper[self.whole], np.floor(x + WHOLE))
            answer = self._answer(held, answer.basis)
        return answer

    def branched(self, start: Answer | None, watch: Watch) -> tuple[Answer | None, float]:
        """The best whole plan within the time limit, and its proved gap; from a whole plan, which stays where nothing is better."""
        chosen = np.zeros(self.lp.A.shape[1], dtype=bool)
        chosen[self.whole] = True
        at = start.x if start is not None else None
        # An engine of its own: HiGHS would hold the seconds of earlier runs against the limit of an integer programme.
        answer, gap = Engine().solve_whole(self.lp, self.weights, chosen, watch, at)
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
        bounds = self.bounds
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


def owners(lp: LP) -> Array:
    """The number of the member each column belongs to; -1 for what belongs to the alliance, such as shortfalls."""
    found = np.full(lp.A.shape[1], -1, dtype=np.int64)
    numbers: dict[str, int] = {}
    for block in lp.columns.values():
        if "member" in block.index:
            at = block.index.index("member")
            found[block.places] = [numbers.setdefault(str(key[at]), len(numbers)) for key in block.keys]
    return found


def part_of(watch: Watch, part: float) -> Watch:
    """The same watch with only the first part of its time."""
    return watch if watch.time_limit is None else replace(watch, time_limit=part * watch.time_limit)


_TURN_GAP = 5e-4
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
            self._alone(now.x, mine), search.weights, self._chosen & mine, limit, now.x, _TURN_GAP
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
