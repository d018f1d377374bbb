"""How much every budget would have to be cut for as much more risk: solved again, for a price holds for small cuts only."""

from __future__ import annotations

from model.solve.engine import Watch
from model.solve.nearby import Nearby
from model.solve.plan import Plan

_SOLVES = 5
"""Cuts tried for each amount of risk."""


class BudgetCuts:
    """Cuts of a plan's budgets, and what each adds to risk. Remembers what was solved."""

    def __init__(self, plan: Plan) -> None:
        self.near = Nearby(plan, plan.stage("risk"))

    def like(self, extra: float, most: float, watch: Watch) -> tuple[float, float]:
        """Two parts of every budget: cutting the one adds no more risk than ``extra``, cutting the other no less.

        ``most`` is a cut that is known to add as much. What breaks a policy counts as adding more than any amount.
        """
        low, high = 0.0, most
        for _ in range(_SOLVES):
            if watch.left <= 0:
                break
            cut = (low + high) / 2
            answer = self.near.less_money(cut)
            enough = answer is None or -self.near.change(answer) >= extra
            low, high = (low, cut) if enough else (cut, high)
        return low, high
