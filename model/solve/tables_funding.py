"""Tidy tables of what members pay for together; a plan has them where its workbook uses the layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.formulation import domains
from model.solve.tables import Maker, Table

if TYPE_CHECKING:
    from model.solve.plan import Plan
    from model.solve.programmes import Verdict


def _unit(plan: Plan, capability: str) -> str:
    return str(plan.scenario.unit.get(capability) or "unit")


def _money(plan: Plan) -> str:
    return str(plan.scenario.settings["currency"]) or "money"


def common_funding(plan: Plan) -> Table:
    """Units the alliance owns itself in each period, what it orders, and what both cost its members together."""
    d, ordered, money = plan.data, plan.values["commonly_ordered"], _money(plan)

    def cost(c: str, t: int, held: float) -> float:
        return d.common_price[c] * ordered.get((c, t), 0.0) + d.common_upkeep[c] * held

    records = [
        (c, t, held, ordered.get((c, t), 0.0), _unit(plan, c), cost(c, t, held), money)
        for (c, t), held in plan.values["commonly_held"].items()
    ]
    return Table(("capability", "year", "value", "ordered", "unit", "cost", "cost_unit"), records)


def common_contributions(plan: Plan) -> Table:
    """Effective units of the alliance's own that serve each task."""
    d = plan.data
    records = [
        (d.situation_of[k], k, c, t, sent, f"effective {_unit(plan, c)}")
        for (k, c, t), sent in plan.values["commonly_contributed"].items()
    ]
    return Table(("situation", "task", "capability", "year", "value", "unit"), records)


def common_shares(plan: Plan) -> Table:
    """Which part of the alliance's own units of each capability every member pays, and what that comes to, discounted."""
    d, spent = plan.data, dict.fromkeys((c for (c,) in plan.data.keys(domains.common_capabilities)), 0.0)
    for capability, year, cost in plan.records("common_funding").pick("capability", "year", "cost"):
        spent[capability] += d.discount[year] * cost
    records = [
        (m, c, d.common_share[m, c], d.common_share[m, c] * spent[c], _money(plan))
        for m, c in d.keys(domains.payers_in_common)
    ]
    return Table(("member", "capability", "share", "value", "unit"), records)


def programmes(plan: Plan) -> Table:
    """Each joint programme: opened or not and why, what is ordered through it, what it costs and saves, discounted."""
    decisions = plan.programmes
    if decisions is None:
        return Table(_PROGRAMME, [])
    first = plan.stages[0].measure if len(plan.stages[0].weights) == 1 else "risk"

    def measure(found: Mapping[str, float] | None, name: str) -> float | None:
        return None if found is None else found[name]

    records = [
        (
            v.programme, plan.data.programme_capability[v.programme], "opened" if v.opened else "closed",
            "the plan" if v.free else "the workbook", decisions.relaxed_opened.get(v.programme), v.units,
            _unit(plan, plan.data.programme_capability[v.programme]), v.development, v.savings, _money(plan), first,
            measure(v.when_open, first), measure(v.when_closed, first), measure(v.when_open, "cost"), measure(v.when_closed, "cost"),
        )
        for v in decisions.verdicts
    ]  # fmt: skip
    return Table(_PROGRAMME, records)


_PROGRAMME = (
    "programme", "capability", "decision", "decided_by", "opened_in_part", "units", "unit", "development", "savings",
    "money_unit", "measure", "when_open", "when_closed", "cost_when_open", "cost_when_closed",
)  # fmt: skip


def programme_members(plan: Plan) -> Table:
    """What each joint programme means for every member: its part of development, what it orders, what opening changes for it."""
    verdicts = plan.programmes.verdicts if plan.programmes else ()
    records = [_for_member(plan, v, m) for v in verdicts for m in plan.scenario.sets["member"]]
    columns = (
        "programme", "member", "development_share", "development", "units", "unit", "burden_change", "perceived_risk_change",
        "money_unit",
    )  # fmt: skip
    return Table(columns, records)


def _for_member(plan: Plan, v: Verdict, member: str) -> tuple[Any, ...]:
    d, key = plan.data, (v.programme, member)
    share = d.development_share.get(key, 0.0)
    units = sum(plan.values["jointly_ordered"].get((*key, t), 0.0) for t in d.sets["period"])
    unit, change = _unit(plan, d.programme_capability[v.programme]), (v.burdens.get(member), v.risks.get(member))
    return (*key, share, share * v.development, units, unit, *change, _money(plan))


TABLES: tuple[Maker, ...] = (common_funding, common_contributions, common_shares, programmes, programme_members)
"""Every table of these layers, in the order they are exported."""
