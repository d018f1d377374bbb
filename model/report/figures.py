"""Figures several sheets share: coverage over the years, and what one per cent more room in each policy would gain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.report.causes import gains
from model.solve.lp import Key
from model.solve.plan import Plan


def task_losses(plan: Plan) -> dict[tuple[str, int], tuple[float, float]]:
    """By task and period: the graded part of what is required that is missing, weighted by importance, and the weight of all of it."""
    d, short = plan.data, plan.values["short"]
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for (task, capability, year), required in d.required.items():
        graded = sum(d.band_severity[b] * short[task, capability, year, b] for b in d.sets["band"]) / required
        loss, whole = found.get((task, year), (0.0, 0.0))
        found[task, year] = loss + d.importance[capability] * graded, whole + d.importance[capability]
    return found


def coverage_by_task(plan: Plan) -> dict[tuple[str, int], float]:
    """1 - risk of a task in a period; only where something is required."""
    return {key: 1.0 - loss / whole for key, (loss, whole) in task_losses(plan).items() if whole > 0}


def coverage_by_year(plan: Plan) -> dict[int, float]:
    """1 - risk of the alliance in each period; over all periods, weighted by what they require, it is 1 - risk."""
    d, losses = plan.data, task_losses(plan)
    found = {}
    for year in d.sets["period"]:
        at = [(d.task_weight[k], *losses[k, year]) for k in d.sets["task"] if (k, year) in losses]
        whole = sum(weight * span for weight, _, span in at)
        if whole > 0:
            found[year] = 1.0 - sum(weight * loss for weight, loss, _ in at) / whole
    return found


def plain_alliance_coverage(plan: Plan) -> float:
    """Part of what is required that is there, weighted as risk is but with every missing unit alike."""
    d, short = plan.data, plan.quantity("shortfall")
    loss = sum(
        d.task_part[key[0]] * d.importance[key[1]] * short[key] / required for key, required in d.required.items()
    )
    return 1.0 - loss


def unspent(plan: Plan) -> dict[tuple[str, int], float]:
    """What each member offers and does not spend in each period, discounted."""
    d, spent = plan.data, plan.quantity("spend")
    return {(m, t): d.discount[t] * max(0.0, d.budget[m, t] - value) for (m, t), value in spent.items()}


class _Quantities:
    """A plan's quantities as a rule's own expressions read them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __getattr__(self, name: str) -> Mapping[Key, float]:
        return self._plan.quantity(name)


def room(plan: Plan, rule: str, key: Key) -> float:
    """How much a policy allows at one place, in its unit; 0 where that is no amount (a fairness band)."""
    d, lp = plan.data, plan.lp
    if rule in lp.bounds:
        place = lp.columns[lp.bound_blocks[rule].name].at[key]
        return float(lp.bounds[rule][place])
    if worked_out := plan.parts[rule].room:
        return float(worked_out(_Quantities(plan), d, *key))
    place = lp.rows[rule].at[key]
    ends = (lp.row_lower[place], lp.row_upper[place])
    return max((abs(float(end)) for end in ends if abs(end) < float("inf")), default=0.0)


def policies(plan: Plan) -> list[str]:
    """The policies in force, in the order of the formulation."""
    names = [*plan.lp.rows, *plan.lp.bounds]
    return [name for name, part in plan.parts.items() if part.may_bend and name in names and name not in plan.lp.off]


def worth_of_room(plan: Plan, rule: str) -> dict[Key, float]:
    """By place: up to how much the measure would fall if the policy allowed one per cent more there."""
    return {key: 0.01 * gain * room(plan, rule, key) for key, gain in gains(plan, rule).items()}


def part_offered(plan: Plan) -> tuple[float, float]:
    """What all members spend over the horizon and what they offer, both discounted."""
    d, spent = plan.data, plan.quantity("spend")
    return plan.measures["cost"], sum(d.discount[t] * d.budget[m, t] for m, t in spent)


def largest_dependence(plan: Plan) -> tuple[Key, float] | None:
    """The contribution that is the largest part of a requirement met by the sum, and that part."""
    d = plan.data
    parts: Mapping[Any, float] = {
        key: value / d.required[key[1:]]
        for key, value in plan.values["contributed"].items()
        if d.sharing[key[2]] != "weakest link"
    }
    if not parts:
        return None
    best = max(parts, key=lambda key: round(parts[key], 9))
    return best, parts[best]
