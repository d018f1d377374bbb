"""What a round amount more money would buy and where: solved again with the money added to one member in one period.

Prices only say where to look. Since the measure is convex in the money offered, price times amount bounds its fall from above: members
are solved again in the order of that bound, until no other can be among the best.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.report.causes import RISKS, gains, pricing_stage
from model.solve.lp import Array
from model.solve.nearby import BUDGET, Nearby
from model.solve.plan import Plan
from model.wording import words

_MARGIN = 0.05
"""What takes up less than this part of the amount is not said."""

_NOTHING = 1e-9
"""Falls below this part of the measure are the solver's."""

LARGEST_PART = 1 / 3
"""A round amount of money is no more than this part of what all members offer in a period."""


@dataclass(frozen=True)
class Offer:
    """A round amount more from one member in one period: the fall in the measure once solved again, as it is and as a part of its
    value, and what the member then spends more on, in words."""

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


def next_money(plan: Plan, near: Nearby, most: int) -> list[Offer]:
    """The best offers of a round amount, at most so many, one for each member in the period in which its money does most.

    Those that were not settled are left out. Members whose money lowers nothing are no offers.
    """
    amount, best = round_amount(plan), dict[str, tuple[float, int]]()
    for bound, member, year in _bounds(plan, amount):
        ranked = sorted((gain for gain, _ in best.values()), reverse=True)
        if len(ranked) >= most and ranked[most - 1] >= bound:
            break
        if bound <= best.get(member, (0.0, 0))[0] or (answer := near.more_money(member, year, amount)) is None:
            continue
        best[member] = max(best.get(member, (0.0, 0)), (min(near.fall(answer), bound), year), key=lambda one: one[0])
    order = [m for m in sorted(best, key=lambda m: (-best[m][0], m)) if best[m][0] > _NOTHING * near.stage.value]
    return [_offer(plan, near, member, *best[member], amount) for member in order[:most]]


def best_of(plan: Plan, near: Nearby, member: str) -> tuple[float, int] | None:
    """The fall in the measure for a round amount more from one member, and the period in which it is largest; None where not settled."""
    amount, best = round_amount(plan), (0.0, 0)
    for bound, who, year in _bounds(plan, amount):
        if who == member and bound > best[0]:
            if (answer := near.more_money(member, year, amount)) is None:
                return None
            best = max(best, (min(near.fall(answer), bound), year), key=lambda one: one[0])
    return best


def fall_said(plan: Plan, gain: float) -> str:
    """The fall in points beside its part of the value, where the measure is a fraction."""
    return f" ({words.number(100 * gain)} points)" if pricing_stage(plan).measure in RISKS else ""


def how_found(plan: Plan) -> str:
    """How the statements about the next money were made, and what stayed as it is meanwhile."""
    stage, kept = pricing_stage(plan), []
    kept += [name.replace("_", " ") for name in stage.ceilings]
    kept += ["joint programmes"] if plan.programmes else []
    kept += ["what members compare the plan with under consensus"] if plan.accepted else []
    still = f" Kept as they are: {words.joined(kept)}." if kept else ""
    return (
        "Each line was solved again with the money added in those years and all else as it is; no other member's money would do "
        f"more than the last of them. Where several uses are equally good, one is named.{still}"
    )


def _bounds(plan: Plan, amount: float) -> list[tuple[float, str, int]]:
    """The most that an amount from a member in a period can lower the measure by, by its price; the highest first."""
    found = [(amount * gain, member, year) for (member, year), gain in gains(plan, BUDGET).items()]
    return sorted(found, key=lambda one: (-one[0], one[1], one[2]))


def _offer(plan: Plan, near: Nearby, member: str, gain: float, year: int, amount: float) -> Offer:
    value = near.stage.value
    return Offer(member, year, gain, gain / value if value else 0.0, _spent_on(plan, near, member, year, amount))


def _spent_on(plan: Plan, near: Nearby, member: str, year: int, amount: float, limit: int = 3) -> str:
    """What the member spends more on once it offers more: by the difference of the two solves, the most first."""
    after, before = near.more_money(member, year, amount), near.base()
    if after is None or before is None:
        return ""
    rise = _spending(plan, member, after.x - before.x)
    by_how: dict[str, list[str]] = {}
    for how, capability in sorted(rise, key=lambda way: (-rise[way], way))[:limit]:
        if rise[how, capability] >= _MARGIN * amount:
            by_how.setdefault(how, []).append(capability)
    return "; ".join(f"{how}: {words.joined(names)}" for how, names in by_how.items())


def _spending(plan: Plan, member: str, x: Array) -> dict[tuple[str, str], float]:
    """What a member spends on each capability and how, discounted, by the columns of a plan or of a difference of two."""
    d, found = plan.data, dict[tuple[str, str], float]()
    ways = (
        ("ordered", "new units", lambda c, _: d.acquisition_cost[member, c]),
        ("lifted", "interoperability", lambda c, level: d.lifting_cost[member, c, level]),
        ("held", "upkeep", lambda c, level: d.upkeep_cost[member, c] if level == 0 else 0.0),
    )
    for name, how, price in ways:
        for (who, capability, *level, year), place in plan.lp.columns[name].at.items():
            if who == member:
                money = d.discount[year] * price(capability, level[0] if level else 0) * float(x[place])
                found[how, capability] = found.get((how, capability), 0.0) + money
    return found
