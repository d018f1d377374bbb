"""Every figure of FORMULATION section 3 that rules use, derived from a scenario and documented once."""

from __future__ import annotations

import math

from model.core import domains
from model.core.data import Data
from model.language.registry import parameter

__all__ = ["Data"]

# ---------------------------------------------------------------- money


@parameter("fraction of 1")
def defence_share_in(d: Data, member: str, period: int) -> float:
    """Defence spending as a part of GDP: a straight line to the target, then level."""
    first, target = d.defence_share[member], d.target_share[member]
    years = d.target_year[member] - d.settings["first_year"]
    if years <= 0:
        return float(target)
    return float(first + (target - first) * min(1.0, (period - d.settings["first_year"]) / years))


@parameter("money", symbol="B")
def budget(d: Data, member: str, period: int) -> float:
    r"""Money a member offers to shared capabilities in a period.

    .. math:: B_{mt} = \Delta\, \mathrm{gdp}_m (1+\mathrm{growth}_m)^{\tau_t}\, \mathrm{share}_{mt}\, \mathrm{offered}_m
    """
    gdp = d.gdp[member] * (1 + d.gdp_growth[member]) ** (period - d.settings["first_year"])
    return float(d.step * gdp * d.defence_share_in[member, period] * d.alliance_share[member])


@parameter("fraction of 1", symbol="d")
def discount(d: Data, period: int) -> float:
    r"""What money of a period weighs.

    .. math:: d_t = (1+r)^{-\tau_t}
    """
    return float((1 + d.settings["discount_rate"]) ** -(period - d.settings["first_year"]))


@parameter("money/unit", symbol="a", over=domains.fields)
def acquisition_cost(d: Data, member: str, capability: str) -> float:
    """Price of one unit to the member: list price, its price level, its cost factor."""
    return float(d.unit_cost[capability] * d.price_level[member] * d.cost_factor.get((member, capability), 1.0))


@parameter("money/unit", symbol=r"\Delta s", over=domains.fields)
def upkeep_cost(d: Data, member: str, capability: str) -> float:
    """Cost of sustaining one unit for a period, to the member."""
    factor = d.price_level[member] * d.cost_factor.get((member, capability), 1.0)
    return float(d.step * d.sustainment_cost[capability] * factor)


@parameter(
    "money/unit",
    symbol=r"\Delta x\,a",
    over=lambda d: ((*key, level) for key in d.keys(domains.fields) for level in d.levels_of[key[0]]),
)
def training_cost(d: Data, member: str, capability: str, level: int) -> float:
    r"""Cost of a period's exercises for one unit: the floor's at level 0; above the floor, what the level adds.

    .. math:: \Delta\, x_{\underline l_m} a_{mc} \text{ at level } 0, \qquad \Delta (x_l - x_{l-1})\, a_{mc} \text{ above the floor}
    """
    yearly = [d.exercise_cost[name] for name in d.scenario.sets["level"]]
    part = yearly[level] - yearly[level - 1] if level > 0 else yearly[d.floor[member]]
    return float(d.step * part * d.acquisition_cost[member, capability])


@parameter(
    "money/unit",
    symbol="u\\,a",
    over=lambda d: ((*key, level) for key in d.keys(domains.fields) for level in d.levels_of[key[0]] if level > 0),
)
def lifting_cost(d: Data, member: str, capability: str, level: int) -> float:
    """One-off cost of lifting a unit to a level from the one below."""
    return float(d.upgrade_cost[d.scenario.sets["level"][level]] * d.acquisition_cost[member, capability])


@parameter("fraction of 1", symbol=r"\kappa_{mk}")
def task_share(d: Data, member: str, task: str) -> float:
    r"""A member's fair share of what a task requires: among those that take part in it.

    .. math:: \kappa_{mk} = \kappa_m \Big/ \sum_{n \text{ takes part in } k} \kappa_n
    """
    out = {m for m, k in d.still_counts if k == task}
    if not out:
        return d.fair_share[member]
    whole = math.fsum(d.fair_share[m] for m in d.sets["member"] if m not in out)
    return 0.0 if member in out or whole <= 0 else d.fair_share[member] / whole


