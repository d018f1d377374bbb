"""The Industry sheet: whose industry earns what is spent on orders, against what must come back, and who is held up."""

from __future__ import annotations

from model.layers.industry import domains as here
from model.report.causes import gains, pricing_stage
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

AFTER, BESIDE = "Burden", "burden"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


def used(plan: Plan) -> bool:
    """Whether the workbook says anything about industry."""
    return bool(plan.data.keys(here.earning_members))


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, where the workbook says anything about industry; else none."""
    if not used(plan):
        return []
    says = (
        "Where the money of orders goes, over the whole horizon and not discounted. What no supplier is named for is made in the "
        "buyer's own country. Jobs are counted where the workbook gives them for a supplier, GDP where it gives a multiplier."
    )
    items: list[Item] = [members(plan)]
    if plan.data.keys(here.supplies):
        items.append(suppliers(plan))
    return [Page("Industry", "Industry and jobs", says, tuple(items))]


def members(plan: Plan) -> Grid:
    """Member: paid for orders, earned, the part that comes back against the floor, jobs, GDP."""
    s, money = plan.scenario, words.currency_of(plan.scenario)
    price, name = gains(plan, "industry_gets_its_return"), pricing_stage(plan).measure.replace("_", " ")
    headers = (
        Header("Member", style="text"),
        Header("Paid for orders", money, "money"),
        Header("Earned by its industry", money, "money", width=14),
        Header("Part that comes back", "%", "share", width=12),
        Header("At least", "%", "share", width=12),
        Header("Jobs", "job-years", "number"),
        Header("Added to its GDP", money, "money", width=14),
        Header(
            "One more unit of room in the floor would lower it by at most", f"{name} per {money}", "residual", width=20
        ),
    )
    sums = totals(plan)
    records = []
    for m in s.sets["member"]:
        paid, earned, jobs, gdp = sums[m]
        part = earned / paid if paid > 0 else None
        records.append((m, paid, earned, part, s.juste_retour[m], jobs, gdp, price.get((m,), 0.0)))
    return Grid("returns", "Who pays and who earns", headers, rows(records))


def totals(plan: Plan) -> dict[str, tuple[float, float, float, float]]:
    """By member, over the horizon: paid for orders, earned, jobs, added to GDP."""
    found = dict.fromkeys(plan.scenario.sets["member"], (0.0, 0.0, 0.0, 0.0))
    for member, *values in plan.records("returns").pick("member", "paid", "earned", "jobs", "gdp_effect"):
        paid, earned, jobs, gdp = (old + more for old, more in zip(found[member], values, strict=True))
        found[member] = paid, earned, jobs, gdp
    return found


def suppliers(plan: Plan) -> Grid:
    """Supplier and capability by period: made, at most, money, and what one more unit would gain."""
    d, money = plan.data, words.currency_of(plan.scenario)
    price, name = gains(plan, "supplier_keeps_up"), pricing_stage(plan).measure.replace("_", " ")
    headers = (
        *(Header(title, style="text") for title in ("Capability", "Supplier", "Years")),
        Header("Makes", "units", "two_decimals"),
        Header("At most", "units; blank: no limit", "two_decimals", width=14),
        Header("Gets", money, "money"),
        Header("One more unit would lower it by at most", f"{name} per unit", "residual", width=16),
    )
    table = plan.records("suppliers").pick("capability", "supplier", "year", "value", "limit", "sold")
    records = [
        (c, f, words.period(t, d.step), made, limit, sold, price.get((c, f, t), 0.0))
        for c, f, t, made, limit, sold in table
    ]
    return Grid("suppliers", "Who makes what", headers, rows(records))


def brief(plan: Plan) -> list[Item]:
    """What the Summary says of industry; nothing where the workbook says nothing of it."""
    if not used(plan):
        return []
    sums, money = totals(plan), words.currency_of(plan.scenario)
    earners = sorted(sums, key=lambda m: -sums[m][1])
    paid, earned = sum(value[0] for value in sums.values()), sum(value[1] for value in sums.values())
    most = words.joined([f"{m} {words.money(sums[m][1], money)}" for m in earners if sums[m][1] > 0], 3)
    said = f"Of {words.money(paid, money)} paid for orders members' own industries earn {words.money(earned, money)}"
    said += f" ({most})." if most else "."
    held = sorted({f"{f} ({c})" for c, f, _ in gains(plan, "supplier_keeps_up")})
    if held:
        said += f" Suppliers that hold the plan up: {words.joined(held, 3)}."
    floors = [m for (m,) in gains(plan, "industry_gets_its_return")]
    if floors:
        said += f" The floor on what comes back holds {words.joined(floors, 3)} back from ordering more."
    return [heading("Industry and jobs"), Paragraph(said)]
