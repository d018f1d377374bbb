"""Tidy tables of common funding; a plan has them where its workbook uses the layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.layers.common_funding import domains as here
from model.solve.tables import Maker, Spent, Table, money_of, unit_of

if TYPE_CHECKING:
    from model.solve.plan import Plan


def common_funding(plan: Plan) -> Table:
    """Units the alliance owns itself in each period, what it orders, and what both cost its members together."""
    d, ordered, money = plan.data, plan.values["commonly_ordered"], money_of(plan)

    def cost(c: str, t: int, held: float) -> float:
        return d.common_price[c] * ordered.get((c, t), 0.0) + d.common_upkeep[c] * held

    records = [
        (c, t, held, ordered.get((c, t), 0.0), unit_of(plan, c), cost(c, t, held), money)
        for (c, t), held in plan.values["commonly_held"].items()
    ]
    return Table(("capability", "year", "value", "ordered", "unit", "cost", "cost_unit"), records)


def common_contributions(plan: Plan) -> Table:
    """Effective units of the alliance's own that serve each task."""
    d = plan.data
    records = [
        (d.situation_of[k], k, c, t, sent, f"effective {unit_of(plan, c)}")
        for (k, c, t), sent in plan.values["commonly_contributed"].items()
    ]
    return Table(("situation", "task", "capability", "year", "value", "unit"), records)


def common_shares(plan: Plan) -> Table:
    """Which part of the alliance's own units of each capability every member pays, and what that comes to, discounted."""
    d, spent = plan.data, dict.fromkeys((c for (c,) in plan.data.keys(here.common_capabilities)), 0.0)
    for capability, year, cost in plan.records("common_funding").pick("capability", "year", "cost"):
        spent[capability] += d.discount[year] * cost
    records = [
        (m, c, d.common_share[m, c], d.common_share[m, c] * spent[c], money_of(plan))
        for m, c in d.keys(here.payers_in_common)
    ]
    return Table(("member", "capability", "share", "value", "unit"), records)


TABLES: tuple[Maker, ...] = (common_funding, common_contributions, common_shares)
"""Every table of these layers, in the order they are exported."""

SPENT_ON = (
    Spent(
        "common_funding", ("common_acquisition", "common_sustainment"), lambda plan: bool(plan.values["commonly_held"])
    ),
)
