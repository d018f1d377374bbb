"""The Schedule sheet: spending by year against what is offered, orders and deliveries."""

from __future__ import annotations

from model.report.pages import Chart, Grid, Page, Scale, rows
from model.solve.plan import Plan
from model.solve.tables import spent_on
from model.wording import words
from model.workbook.write.excel_writer import Header

_NOTHING = 1e-6


def schedule(plan: Plan) -> Page:
    """The Schedule sheet."""
    money = words.currency_of(plan.scenario)
    says = (
        "Money of each period, not discounted; orders are paid when placed and delivered a lead time later. "
        "Orders member by member are on the sheet Orders."
    )
    many = len(spent_on(plan))
    chart = Chart("Spending by purpose against what members offer", "column", "profile", tuple(range(1, many + 1)), "Years",
                  f"{money} per period", stacked=True, overlay=(many + 2,), y_format="#,##0")  # fmt: skip
    items = (chart, profile(plan), flow(plan, "orders"), flow(plan, "deliveries"), by_member(plan))
    return Page("Schedule", "Orders, deliveries and spending", says, items)


def profile(plan: Plan) -> Grid:
    """Period by purpose, all members together."""
    money, kinds = words.currency_of(plan.scenario), (*spent_on(plan), "spent", "budget")
    sums: dict[int, list[float]] = {}
    for year, *amounts in plan.records("spending").pick("year", *kinds):
        sums[year] = [old + more for old, more in zip(sums.get(year, [0.0] * len(kinds)), amounts, strict=True)]
    headers = (
        Header("Years", style="text"),
        *(
            Header(name, money, "money", width=14)
            for name in (*(words.capital(kind.replace("_", " ")) for kind in spent_on(plan)), "Spent in all", "Offered")
        ),
        Header("Part of the offer used", "%", "share"),
    )
    records = []
    for year in plan.data.sets["period"]:
        row = sums[year]
        records.append((words.period(year, plan.data.step), *row, row[-2] / row[-1] if row[-1] else None))
    return Grid("profile", "Spending profile", headers, rows(records))


def flow(plan: Plan, what: str) -> Grid:
    """Units ordered, or delivered, by capability and period, all members together."""
    at = {"orders": "year", "deliveries": "delivered"}[what]
    units: dict[tuple[str, int], float] = {}
    for capability, year, value in plan.records("orders").pick("capability", at, "value"):
        units[capability, year] = units.get((capability, year), 0.0) + value
    periods = plan.data.sets["period"]
    headers = (
        Header("Capability", style="text"),
        *(Header(words.period(t, plan.data.step), "units", "one_decimal") for t in periods),
        Header("Unit", style="text"),
    )
    kept = [c for c in plan.scenario.sets["capability"] if any(units.get((c, t), 0.0) > _NOTHING for t in periods)]
    records = [(c, *(units.get((c, t), 0.0) for t in periods), words.unit_of(plan.scenario, c)) for c in kept]
    says = {
        "orders": "Units ordered by all members together.",
        "deliveries": "Units delivered to all members together.",
    }[what]
    return Grid(what, words.capital(what), headers, rows(records), says)


def by_member(plan: Plan) -> Grid:
    """Spending of each member in each period."""
    money, periods = words.currency_of(plan.scenario), plan.data.sets["period"]
    spent = {(m, t): amount for m, t, amount in plan.records("spending").pick("member", "year", "spent")}
    headers = (
        Header("Member", style="text"),
        *(Header(words.period(t, plan.data.step), money, "money") for t in periods),
    )
    records = [(m, *(float(spent[m, t]) for t in periods)) for m in plan.scenario.sets["member"]]
    total = ("All members", *(sum(float(spent[m, t]) for m in plan.scenario.sets["member"]) for t in periods))
    scales = (Scale(tuple(range(1, len(headers))), low=0.0, rows_left_out=1),)
    return Grid("member spending", "Spending by member", headers, rows([*records, total]), scales=scales)
