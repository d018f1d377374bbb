"""What an explanation is made of: sums, their lines, and the case that is explained."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from model.language.columns import MEASURES
from model.language.shown import Shown
from model.questions.answer import QuestionResult
from model.questions.explain.accounts import Accounts
from model.solve.plan import Plan

HELD, FORCE, ONE_MORE, OTHERWISE, EFFORT = (
    "held", "force", "one more unit", "the money otherwise", "one more effective unit",
)  # fmt: skip
"""Names of sections; all but the first and third go on with what they are about."""

SAME = 1e-6
"""Amounts that differ by less than this part of their size are the same."""


@dataclass(frozen=True)
class Line:
    """One term of a sum: ``quantity`` at ``price`` makes ``value`` where there is a price."""

    item: str
    year: int | None
    value: float
    unit: str
    quantity: float | None = None
    price: float | None = None
    rule: str = ""
    binds: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Section(Shown):
    """A sum: lines that add up to the total."""

    name: str
    lines: tuple[Line, ...]
    total: float
    unit: str

    @property
    def error(self) -> float:
        """By how much the lines miss the total."""
        return abs(math.fsum(line.value for line in self.lines) - self.total)


@dataclass(frozen=True, eq=False)
class Explanation(QuestionResult):
    """The number, the sums behind it, and what they say.

    ``held`` is what the member holds (units); ``order`` the period an order for that year is placed in (None: it cannot be);
    ``gain`` what one more unit would lower the stage's measure by, after everything it costs (not positive at an optimum,
    save where nothing can be ordered).
    """

    member: str
    capability: str
    year: int
    measure: str
    held: float
    unit: str
    order: int | None
    gain: float
    sections: tuple[Section, ...]
    says: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"Why {self.member} holds what it does of {self.capability} in {self.year}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"sums": self.table}

    @property
    def table(self) -> pd.DataFrame:
        """One row a line: member, capability, section, item, year, quantity, price, value and its unit, the section's total."""
        rows = [
            (
                self.member, self.capability, s.name, line.item, line.rule, line.year, line.quantity, line.price, line.value,
                line.unit, line.binds, s.total,
            )
            for s in self.sections
            for line in s.lines
        ]  # fmt: skip
        columns = ["member", "capability", "section", "item", "rule", "year", "quantity", "price", "value", "unit", "binds",
                   "total"]  # fmt: skip
        return pd.DataFrame.from_records(rows, columns=columns)

    def section(self, name: str) -> Section:
        """A section by name. Raises KeyError where there is none."""
        return {section.name: section for section in self.sections}[name]


@dataclass(frozen=True, eq=False)
class Case:
    """What is asked about: a member, a capability and a period in a plan, with the prices of a stage."""

    plan: Plan
    accounts: Accounts
    member: str
    capability: str
    year: int

    @property
    def unit(self) -> str:
        return str(self.plan.scenario.unit.get(self.capability) or "unit")

    @property
    def money(self) -> str:
        return str(self.plan.scenario.settings["currency"]) or "money"

    @property
    def measure(self) -> str:
        return self.accounts.stage.measure

    @property
    def gain_unit(self) -> str:
        """The unit of what a step gains: that of the measure."""
        if self.measure not in MEASURES:
            return "units of the weighting"
        return self.money if self.measure in ("cost", "unfairness") else "fraction of 1"

    @property
    def field(self) -> tuple[str, str]:
        return self.member, self.capability

    @property
    def order(self) -> int | None:
        """The period in which what arrives in the year is ordered, where there is such a decision."""
        when = self.plan.data.ordered_for(self.capability, self.year)
        return when if when is not None and self.accounts.exists("ordered", (*self.field, when)) else None
