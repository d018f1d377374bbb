"""What the alliance owns itself: bought and kept with everybody's money, at the top interoperability level, without caveats."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.parameters import BY_COLUMN, Data, part_of_total
from model.language.registry import bound, constraint, parameter, variable


@variable("unit", symbol=r"A^{\circ}", over=domains.common_orders)
def commonly_ordered(d: Data, capability: str, period: int) -> None:
    """Units the alliance orders in a period: paid at once by all members, delivered a lead time later."""


@variable("unit", symbol=r"S^{\circ}", over=domains.common_stocks)
def commonly_held(d: Data, capability: str, period: int) -> None:
    """Units the alliance owns, all at the top interoperability level."""


@variable("effective unit", symbol=r"Y^{\circ}", over=domains.common_contributions, by_case=True)
def commonly_contributed(d: Data, task: str, capability: str, period: int) -> None:
    """Effective units of the alliance's own that serve a task."""


@parameter("unit", symbol=r"H^{\circ}", over=domains.common_capabilities)
def common_initial(d: Data, capability: str) -> float:
    """Units the alliance owns when the first period starts."""
    return d.common_holding[capability]


@parameter("money/unit", symbol=r"a^{\circ}", over=domains.common_capabilities)
def common_price(d: Data, capability: str) -> float:
    """Price of one unit to the alliance: list price times the cost factor of common funding."""
    return d.unit_cost[capability] * d.common_cost_factor[capability]


@parameter("money/unit", symbol=r"\Delta s^{\circ}", over=domains.common_capabilities)
def common_upkeep(d: Data, capability: str) -> float:
    """Cost of sustaining one unit of the alliance's own for a period."""
    return d.step * d.sustainment_cost[capability] * d.common_cost_factor[capability]


@parameter("fraction of 1", symbol=r"\kappa_{mc}", over=domains.payers_in_common)
def common_share(d: Data, member: str, capability: str) -> float:
    r"""A member's part of what the alliance's own units of a capability cost, by the key of its row.

    .. math:: \sum_m \kappa_{mc} = 1
    """
    key = d.common_key[capability]
    return part_of_total(d, key, member) if key in BY_COLUMN else d.shares_in_common[key][member]


@parameter("fraction of 1", symbol=r"\alpha_c", over=domains.common_capabilities)
def common_deployable(d: Data, capability: str) -> float:
    """Part of the alliance's own units that can be deployed: the capability's own availability."""
    return d.capability_availability[capability]


@parameter("unit", over=domains.limited_common_stocks)
def common_limit(d: Data, capability: str, period: int) -> float:
    """Units the alliance may own at most."""
    return d.common_max_stock[capability]


@constraint("unit", over=domains.common_stocks, source="perpetual inventory: OECD, Measuring Capital, 2009")
def common_holdings_carry_over(m: Any, d: Data, capability: str, period: int) -> Any:
    r"""The alliance owns at most what is left of last period's units plus what is delivered.

    .. math:: S^{\circ}_{ct} \le \rho_c S^{\circ}_{c,t-1} + A^{\circ}_{c,t-\lambda_c}, \qquad \rho_c S^{\circ}_{c,-1} := H^{\circ}_c

    Less is allowed: units may be given up.
    """
    before, when = d.before(period), d.ordered_for(capability, period)
    kept = (
        d.common_initial[capability] if before is None else d.survival[capability] * m.commonly_held[capability, before]
    )
    new = m.commonly_ordered.get((capability, when), 0) if when is not None else 0
    return m.commonly_held[capability, period] <= kept + new


@bound("unit", of="commonly_held", over=domains.limited_common_stocks, may_bend=True, source="scenario: Common funding")
def common_stock_is_limited(m: Any, d: Data, capability: str, period: int) -> Any:
    r"""The alliance owns no more than its members have agreed to own together.

    .. math:: S^{\circ}_{ct} \le \text{max\_stock}_c
    """
    return d.common_limit[capability, period]


@constraint("effective unit", over=domains.common_rival_releases, may_bend=True, source="one set of forces")
def common_forces_are_used_once(m: Any, d: Data, situation: str, capability: str, period: int) -> Any:
    r"""What the alliance's own units do for the tasks of a situation together stays within what can be deployed of them.

    .. math:: \sum_{k\in K_p} Y^{\circ}_{kct} \le \alpha_c S^{\circ}_{ct}

    They are at the top level, where a unit counts fully beside any lead, and no member's caveat holds them back.
    """
    keys = [(k, capability, period) for k in d.tasks_of[situation]]
    sent = [m.commonly_contributed[key] for key in keys if key in m.commonly_contributed]
    return m.sum(sent) <= d.common_deployable[capability] * m.commonly_held[capability, period]


@constraint(
    "effective unit",
    over=domains.common_shared_contributions,
    may_bend=True,
    source="Sandler & Hartley: non-rival goods",
)
def common_forces_suffice(m: Any, d: Data, task: str, capability: str, period: int) -> Any:
    r"""What is not used up serves each task by itself, up to what can be deployed of the alliance's own units.

    .. math:: Y^{\circ}_{kct} \le \alpha_c S^{\circ}_{ct}
    """
    supply = d.common_deployable[capability] * m.commonly_held[capability, period]
    return m.commonly_contributed[task, capability, period] <= supply
