"""Tidy tables of where the money of orders goes; a plan has them where its workbook describes industry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.layers.industry import domains as here
from model.solve.tables import Maker, Table, all_orders, money_of

if TYPE_CHECKING:
    from model.solve.plan import Plan


def returns(plan: Plan) -> Table:
    """What each member pays for orders, what its own industry earns from all orders, and the jobs and GDP that gives."""
    d, paid = plan.data, [plan.quantity(name) for name in ("acquisition", "common_acquisition", "joint_acquisition")]
    money = money_of(plan)
    figures: list[Any] = [plan.quantity(name) for name in ("earned", "jobs", "gdp_effect")]
    records = [
        (*key, sum(figure[key] for figure in paid), *(figure[key] for figure in figures), money)
        for key in d.keys(here.earning_members)
    ]
    return Table(("member", "year", "paid", "earned", "jobs", "gdp_effect", "unit"), records)


def suppliers(plan: Plan) -> Table:
    """Units each supplier makes of what is ordered, as parts of all orders, the most it can make, and the money it gets."""
    d, sold, units = plan.data, plan.quantity("sold"), plan.scenario.unit
    money = money_of(plan)
    ordered: dict[tuple[str, int], float] = {}
    for (_, c, t), (value, _) in all_orders(plan).items():
        ordered[c, t] = ordered.get((c, t), 0.0) + value
    for (c, t), value in plan.values["commonly_ordered"].items():
        ordered[c, t] = ordered.get((c, t), 0.0) + value
    records = [
        (
            c,
            f,
            t,
            d.order_share[c, f] * ordered.get((c, t), 0.0),
            d.supplier_capacity.get((c, f, t)),
            str(units.get(c) or "unit"),
            sold[c, f, t],
            money,
        )
        for c, f, t in d.keys(here.supplies_in_time)
    ]
    return Table(("capability", "supplier", "year", "value", "limit", "unit", "sold", "sold_unit"), records)


TABLES: tuple[Maker, ...] = (returns, suppliers)
"""Every table of this layer, in the order they are exported."""
