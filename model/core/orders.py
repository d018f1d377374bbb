"""Everything that is ordered of a capability in a period, whoever orders it: members, and whoever else orders in a layer."""

from __future__ import annotations

from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.language.registry import additions


def units_ordered(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    """The orders, in units."""
    own = [(n, capability, period) for n in d.members_of_field[capability]]
    orders = [m.ordered[key] for key in own if key in m.ordered]
    return [*orders, *additions("units_ordered", m, d, capability, period)]


def paid_for_orders(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    """What is paid for each of them."""
    own = [(n, capability, period) for n in d.members_of_field[capability]]
    paid = [d.acquisition_cost[key[:2]] * m.ordered[key] for key in own if key in m.ordered]
    return [*paid, *additions("paid_for_orders", m, d, capability, period)]


def orders_of(m: Decisions, d: Data, member: str, capability: str, period: int, part: float) -> list[Any]:
    """A part of what a member pays for orders of a capability, by itself or with others."""
    key = (member, capability, period)
    own = [part * d.acquisition_cost[key[:2]] * m.ordered[key]] if key in m.ordered else []
    return [*own, *additions("orders_of", m, d, member, capability, period, part)]


def acquired_with_others(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    """What a member pays in a period for new units together with others: no term at all for layers not used."""
    return additions("acquired_with_others", m, d, member, period)


def renewed_with_others(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    """The same with what it pays for developing them."""
    return [*acquired_with_others(m, d, member, period), *additions("developed_with_others", m, d, member, period)]
