"""The nucleolus: the worst-treated group is treated as well as can be, then the next worst, and so on to a single answer.

By a sequence of linear programmes (Kopelowitz 1967; Maschler, Peleg & Shapley 1979). Each finds the least possible largest
excess of the groups still open. Only groups that have it in *every* optimum may be settled at it: those with a positive
multiplier, by complementary slackness. Settling all that happen to be tight in the optimum found is the mistake of many
published programmes. Groups whose charge follows from settled ones are closed. Each round settles at least one more
dimension, so that there are no more rounds than members.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from model.language.faults import SolverError
from model.questions.cost_sharing.games.game import SMALL, Array, Charges, Costs, Game

_POSITIVE = 1e-7
"""A multiplier that is more than nothing; those of a round add up to about one."""

_NO_CORE = (
    "The core is empty: whatever the charges, some group pays at least {excess:,.6g} more than it would by itself. "
    "The answer keeps the worst complaint as small as can be."
)
_NO_PEACE = (
    "Members together would pay {excess:,.6g} less each by itself than as an alliance, so that no charges leave everyone at "
    "least as well off as alone; the answer is the prenucleolus, which does without that condition."
)


def nucleolus(costs: Costs, per_capita: bool = False) -> Charges:
    """The charges whose complaints, sorted from the worst, are the smallest there can be; in the core if there is one.

    A group's complaint is what it is charged beyond its own cost, with ``per_capita`` divided by its number of members.
    Nobody is charged more than it would pay alone, where that is possible at all. ``excess`` of the result is the largest
    complaint. Source: Schmeidler, *The nucleolus of a characteristic function game*, 1969. Raises UsageError for an
    incomplete game.
    """
    game = Game.of(costs)
    over = game.total - float(game.alone.sum())
    rational = over <= SMALL * game.size
    charges = _Rounds(game, per_capita, game.alone if rational else None).run()
    excess = largest(game, charges)
    said = ""
    if not rational:
        said = _NO_PEACE.format(excess=over)
    elif excess > SMALL * game.size:
        said = _NO_CORE.format(excess=least_excess(game))
    return game.named(charges, said, excess)


def per_capita_nucleolus(costs: Costs) -> Charges:
    """The nucleolus with every group's complaint divided by its number of members; see :func:`nucleolus`."""
    return nucleolus(costs, per_capita=True)


def least_core(costs: Costs) -> Charges:
    """The charges at which no group pays more than ``excess`` beyond its own cost, ``excess`` being the least possible.

    A negative excess is what every group gains at least; a positive one says that the core is empty. Of all such charges,
    those that go on to treat the next worst group best are given (the prenucleolus), so that there is one answer. Source:
    Maschler, Peleg & Shapley 1979. Raises UsageError for an incomplete game.
    """
    game = Game.of(costs)
    charges = _Rounds(game, False, None).run()
    excess = largest(game, charges)
    return game.named(charges, _NO_CORE.format(excess=excess) if excess > SMALL * game.size else "", excess)


def largest(game: Game, charges: Array) -> float:
    """The largest complaint of any group but nobody and everybody; 0 where there is none."""
    return float(game.excesses(charges)[1:-1].max()) if len(game.members) > 1 else 0.0


def least_excess(game: Game) -> float:
    """The least possible largest complaint."""
    return largest(game, _Rounds(game, False, None).run(1))


@dataclass
class _Rounds:
    """The linear programmes one after the other, on costs scaled to 1.

    ``most`` are the largest charges allowed (what each pays alone), or None. ``settled`` holds, round by round, the groups that
    have the round's excess in every optimum.
    """

    game: Game
    per_capita: bool
    most: Array | None
    settled: list[Array] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    bound: set[int] = field(default_factory=set)
    closing: list[tuple[int, float]] = field(default_factory=list)
    """Groups, none following from the others, with what they are charged."""

    def __post_init__(self) -> None:
        self.costs = self.game.costs / self.game.size
        self.sizes = self.game.belongs.sum(axis=1) if self.per_capita else np.ones(len(self.costs))
        self.directions = np.zeros((0, len(self.game.members)))
        self._close(self.game.everybody, float(self.costs[-1]))
        self.open = np.arange(1, len(self.costs) - 1)

    def run(self, most_rounds: int | None = None) -> Array:
        """Rounds until the charges are settled; the charges."""
        n = len(self.game.members)
        charges = np.array([self.game.total / self.game.size] * n)
        while len(self.directions) < n and (most_rounds is None or len(self.levels) < most_rounds):
            charges = self._round()
        if len(self.directions) == n:
            charges = self._sharpened(charges)
        return charges * self.game.size

    def _round(self) -> Array:
        """The least largest excess of open groups; settles those that have it in every optimum."""
        belongs, n = self.game.belongs, len(self.game.members)
        self.open = self.open[self._is_open(self.open)]
        done = linprog(
            np.r_[np.zeros(n), 1.0],
            A_ub=np.c_[belongs[self.open], -self.sizes[self.open]],
            b_ub=self.costs[self.open],
            A_eq=np.c_[belongs[[g for g, _ in self.closing]], np.zeros(len(self.closing))],
            b_eq=[charged for _, charged in self.closing],
            bounds=[(None, None if self.most is None else top / self.game.size) for top in self._tops] + [(None, None)],
            method="highs-ds",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if done.status != 0:
            raise SolverError(f"A round of the nucleolus could not be solved: {done.message}")
        tight = self.open[-done.ineqlin.marginals > _POSITIVE]
        self.bound |= set(np.flatnonzero(-done.upper.marginals[:n] > _POSITIVE).tolist())
        self.settled.append(tight)
        self.levels.append(float(done.x[-1]))
        for group in tight.tolist():
            self._close(group, self.costs[group] + self.levels[-1] * self.sizes[group])
        charges: Array = done.x[:n]
        return charges

    @property
    def _tops(self) -> Array:
        return np.zeros(len(self.game.members)) if self.most is None else self.most

    def _close(self, group: int, charged: float) -> None:
        """Settle a group's charge, unless it follows from those settled already."""
        row = self.game.belongs[group]
        left = row - self.directions.T @ (self.directions @ row)
        length = float(np.linalg.norm(left))
        if length > 1e-9:
            self.directions = np.vstack([self.directions, left / length])
            self.closing.append((group, charged))

    def _is_open(self, groups: Array) -> Array:
        """Which groups' charges do not follow from settled ones."""
        rows = self.game.belongs[groups]
        return np.linalg.norm(rows - (rows @ self.directions.T) @ self.directions, axis=1) > 1e-9

    def _sharpened(self, charges: Array) -> Array:
        """The charges from the equations that settled them, free of the solver's tolerances."""
        n, k = len(self.game.members), len(self.levels)
        rows = [np.r_[np.ones(n), np.zeros(k)]]
        sides = [self.costs[-1]]
        for i, tight in enumerate(self.settled):
            for g in tight:
                level = np.zeros(k)
                level[i] = -self.sizes[g]
                rows.append(np.r_[self.game.belongs[g], level])
                sides.append(self.costs[g])
        for i in sorted(self.bound):
            rows.append(np.r_[np.eye(n)[i], np.zeros(k)])
            sides.append(self._tops[i] / self.game.size)
        exact = np.linalg.lstsq(np.array(rows), np.array(sides), rcond=None)[0][:n]
        near = np.abs(exact - charges).max() <= 1e-6
        return exact if near else charges
