"""Everything that is ordered of a capability in a period, whoever orders it: members, the alliance, participants of programmes."""

from __future__ import annotations

from typing import Any

from model.core.data import Data


def units_ordered(m: Any, d: Data, capability: str, period: int) -> list[Any]:
    """The orders, in units."""
    own = [(n, capability, period) for n in d.members_of_field[capability]]
    common = m.commonly_ordered.get((capability, period))
    orders = [m.ordered[key] for key in own if key in m.ordered]
    joint = [m.jointly_ordered[key] for key in d.joint_orders_at.get((capability, period), ())]
    return [*orders, *joint, *([common] if common is not None else [])]


def paid_for_orders(m: Any, d: Data, capability: str, period: int) -> list[Any]:
    """What is paid for each of them."""
    own = [(n, capability, period) for n in d.members_of_field[capability]]
    common = m.commonly_ordered.get((capability, period))
    paid = [d.acquisition_cost[key[:2]] * m.ordered[key] for key in own if key in m.ordered]
    joint = [d.joint_price[key[:2]] * m.jointly_ordered[key] for key in d.joint_orders_at.get((capability, period), ())]
    return [*paid, *joint, *([d.common_price[capability] * common] if common is not None else [])]
