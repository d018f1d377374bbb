"""What each member bears and what it gains under a plan, as plain figures by member; every table of burdens is made of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.core import domains
from model.core.parameters import Data
from model.layers.burden_keys.keys import figures_of, lacks
from model.solve.plan import Plan

Amounts = dict[str, float]

GUIDELINES: Mapping[str, float] = {"2 % of GDP": 0.02, "3.5 % of GDP": 0.035}
"""Guidelines on defence spending: NATO's of Wales 2014, and its core of The Hague 2025."""

EQUIPMENT = 0.2
"""The guideline on the part of spending that goes into major equipment (Wales 2014)."""

_EQUIPMENT = ("acquisition", "upgrading", "common_acquisition", "joint_acquisition", "development")
"""What counts towards the guideline on equipment, as in the rule `equipment_is_renewed`."""


def burden(plan: Plan) -> Amounts:
    """Discounted spending of each member over the horizon, in the scenario's money."""
    return dict(plan.quantity("discounted_spend"))


def offered_now(d: Data) -> Amounts:
    """What each member offers in a year at the start, in money a year: the effort before any plan."""
    return {m: d.gdp[m] * d.defence_share[m] * d.alliance_share[m] for m in d.sets["member"]}


def defence_now(d: Data) -> Amounts:
    """Defence spending of each member in the first year, in money a year."""
    return {m: d.gdp[m] * d.defence_share[m] for m in d.sets["member"]}


def gdp_in(d: Data, member: str, period: int) -> float:
    """GDP in the first year of a period, in money a year."""
    return float(d.gdp[member] * (1 + d.gdp_growth[member]) ** (period - d.settings["first_year"]))


def gdp_over_horizon(d: Data) -> Amounts:
    """GDP of each member over the horizon, discounted as burdens are."""
    return {m: sum(d.discount[t] * d.step * gdp_in(d, m, t) for t in d.sets["period"]) for m in d.sets["member"]}


def years(d: Data) -> int:
    """Years of the horizon."""
    return len(d.sets["period"]) * d.step


def per_head(d: Data, amounts: Mapping[str, float]) -> dict[str, float | None]:
    """Amounts over the horizon as currency per inhabitant and year (money in millions, people in millions); None if not known."""
    heads = {m: d.scenario.population.get(m) for m in amounts}
    return {m: value / people / years(d) if (people := heads[m]) else None for m, value in amounts.items()}


def stakes(d: Data) -> Amounts:
    """How much there is to lose for each member: its own weights of all that is required, summed."""
    return {m: sum(d.own_weight[m, k] * d.span[k] for k in d.sets["task"]) for m in d.sets["member"]}


@dataclass(frozen=True)
class Benefit:
    """What a plan does for a member: the risk it perceives (0…1), the part of all that could be missing that is not, and the
    share of what is removed for all members together, each by its own weights."""

    perceived: float
    removed: float
    share: float
    alone: float | None = None
    beyond_alone: float | None = None


def benefits(plan: Plan, alone: Mapping[str, float] | None = None) -> dict[str, Benefit]:
    """The benefit of each member. With ``alone``, the risk each would face alone, also what the alliance removes beyond that.

    ``share`` is of risk removed against having nothing at all; with ``alone``, against being alone (members that lose gain 0).
    """
    d, stake = plan.data, stakes(plan.data)
    loss = plan.quantity("graded_shortfall")
    perceived = {m: sum(d.own_part[m, k] * loss[k] for k in d.sets["task"]) for m in stake}
    base = alone or dict.fromkeys(stake, 1.0)
    gained = {m: stake[m] * max(0.0, base[m] - perceived[m]) for m in stake}
    total = sum(gained.values())
    return {
        m: Benefit(
            perceived[m], 1.0 - perceived[m], gained[m] / total if total > 0 else float("nan"),
            None if alone is None else alone[m], None if alone is None else alone[m] - perceived[m],
        )
        for m in stake
    }  # fmt: skip


def proxies(d: Data) -> dict[str, Amounts]:
    """Shares of benefit as the literature stands in for them: GDP, population, exposure, and border where all are given."""
    figures, s = figures_of(d.scenario).figures, d.scenario
    found = {}
    for name in ("gdp", "population", "exposure", "border"):
        total = sum(figures[name].values())
        if not lacks(s, name) and total > 0:
            found[name] = {m: value / total for m, value in figures[name].items()}
    return found


def in_kind(plan: Plan) -> list[tuple[str, str, float, float, str]]:
    """Member, capability, effective units contributed (mean over periods, summed over tasks), part of what all give, unit."""
    periods = len(plan.scenario.periods)
    given: dict[tuple[str, str], float] = {}
    for (m, _, c, _), value in plan.values["contributed"].items():
        given[m, c] = given.get((m, c), 0.0) + value / periods
    whole: Amounts = {}
    for (_, c), value in given.items():
        whole[c] = whole.get(c, 0.0) + value
    unit = plan.scenario.unit
    return [
        (m, c, value, value / whole[c] if whole[c] > 0 else 0.0, f"effective {unit.get(c) or 'unit'}")
        for (m, c), value in sorted(given.items())
    ]


@dataclass(frozen=True)
class Gap:
    """One guideline, member and year: what is spent, what the guideline asks for, and what is missing (below 0: over-fulfilled)."""

    guideline: str
    member: str
    year: int
    spent: float
    asked: float

    @property
    def missing(self) -> float:
        return self.asked - self.spent


def guideline_gaps(plan: Plan) -> list[Gap]:
    """Every guideline in money a year, by member and first year of each period.

    Defence spending is what the workbook plans, a part of GDP; the equipment guideline is on the plan's own spending, as a mean
    over the years of the period: orders and upgrades, the member's part of common orders included. It is asked for in the periods
    in which the member can order anything that arrives within the plan, as by the rule `equipment_is_renewed`.
    """
    d, found = plan.data, []
    buying = set(d.keys(domains.buying_members))
    for m in plan.scenario.sets["member"]:
        for t in d.sets["period"]:
            gdp = gdp_in(d, m, t)
            defence = gdp * d.defence_share_in[m, t]
            found += [Gap(name, m, t, defence, part * gdp) for name, part in GUIDELINES.items()]
            if (m, t) not in buying:
                continue
            spent = plan.quantity("spend")[m, t] / d.step
            equipment = sum(plan.quantity(what)[m, t] for what in _EQUIPMENT) / d.step
            found.append(Gap("20 % on equipment", m, t, equipment, EQUIPMENT * spent))
    return found
