"""Tidy tables of joint programmes; a plan has them where its workbook describes any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.solve.programmes import verdicts
from model.solve.tables import Maker, Spent, Table, money_of, unit_of

if TYPE_CHECKING:
    from model.solve.plan import Plan, Verdict


def verdicts_of(plan: Plan) -> tuple[Verdict, ...]:
    """Why each programme is opened or not; where the other decisions were not asked about, nothing is said of them."""
    return plan.alternatives.verdicts if plan.alternatives else verdicts(plan)


def programmes(plan: Plan) -> Table:
    """Each joint programme: opened or not and why, what is ordered through it, what it costs and saves, discounted; blank where the
    other decision was not asked about (:meth:`~model.solve.problem.Problem.with_alternatives`)."""
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
            unit_of(plan, plan.data.programme_capability[v.programme]), v.development, v.savings, money_of(plan), first,
            measure(v.when_open, first), measure(v.when_closed, first), measure(v.when_open, "cost"), measure(v.when_closed, "cost"),
        )
        for v in verdicts_of(plan)
    ]  # fmt: skip
    return Table(_PROGRAMME, records)


_PROGRAMME = (
    "programme", "capability", "decision", "decided_by", "opened_in_part", "units", "unit", "development", "savings",
    "money_unit", "measure", "when_open", "when_closed", "cost_when_open", "cost_when_closed",
)  # fmt: skip


def programme_members(plan: Plan) -> Table:
    """What each joint programme means for every member: its part of development, what it orders, what opening changes for it."""
    records = [_for_member(plan, v, m) for v in verdicts_of(plan) for m in plan.scenario.sets["member"]]
    columns = (
        "programme", "member", "development_share", "development", "units", "unit", "burden_change", "perceived_risk_change",
        "money_unit",
    )  # fmt: skip
    return Table(columns, records)


def _for_member(plan: Plan, v: Verdict, member: str) -> tuple[Any, ...]:
    d, key = plan.data, (v.programme, member)
    share = d.development_share.get(key, 0.0)
    units = sum(plan.values["jointly_ordered"].get((*key, t), 0.0) for t in d.sets["period"])
    unit, change = unit_of(plan, d.programme_capability[v.programme]), (v.burdens.get(member), v.risks.get(member))
    return (*key, share, share * v.development, units, unit, *change, money_of(plan))


TABLES: tuple[Maker, ...] = (programmes, programme_members)
"""Every table of this layer, in the order they are exported."""

SPENT_ON = (Spent("joint_programmes", ("joint_acquisition", "development"), lambda plan: bool(plan.values["opened"])),)
