"""The figures of the page on France and the United Kingdom: joint against separate, carriers, missiles and warheads."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from inputs.stories.common import (
    billions,
    binding,
    burdens,
    coverage,
    found,
    over_time,
    percent,
    plan,
    programmes,
    purchases,
    risk,
    scenario,
    summary,
    table,
    without,
)
from model import Problem
from model.layers.programmes.sheets import PROGRAMMES
from model.scenario.scenario import Scenario
from model.solve.alone import alone
from model.solve.plan import Plan

NAME = "france_uk"
POOLED = ("Carrier at sea", "Warhead research facility", "Successor missile load", "Tanker aircraft")
"""What the treaties and later letters set out to share."""


def blocks() -> dict[str, str]:
    """Every block of figures by name."""
    answer = plan(NAME)
    return {
        "summary": summary(answer, "The two"),
        "coverage": over_time(answer),
        "burden": burdens(answer),
        "purchases": purchases(answer),
        "separate": separate(answer),
        "separate by task": separate_by_task(answer),
        "pooled": pooled(answer),
        "common": common(answer),
        "programmes": programmes(answer),
        "caveats": caveats(answer),
        "binding": binding(answer),
    }


def by_itself(member: str, money: float = 1.0) -> Plan:
    """The plan of one member with all tasks to itself and so many times what it offers, cheapest of the safest.

    It keeps nothing back from itself, so caveats fall away; it guards its own networks only, its fair share of them; and it
    may go through with the programmes, at the whole cost of development.
    """
    only: Scenario = alone(scenario(NAME), member).with_settings(objectives=("risk", "cost"))
    left = scenario(NAME).restricted(member)
    for column in (column for column in PROGRAMMES.columns if column.name not in PROGRAMMES.keys):
        only = only.with_values(column.key, left.values[column.key])
    only = replace(only, sets=MappingProxyType({**only.sets, "programme": left.sets["programme"]}))
    own, sharing = plan(NAME).data.fair_share[member], only.values["sharing"]
    needs = {
        key: value * (own if sharing[key[1]] == "weakest link" else 1.0)
        for key, value in only.values["quantity"].items()
    }
    share = {member: money * only.values["alliance_share"][member]}
    only = only.with_values("alliance_share", share).with_values("quantity", needs)
    return found(Problem(only, off=("caveat_is_respected",)))


def separate(answer: Plan) -> str:
    """Risk and money jointly and each by itself, with its own money and with as much as both offer."""
    offers = answer.table("burdens").set_index("member").offered
    rows = [["both together", risk(answer), billions(answer.measures["cost"])]]
    for member in answer.scenario.sets["member"]:
        own = by_itself(member)
        rows.append([f"{member} by itself", risk(own), billions(own.measures["cost"])])
    for member in answer.scenario.sets["member"]:
        rich = by_itself(member, offers.sum() / offers[member])
        rows.append([f"{member} by itself, with the money of both", risk(rich), billions(rich.measures["cost"])])
    return table(["", "risk", "spent, USD billion"], rows)


def separate_by_task(answer: Plan) -> str:
    """Mean coverage over all years by task, jointly and each by itself."""
    plans = [answer, *(by_itself(member) for member in answer.scenario.sets["member"])]
    values = [coverage(one) for one in plans]
    rows = []
    for task in answer.scenario.sets["task"]:
        years = [[part for (name, _), part in value.items() if name == task] for value in values]
        rows.append([task, *(percent(sum(parts) / len(parts)) for parts in years)])
    return table(["mean coverage 2026–35", "together", *(f"{m} alone" for m in answer.scenario.sets["member"])], rows)


def pooled(answer: Plan) -> str:
    """What is held in the last period jointly, and what each would hold by itself."""
    last = answer.scenario.periods[-1]
    plans = {"together": answer, **{f"{m} alone": by_itself(m) for m in answer.scenario.sets["member"]}}
    rows = [[c, *(f"{_held(one, c, last):.1f}" for one in plans.values())] for c in POOLED]
    return table([f"held in {last}", *plans], rows)


def _held(answer: Plan, capability: str, year: int) -> float:
    """What is held of a capability by members and by the alliance itself."""
    stocks, owned = answer.table("stocks"), answer.values["commonly_held"]
    own = stocks[(stocks.capability == capability) & (stocks.year == year)].value.sum()
    return float(own) + owned.get((capability, year), 0.0)


def common(answer: Plan) -> str:
    """What the two own together, first and last."""
    owned = answer.table("common_funding").set_index(["capability", "year"])
    years = (answer.scenario.periods[0], answer.scenario.periods[-1])
    kinds = list(dict.fromkeys(capability for capability, _ in owned.index))
    rows = [
        [
            c,
            *(f"{max(0.0, owned.value[c, year]):.1f}" for year in years),
            billions(owned.cost.xs(c, level="capability").sum()),
        ]
        for c in kinds
    ]
    return table(["owned together", *years, "paid by both, USD billion"], rows)


def caveats(answer: Plan) -> str:
    """What the caveats cost in risk."""
    free = without(NAME, "caveat_is_respected")
    return f"With all caveats lifted risk falls from {risk(answer)} to {risk(free)}."
