"""The Interoperability sheet: levels reached over the years, and where friction costs most."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from model.report.pages import Chart, Grid, Page, Rows, Scale, rows
from model.report.reasons import lost
from model.solve.lp import Key
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

By = dict[tuple[str, int], float]


def interoperability(plan: Plan) -> Page:
    """The Interoperability sheet."""
    says = (
        "Forces of different capabilities are added up by their list price. What a unit counts for beside "
        "the lead of a situation depends on its level and on how much "
        "its owner has in common with the lead; the part that friction takes is what is missing from full worth in the forces sent."
    )
    levels = plan.scenario.sets["level"]
    chart = Chart(
        "Interoperability level of all holdings", "column", "levels", tuple(range(1, len(levels) + 1)),
        "Years", "Part of holdings at list price (%)", stacked=True, y_format="0%", y_limits=(0.0, 1.0),
    )  # fmt: skip
    by_capability, by_member = friction(plan)
    say = partial(_over_years, plan)
    items = (
        chart,
        level_table(plan),
        say(
            "friction by capability",
            "Where friction costs most: capabilities",
            "Capability",
            plan.scenario.sets["capability"],
            by_capability,
        ),
        say(
            "friction by member",
            "Where friction costs most: members",
            "Member",
            plan.scenario.sets["member"],
            by_member,
        ),
        member_levels(plan),
    )
    return Page("Interoperability", "Levels reached and what friction costs", says, items)


def level_table(plan: Plan) -> Grid:
    """Period by level: part of all holdings at list price."""
    value = _value_by(plan, lambda key: "")
    headers = (
        Header("Years", style="text"),
        *(Header(level, "% of holdings", "share") for level in plan.scenario.sets["level"]),
    )
    records = [(words.period(t, plan.data.step), *_parts(plan, value, "", t)) for t in plan.data.sets["period"]]
    return Grid("levels", "Holdings by level", headers, rows(records))


def member_levels(plan: Plan) -> Grid:
    """Member by level in the last period."""
    value, last = _value_by(plan, lambda key: key[0]), plan.data.sets["period"][-1]
    years = words.period(last, plan.data.step)
    headers = (
        Header("Member", style="text"),
        *(Header(level, f"% of holdings, {years}", "share") for level in plan.scenario.sets["level"]),
    )
    records = [(m, *_parts(plan, value, m, last)) for m in plan.scenario.sets["member"]]
    return Grid(
        "member levels",
        f"Level of each member's holdings, {years}",
        headers,
        rows(records),
        scales=(_scale(len(headers), 1.0),),
    )


def _value_by(plan: Plan, group: Callable[[Key], str]) -> dict[tuple[str, str, int], float]:
    """Holdings at list price by group, level and period."""
    price = plan.scenario.unit_cost
    found: dict[tuple[str, str, int], float] = {}
    for m, c, level, t, units in plan.records("holdings").pick("member", "capability", "level", "year", "value"):
        at = group((m, c)), level, t
        found[at] = found.get(at, 0.0) + units * price[c]
    return found


def _parts(plan: Plan, value: dict[tuple[str, str, int], float], group: str, year: int) -> list[float | None]:
    amounts = [value.get((group, level, year), 0.0) for level in plan.scenario.sets["level"]]
    whole = sum(amounts)
    return [amount / whole if whole > 0 else None for amount in amounts]


def friction(plan: Plan) -> tuple[By, By]:
    """The part of the full worth of the forces sent that friction takes, by capability and by member, and period."""
    sent, price = plan.values["contributed"], plan.scenario.unit_cost
    full: tuple[By, By] = ({}, {})
    gone: tuple[By, By] = ({}, {})
    for key in plan.data.required:
        extra = lost(plan, key)
        for member in plan.data.contributors[key]:
            missing = extra.get(member, 0.0)
            whole = (sent[member, *key] + missing) * (price[key[1]] or 1.0)
            for side, name in ((0, key[1]), (1, member)):
                at = name, key[2]
                full[side][at] = full[side].get(at, 0.0) + whole
                gone[side][at] = gone[side].get(at, 0.0) + missing * (price[key[1]] or 1.0)
    by_capability, by_member = (
        {at: gone[side][at] / whole for at, whole in full[side].items() if whole > 1e-9} for side in (0, 1)
    )
    return by_capability, by_member


def _over_years(plan: Plan, name: str, title: str, first: str, names: tuple[str, ...], values: By) -> Grid:
    periods = plan.data.sets["period"]
    headers = (
        Header(first, style="text"),
        *(Header(words.period(t, plan.data.step), "% lost", "share") for t in periods),
    )
    kept = [n for n in names if any(values.get((n, t)) is not None for t in periods)]
    kept.sort(key=lambda n: -max(values.get((n, t), 0.0) for t in periods))
    records: Rows = rows([(n, *(values.get((n, t)) for t in periods)) for n in kept])
    return Grid(
        name,
        title,
        headers,
        records,
        "Part of the full worth of the forces sent that is lost to friction, worst first.",
        (_scale(len(headers)),),
    )


def _scale(columns: int, high: float | None = None) -> Scale:
    return Scale(tuple(range(1, columns)), low=0.0, high=high)
