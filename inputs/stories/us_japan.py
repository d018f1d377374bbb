"""The figures of the page on the United States and Japan: what 2 % buys, and what depending on the guarantor is worth."""

from __future__ import annotations

from inputs.stories.common import (
    billions,
    binding,
    burdens,
    coverage,
    edited,
    over_time,
    percent,
    plan,
    programmes,
    purchases,
    risk,
    scenario,
    summary,
    table,
    with_scenario,
)
from model.solve.plan import Plan

NAME = "us_japan"
GUARANTOR, ALLY = "United States", "Japan"
SHARES = (0.014, 0.02, 0.035)
"""Japan's part of GDP as it was in 2024, as it is promised, and as NATO's members promise."""

GAPS = (None, 0.1, 0.05, 0.0)
"""How far Japan's technology may be behind in the end."""

LARGEST_PARTS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Largest part of a requirement that one of the two may provide."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer, "The two"),
        "coverage": over_time(answer),
        "burden": burdens(answer),
        "purchases": purchases(answer),
        "two per cent": two_per_cent(),
        "what it buys": what_it_buys(),
        "programmes": programmes(answer),
        "industry": industry(answer),
        "technology": technology(),
        "dependence": dependence(answer),
        "price of dependence": price_of_dependence(),
        "binding": binding(answer),
    }


def spending_at(share: float) -> Plan:
    """The plan where Japan spends this part of GDP from 2027 on; what is less than today's part, from the start."""
    less = [f"defence_share[{ALLY}]={share}"] if share < scenario(NAME).values["defence_share"][ALLY] else []
    return edited(NAME, *less, f"target_share[{ALLY}]={share}")


def two_per_cent() -> str:
    """Risk and coverage by what Japan spends."""
    rows = []
    for share in SHARES:
        answer = spending_at(share)
        values, last = coverage(answer), (2030, 2032)
        by_task = [
            percent(sum(values[task, year] for year in last) / len(last))
            for task in ("Stop missiles", "Control the air", "Hold the islands", "Keep the sea lanes open")
        ]
        offered = answer.table("burdens").set_index("member").offered[ALLY]
        rows.append([percent(share, 1), billions(offered), risk(answer), *by_task])
    return table(
        [
            "Japan spends from 2027", "it offers, USD billion", "risk",
            "missiles stopped, 2030–33", "air, 2030–33", "islands, 2030–33", "sea lanes, 2030–33",
        ],
        rows,
    )  # fmt: skip


def what_it_buys() -> str:
    """What Japan orders more at 2 % than at 1.4 %."""
    before, after = (_orders(spending_at(share)) for share in SHARES[:2])
    price = plan(NAME).data.acquisition_cost
    more = {c: after.get(c, 0.0) - before.get(c, 0.0) for c in scenario(NAME).sets["capability"]}
    dearest = sorted(more, key=lambda c: -abs(more[c]) * price[ALLY, c])[:6]
    rows = [[c, f"{more[c]:+.1f}", f"{more[c] * price[ALLY, c] / 1000:+.1f}"] for c in dearest]
    return table(["Japan orders more or less at 2 % than at 1.4 %", "units", "USD billion"], rows)


def _orders(answer: Plan) -> dict[str, float]:
    orders = answer.table("orders")
    return orders[orders.member == ALLY].groupby("capability").value.sum().to_dict()


def industry(answer: Plan) -> str:
    """Where the money of orders goes, all years together."""
    returns = answer.table("returns").groupby("member")[["paid", "earned", "jobs"]].sum()
    rows = [
        [member, billions(row.paid), billions(row.earned), percent(row.earned / row.paid), f"{row.jobs / 1000:,.0f}"]
        for member, row in returns.loc[list(answer.scenario.sets["member"])].iterrows()
    ]
    headings = [
        "member",
        "pays for orders, USD billion",
        "its industry earns",
        "of what it pays",
        "job-years, thousand",
    ]
    return table(headings, rows)


def technology() -> str:
    """What narrowing the gap costs."""
    rows = []
    for limit in GAPS:
        answer = with_scenario(NAME, scenario(NAME).with_settings(technology_limit=limit))
        raised = answer.table("technology_levels").raised.sum()
        said = "only looked at" if limit is None else f"at most {limit:g}"
        rows.append([said, f"{raised:.2f}", risk(answer, 4), f"{answer.measures['cost']:,.0f}"])
    return table(["the gap is", "Japan is raised by", "risk", "both spend, USD million"], rows)


def dependence(answer: Plan) -> str:
    """Which part of what is provided comes from the guarantor, by task, in the first and the last period."""
    given = answer.table("contributions").groupby(["task", "capability", "year", "member"]).value.sum()
    part = (given / given.groupby(["task", "capability", "year"]).transform("sum")).dropna()
    mean = part.xs(GUARANTOR, level="member").groupby(["task", "year"]).mean()
    years = (answer.scenario.periods[0], answer.scenario.periods[-1])
    rows = [[task, *(percent(mean[task, year]) for year in years)] for task in answer.scenario.sets["task"]]
    return table(["part that the United States provides", *years], rows)


def price_of_dependence() -> str:
    """Risk and cost as the largest part of one of the two is limited, and when the guarantor leaves."""
    rows = []
    for part in LARGEST_PARTS:
        s = scenario(NAME)
        answer = with_scenario(NAME, s.with_values("capability_max_share", dict.fromkeys(s.sets["capability"], part)))
        rows.append([f"at most {percent(part)} from one of the two", risk(answer), billions(answer.measures["cost"])])
    alone = edited(NAME, f"withdraw={GUARANTOR}")
    rows.append(["the United States leave, Japan spends 2 %", risk(alone), billions(alone.measures["cost"])])
    more = edited(NAME, f"withdraw={GUARANTOR}", f"target_share[{ALLY}]=0.035")
    rows.append(["the United States leave, Japan spends 3.5 %", risk(more), billions(more.measures["cost"])])
    return table(["", "risk", "both spend, USD billion"], rows)
