"""What the alliance owns itself: bought and kept with everybody's money, at the top interoperability level, without caveats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.core.domains import Key
from model.core.parameters import BY_COLUMN, part_of_total
from model.language.registry import adds_to, bound, constraint, derived, parameter, quantity, variable
from model.layers.burden_keys.keys import fair_shares
from model.layers.common_funding import domains as here


@derived
def shares_in_common(d: Data) -> dict[str, dict[str, float]]:
    """Every member's part under each key that common funding goes by."""
    keys = {d.scenario.common_key[c] for (c,) in d.keys(here.common_capabilities)}
    return {key: fair_shares(d.key_figures, key) for key in sorted(keys)}


@variable("unit", symbol=r"A^{\circ}", over=here.common_orders)
def commonly_ordered(d: Data, capability: str, period: int) -> None:
    """Units the alliance orders in a period: paid at once by all members, delivered a lead time later."""


@variable("unit", symbol=r"S^{\circ}", over=here.common_stocks)
def commonly_held(d: Data, capability: str, period: int) -> None:
    """Units the alliance owns, all at the top interoperability level."""


@variable("effective unit", symbol=r"Y^{\circ}", over=here.common_contributions, by_case=True)
def commonly_contributed(d: Data, task: str, capability: str, period: int) -> None:
    """Effective units of the alliance's own that serve a task."""


@parameter("unit", symbol=r"H^{\circ}", over=here.common_capabilities)
def common_initial(d: Data, capability: str) -> float:
    """Units the alliance owns when the first period starts."""
    return d.common_holding[capability]


@parameter("money/unit", symbol=r"a^{\circ}", over=here.common_capabilities)
def common_price(d: Data, capability: str) -> float:
    """Price of one unit to the alliance: list price times the cost factor of common funding."""
    return d.unit_cost[capability] * d.common_cost_factor[capability]


@parameter("money/unit", symbol=r"\Delta s^{\circ}", over=here.common_capabilities)
def common_upkeep(d: Data, capability: str) -> float:
    """Cost of sustaining one unit of the alliance's own for a period."""
    return d.step * d.sustainment_cost[capability] * d.common_cost_factor[capability]


@parameter("fraction of 1", symbol=r"\kappa_{mc}", over=here.payers_in_common)
def common_share(d: Data, member: str, capability: str) -> float:
    r"""A member's part of what the alliance's own units of a capability cost, by the key of its row.

    .. math:: \sum_m \kappa_{mc} = 1
    """
    key = d.common_key[capability]
    return part_of_total(d, key, member) if key in BY_COLUMN else d.shares_in_common[key][member]


@parameter("fraction of 1", symbol=r"\alpha_c", over=here.common_capabilities)
def common_deployable(d: Data, capability: str) -> float:
    """Part of the alliance's own units that can be deployed: the capability's own availability."""
    return d.capability_availability[capability]


@parameter("unit", over=here.limited_common_stocks)
def common_limit(d: Data, capability: str, period: int) -> float:
    """Units the alliance may own at most."""
    return d.common_max_stock[capability]


@constraint("unit", over=here.common_stocks, source="perpetual inventory: OECD, Measuring Capital, 2009")
def common_holdings_carry_over(m: Decisions, d: Data, capability: str, period: int) -> Any:
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


@bound(
    "unit",
    of="commonly_held",
    over=here.limited_common_stocks,
    may_bend=True,
    source="scenario: Common funding",
    remedy="the alliance would own {amount} more of {capability} ({unit}) than agreed in {years}",
    cells=("Common funding.max_stock",),
    reason="other",
)
def common_stock_is_limited(m: Decisions, d: Data, capability: str, period: int) -> Any:
    r"""The alliance owns no more than its members have agreed to own together.

    .. math:: S^{\circ}_{ct} \le \text{max\_stock}_c
    """
    return d.common_limit[capability, period]


