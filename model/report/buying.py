"""What a little more money would buy and where: the budget rows with the highest gain and what they are spent on at the margin."""

from __future__ import annotations

from dataclasses import dataclass

from model.report import words
from model.report.causes import gains, pricing_stage
from model.solve.plan import Plan

_MARGIN = 1e-9

LARGEST_PART = 1 / 3
"""A round amount of money is no more than this part of what all members offer in a period."""


@dataclass(frozen=True)
class Offer:
    """A round amount more from one member in one period: the fall in the measure, as it is and as a part of its value."""

    member: str
    year: int
    gain: float
    part: float
    said: str


def round_amount(plan: Plan) -> float:
    """A thousand of the scenario's money (a billion, where that is millions), or a power of ten less in a small alliance."""
    budget, amount = plan.data.budget, 1000.0
    offered = sum(budget.values()) / max(1, len(plan.data.sets["period"]))
    while amount > LARGEST_PART * offered > 0:
        amount /= 10.0
    return amount


def round_amount_said(plan: Plan) -> str:
    """That amount in words: ``1 bn USD``."""
    return words.money(round_amount(plan), words.currency_of(plan.scenario))


def next_money(plan: Plan) -> list[Offer]:
    """One offer of a round amount for every member, in the period in which its money would do most, the best first."""
    stage = pricing_stage(plan)
    best: dict[str, tuple[float, int]] = {}
    for (member, year), gain in gains(plan, "budget_is_respected").items():
        if gain > best.get(member, (0.0, 0))[0]:
            best[member] = gain, year
    order = sorted(best, key=lambda member: (-best[member][0], member))
    amount = round_amount(plan)
    scale = amount / stage.value if stage.value else 0.0
    return [Offer(m, best[m][1], amount * best[m][0], scale * best[m][0], spent_on(plan, m, best[m][1])) for m in order]


def spent_on(plan: Plan, member: str, year: int, limit: int = 3) -> str:
    """What the member buys, lifts or keeps at the margin in a period: where its next money would go, by what it spends now."""
    found: dict[tuple[str, str], float] = {}
    for capability in plan.data.fields_of[member]:
        for how, money in _marginal(plan, member, capability, year).items():
            if money > 0:
                found[how, capability] = money
    by_how: dict[str, list[str]] = {}
    for how, capability in sorted(found, key=lambda way: (-found[way], way))[:limit]:
        by_how.setdefault(how, []).append(capability)
    return "; ".join(f"{how}: {words.joined(names)}" for how, names in by_how.items())


def _marginal(plan: Plan, member: str, capability: str, year: int) -> dict[str, float]:
    """Money spent on a capability in ways that could take more: neither at a limit of their own nor priced out."""
    d, values = plan.data, plan.values
    key, found = (member, capability, year), {}
    ordered = values["ordered"].get(key, 0.0)
    full = (
        gains(plan, "industry_keeps_up").get((capability, year), 0.0) > 0
        if d.build_limit[capability] is not None
        else False
    )
    if ordered > _MARGIN and not full:
        found["new units"] = ordered * d.acquisition_cost[member, capability]
    lifted = sum(
        values["lifted"][member, capability, level, year] * d.lifting_cost[member, capability, level]
        for level in d.levels_of[member][1:]
    )
    if lifted > _MARGIN and not _all_lifted(plan, member, capability, year):
        found["interoperability"] = lifted
    kept = values["held"][member, capability, 0, year]
    before = d.before(year)
    could = (
        d.initial[member, capability]
        if before is None
        else d.survival[capability] * values["held"][member, capability, 0, before]
    )
    if could - kept > 1e-6 * max(1.0, could) and kept > _MARGIN:
        found["upkeep of units otherwise given up"] = kept * d.upkeep_cost[member, capability]
    return found


def _all_lifted(plan: Plan, member: str, capability: str, year: int) -> bool:
    top = plan.data.levels_of[member][-1]
    held = plan.values["held"]
    return held[member, capability, top, year] >= held[member, capability, 0, year] * (1 - 1e-9)
