"""Tidy tables of the layers about what threatens and what is agreed: coverage by type of threat, and each member's consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.solve.dissent import RULE
from model.solve.tables import Maker, Table

if TYPE_CHECKING:
    from model.solve.plan import Plan

AGREES, OUTVOTED, PUT_UP_WITH, MORE = "agrees", "is outvoted", "perceives more, which is put up with", "perceives more"
"""What became of a member's consent."""

_CLOSE = 1e-6


def kinds(plan: Plan) -> Table:
    """Risk and coverage of each type of threat, its part of all that matters, and its part in the alliance's risk."""
    d, loss = plan.data, plan.quantity("graded_shortfall")
    records = []
    for kind, tasks in d.tasks_of_kind.items():
        weight = sum(d.task_part[k] * d.span[k] for k in tasks)
        risk = sum(d.kind_part[k] * loss[k] for k in tasks)
        part = sum(d.task_part[k] * loss[k] for k in tasks)
        if weight > 0:
            records.append((kind, len(tasks), weight, risk, 1.0 - risk, part, "fraction of 1"))
    return Table(("kind", "tasks", "weight", "value", "coverage", "part_of_risk", "unit"), records)


def consents(plan: Plan) -> Table:
    """Under consensus: what each member perceives, would face alone and in the status quo, and whether it agrees."""
    columns = ("member", "voice", "value", "alone", "status_quo", "accepted", "verdict", "unit")
    if not plan.accepted or RULE in plan.lp.off:
        return Table(columns, [])
    d, seen, (alone, today) = plan.data, plan.quantity("perceived_risk"), _compared(plan)
    records = [
        (
            m,
            d.voice[m],
            seen[m],
            alone.get(m),
            today.get(m),
            plan.accepted[m],
            _verdict(plan, m, seen[m]),
            "fraction of 1",
        )
        for m in d.sets["member"]
    ]
    return Table(columns, records)


def _compared(plan: Plan) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Risks alone and in the status quo: the one members compare with, and the other where it was asked for and could be settled."""
    if plan.alternatives is not None:
        return plan.alternatives.alone, plan.alternatives.status_quo
    is_today = plan.scenario.settings["consensus_against"] == "status quo"
    return ({}, plan.accepted) if is_today else (plan.accepted, {})


def _verdict(plan: Plan, member: str, seen: float) -> str:
    if seen <= plan.accepted[member] + _CLOSE:
        return AGREES
    if member in plan.dissent.outvoted:
        return OUTVOTED
    return MORE if plan.scenario.settings["consensus_excess"] is None else PUT_UP_WITH


TABLES: tuple[Maker, ...] = (kinds, consents)
"""The tables of these layers; those a workbook does not use have no rows."""