@constraint(
    "effective unit",
    over=here.common_rival_releases,
    may_bend=True,
    source="one set of forces",
    remedy="the alliance would send {amount} more of its own {capability} ({unit}) than it can deploy in {years}",
    cells=(),
    physical=True,
    reason="other",
)
def common_forces_are_used_once(m: Decisions, d: Data, situation: str, capability: str, period: int) -> Any:
    r"""What the alliance's own units do for the tasks of a situation together stays within what can be deployed of them.

    .. math:: \sum_{k\in K_p} Y^{\circ}_{kct} \le \alpha_c S^{\circ}_{ct}

    They are at the top level, where a unit counts fully beside any lead, and no member's caveat holds them back.
    """
    keys = [(k, capability, period) for k in d.tasks_of[situation]]
    sent = [m.commonly_contributed[key] for key in keys if key in m.commonly_contributed]
    return m.sum(sent) <= d.common_deployable[capability] * m.commonly_held[capability, period]


@constraint(
    "effective unit",
    over=here.common_shared_contributions,
    may_bend=True,
    source="Sandler & Hartley: non-rival goods",
    remedy="the alliance would send {amount} more of its own {capability} ({unit}) than it can deploy in {years}",
    cells=(),
    physical=True,
    reason="other",
)
def common_forces_suffice(m: Decisions, d: Data, task: str, capability: str, period: int) -> Any:
    r"""What is not used up serves each task by itself, up to what can be deployed of the alliance's own units.

    .. math:: Y^{\circ}_{kct} \le \alpha_c S^{\circ}_{ct}
    """
    supply = d.common_deployable[capability] * m.commonly_held[capability, period]
    return m.commonly_contributed[task, capability, period] <= supply


@quantity("money")
def common_acquisition(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member pays for what the alliance orders.

    .. math:: \sum_c \kappa_{mc}\, a^{\circ}_c A^{\circ}_{ct}
    """
    keys = [c for (c,) in d.keys(here.common_capabilities) if (c, period) in m.commonly_ordered]
    return m.sum([d.common_share[member, c] * d.common_price[c] * m.commonly_ordered[c, period] for c in keys])


@quantity("money")
def common_sustainment(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member pays for keeping what the alliance owns.

    .. math:: \sum_c \kappa_{mc}\, \Delta s^{\circ}_c S^{\circ}_{ct}
    """
    keys = [c for (c,) in d.keys(here.common_capabilities)]
    return m.sum([d.common_share[member, c] * d.common_upkeep[c] * m.commonly_held[c, period] for c in keys])


@adds_to("acquired_with_others")
def _acquired(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    return [m.common_acquisition[member, period]] if d.keys(here.common_capabilities) else []


@adds_to("spend")
def _sustained(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    return [m.common_sustainment[member, period]] if d.keys(here.common_capabilities) else []


@adds_to("provided")
def _provided(m: Decisions, d: Data, task: str, capability: str, period: int) -> list[Any]:
    key = task, capability, period
    return [m.commonly_contributed[key]] if key in m.commonly_contributed else []


@adds_to("units_ordered")
def _units(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    return [m.commonly_ordered[capability, period]] if (capability, period) in m.commonly_ordered else []


@adds_to("paid_for_orders")
def _paid(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    return [d.common_price[capability] * order for order in _units(m, d, capability, period)]


@adds_to("orders_of")
def _orders_of(m: Decisions, d: Data, member: str, capability: str, period: int, part: float) -> list[Any]:
    units = _units(m, d, capability, period)
    return [part * d.common_share[member, capability] * d.common_price[capability] * order for order in units]


@adds_to("ordered_at_all")
def _ordered(d: Data) -> list[Key]:
    return d.keys(here.common_orders)


@adds_to("buying_members")
def _buying(d: Data) -> Iterator[Key]:
    return ((m, t) for c, t in d.keys(here.common_orders) for m in d.sets["member"] if d.common_share[m, c] > 0)
