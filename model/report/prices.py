"""The Prices sheet: what the next money would buy, and what the next unit of money, force or release would gain, and where."""

from __future__ import annotations

import math
from typing import Any

from model.report.buying import how_found, next_money, round_amount_said
from model.report.causes import gains, pricing_stage
from model.report.figures import policies, room, worth_of_room
from model.report.pages import Grid, Page, Scale, rows
from model.solve.nearby import BUDGET, Nearby
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

_BEST, _OFFERS = 40, 10


def prices(plan: Plan, near: Nearby) -> Page:
    """The Prices sheet."""
    name = pricing_stage(plan).measure.replace("_", " ")
    says = (
        f"By how much {name} would fall if a policy gave a little more room. What the next money would buy is solved again; all "
        "else here is a price of the plan, which holds for small changes: by more room the fall is at most the price times the room. "
        "Every single price is on the sheet All prices."
    )
    return Page(
        "Prices",
        f"What a little more room would gain ({name})",
        says,
        (offers(plan, near), money_map(plan), *money_ranges(plan, near), policy_map(plan), best_places(plan)),
    )


def money_map(plan: Plan) -> Grid:
    """Member by period: the price of money."""
    found, value = gains(plan, BUDGET), pricing_stage(plan).value
    periods, one = plan.data.sets["period"], words.money(1.0, words.currency_of(plan.scenario))
    scale = 1.0 / value if value else 0.0
    name = pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Member", style="text"),
        *(Header(words.period(t, plan.data.step), f"% of {name} per {one}", "price", width=14) for t in periods),
    )
    records = [(m, *(scale * found.get((m, t), 0.0) for t in periods)) for m in plan.scenario.sets["member"]]
    says = (
        f"Fall in {name}, as a part of its value, for each of the first {one} more from the member in the period. How far that "
        "holds stands below. 0: the offer is not used up, or more would not help."
    )
    return Grid(
        "money map",
        "The price of money",
        headers,
        rows(records),
        says,
        (Scale(tuple(range(1, len(headers))), low=0.0),),
    )


def money_ranges(plan: Plan, near: Nearby) -> list[Grid]:
    """Member by period: how much more money its price holds for; nothing where the solver cannot say."""
    found, priced = near.ranges(), gains(plan, BUDGET)
    if found is None or BUDGET not in plan.lp.rows or BUDGET in plan.lp.off:
        return []
    at, high, d = plan.lp.rows[BUDGET].at, found[1].row_high, plan.data
    money = words.currency_of(plan.scenario)

    def further(member: str, year: int) -> float | None:
        end = float(high[at[member, year]]) - d.budget[member, year]
        return max(0.0, end) if (member, year) in priced and math.isfinite(end) else None

    headers = (
        Header("Member", style="text"),
        *(Header(words.period(t, d.step), money, "money") for t in d.sets["period"]),
    )
    records = [(m, *(further(m, t) for t in d.sets["period"])) for m in plan.scenario.sets["member"]]
    says = "Money beyond what is offered for which the price above holds, all else as it is; blank: there is no price."
    return [Grid("money ranges", "How much more money the price holds for", headers, rows(records), says)]


def policy_map(plan: Plan) -> Grid:
    """Policy by period: the fall in risk with one per cent more room everywhere."""
    value, periods = pricing_stage(plan).value, plan.data.sets["period"]
    name = pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Policy", style="text"),
        *(
            Header(words.period(t, plan.data.step), f"% of {name}, 1 % more room, at most", "fine_share")
            for t in periods
        ),
    )
    records = []
    for rule in policies(plan):
        worth, index = worth_of_room(plan, rule), plan.parts[rule].index
        if worth and value and "period" in index:
            at = index.index("period")
            records.append(
                (_named(rule), *(sum(w for key, w in worth.items() if key[at] == t) / value for t in periods))
            )
    says = f"The most that {name} would fall, as a part of its value, if every limit of a policy were one per cent wider in the period."
    return Grid(
        "policy map",
        "Which policies hold the plan back, and when",
        headers,
        rows(records),
        says,
        (Scale(tuple(range(1, len(headers))), low=0.0),),
    )


def offers(plan: Plan, near: Nearby) -> Grid:
    """What a round amount more from each of the best members would buy, solved again."""
    one, name = round_amount_said(plan), pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Member", style="text"),
        Header("Best years", style="text", width=13),
        Header(f"Fall in {name}", f"% of {name} for {one}", "fine_share"),
        Header("It would go into", style="wrap"),
    )
    records = [
        (o.member, words.period(o.year, plan.data.step), o.part, o.said) for o in next_money(plan, near, _OFFERS)
    ]
    return Grid(
        "offers",
        f"What the next {one} would buy, and where",
        headers,
        rows(records),
        how_found(plan) if records else "",
    )


def best_places(plan: Plan) -> Grid:
    """Single limits whose prices promise most for one per cent more room."""
    value, name = pricing_stage(plan).value, pricing_stage(plan).measure.replace("_", " ")
    found: list[tuple[float, str, Any, float, float]] = []
    for rule in policies(plan):
        price = gains(plan, rule)
        found += [
            (worth, rule, key, price[key], room(plan, rule, key))
            for key, worth in worth_of_room(plan, rule).items()
            if worth > 0
        ]
    found.sort(key=lambda one: (-one[0], one[1], str(one[2])))
    headers = (
        Header("Policy", style="text"),
        Header("Limit", "unit at the right", "two_decimals"),
        Header(f"Fall in {name} with 1 % more, at most", f"% of {name}", "fine_share"),
        Header("Unit of the limit", style="text"),
        Header("Where", style="wrap"),
    )
    records = [
        (
            _named(rule),
            limit,
            worth / value if value else 0.0,
            plan.unit_said(plan.parts[rule].unit),
            _where(plan, rule, key),
        )
        for worth, rule, key, _, limit in found[:_BEST]
    ]
    return Grid("best places", f"The {len(records)} single limits with the highest prices", headers, rows(records))


def _named(rule: str) -> str:
    return words.capital(rule.replace("_", " "))


def _where(plan: Plan, rule: str, key: tuple[Any, ...]) -> str:
    at = dict(zip(plan.parts[rule].index, key, strict=True))
    if "period" in at:
        at["period"] = words.period(at["period"], plan.data.step)
    return ", ".join(str(value) for value in at.values())
