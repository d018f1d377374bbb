"""The Prices sheet: what the next unit of money, force or release would gain, and where."""

from __future__ import annotations

from typing import Any

from model.data.excel_writer import Header
from model.formulation.registry import PARTS
from model.report import words
from model.report.buying import next_money, round_amount, round_amount_said
from model.report.causes import gains, pricing_stage
from model.report.figures import policies, room, worth_of_room
from model.report.pages import Grid, Page, Scale, rows
from model.solve.plan import Plan

_BEST = 40


def prices(plan: Plan) -> Page:
    """The Prices sheet."""
    name = pricing_stage(plan).measure.replace("_", " ")
    says = (
        f"By how much {name} would fall if a policy gave a little more room: read from the prices of the "
        "plan. Prices are estimates for small changes: the fall is at most "
        "this. Every single price is on the sheet All prices."
    )
    return Page(
        "Prices",
        f"What a little more room would gain ({name})",
        says,
        (offers(plan), money_map(plan), policy_map(plan), best_places(plan)),
    )


def money_map(plan: Plan) -> Grid:
    """Member by period: the fall in risk for a round amount more of money."""
    found, value = gains(plan, "budget_is_respected"), pricing_stage(plan).value
    periods, one = plan.data.sets["period"], round_amount_said(plan)
    scale = round_amount(plan) / value if value else 0.0
    name = pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Member", style="text"),
        *(Header(words.period(t, plan.data.step), f"% of {name} per {one}", "fine_share") for t in periods),
    )
    records = [(m, *(scale * found.get((m, t), 0.0) for t in periods)) for m in plan.scenario.sets["member"]]
    says = (
        f"Fall in {name}, as a part of its value, for {one} more from the member in the period. 0: the offer "
        "is not used up, or more would not help."
    )
    return Grid(
        "money map",
        "Where the next money gains most",
        headers,
        rows(records),
        says,
        (Scale(tuple(range(1, len(headers))), low=0.0),),
    )


def policy_map(plan: Plan) -> Grid:
    """Policy by period: the fall in risk with one per cent more room everywhere."""
    value, periods = pricing_stage(plan).value, plan.data.sets["period"]
    name = pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Policy", style="text"),
        *(Header(words.period(t, plan.data.step), f"% of {name}, 1 % more room", "fine_share") for t in periods),
    )
    records = []
    for rule in policies(plan):
        worth, index = worth_of_room(plan, rule), PARTS[rule].index
        if worth and value and "period" in index:
            at = index.index("period")
            records.append(
                (_named(rule), *(sum(w for key, w in worth.items() if key[at] == t) / value for t in periods))
            )
    says = f"Fall in {name}, as a part of its value, if every limit of a policy were one per cent wider in the period."
    return Grid(
        "policy map",
        "Which policies hold the plan back, and when",
        headers,
        rows(records),
        says,
        (Scale(tuple(range(1, len(headers))), low=0.0),),
    )


def offers(plan: Plan) -> Grid:
    """What a round amount more from each member would buy at the margin."""
    one, name = round_amount_said(plan), pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Member", style="text"),
        Header("Best years", style="text", width=13),
        Header(f"Fall in {name}", f"% of {name} per {one}", "fine_share"),
        Header("Money at the margin goes into", style="wrap"),
    )
    records = [(o.member, words.period(o.year, plan.data.step), o.part, o.said) for o in next_money(plan)[:10]]
    return Grid("offers", f"What the next {one} would buy, and where", headers, rows(records))


def best_places(plan: Plan) -> Grid:
    """Single limits whose loosening by one per cent would gain most."""
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
        Header(f"Fall in {name} with 1 % more", f"% of {name}", "fine_share"),
        Header("Unit of the limit", style="text"),
        Header("Where", style="wrap"),
    )
    records = [
        (
            _named(rule),
            limit,
            worth / value if value else 0.0,
            plan.unit_said(PARTS[rule].unit),
            _where(plan, rule, key),
        )
        for worth, rule, key, _, limit in found[:_BEST]
    ]
    return Grid("best places", f"The {len(records)} single limits that would gain most", headers, rows(records))


def _named(rule: str) -> str:
    return words.capital(rule.replace("_", " "))


def _where(plan: Plan, rule: str, key: tuple[Any, ...]) -> str:
    at = dict(zip(PARTS[rule].index, key, strict=True))
    if "period" in at:
        at["period"] = words.period(at["period"], plan.data.step)
    return ", ".join(str(value) for value in at.values())