@parameter("fraction of 1", symbol="v")
def voice(d: Data, member: str) -> float:
    """How much a member's priorities count; all voices sum to 1."""
    return part_of_total(d, d.settings["voice"], member)


BY_COLUMN = ("gdp", "population", "equal", "custom")
"""Keys that are one column, or none; every other is reckoned in steps."""


def part_of_total(d: Data, key: str, member: str) -> float:
    """A member's part of the sum of one column; equal parts where nobody has anything."""
    if key == "equal":
        return 1.0 / len(d.sets["member"])
    weights = {"gdp": d.gdp, "population": d.population, "custom": d.custom_key}[key]
    total = math.fsum(weights[m] or 0.0 for m in d.sets["member"])
    return float((weights[member] or 0.0) / total) if total > 0 else 1.0 / len(d.sets["member"])


# ---------------------------------------------------------------- forces


@parameter("unit", symbol="H", over=domains.fields)
def initial(d: Data, member: str, capability: str) -> float:
    """Units held when the first period starts."""
    return float(d.holding.get((member, capability), d.none))


@parameter("fraction of 1", symbol=r"\rho")
def survival(d: Data, capability: str) -> float:
    r"""What is left of a stock after a period.

    .. math:: \rho_c = \max(0,\ 1 - \Delta / \mathrm{life}_c)
    """
    return max(0.0, 1.0 - d.step / d.life[capability])


@parameter("periods", symbol=r"\lambda")
def delay(d: Data, capability: str) -> int:
    """Periods from order to delivery, rounded up."""
    return math.ceil(d.lead_time[capability] / d.step - 1e-9)


@parameter("level")
def start_level(d: Data, member: str) -> int:
    """Interoperability level of what the member holds at the start."""
    return d.level_index[d.member_level[member]]


@parameter("level", symbol=r"\underline l")
def floor(d: Data, member: str) -> int:
    """No unit of the member falls below this level: the lower of its own and the delivery level."""
    return min(d.start_level[member], d.delivery_level)


@parameter("fraction of 1", symbol=r"\alpha", over=domains.fields)
def deployable(d: Data, member: str, capability: str) -> float:
    """Part of the member's holdings that can be deployed."""
    return float(d.member_availability[member] * d.capability_availability[capability])


@parameter("fraction of 1", symbol=r"\varphi")
def commonality_with_lead(d: Data, member: str, situation: str) -> float:
    """Commonality with the lead; without one, the GDP-weighted mean over the other members."""
    lead = d.lead[situation]
    if lead is not None:
        return 1.0 if lead == member else float(d.commonality[member, lead])
    others = [n for n in d.sets["member"] if n != member]
    if not others:
        return 1.0
    total = math.fsum(d.gdp[n] for n in others)
    weight = {n: d.gdp[n] / total if total > 0 else 1.0 / len(others) for n in others}
    return math.fsum(weight[n] * d.commonality[member, n] for n in others)


@parameter("fraction of 1", symbol="e")
def effect(d: Data, member: str, situation: str, level: int) -> float:
    r"""What one unit at a level counts for in a situation.

    .. math:: e_{mpl} = E_l + (1-E_l)\,\varphi_{m,\mathrm{lead}(p)}
    """
    plain = d.effectiveness[d.scenario.sets["level"][level]]
    return float(plain + (1.0 - plain) * d.commonality_with_lead[member, situation])


@parameter(
    "fraction of 1",
    symbol="e_l-e_{l-1}",
    over=lambda d: ((m, p, level) for m, level in d.keys(domains.held_levels) for p in d.sets["situation"]),
)
def gain(d: Data, member: str, situation: str, level: int) -> float:
    """What a stock adds to the effect: its floor's effect at level 0, the step from the level below above."""
    if level == 0:
        return d.effect[member, situation, d.floor[member]]
    return d.effect[member, situation, level] - d.effect[member, situation, level - 1]


@parameter("effective unit", symbol="R", over=domains.requirements)
def required(d: Data, task: str, capability: str, period: int) -> float:
    """Effective units required."""
    return d.quantity_in(task, capability, period)


