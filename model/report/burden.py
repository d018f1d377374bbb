"""The Burden sheet: who pays, against the key, against what it offers and against what it gets; every key side by side."""

from __future__ import annotations

from model.layers.burden_keys.keys import fair_shares, fold, side_by_side
from model.report.benefit import benefit_chart, benefit_table, guidelines_table, in_kind_table
from model.report.pages import Chart, Grid, Item, Page, Paragraph, Scale, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header


def burden(plan: Plan) -> Page:
    """The Burden sheet."""
    key = str(plan.scenario.settings["burden_key"])
    rate = words.percent(plan.scenario.settings["discount_rate"])
    says = (
        f"A burden is what a member spends over the whole horizon, discounted at {rate} a year. The fair "
        f"share follows the burden key ({key}). "
        "No member spends more than it offers, so a small offer shows as a small burden."
    )
    steps = fold(plan.scenario, key)
    told = [Paragraph(f"{step.place}. {step.says[:1].upper()}{step.says[1:]}", "point") for step in steps]
    items: list[Item] = [
        burden_chart(),
        table(plan),
        benefit_chart(),
        benefit_table(plan),
        in_kind_table(plan),
        keys_table(plan),
        heading(f"The burden key {key}, step by step"),
        *told,
    ]
    return Page("Burden", "Who bears what", says, (*items, steps_table(plan), guidelines_table(plan)))


def burden_chart() -> Chart:
    """Each member's share of the cost beside its fair share."""
    return Chart(
        "Share of the cost against fair share",
        "column",
        "burden",
        (3, 4),
        "Member",
        "Part of the alliance's cost (%)",
        y_format="0%",
        size=(900, 420),
    )


def table(plan: Plan) -> Grid:
    """One row a member, and the total."""
    money = words.currency_of(plan.scenario)
    found = plan.records("burdens").by("member")
    headers = (
        Header("Member", style="text"),
        Header("Offered", money, "money"),
        Header("Burden", money, "money"),
        Header("Share of the cost", "%", "share_two"),
        Header("Fair share", "%", "share_two"),
        Header("Burden at fair share", money, "money"),
        Header("Above (+) or below (−) fair share", money, "money", width=16),
        Header("Burden against fair share", "times", "two_decimals", width=14),
        Header("Part of the offer used", "%", "share", width=12),
    )
    records = [_row(found[m]) for m in plan.scenario.sets["member"]]
    totals = [
        sum(float(row[at]) for row in found.values())
        for at in ("offered", "burden", "share", "fair_share", "fair_burden")
    ]
    records.append(("All members", *totals, None, None, totals[1] / totals[0] if totals[0] else None))
    return Grid(
        "burden",
        "Burden of each member",
        headers,
        rows(records),
        scales=(Scale((6,), "diverging", rows_left_out=1), Scale((8,), low=0.0, high=1.0)),
    )


def keys_table(plan: Plan) -> Grid:
    """Every burden key the workbook has figures for, side by side; the chosen one first, beside what is borne."""
    s, found = plan.scenario, plan.records("burdens").by("member")
    given = str(s.settings["burden_key"])
    keys = {given: fair_shares(s, given), **side_by_side(s)}
    headers = (
        Header("Member", style="text"),
        Header("Share of the cost", "%", "share_two"),
        *(Header(f"By {name}", "%", "share_two") for name in keys),
    )
    records = [(m, found[m]["share"], *(key[m] for key in keys.values())) for m in s.sets["member"]]
    says = "What each member's part would be under every key; a key the workbook lacks figures for is left out."
    return Grid(
        "burden keys", "Burden keys side by side", headers, rows(records), says, (Scale(tuple(range(1, len(headers)))),)
    )


def steps_table(plan: Plan) -> Grid:
    """The chosen key step by step: each member's share after each step."""
    s = plan.scenario
    steps = fold(s, str(s.settings["burden_key"]))
    headers = (
        Header("Member", style="text"),
        *(Header(f"After step {step.place}", "%", "share_two") for step in steps),
    )
    records = [(m, *(step.shares[m] for step in steps)) for m in s.sets["member"]]
    return Grid("key steps", "Shares after each step", headers, rows(records))


def _row(row: dict[str, float]) -> tuple[object, ...]:
    fair, borne, offered = row["fair_burden"], row["burden"], row["offered"]
    ratio = borne / fair if fair > 0 else None
    return (
        row["member"],
        offered,
        borne,
        row["share"],
        row["fair_share"],
        fair,
        borne - fair,
        ratio,
        borne / offered if offered > 0 else None,
    )
