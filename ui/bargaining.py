"""Ranges of what members could bear and hold in plans nearly as good, for the page Negotiation range: figures alone are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from model.questions.negotiation.result import MONEY, negotiation_range
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from ui.asking import asked, counted, level, quiet
from ui.state import Session

PLANS = 4
"""Different plans looked for beside the ranges of money."""


@dataclass(frozen=True)
class Bargain:
    """Ranges among plans nearly as good: ``ranges`` (member, what, least, plan, most, width, settled, unit), ``plans`` and
    ``changes`` as the analysis gives them, ``ceilings`` on the objectives, ``total`` the cost of the plan."""

    scenario: Scenario
    within: float
    ceilings: Mapping[str, float]
    total: float
    ranges: pd.DataFrame
    plans: pd.DataFrame
    changes: pd.DataFrame
    measures: Mapping[str, float]

    @property
    def money(self) -> bool:
        """Whether the ranges are of money."""
        return bool(len(self.ranges)) and bool((self.ranges["what"] == MONEY).all())

    @property
    def limits(self) -> str:
        """What every plan looked at keeps: ``risk at most 5.5 %, cost at most 1.98 tn USD``."""
        return " and ".join(
            f"{name.replace('_', ' ')} at most {level(self.scenario, name, limit)}"
            for name, limit in self.ceilings.items()
        )

    @property
    def answer(self) -> str:
        """How much is settled, in a sentence."""
        if not len(self.ranges):
            return "Nobody may hold this, so there is nothing to bargain about."
        settled, widest = int(self.ranges["settled"].sum()), self.ranges.loc[self.ranges["width"].idxmax()]
        has = "has" if settled == 1 else "have"
        said = (
            f"{settled or 'none'} of {words.count(len(self.ranges), 'member')} {has} next to nothing to bargain about"
        )
        if self.money and len(self.ranges) == len(self.scenario.sets["member"]) and self.total > 0:
            part = words.percent(float(self.ranges["least"].sum()) / self.total)
            said = f"{part} of all spending is settled by the facts, and the rest is open to bargaining; {said}"
        return f"{words.capital(said)}. Widest: {widest['member']}, {self.said(widest)}."

    def said(self, row: pd.Series) -> str:
        """A range in words: ``from 6.9 bn USD to 9 bn USD``."""
        return f"from {self.amount(row['least'], row)} to {self.amount(row['most'], row)}"

    def amount(self, value: float, row: pd.Series) -> str:
        """One figure of a range with its unit."""
        if row["what"] == MONEY:
            return words.money(value, words.currency_of(self.scenario))
        return f"{words.number(value, 3)} ({row['unit']})"


def ranges_of(session: Session, within: float, capability: str | None) -> Bargain | None:
    """Ranges of every member's money (with some very different plans), or of what each holds of a capability in the last period."""
    count = len(session.scenario.sets["member"])
    each = "Two solves" if capability is None else "Four solves"
    says = f"{each} for each of {words.count(count, 'member')}: two seconds each on a large scenario."
    if capability is None:
        says += f" Then up to {PLANS} plans as different from each other as can be found."
    return asked(
        session, f"negotiation {within} {capability}", "Find the ranges", says,
        lambda problem, plan, watch: _found(problem, plan, within, capability, watch),
    )  # fmt: skip


def _found(problem: Problem, plan: Plan, within: float, capability: str | None, watch: Watch) -> Bargain:
    members = problem.scenario.sets["member"]
    found = negotiation_range(
        problem.scenario, within, None, [] if capability is None else [capability],
        alternatives=PLANS if capability is None else 0, problem=problem, plan=plan,
        tell=counted(watch, len(members) * (1 if capability is None else 2) + (PLANS if capability is None else 0)),
        watch=quiet(watch),
    )  # fmt: skip
    what = MONEY if capability is None else capability
    ranges = found.table[found.table["what"] == what].reset_index(drop=True)
    return Bargain(
        problem.scenario,
        within,
        found.ceilings,
        plan.measures["cost"],
        ranges,
        found.different,
        found.changes,
        dict(plan.measures),
    )
