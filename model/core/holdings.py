"""How members' holdings grow, age and rise in interoperability; what members have pledged."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.decisions import Decisions
from model.core.orders import units_ordered
from model.core.parameters import Data
from model.language.registry import additions, constraint


def _arriving(m: Decisions, d: Data, member: str, capability: str, period: int) -> Any:
    """What is delivered in a period: what was ordered a lead time ago, by itself or with others, or nothing."""
    when = d.ordered_for(capability, period)
    if when is None:
        return 0
    own = m.ordered.get((member, capability, when))
    joint = additions("delivered", m, d, member, capability, when)
    return m.sum([*([own] if own is not None else []), *joint])


@constraint("unit", over=domains.fields_in_time, source="perpetual inventory: OECD, Measuring Capital, 2009")
def holdings_carry_over(m: Decisions, d: Data, member: str, capability: str, period: int) -> Any:
    r"""A member holds at most what is left of last period's units plus what is delivered.

    .. math:: S_{mc0t} \le \rho_c S_{mc0,t-1} + A_{mc,t-\lambda_c} + \sum_{g:\,c(g)=c} J_{gm,t-\lambda_c}, \qquad
        \rho_c S_{mc0,-1} := H_{mc}

    Less is allowed: units may be given up.
    """
    before = d.before(period)
    kept = (
        d.initial[member, capability]
        if before is None
        else d.survival[capability] * m.held[member, capability, 0, before]
    )
    return m.held[member, capability, 0, period] <= kept + _arriving(m, d, member, capability, period)


@constraint("unit", over=domains.lifted_stocks)
def level_carries_over(m: Decisions, d: Data, member: str, capability: str, level: int, period: int) -> Any:
    r"""Units at a level are last period's, those lifted there, and new ones if delivered at that level.

    .. math:: S_{mclt} \le \rho_c S_{mcl,t-1} + U_{mclt} +
        [l \le \text{delivery level}]\, \big(A_{mc,t-\lambda_c} + \sum_{g:\,c(g)=c} J_{gm,t-\lambda_c}\big), \qquad
        \rho_c S_{mcl,-1} := H_{mc} \text{ if } m\text{'s level} \ge l \text{, else } 0
    """
    before = d.before(period)
    if before is not None:
        kept = d.survival[capability] * m.held[member, capability, level, before]
    else:
        kept = d.initial[member, capability] if d.start_level[member] >= level else d.none
    new = _arriving(m, d, member, capability, period) if level <= d.delivery_level else 0
    return m.held[member, capability, level, period] <= kept + m.lifted[member, capability, level, period] + new


@constraint("unit", over=domains.lifted_stocks)
def levels_nest(m: Decisions, d: Data, member: str, capability: str, level: int, period: int) -> Any:
    r"""What is held at a level or better is part of what is held at the level below or better.

    .. math:: S_{mclt} \le S_{mc,l-1,t}
    """
    below = level - 1 if level - 1 > d.floor[member] else 0
    return m.held[member, capability, level, period] <= m.held[member, capability, below, period]


HOLDINGS, LEVEL, NESTING = (rule.__name__ for rule in (holdings_carry_over, level_carries_over, levels_nest))
"""The identities that pass the worth of a unit held on to earlier years and to other levels."""


@constraint(
    "unit",
    over=domains.least_pledges,
    may_bend=True,
    source="scenario: Pledges",
    remedy="{member} would hold {amount} fewer of {capability} ({unit}) than pledged in {years}",
    cells=("Pledges.min_stock",),
    adds_up=False,
    reason="other",
    one_more="it counts towards what {member} has pledged to hold{years}",
    limit="the pledge of {member} to hold {capability} in {year}",
    least=True,
)
def pledge_is_kept(m: Decisions, d: Data, member: str, capability: str, period: int) -> Any:
    r"""A member holds at least what it has pledged.

    .. math:: S_{mc0t} \ge \text{min\_stock}_{mct}
    """
    return m.held[member, capability, 0, period] >= d.least_pledged[member, capability, period]


@constraint(
    "unit",
    over=domains.largest_pledges,
    may_bend=True,
    source="scenario: Pledges",
    remedy="{member} would hold {amount} more of {capability} ({unit}) than promised in {years}",
    cells=("Pledges.max_stock",),
    adds_up=False,
    reason="pledge",
    one_more="{member} has promised to hold no more{years}",
    limit="the most {member} may hold of {capability} in {year}",
)
def pledge_is_not_exceeded(m: Decisions, d: Data, member: str, capability: str, period: int) -> Any:
    r"""A member holds no more than it has promised.

    .. math:: S_{mc0t} \le \text{max\_stock}_{mct}
    """
    return m.held[member, capability, 0, period] <= d.most_pledged[member, capability, period]


@constraint(
    "unit",
    over=domains.build_limits,
    may_bend=True,
    source="scenario: Capabilities, build_limit",
    remedy="industry would have to take on {amount} more of {capability} ({unit}) in {years}",
    cells=("Capabilities.build_limit",),
    reason="industry",
    one_more="it takes {amount} of what industry can deliver{years}",
    limit="what industry can deliver of {capability} in {year}",
)
def industry_keeps_up(m: Decisions, d: Data, capability: str, period: int) -> Any:
    r"""The alliance orders no more in a period than industry can deliver.

    .. math:: \sum_m \big(A_{mct} + \sum_{g:\,c(g)=c} J_{gmt}\big) + A^{\circ}_{ct} \le \Delta\, Q_c
    """
    return m.sum(units_ordered(m, d, capability, period)) <= d.deliverable[capability, period]
