"""The Burden sheet: who pays, against the key and against what it offers."""

from __future__ import annotations

from model.data.excel_writer import Header
from model.report import words
from model.report.pages import Chart, Grid, Page, Scale, rows
from model.solve.plan import Plan


def burden(plan: Plan) -> Page:
    """The Burden sheet."""
    key = str(plan.scenario.settings["burden_key"])
    rate = words.percent(plan.scenario.settings["discount_rate"])
    says = (
        f"A burden is what a member spends over the whole horizon, discounted at {rate} a year. The fair "
        f"share follows the burden key ({key}). "
        "No member spends more than it offers, so a small offer shows as a small burden."
    )
    return Page("Burden", "Who bears what", says, (burden_chart(), table(plan)))


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
