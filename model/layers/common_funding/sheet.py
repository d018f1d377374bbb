"""The sheet Common funding and what the Summary says of it: what is worth owning together, and who pays for it."""

from __future__ import annotations

from model.report.pages import Grid, Item, Page, Paragraph, Scale, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

AFTER, BESIDE = "Schedule", "burden"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


_NOTHING = 1e-6
_PAYERS = 4
"""Members named in a sentence about who pays."""


def used(plan: Plan) -> bool:
    """Whether the workbook lets the alliance own anything."""
    return bool(plan.values["commonly_held"])


def common_funding(plan: Plan) -> Page:
    """The sheet Common funding."""
    says = (
        "Units the alliance owns itself. Every member pays its part of them inside its budget, by the key of the row; the plan "
        "decides how much of each is worth it. They are at the top level of interoperability, no caveat holds them back, and "
        "no requirement counts as resting on a member for them."
    )
    told = [Paragraph(sentence) for sentence in sentences(plan)]
    return Page("Common funding", "What the alliance owns itself", says, (*told, stocks(plan), payers(plan)))


def stocks(plan: Plan) -> Grid:
    """A row a capability: owned by period, orders, cost, and which part of what is required it provides."""
    s, d, money = plan.scenario, plan.data, words.currency_of(plan.scenario)
    periods = d.sets["period"]
    headers = (
        Header("Capability", style="text"),
        Header("Unit", style="text"),
        Header("At most", "units", "one_decimal"),
        Header("At the start", "units", "one_decimal"),
        *(Header(words.period(t, d.step), "units", "two_decimals") for t in periods),
        Header("Orders in all", "units", "two_decimals"),
        Header("Cost, discounted", money, "money", width=14),
        Header("Part of what a situation requires, at least", "%", "share", width=16),
        Header("Paid by the key", style="text"),
    )
    held, ordered, cost = plan.values["commonly_held"], plan.values["commonly_ordered"], costs(plan)
    records = [
        (
            c,
            words.unit_of(s, c),
            s.common_max_stock[c],
            d.common_initial[c],
            *(held[c, t] for t in periods),
            sum(ordered.get((c, t), 0.0) for t in periods),
            cost[c],
            provided(plan, c),
            s.common_key[c],
        )
        for c in _capabilities(plan)
    ]
    return Grid("common stocks", "Owned in each period", headers, rows(records))


def payers(plan: Plan) -> Grid:
    """A row a member: what it pays for each capability, discounted, and its part of the whole."""
    money, names = words.currency_of(plan.scenario), _capabilities(plan)
    paid = paid_by(plan)
    total = sum(sum(by.values()) for by in paid.values())
    headers = (
        Header("Member", style="text"),
        *(Header(c, money, "money") for c in names),
        Header("In all", money, "money"),
        Header("Part of common funding", "%", "share_two", width=14),
    )
    records = []
    for m in plan.scenario.sets["member"]:
        mine = sum(paid[m].values())
        records.append((m, *(paid[m][c] for c in names), mine, mine / total if total else None))
    sums = [sum(paid[m][c] for m in paid) for c in names]
    records.append(("All members", *sums, total, 1.0 if total else None))
    scales = (Scale(tuple(range(1, len(names) + 2)), low=0.0, rows_left_out=1),)
    return Grid("common payers", "Who pays, discounted over the horizon", headers, rows(records), scales=scales)


def sentences(plan: Plan) -> list[str]:
    """What is worth pooling, what is not, and who pays."""
    s, periods, cost = plan.scenario, plan.data.sets["period"], costs(plan)
    held = plan.values["commonly_held"]
    pooled = [c for c in _capabilities(plan) if max(held[c, t] for t in periods) > _NOTHING]
    left = [c for c in _capabilities(plan) if c not in pooled]
    total, currency = sum(cost.values()), words.currency_of(s)
    said = []
    if pooled:
        most_in = {c: max(periods, key=lambda t: (held[c, t], t)) for c in pooled}
        each = (
            f"{c}: {words.amount(held[c, t], s, c)} in {words.period(t, plan.data.step)}, "
            f"{words.percent(provided(plan, c, t))}{_of_required(plan, c)}"
            for c, t in most_in.items()
        )
        part = total / plan.measures["cost"] if plan.measures["cost"] else 0.0
        said.append(
            f"It is worth owning together: {'; '.join(each)}. This costs {words.money(total, currency)} (discounted), "
            f"{words.percent(part)} of all spending."
        )
        paid = {m: sum(by.values()) for m, by in paid_by(plan).items()}
        most = sorted(paid, key=lambda m: -paid[m])[:_PAYERS]
        if total > _NOTHING:
            whom = "It is paid" if len(paid) <= _PAYERS else "Most of it is paid"
            said.append(f"{whom} by {words.joined(f'{m} ({words.percent(paid[m] / total)})' for m in most)}.")
    if left:
        said.append(f"Not worth owning together under these policies: {words.joined(left)}.")
    return said


def brief(plan: Plan) -> list[Item]:
    """The section of the Summary; nothing where the layer is not used."""
    if not used(plan):
        return []
    return [heading("What the alliance owns itself"), *(Paragraph(said, "point") for said in sentences(plan))]


def costs(plan: Plan) -> dict[str, float]:
    """What the alliance's own units of each capability cost over the horizon, discounted."""
    found = dict.fromkeys(_capabilities(plan), 0.0)
    for capability, year, cost in plan.records("common_funding").pick("capability", "year", "cost"):
        found[capability] += plan.data.discount[year] * cost
    return found


def paid_by(plan: Plan) -> dict[str, dict[str, float]]:
    """By member and capability: what it pays, discounted."""
    found: dict[str, dict[str, float]] = {m: {} for m in plan.scenario.sets["member"]}
    for member, capability, value in plan.records("common_shares").pick("member", "capability", "value"):
        found[member][capability] = value
    return found


def provided(plan: Plan, capability: str, period: int | None = None) -> float:
    """The part of what is required of a capability that the alliance's own units provide, over the tasks of a situation and all
    periods (or one), in the situation in which it is least: situations exclude each other."""
    d, sent = plan.data, plan.values["commonly_contributed"]
    parts = []
    for tasks in d.tasks_of.values():
        keys = [key for key in d.required if key[1] == capability and key[0] in tasks and period in (None, key[2])]
        if keys:
            parts.append(sum(sent.get(key, 0.0) for key in keys) / sum(d.required[key] for key in keys))
    return min(parts, default=0.0)


def _of_required(plan: Plan, capability: str) -> str:
    situations = {plan.data.situation_of[k] for k, c, _ in plan.data.required if c == capability}
    return " of what is required" if len(situations) < 2 else " of what a situation requires of it, or more"


def _capabilities(plan: Plan) -> list[str]:
    """What the alliance may own, in the workbook's order."""
    owned = {c for c, _ in plan.values["commonly_held"]}
    return [c for c in plan.scenario.sets["capability"] if c in owned]


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, where the alliance may own anything."""
    return [common_funding(plan)] if used(plan) else []
