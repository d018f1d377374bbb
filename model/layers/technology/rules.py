"""Technology: capabilities that ripen with the years or by joint research, and transfers that narrow the gap between members."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.data import Data
from model.core.orders import units_ordered
from model.language.registry import constraint, measure, parameter, quantity, variable


@parameter("money", over=domains.researched_capabilities)
def whole_research(d: Data, capability: str) -> float:
    """Joint research that lets the alliance order a capability before it is available to everybody."""
    return float(d.research_cost[capability])


@parameter("unit", over=domains.early_periods)
def most_early(d: Data, capability: str, period: int) -> float:
    """Units that can be ordered in a period once all of the research is paid."""
    return float(d.step * d.early_orders[capability])


@parameter("fraction of 1", symbol="T", over=domains.technical_members)
def start_technology(d: Data, member: str) -> float:
    """Technology level of a member at the start."""
    return float(d.technology[member])


@parameter("fraction of 1", symbol="T^*", over=domains.technical_members)
def behind(d: Data, member: str) -> float:
    r"""How far a member's technology level is below the best at the start.

    .. math:: \max_n T_n - T_m
    """
    return float(max(d.start_technology.values()) - d.start_technology[member])


@parameter("money", over=domains.raisable_members)
def whole_transfer(d: Data, member: str) -> float:
    """What raising a member's technology level from 0 to 1 would cost."""
    return float(d.transfer_cost[member])


@variable("money", symbol="P", over=domains.research_periods)
def researched(d: Data, capability: str, period: int) -> None:
    """Money paid together for research on a capability."""


@variable("fraction of 1", symbol=r"\Delta T", over=domains.transfers)
def raised(d: Data, member: str, period: int) -> float | None:
    """By how much a transfer raises a member's technology level: nothing where it cannot be raised."""
    return None if member in d.whole_transfer else 0.0


@variable("fraction of 1", supports=("technology_gap",))
def widest_gap(d: Data) -> None:
    """How far the member furthest behind is below the best technology level in the end."""


@quantity("fraction of 1", over=domains.laggards)
def lag(m: Any, d: Data, member: str) -> Any:
    r"""How far a member is below the best technology level in the end.

    .. math:: T^* - T_m - \sum_t \Delta T_{mt}
    """
    risen = [m.raised[member, t] for t in d.sets["period"] if (member, t) in m.raised]
    return d.behind[member] - m.sum(risen)


@constraint("unit", over=domains.early_periods)
def research_comes_first(m: Any, d: Data, capability: str, period: int) -> Any:
    r"""Before it is available to everybody, orders are limited in proportion to the research paid in earlier periods.

    .. math:: \sum_m \big(A_{mct} + \sum_{g:\,c(g)=c} J_{gmt}\big) + A^{\circ}_{ct} \le
        \Delta\, \mathrm{early\_orders}_c \sum_{s<t} P_{cs} / \mathrm{research\_cost}_c
    """
    paid = [
        d.most_early[capability, period] / d.whole_research[capability] * m.researched[c, s]
        for c, s in d.keys(domains.research_periods)
        if c == capability and s < period
    ]
    return m.sum(units_ordered(m, d, capability, period)) <= (m.sum(paid) if paid else d.none)


@constraint("money", over=domains.researched_capabilities)
def research_is_paid_once(m: Any, d: Data, capability: str) -> Any:
    r"""No more research is paid for than there is.

    .. math:: \sum_t P_{ct} \le \mathrm{research\_cost}_c
    """
    paid = [m.researched[c, t] for c, t in d.keys(domains.research_periods) if c == capability]
    return m.sum(paid) <= d.whole_research[capability]


@constraint("fraction of 1", over=domains.raisable_members)
def best_is_the_limit(m: Any, d: Data, member: str) -> Any:
    r"""Transfers raise nobody above the member that was best at the start.

    .. math:: \sum_t \Delta T_{mt} \le T^* - T_m
    """
    return m.sum([m.raised[member, t] for t in d.sets["period"]]) <= d.behind[member]


@constraint("fraction of 1", over=domains.limited_laggards, may_bend=True, source="scenario: technology_limit")
def technology_gap_is_limited(m: Any, d: Data, member: str) -> Any:
    r"""In the end no member is further below the best technology level than agreed.

    .. math:: T^* - T_m - \sum_t \Delta T_{mt} \le \mathrm{technology\_limit}
    """
    return m.lag[member] <= d.settings["technology_limit"]


@constraint("fraction of 1", over=domains.laggards, supports=("technology_gap",))
def gap_in_technology_counts(m: Any, d: Data, member: str) -> Any:
    r"""The widest gap is at least that of every member.

    .. math:: G \ge T^* - T_m - \sum_t \Delta T_{mt}
    """
    return m.widest_gap >= m.lag[member]


@measure("fraction of 1", symbol=r"\mathrm{technology\ gap}")
def technology_gap(m: Any, d: Data) -> Any:
    r"""How far the member furthest behind is below the best technology level in the end.

    .. math:: \max_m \big(T^* - T_m - \sum_t \Delta T_{mt}\big)
    """
    return 1 * m.widest_gap
