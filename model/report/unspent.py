"""Why money that members offer stays unspent: orders that would come too late, limits on what they may add, or nothing to add to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from model.report.causes import Causes, reason_of
from model.report.sentences import kinds, known
from model.solve.plan import Plan
from model.wording import words

_SAID = 0.05
"""Reasons that stand for less than this part of the money are left out."""

_NAMED = 3

Money = dict[str, float]


def unspent_because(plan: Plan, causes: Causes, left: Mapping[tuple[str, int], float]) -> str:
    """Why what is left would lower risk no further, the larger part of the money first; nothing where the plan does not say."""
    late, limits, total = dict[int, float](), Money(), sum(left.values())
    idle = 0.0
    for (member, year), money in left.items():
        if money <= 0:
            continue
        if _too_late(plan, member, year):
            late[year] = late.get(year, 0.0) + money
        elif by := _limits(plan, causes, member, year):
            for kind, part in by.items():
                limits[kind] = limits.get(kind, 0.0) + part * money
        else:
            idle += money
    said = [
        (sum(late.values()), f"what is ordered in {words.periods(late, plan.data.step)} arrives after {_last(plan)}"),
        (
            sum(limits.values()),
            f"what could be added to what is short is limited by {words.joined(_named(limits, total))}",
        ),
        (idle, "nothing is short that these members could add to"),
    ]
    kept = [text for money, text in sorted(said, key=lambda one: -one[0]) if money > _SAID * total]
    return "; ".join(kept)


def _named(limits: Money, total: float) -> Iterable[str]:
    order = [kind for kind in sorted(limits, key=lambda kind: -limits[kind]) if limits[kind] > _SAID * total]
    return [kinds()[kind].limit for kind in (order or sorted(limits, key=lambda kind: -limits[kind]))[:_NAMED]]


def _last(plan: Plan) -> int:
    return int(plan.data.sets["period"][-1] + plan.data.step - 1)


def _too_late(plan: Plan, member: str, year: int) -> bool:
    """Whether a member may order something in a period, and all of it would arrive after the horizon."""
    d = plan.data
    may = [c for c in d.fields_of[member] if (member, c) in d.cost_factor and d.can_be_ordered(c, year)]
    return bool(may) and all(d.arrival(c, year) not in d.position for c in may)


def _limits(plan: Plan, causes: Causes, member: str, year: int) -> Money:
    """What withholds one more unit of what is short and the money of a period could serve, by kind, summing to 1."""
    d, found = plan.data, Money()
    for (task, capability, when), short in plan.quantity("shortfall").items():
        required = d.required[task, capability, when]
        in_time = when == year or (when >= d.arrival(capability, year) and when > year)
        if short <= 1e-6 * required or not in_time:
            continue
        weight = d.task_part[task] * d.importance[capability] * short / required
        for cause, part in causes.withheld(member, task, capability, when).items():
            kind = known(reason_of(plan, cause))
            found[kind] = found.get(kind, 0.0) + weight * part
    total = sum(found.values())
    return {kind: part / total for kind, part in found.items()} if total > 0 else {}
