"""The Technology sheet: research paid and what it brings forward, and the technology levels of members."""

from __future__ import annotations

from model.layers.technology import domains as here
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

AFTER, BESIDE = "Burden", "burden"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


_NOTHING = 1e-6


def used(plan: Plan) -> bool:
    """Whether the workbook says of any capability when it ripens, or of any member what its level is."""
    return bool(plan.scenario.available_from) or bool(plan.data.keys(here.technical_members))


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, where the workbook says anything about technology; else none."""
    if not used(plan):
        return []
    says = (
        "Capabilities that are not ripe from the start, and members' technology levels. Research and transfers are paid by everybody, "
        "by the burden key, inside the budgets. Levels narrow the gap that was agreed; they do not change what a unit counts for."
    )
    items: list[Item] = []
    if plan.scenario.available_from:
        items.append(ripening(plan))
    if plan.data.keys(here.technical_members):
        items.append(levels(plan))
    return [Page("Technology", "Technology", says, tuple(items))]


def ripening(plan: Plan) -> Grid:
    """Capability: available when, research paid of how much, ordered before."""
    s, d, money = plan.scenario, plan.data, words.currency_of(plan.scenario)
    headers = (
        Header("Capability", style="text"),
        Header("Available to anybody from", "year", "year", width=14),
        Header("Research in all", money, "money", width=14),
        Header("Research paid", money, "money", width=14),
        Header("Part paid", "%", "share"),
        Header("Ordered before", "units", "two_decimals"),
    )
    records = []
    for c in (c for c in s.sets["capability"] if c in s.available_from):
        paid, whole = researched(plan, c), s.research_cost[c]
        early = {t for k, t in d.keys(here.early_periods) if k == c}
        units = sum(value for (_, k, t), value in plan.values["ordered"].items() if k == c and t in early)
        units += sum(value for (k, t), value in plan.values["commonly_ordered"].items() if k == c and t in early)
        joint = plan.values["jointly_ordered"].items()
        units += sum(value for (g, _, t), value in joint if d.programme_capability[g] == c and t in early)
        records.append((c, s.available_from[c], whole, paid, paid / whole if whole else None, units))
    return Grid("ripening", "What ripens when", headers, rows(records))


def researched(plan: Plan, capability: str) -> float:
    """Research paid over the horizon for a capability."""
    return sum(value for (c, _), value in plan.values["researched"].items() if c == capability)


def levels(plan: Plan) -> Grid:
    """Member: technology level at the start and in the end, what it was raised by and what that cost."""
    d, money = plan.data, words.currency_of(plan.scenario)
    headers = (
        Header("Member", style="text"),
        Header("Level at the start", "0 to 1", "two_decimals"),
        Header("Raised by", "0 to 1", "two_decimals"),
        Header("Level in the end", "0 to 1", "two_decimals"),
        Header("Below the best", "0 to 1", "two_decimals"),
        Header("Transfers cost everybody", money, "money", width=14),
    )
    records = []
    for m in (m for m in plan.scenario.sets["member"] if m in d.start_technology):
        by = sum(value for (n, _), value in plan.values["raised"].items() if n == m)
        start = d.start_technology[m]
        records.append((m, start, by, start + by, d.behind[m] - by, by * d.whole_transfer.get(m, 0.0)))
    return Grid("technology levels", "Technology levels", headers, rows(records))


def brief(plan: Plan) -> list[Item]:
    """What the Summary says of technology; nothing where the workbook says nothing of it."""
    if not used(plan):
        return []
    money, said = words.currency_of(plan.scenario), []
    paid = {c: researched(plan, c) for (c,) in plan.data.keys(here.researched_capabilities)}
    worth = [f"{c} ({words.money(amount, money)})" for c, amount in paid.items() if amount > _NOTHING]
    left = [c for c, amount in paid.items() if amount <= _NOTHING]
    if worth:
        said.append(f"Joint research is worth its money on {words.joined(worth)}.")
    if left:
        said.append(f"Not worth researching under these policies: {words.joined(left)}.")
    if (gap := plan.measures.get("technology_gap")) is not None:
        said.append(f"In the end the member furthest behind in technology is {words.number(gap)} below the best.")
    return [heading("Technology"), *(Paragraph(text, "point") for text in said)] if said else []