@parameter(
    "fraction of 1",
    symbol="q",
    over=lambda d: (
        (m, k, c) for k, c in sorted({key[:2] for key in d.keys(domains.requirements)}) for m in d.members_of_field[c]
    ),
)
def release(d: Data, member: str, task: str, capability: str) -> float:
    """Largest part of its deployable force a member releases for a task: the smallest of its caveats."""
    caveats = d.max_fraction
    return min(caveats.get((member, task, capability), 1.0), caveats.get((member, task, None), 1.0))


@parameter("unit", over=domains.build_limits, symbol=r"\Delta Q")
def deliverable(d: Data, capability: str, period: int) -> float:
    """Units industry can take on for the whole alliance in a period."""
    return float(d.step * d.build_limit[capability])


@parameter("unit", over=domains.least_pledges)
def least_pledged(d: Data, member: str, capability: str, period: int) -> float:
    """Units a member has promised to hold at least."""
    return float(d.pledge_in("min_stock", member, capability, period) or 0.0)


@parameter("unit", over=domains.largest_pledges)
def most_pledged(d: Data, member: str, capability: str, period: int) -> float:
    """Units a member has promised not to exceed."""
    return float(d.pledge_in("max_stock", member, capability, period) or 0.0)


# ---------------------------------------------------------------- what matters


@parameter("fraction of 1", symbol="h")
def band_width(d: Data, band: int) -> float:
    """Part of a requirement that a risk band covers."""
    return d.band_ends[band][0] - (d.band_ends[band - 1][0] if band else 0.0)


@parameter("severity", symbol="g")
def band_severity(d: Data, band: int) -> float:
    r"""How much a missing unit in the band hurts, scaled to a mean of one.

    .. math:: \sum_b h_b\, g_b = 1
    """
    return d.band_ends[band][1] / math.fsum(d.band_width[b] * d.band_ends[b][1] for b in d.sets["band"])


@parameter("weight", symbol="w")
def task_weight(d: Data, task: str) -> float:
    r"""How much a task matters to the alliance.

    .. math:: w_k = \pi_{p(k)}\,\omega_k \sum_m v_m \theta_{mk}
    """
    wanted = math.fsum(d.voice[m] * d.priority[m, task] for m in d.sets["member"])
    return d.probability[d.situation_of[task]] * d.consequence[task] * wanted


@parameter("weight")
def own_weight(d: Data, member: str, task: str) -> float:
    r"""How much a task matters to one member: nothing where it stays out of the task and no longer counts it.

    .. math:: \pi_{p(k)}\,\omega_k\,\theta_{mk}
    """
    if not d.still_counts.get((member, task), True):
        return 0.0
    return d.probability[d.situation_of[task]] * d.consequence[task] * d.priority[member, task]


@parameter("weight")
def span(d: Data, task: str) -> float:
    r"""Importance of all that a task requires, over the periods: what its loss is measured against.

    .. math:: \sum_{c,t:\,R_{kct}>0} i_c
    """
    return math.fsum(d.importance[c] for k, c, _ in d.keys(domains.requirements) if k == task)


@parameter("fraction of 1")
def task_part(d: Data, task: str) -> float:
    """Weight of one unit of a task's loss in the alliance's risk."""
    return _over(d.task_weight[task], math.fsum(d.task_weight[k] * d.span[k] for k in d.sets["task"]))


@parameter("fraction of 1")
def situation_part(d: Data, task: str) -> float:
    """Weight of one unit of a task's loss in the risk of its own situation."""
    tasks = d.tasks_of[d.situation_of[task]]
    return _over(d.task_weight[task], math.fsum(d.task_weight[k] * d.span[k] for k in tasks))


@parameter("fraction of 1")
def own_part(d: Data, member: str, task: str) -> float:
    """Weight of one unit of a task's loss in the risk as a member perceives it."""
    return _over(d.own_weight[member, task], math.fsum(d.own_weight[member, k] * d.span[k] for k in d.sets["task"]))


@parameter("fraction of 1", symbol=r"\pi")
def likelihood(d: Data, situation: str) -> float:
    """Probability of a situation, all summing to one."""
    return _over(d.probability[situation], math.fsum(d.probability[p] for p in d.sets["situation"]))


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
