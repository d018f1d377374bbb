"""A plan in the figures two plans are compared by: measures, burdens, stocks and coverage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from model.core import domains
from model.solve.coverage import over_horizon
from model.solve.plan import Plan

_MONEY = ("cost", "unfairness")


@dataclass(frozen=True)
class Figure:
    """One result with its unit; ``money`` where the currency is not known."""

    value: float
    unit: str


Figures = dict[tuple[str, str, str], Figure]
"""By (about, item, figure): ("member", "Poland", "burden")."""


def measure_figures(measures: Mapping[str, float], currency: str = "money") -> Figures:
    """The measures of a plan or a run."""
    return {
        ("measure", name, name): Figure(value, currency if name in _MONEY else "fraction of 1")
        for name, value in measures.items()
    }


def figures(plan: Plan) -> Figures:
    """Every figure of a plan: by measure, member, capability, task, and what each member holds of each capability.

    Stocks are those of the plan's last period; coverage of a capability is 1 - missing / required over all periods, in the
    situation in which that is least; coverage of a task is 1 - its risk.
    """
    currency = str(plan.scenario.settings["currency"]) or "money"
    found = measure_figures(plan.measures, currency)
    for part in (_members(plan, currency), _capabilities(plan), _tasks(plan), _holdings(plan)):
        found |= dict(part)
    return found


Entry = tuple[tuple[str, str, str], Figure]


def _members(plan: Plan, currency: str) -> Iterator[Entry]:
    for row in plan.table("burdens").to_dict("records"):
        yield ("member", row["member"], "burden"), Figure(row["burden"], currency)
        yield ("member", row["member"], "share"), Figure(row["share"], "fraction of 1")


def _capabilities(plan: Plan) -> Iterator[Entry]:
    d, covered = plan.data, over_horizon(plan)
    held, last = plan.values["held"], plan.scenario.periods[-1]
    for c in d.sets["capability"]:
        stock = math.fsum(held[m, c, 0, last] for m in d.members_of_field[c])
        yield ("capability", c, "stock in the last period"), Figure(stock, str(plan.scenario.unit.get(c) or "unit"))
        if c in covered:
            yield ("capability", c, "coverage"), Figure(covered[c], "fraction of 1")


def _tasks(plan: Plan) -> Iterator[Entry]:
    for row in plan.table("risks").to_dict("records"):
        yield ("task", row["task"], "coverage"), Figure(1.0 - row["value"], "fraction of 1")


def _holdings(plan: Plan) -> Iterator[Entry]:
    held, last = plan.values["held"], plan.scenario.periods[-1]
    for m, c in plan.data.keys(domains.fields):
        unit = str(plan.scenario.unit.get(c) or "unit")
        yield ("holding", f"{m}, {c}", "stock in the last period"), Figure(held[m, c, 0, last], unit)
