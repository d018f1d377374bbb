"""Tidy tables of what partners from outside pay and lend; a plan has them where its workbook has partners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.solve.tables import Maker, Spent, Table, money_of

if TYPE_CHECKING:
    from model.solve.plan import Plan


def payments(plan: Plan) -> Table:
    """What each partner pays each member for, and how much."""
    d, money = plan.data, money_of(plan)
    records = [(j, m, d.situation_of[k], k, c, t, v, money) for (j, m, k, c, t), v in plan.values["paid"].items()]
    return Table(("partner", "member", "situation", "task", "capability", "year", "value", "unit"), records)


def loans(plan: Plan) -> Table:
    """Effective units each partner lends to each task."""
    d, units = plan.data, plan.scenario.unit
    records = [
        (j, d.situation_of[k], k, c, t, v, f"effective {units.get(c) or 'unit'}")
        for (j, k, c, t), v in plan.values["lent"].items()
    ]
    return Table(("partner", "situation", "task", "capability", "year", "value", "unit"), records)


TABLES: tuple[Maker, ...] = (payments, loans)
"""Every table of this layer, in the order they are exported."""

SPENT_ON = (
    Spent("hired", ("hire",), lambda plan: any(plan.data.charged_loans.values())),
    Spent("paid_back", ("received",), lambda plan: bool(plan.values["paid"]), back=True),
)
