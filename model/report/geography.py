"""What each member bears, sees and gives, one row a member: what a map is coloured by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.solve.plan import Plan
from model.wording import words

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = 1e-12


@dataclass(frozen=True)
class Measure:
    """A figure of each member: its column, its name, its unit, what it means; ``middle`` is the value that is neither high nor low."""

    column: str
    name: str
    unit: str
    says: str
    middle: float | None = None


MEASURES: tuple[Measure, ...] = (
    Measure("share", "Share of the cost", "% of the alliance's cost", "Its spending over all years, discounted, as a part of everybody's."),
    Measure("of_gdp", "Spending as a part of GDP", "% of GDP", "Its spending over all years as a part of its GDP over the same years."),
    Measure("against_fair", "Burden against fair share", "times fair share", "1: what the burden key calls fair; 2: twice that.", 1.0),
    Measure("perceived", "Risk as it sees it", "% of what matters to it", "Risk by its own priorities; 100 %: all is missing."),
    Measure("spent", "Spending", "money", "Its spending over all years, not discounted."),
    Measure("used", "Part of the offer used", "% of its offer", "Its spending over all years as a part of what it offers."),
)  # fmt: skip
"""What a map can show, in the order it is offered."""


def by_member(plan: Plan) -> pd.DataFrame:
    """The columns of :data:`MEASURES` by member; parts are fractions of 1, money is in the scenario's currency. What has no
    meaning is missing (against a fair share of nothing)."""
    import pandas as pd

    burdens, seen = plan.records("burdens").by("member"), plan.records("perceptions").by("member")
    spent: dict[str, float] = {}
    offered: dict[str, float] = {}
    for member, amount, offer in plan.records("spending").pick("member", "spent", "budget"):
        spent[member], offered[member] = spent.get(member, 0.0) + amount, offered.get(member, 0.0) + offer
    records = []
    for m in plan.scenario.sets["member"]:
        fair = burdens[m]["fair_burden"]
        records.append(
            (
                m, burdens[m]["share"], _part(spent[m], _gdp(plan, m)), _part(burdens[m]["burden"], fair), seen[m]["value"],
                spent[m], _part(spent[m], offered[m]),
            )
        )  # fmt: skip
    columns = ["member", *(measure.column for measure in MEASURES)]
    return pd.DataFrame.from_records(records, columns=columns).set_index("member").astype(float)


def _gdp(plan: Plan, member: str) -> float:
    """GDP over all the years of the plan."""
    d, first = plan.data, plan.scenario.settings["first_year"]
    return sum(float(d.step * d.gdp[member] * (1 + d.gdp_growth[member]) ** (t - first)) for t in d.sets["period"])


def _part(value: float, whole: float) -> float | None:
    return value / whole if whole > _WHOLE else None


def gives(plan: Plan, task: str, capability: str | None = None) -> pd.Series:
    """By member, the part it provides of what a task requires, all years together, capabilities by their importance.

    A fraction of 1; ``capability`` looks at one alone. Zero for members that provide nothing.
    """
    import pandas as pd

    d = plan.data
    keys = [key for key in d.required if key[0] == task and capability in (None, key[1])]
    whole = sum(d.importance[c] for _, c, _ in keys)
    found = dict.fromkeys(plan.scenario.sets["member"], 0.0)
    wanted = set(keys)
    for m, k, c, t, value in plan.records("contributions").pick("member", "task", "capability", "year", "value"):
        if (k, c, t) in wanted and whole > 0:
            found[m] += d.importance[c] * value / d.required[k, c, t] / whole
    return pd.Series(found, name="gives", dtype=float)


def said(plan: Plan, measure: Measure, value: float, short: bool = False) -> str:
    """A value of a measure as people write it, with its unit; ``short`` leaves out of what it is a part."""
    if value != value:
        return "no meaning here"
    if measure.unit == "money":
        return words.money(value, words.currency_of(plan.scenario))
    if measure.middle is not None:
        return f"{words.number(value, 3)} {'times' if short else measure.unit}"
    return words.percent(value) + ("" if short else measure.unit.removeprefix("%"))
