"""The figures of the page on the African Union: who sends, who pays, the scale of assessment, and where money does most."""

from __future__ import annotations

from inputs.stories.common import (
    billions,
    binding,
    edited,
    over_time,
    percent,
    plan,
    risk,
    scenario,
    table,
    with_scenario,
)
from model.layers.burden_keys.keys import fair_shares
from model.solve.plan import Plan

NAME = "african_union"
BATTALION = "Infantry battalion"
SCALE_OF_2016 = "scale of 2016"
MORE = 30.0
"""Money a year that is added in one place or another (USD m)."""

SENDERS = ("Uganda", "Ethiopia", "Djibouti", "Kenya", "Burundi", "Rwanda")
"""Troop contributors in Somalia and the largest sender of all."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer),
        "coverage": over_time(answer),
        "senders": senders(answer),
        "payers": payers(answer),
        "scale": scale(),
        "outside money": outside_money(answer),
        "next unit": next_unit(answer),
        "binding": binding(answer),
    }


def paid(answer: Plan) -> dict[str, float]:
    """What partners pay each member over all years."""
    payments = answer.table("payments").groupby("member").value.sum()
    return {str(member): float(value) for member, value in payments.items()}


def summary(answer: Plan) -> str:
    """One sentence on the plan as a whole."""
    offered, years = answer.table("burdens").offered.sum(), answer.data.step * len(answer.scenario.periods)
    return (
        f"Risk is {risk(answer)}. In {years} years members bear {billions(answer.measures['cost'])} of the {billions(offered)} "
        f"billion they offer; partners pay {billions(sum(paid(answer).values()))} billion and lend forces of their own."
    )


def senders(answer: Plan) -> str:
    """The members that send most battalions: what they bear and what they are paid."""
    sent = answer.table("contributions")
    sent = sent[(sent.capability == BATTALION) & (sent.situation == "Missions under way")]
    by_member = sent.groupby(["member", "year"]).value.sum().groupby("member").mean().sort_values(ascending=False)
    spending = answer.table("spending").groupby("member").spent.sum()
    back = paid(answer)
    rows = [
        [member, f"{by_member[member]:.1f}", round(spending[member]), round(back.get(member, 0.0))]
        for member in by_member.index[:10]
    ]
    return table(
        ["member", "effective battalions in missions", "bears, USD million", "is paid back, USD million"], rows
    )


def payers(answer: Plan) -> str:
    """The members with the largest fair shares: what they bear and what they are paid."""
    burdens = answer.table("burdens").set_index("member").sort_values("fair_share", ascending=False)
    back = paid(answer)
    rows = [
        [m, percent(row.fair_share, 1), percent(row.share, 1), round(row.offered), round(back.get(m, 0.0))]
        for m, row in list(burdens.iterrows())[:10]
    ]
    return table(["member", "fair share", "bears", "offers, USD million", "is paid back, USD million"], rows)


def scale() -> str:
    """The scale of assessment with today's economies and as it was decided for 2016 to 2018."""
    now, then = (fair_shares(scenario(NAME), key) for key in ("au", SCALE_OF_2016))
    largest = sorted(now, key=lambda member: -max(now[member], then[member]))[:10]
    rows = [[member, percent(now[member], 1), percent(then[member], 1)] for member in largest]
    rows.append(["all others", *(percent(sum(key[m] for m in key if m not in largest), 1) for key in (now, then))])
    return table(["", "key `au`, GDP of 2024", f"key `{SCALE_OF_2016}`"], rows)


def un_in_somalia() -> Plan:
    """The plan where the United Nations pay for battalions in Somalia too, as resolution 2719 makes possible."""
    s = scenario(NAME)
    rate = s.values["reimbursement"]["United Nations", BATTALION, "Protect the Central African Republic"]
    place = ("United Nations", BATTALION, "Hold the south of Somalia")
    money = {**s.values["partner_money"], "United Nations": s.values["partner_money"]["United Nations"] + 200.0}
    paid_there = s.with_values("reimbursement", {**s.values["reimbursement"], place: rate})
    return with_scenario(NAME, paid_there.with_values("partner_money", money))


def outside_money(answer: Plan) -> str:
    """What partners are worth."""
    plans = {
        "as it is": answer,
        "the European Union stops paying": edited(NAME, "partner_money[European Union]=0"),
        "the United Nations stop paying and lending": edited(
            NAME, "partner_money[United Nations]=0", "lending[United Nations]=0"
        ),
        "both stop, and promises are dropped": edited(NAME, "partner_money=0", "lending=0", off=("pledge_is_kept",)),
        "the United Nations pay in Somalia too (200 million a year more)": un_in_somalia(),
    }
    tasks = ("Hold the south of Somalia", "Protect the Central African Republic", "Contain the Lake Chad basin")
    rows = []
    for name, one in plans.items():
        covered = one.table("requirements").groupby("task").coverage.mean()
        rows.append([name, risk(one), *(percent(covered[task]) for task in tasks)])
    return table(["", "risk", *tasks], rows)


def next_unit(answer: Plan) -> str:
    """By how much risk falls for so much more money a year, by where it is given."""
    offers = answer.table("burdens").set_index("member").offered
    yearly = {m: offers[m] / offers.sum() for m in offers.index}
    fair = answer.data.fair_share
    ways = {
        "all members, by what they offer": yearly,
        "all members, by the scale of assessment": fair,
        "the senders of troops to Somalia, and Rwanda": dict.fromkeys(SENDERS, 1 / len(SENDERS)),
    }
    plans = {name: given(parts) for name, parts in ways.items()}
    for partner in scenario(NAME).sets["partner"]:
        money = scenario(NAME).values["partner_money"][partner]
        plans[f"the {partner}"] = edited(NAME, f"partner_money[{partner}]={(money + MORE) / money}")
    rows = [[name, f"{answer.measures['risk'] - one.measures['risk']:.4f}"] for name, one in plans.items()]
    rows.sort(key=lambda row: -float(row[1]))
    return table([f"{MORE:g} million a year more from", "risk falls by"], rows)


def given(parts: dict[str, float]) -> Plan:
    """The plan where these members offer so much more a year, shared out by these parts."""
    budget, step = plan(NAME).data.budget, plan(NAME).data.step
    first = scenario(NAME).periods[0]
    edits = [
        f"budget[{m}]={1 + MORE * part * step / budget[m, first]}" for m, part in parts.items() if budget[m, first]
    ]
    return edited(NAME, *edits)
