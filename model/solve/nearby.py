"""A plan's neighbours: the same problem with more money, or with a policy lifted, solved again from where the plan's own solve ended.

A price says what happens at the margin only. Whoever states what an amount of money does, or what more money would mend, asks here.
Neighbours are not plans: nothing of them is shown but how they differ from the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from model.core.spending import budget_is_respected
from model.solve.engine import Answer, Engine, Ranges
from model.solve.hot import PATIENCE, cold_method
from model.solve.lp import LP, Key
from model.solve.plan import Plan
from model.solve.stages import HOLD, Stage, stage_of

BUDGET = budget_is_respected.__name__

_HAIR = 1e-7
"""Room for the solver's tolerance where a shortfall may not grow."""

LARGE = 1e4
"""What the stage's measure weighs against that of the stage after it, which only picks among equals."""


class Nearby:
    """The neighbours of a plan in the measure of one of its stages, earlier stages held. Has a solver of its own, and remembers."""

    def __init__(self, plan: Plan, stage: Stage) -> None:
        self.plan, self.stage, self.lp, self._engine = plan, stage, _held(plan.lp, stage), Engine()
        self._start = plan.last.basis if plan.last is not None else None
        self._known: dict[tuple[object, ...], Answer | None] = {}

    def base(self) -> Answer | None:
        """The plan's own problem: what neighbours' spending is compared with, before ties were broken."""
        return self._solved(("base",), self.lp, self._blend)

    def more_money(self, member: str, year: int, amount: float) -> Answer | None:
        """With so much more offered by a member in a period, all else as it is; None where that was not settled."""
        upper = self.lp.row_upper.copy()
        upper[self.lp.rows[BUDGET].at[member, year]] += amount
        return self._solved((member, year, amount), replace(self.lp, row_upper=upper), self._blend)

    def less_money(self, part: float) -> Answer | None:
        """With every budget cut by so large a part; None where no plan keeps to that, or it was not settled."""
        upper = self.lp.row_upper.copy()
        block = self.lp.rows[BUDGET]
        upper[block.start : block.stop] *= 1.0 - part
        return self._solved(("cut", part), replace(self.lp, row_upper=upper), self._alone)

    def fall(self, answer: Answer) -> float:
        """By how much the stage's measure is lower than in the plan."""
        return max(0.0, self.change(answer))

    def change(self, answer: Answer) -> float:
        """The same, below nothing where it is higher."""
        lp, weights = self.lp, self.stage.weights
        value = sum(weight * float((lp.K[[lp.measure(name)]] @ answer.x)[0]) for name, weight in weights.items())
        return self.stage.value - value

    def without_budgets(self) -> tuple[LP, Stage] | None:
        """With as much money as it takes from everybody, and no shortfall worse than in the plan: the problem, and its optimum with
        its prices; None where that was not settled."""
        upper, block, x = self.lp.upper.copy(), self.lp.columns["short"], self.plan.x
        assert x is not None
        upper[block.places] = np.minimum(upper[block.places], x[block.places] * (1 + _HAIR) + _HAIR)
        lp = replace(self.lp, upper=upper).drop(BUDGET)
        answer = self._solved((BUDGET,), lp, self._alone)
        if answer is None:
            return None
        only = self.stage.measure if len(self.stage.weights) == 1 else None
        scaled = {name: weight / self._large for name, weight in self._alone.items()}
        return lp, stage_of(lp, answer, scaled, only, self._large)

    def ranges(self) -> tuple[Answer, Ranges] | None:
        """The prices, and how far each limit may move, alone, before its price changes; None where the solver cannot say."""
        answer, found = self._engine.ranging(self.lp, self._alone, self._start)
        return None if found is None else (answer, found)

    def _solved(self, name: tuple[object, ...], lp: LP, weights: Mapping[str, float]) -> Answer | None:
        """From the plan's basis, given up after so many iterations (not seconds: every machine ends alike) for a fresh start."""
        if name in self._known:
            return self._known[name]
        answer, most = None, max(1000, int(PATIENCE * lp.A.shape[0]))
        if self._start is not None:
            answer = self._engine.solve(lp, weights, self._start, "hot simplex", most_iterations=most)
        if answer is None or answer.status != "optimal":
            answer = self._engine.solve(lp, weights, None, cold_method(lp))
        self._known[name] = answer if answer.status == "optimal" else None
        return self._known[name]

    @property
    def _large(self) -> float:
        return LARGE if len(self.stage.weights) == 1 else 1.0

    @property
    def _alone(self) -> dict[str, float]:
        """The stage's objective as the engine takes it."""
        if len(self.stage.weights) == 1:
            return {self.stage.measure: LARGE}
        return {
            name: weight / float(self.lp.scale[self.lp.measure(name)]) for name, weight in self.stage.weights.items()
        }

    @property
    def _blend(self) -> dict[str, float]:
        """With a little of the objective that comes next, as the plan was found."""
        stages = self.plan.stages
        after = [stage.measure for stage in stages[stages.index(self.stage) + 1 :] if len(stage.weights) == 1]
        return {**self._alone, **dict.fromkeys(after[:1], 1.0)}


def missing(lp: LP, stage: Stage) -> dict[Key, float]:
    """What is missing of each requirement at a stage's optimum, by task, capability and period."""
    block, found = lp.columns["short"], dict[Key, float]()
    for key, value in zip(block.keys, stage.x[block.places].tolist(), strict=True):
        found[key[:-1]] = found.get(key[:-1], 0.0) + value
    return found


def _held(lp: LP, stage: Stage) -> LP:
    """The stage's own problem: earlier measures held at their optimum, as the second and later stages do."""
    for name, limit in stage.ceilings.items():
        if not np.isfinite(lp.ceilings[lp.measure(name)]):
            lp = lp.keep(name, limit + HOLD * max(abs(limit), 1e-9))
    return lp
