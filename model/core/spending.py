"""What members spend, the one expression every figure of money is made of, and the limits on it."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.decisions import Decisions
from model.core.orders import renewed_with_others
from model.core.parameters import Data
from model.language.registry import additions, constraint, measure, quantity


@quantity("money")
def acquisition(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends on new units, when it orders them.

    .. math:: \sum_c a_{mc} A_{mct}
    """
    keys = [(member, c, period) for c in d.fields_of[member]]
    return m.sum([d.acquisition_cost[key[:2]] * m.ordered[key] for key in keys if key in m.ordered])


@quantity("money")
def upgrading(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends on lifting units to a higher interoperability level.

    .. math:: \sum_c \sum_{l\ge1} u_l a_{mc} U_{mclt}
    """
    keys = [(member, c, level) for c in d.fields_of[member] for level in d.levels_of[member][1:]]
    return m.sum([d.lifting_cost[key] * m.lifted[*key, period] for key in keys])


@quantity("money")
def sustainment(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends on keeping its units.

    .. math:: \sum_c \Delta s_{mc} S_{mc0t}
    """
    return m.sum([d.upkeep_cost[member, c] * m.held[member, c, 0, period] for c in d.fields_of[member]])


@quantity("money")
def exercises(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends on exercises that keep units at their level.

    .. math:: \sum_c \Delta a_{mc} \big[x_0 S_{mc0t} + \sum_{l\ge1} (x_l - x_{l-1}) S_{mclt}\big]
    """
    keys = [(member, c, level) for c in d.fields_of[member] for level in d.levels_of[member]]
    return m.sum([d.training_cost[key] * m.held[*key, period] for key in keys])


@quantity("money")
def spend(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends itself: on its own forces, what is done together and loans, less what partners pay it.

    .. math:: X_{mt} = \sum_c \Big(a A + \sum_{l\ge1} u_l a U_l + \Delta s S_0 +
        \Delta a \big[x_0 S_0 + \sum_{l\ge1} (x_l - x_{l-1}) S_l\big] +
        \kappa_{mc} \big[a^{\circ}_c A^{\circ}_{ct} + \Delta s^{\circ}_c S^{\circ}_{ct}\big]\Big) +
        \sum_g \big((1-\delta_g)\, a J + \sigma_{gm} D_{gt}\, o_g\big) +
        \kappa_m \Big(\sum_c P_{ct} + \sum_n \mathrm{transfer\_cost}_n \Delta T_{nt} +
        \sum_{j,k,c} \mathrm{price}_{jkct} V_{jkct}\Big) - \sum_{j,k,c} G_{jmkct}

    What stands for common funding, for programmes, for technology and for partners is there with these only.
    """
    at = member, period
    own = [m.acquisition[at], m.upgrading[at], m.sustainment[at], m.exercises[at]]
    return m.sum([*own, *renewed_with_others(m, d, *at), *additions("spend", m, d, *at)])


@quantity("money")
def discounted_spend(m: Decisions, d: Data, member: str) -> Any:
    r"""A member's burden: its spending over the horizon, discounted.

    .. math:: b_m = \sum_t d_t X_{mt}
    """
    return m.sum([d.discount[t] * m.spend[member, t] for t in d.sets["period"]])


@constraint("money", over=domains.repaid_members)
def payment_is_no_profit(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Partners pay a member back no more than it spends.

    .. math:: X_{mt} \ge 0
    """
    return m.spend[member, period] >= d.no_money


@constraint(
    "money",
    may_bend=True,
    source="NATO Defence Planning Process: resources",
    remedy="{member} would need {amount} {currency} more in {years}",
    cells=("Members.alliance_share",),
    reason="budget",
    one_more="{doing} takes {amount} {money} of the budget of {member}{years}",
    limit="the budget of {member} in {year}",
)
def budget_is_respected(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""A member spends no more than it offers.

    .. math:: X_{mt} \le B_{mt}
    """
    return m.spend[member, period] <= d.budget[member, period]


@constraint(
    "money",
    over=domains.renewing_members,
    may_bend=True,
    source="Wales 2014: a fifth of spending on major equipment",
    remedy="{member} would renew equipment for {amount} {currency} less than the guideline in {years}",
    cells=("Settings.equipment_floor",),
    reason="fairness",
)
def equipment_is_renewed(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""A member puts at least the guideline's part of its spending into acquisition (by itself or with others) and upgrades.

    It holds in the periods in which the member can order anything that arrives within the plan, by itself or with others.

    .. math:: \sum_c \big(a A + \sum_{l\ge1} u_l a U_l + \kappa_{mc} a^{\circ}_c A^{\circ}_{ct}\big) +
        \sum_g \big((1-\delta_g)\, a J + \sigma_{gm} D_{gt}\, o_g\big) \ge g\, X_{mt}
    """
    at = member, period
    renewed = m.sum([m.acquisition[at], m.upgrading[at], *renewed_with_others(m, d, *at)])
    return renewed >= d.settings["equipment_floor"] * m.spend[at]


@constraint("money", supports=("unfairness", "burden_is_not_too_high", "burden_is_not_too_low"))
def burden_adds_up(m: Decisions, d: Data, member: str) -> Any:
    r"""A member's burden is its discounted spending.

    .. math:: b_m = \sum_t d_t X_{mt}
    """
    return m.burden[member] == m.discounted_spend[member]


@constraint("money", supports=("unfairness",))
def overburden_counts(m: Decisions, d: Data, member: str) -> Any:
    r"""What a member bears beyond its fair share counts as unfair.

    .. math:: b^+_m \ge b_m - \kappa_m \sum_n b_n
    """
    return m.overburden[member] >= m.burden[member] - d.fair_share[member] * m.sum(list(m.burden.values()))


@constraint(
    "money",
    over=domains.banded_members,
    may_bend=True,
    source="scenario: fairness_band",
    remedy="{member} would bear {amount} {currency} more than the fairness band allows",
    cells=("Settings.fairness_band",),
    reason="fairness",
)
def burden_is_not_too_high(m: Decisions, d: Data, member: str) -> Any:
    r"""No member bears more than its fair share and the fairness band on top.

    .. math:: b_m \le (1+\beta)\,\kappa_m \sum_n b_n
    """
    most = (1 + d.settings["fairness_band"]) * d.fair_share[member]
    return m.burden[member] <= most * m.sum(list(m.burden.values()))


@constraint(
    "money",
    over=domains.banded_members,
    may_bend=True,
    source="scenario: fairness_band",
    remedy="{member} would bear {amount} {currency} less than the fairness band asks",
    cells=("Settings.fairness_band",),
    reason="fairness",
)
def burden_is_not_too_low(m: Decisions, d: Data, member: str) -> Any:
    r"""No member bears less than its fair share with the fairness band taken off.

    .. math:: b_m \ge (1-\beta)\,\kappa_m \sum_n b_n
    """
    least = (1 - d.settings["fairness_band"]) * d.fair_share[member]
    return m.burden[member] >= least * m.sum(list(m.burden.values()))


@measure("money", symbol=r"\mathrm{cost}")
def cost(m: Decisions, d: Data) -> Any:
    r"""The alliance's discounted spending.

    .. math:: \sum_m b_m
    """
    return m.sum(list(m.discounted_spend.values()))


@measure("money", symbol=r"\mathrm{unfairness}")
def unfairness(m: Decisions, d: Data) -> Any:
    r"""The money that would have to change hands for every burden to match its fair share.

    .. math:: \tfrac12 \sum_m \big| b_m - \kappa_m \sum_n b_n \big| = \sum_m b^+_m

    The two sides are equal because the deviations sum to zero.
    """
    return m.sum(list(m.overburden.values()))
