"""Technology: capabilities that ripen with the years or by joint research, and transfers that narrow the gap between members."""

from __future__ import annotations

from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.core.orders import units_ordered
from model.language.registry import adds_to, constraint, measure, parameter, quantity, variable
from model.layers.technology import domains as here


@parameter("money", over=here.researched_capabilities)
def whole_research(d: Data, capability: str) -> float:
    """Joint research that lets the alliance order a capability before it is available to everybody."""
    return float(d.research_cost[capability])


@parameter("unit", over=here.early_periods)
def most_early(d: Data, capability: str, period: int) -> float:
    """Units that can be ordered in a period once all of the research is paid."""
    return float(d.step * d.early_orders[capability])


@parameter("fraction of 1", symbol="T", over=here.technical_members)
def start_technology(d: Data, member: str) -> float:
    """Technology level of a member at the start."""
    return float(d.technology[member])


@parameter("fraction of 1", symbol="T^*", over=here.technical_members)
def behind(d: Data, member: str) -> float:
    r"""How far a member's technology level is below the best at the start.

    .. math:: \max_n T_n - T_m
    """
    return float(max(d.start_technology.values()) - d.start_technology[member])


@parameter("money", over=here.raisable_members)
def whole_transfer(d: Data, member: str) -> float:
    """What raising a member's technology level from 0 to 1 would cost."""
    return float(d.transfer_cost[member])


@variable("money", symbol="P", over=here.research_periods)
def researched(d: Data, capability: str, period: int) -> None:
    """Money paid together for research on a capability."""


@variable("fraction of 1", symbol=r"\Delta T", over=here.transfers)
def raised(d: Data, member: str, period: int) -> float | None:
    """By how much a transfer raises a member's technology level: nothing where it cannot be raised."""
    return None if member in d.whole_transfer else 0.0


@variable("fraction of 1", supports=("technology_gap",))
def widest_gap(d: Data) -> None:
    """How far the member furthest behind is below the best technology level in the end."""


@quantity("fraction of 1", over=here.laggards)
def lag(m: Decisions, d: Data, member: str) -> Any:
    r"""How far a member is below the best technology level in the end.

    .. math:: T^* - T_m - \sum_t \Delta T_{mt}
    """
    risen = [m.raised[member, t] for t in d.sets["period"] if (member, t) in m.raised]
    return d.behind[member] - m.sum(risen)


@constraint(
    "unit",
    over=here.early_periods,
    reason="technology",
)
def research_comes_first(m: Decisions, d: Data, capability: str, period: int) -> Any:
    r"""Before it is available to everybody, orders are limited in proportion to the research paid in earlier periods.

    .. math:: \sum_m \big(A_{mct} + \sum_{g:\,c(g)=c} J_{gmt}\big) + A^{\circ}_{ct} \le
        \Delta\, \mathrm{early\_orders}_c \sum_{s<t} P_{cs} / \mathrm{research\_cost}_c
    """
    paid = [
        d.most_early[capability, period] / d.whole_research[capability] * m.researched[c, s]
        for c, s in d.keys(here.research_periods)
        if c == capability and s < period
    ]
    return m.sum(units_ordered(m, d, capability, period)) <= (m.sum(paid) if paid else d.none)


@constraint("money", over=here.researched_capabilities)
def research_is_paid_once(m: Decisions, d: Data, capability: str) -> Any:
    r"""No more research is paid for than there is.

    .. math:: \sum_t P_{ct} \le \mathrm{research\_cost}_c
    """
    paid = [m.researched[c, t] for c, t in d.keys(here.research_periods) if c == capability]
    return m.sum(paid) <= d.whole_research[capability]


@constraint("fraction of 1", over=here.raisable_members)
def best_is_the_limit(m: Decisions, d: Data, member: str) -> Any:
    r"""Transfers raise nobody above the member that was best at the start.

    .. math:: \sum_t \Delta T_{mt} \le T^* - T_m
    """
    return m.sum([m.raised[member, t] for t in d.sets["period"]]) <= d.behind[member]


@constraint(
    "fraction of 1",
    over=here.limited_laggards,
    may_bend=True,
    source="scenario: technology_limit",
    remedy="{member} would stay {amount} further behind in technology than agreed",
    cells=("Settings.technology_limit",),
    reason="other",
)
def technology_gap_is_limited(m: Decisions, d: Data, member: str) -> Any:
    r"""In the end no member is further below the best technology level than agreed.

    .. math:: T^* - T_m - \sum_t \Delta T_{mt} \le \mathrm{technology\_limit}
    """
    return m.lag[member] <= d.settings["technology_limit"]


@constraint("fraction of 1", over=here.laggards, supports=("technology_gap",))
def gap_in_technology_counts(m: Decisions, d: Data, member: str) -> Any:
    r"""The widest gap is at least that of every member.

    .. math:: G \ge T^* - T_m - \sum_t \Delta T_{mt}
    """
    return m.widest_gap >= m.lag[member]


@measure("fraction of 1", symbol=r"\mathrm{technology\ gap}")
def technology_gap(m: Decisions, d: Data) -> Any:
    r"""How far the member furthest behind is below the best technology level in the end.

    .. math:: \max_m \big(T^* - T_m - \sum_t \Delta T_{mt}\big)
    """
    return 1 * m.widest_gap


@quantity("money")
def technology_spending(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""A member's fair share of joint research and of transfers.

    .. math:: \kappa_m \Big(\sum_c P_{ct} + \sum_n \mathrm{transfer\_cost}_n \Delta T_{nt}\Big)
    """
    share = d.fair_share[member]
    research = [share * m.researched[key] for key in d.keys(here.research_periods) if key[1] == period]
    transfers = [
        share * d.whole_transfer[n] * m.raised[n, t]
        for n, t in d.keys(here.transfers)
        if t == period and n in d.whole_transfer
    ]
    return m.sum([*research, *transfers])


@adds_to("spend")
def _paid(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    used = d.keys(here.research_periods) or d.keys(here.raisable_members)
    return [m.technology_spending[member, period]] if used else []


@adds_to("can_be_ordered")
def _ripe(d: Data, capability: str, period: int) -> list[bool]:
    """Whether a capability is ripe, or research may bring it forward; what is not on Technology always is."""
    if capability not in d.available_from:
        return []
    since = d.available_from[capability]
    return [(since is not None and since <= period) or d.research_cost[capability] is not None]
