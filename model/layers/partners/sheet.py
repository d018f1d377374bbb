"""The Partners sheet: what partners from outside pay and lend, and what one more unit of their money would be worth."""

from __future__ import annotations

from model.layers.partners import domains as here
from model.report.causes import gains, pricing_stage
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

AFTER, BESIDE = "Burden", "burden"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, where any partner helps in any period; else none."""
    return [_page(plan)] if plan.data.keys(here.helping_partners) else []


def _page(plan: Plan) -> Page:
    says = (
        "Partners are no members. What they pay goes back to whoever contributes, so that a member's spending and burden are "
        "what it bears itself; what they lend stands in for members' forces. Money of each period, not discounted."
    )
    items: list[Item] = [paid(plan), received(plan)]
    if plan.data.keys(here.loans):
        items.append(lent(plan))
    return Page("Partners", "Help from outside", says, tuple(items))


def paid(plan: Plan) -> Grid:
    """Partner by period: offered, paid, and what one more unit would gain."""
    d, money, measure = plan.data, words.currency_of(plan.scenario), pricing_stage(plan)
    found, worth = plan.quantity("partner_payment"), gains(plan, "partner_money_suffices")
    name = measure.measure.replace("_", " ")
    headers = (
        Header("Partner", style="text"),
        Header("Years", style="text"),
        Header("Offered", f"{money}; blank: no limit", "money"),
        Header("Paid", money, "money"),
        Header("One more unit of money would lower it by at most", f"{name} per {money}", "residual", width=18),
    )
    records = [
        (j, words.period(t, d.step), d.partner_offer.get((j, t)), found[j, t], worth.get((j, t), 0.0))
        for j in plan.scenario.sets["partner"]
        for t in d.sets["period"]
        if (j, t) in found
    ]
    says = f"The price of outside money: by how much {name} would fall for the first unit more in the period; further units do no more."
    return Grid("partner money", "Money from partners", headers, rows(records), says)


def received(plan: Plan) -> Grid:
    """Member: what it spends, what of that comes back, and what it bears itself, over the horizon."""
    d, money, periods = plan.data, words.currency_of(plan.scenario), plan.data.sets["period"]
    names, back, spent = plan.scenario.sets["member"], plan.quantity("received"), plan.quantity("spend")
    headers = (
        Header("Member", style="text"),
        Header("Spent with what partners pay back", money, "money", width=18),
        Header("Paid back by partners", money, "money", width=18),
        Header("Borne itself", money, "money", width=14),
        Header("Part paid back", "%", "share", width=12),
    )
    records = []
    for m in names:
        own, paid_back = sum(spent[m, t] for t in periods), sum(back[m, t] for t in periods)
        records.append((m, own + paid_back, paid_back, own, paid_back / (own + paid_back) if own + paid_back else None))
    return Grid("paid back", f"Who is paid back, {periods[0]}–{periods[-1] + d.step - 1}", headers, rows(records))


def lent(plan: Plan) -> Grid:
    """Loan by period, beside what was offered."""
    d, units = plan.data, plan.values["lent"]
    headers = (
        *(Header(name, style="text") for name in ("Partner", "Task", "Capability", "Years")),
        Header("Offered", "effective units", "two_decimals"),
        Header("Lent", "effective units", "two_decimals"),
        Header("Unit", style="text"),
    )
    records = [
        (
            j,
            k,
            c,
            words.period(t, d.step),
            d.offered_loan[j, k, c, t],
            units[j, k, c, t],
            words.unit_of(plan.scenario, c),
        )
        for j, k, c, t in d.keys(here.loans)
    ]
    return Grid("loans", "Forces partners lend", headers, rows(records))


def brief(plan: Plan) -> list[Item]:
    """What the Summary says of partners: what they pay and what one more unit would be worth; nothing where nobody helps."""
    d, money = plan.data, words.currency_of(plan.scenario)
    if not d.keys(here.helping_partners):
        return []
    paid_by = plan.quantity("partner_payment")
    names = {
        j: sum(paid_by[j, t] for t in d.sets["period"] if (j, t) in paid_by) for j in plan.scenario.sets["partner"]
    }
    payers = [f"{j} {words.money(amount, money)}" for j, amount in names.items() if amount > 0]
    paying = (
        f"Partners pay {words.joined(payers)} over the horizon, not discounted" if payers else "Partners pay nothing"
    )
    said = f"{paying}; what members spend and bear is what is left after that."
    worth = gains(plan, "partner_money_suffices")
    if worth:
        (partner, year), gain = max(worth.items(), key=lambda found: found[1])
        name = pricing_stage(plan).measure.replace("_", " ")
        said += (
            f" One more unit of their money does most from {partner} in {words.period(year, d.step)}: it would lower {name} by "
            f"at most {words.number(gain)}, its price at the margin."
        )
    return [heading("Help from outside"), Paragraph(said)]
