"""Tidy tables of research and of technology levels; a plan has them where its workbook describes technology."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.layers.technology import domains as here
from model.solve.tables import Maker, Spent, Table, money_of

if TYPE_CHECKING:
    from model.solve.plan import Plan


def research(plan: Plan) -> Table:
    """What is paid for joint research on each capability, and the part of all its research that is paid by the end of the period."""
    d, money = plan.data, money_of(plan)
    so_far = dict.fromkeys((c for (c,) in d.keys(here.researched_capabilities)), 0.0)
    records = []
    for c, t in d.keys(here.research_periods):
        paid = plan.values["researched"][c, t]
        so_far[c] += paid
        records.append((c, t, paid, so_far[c] / d.whole_research[c], money))
    return Table(("capability", "year", "value", "part_paid", "unit"), records)


def technology_levels(plan: Plan) -> Table:
    """Each member's technology level at the start and in each period, and how far below the best it is."""
    d, raised = plan.data, plan.values["raised"]
    records = []
    for (m,) in d.keys(here.technical_members):
        level, behind = d.start_technology[m], d.behind[m]
        for t in d.sets["period"]:
            step = raised.get((m, t), 0.0)
            level, behind = level + step, behind - step
            records.append((m, t, step, level, behind, "fraction of 1"))
    return Table(("member", "year", "raised", "value", "behind", "unit"), records)


TABLES: tuple[Maker, ...] = (research, technology_levels)
"""Every table of this layer, in the order they are exported."""

SPENT_ON = (
    Spent("technology", ("technology_spending",), lambda p: bool(p.values["researched"] or p.data.whole_transfer)),
)
