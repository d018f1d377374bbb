"""Joint programmes: development paid together, units cheaper for those who take part, opened or not."""

from __future__ import annotations

from typing import Any

from model.core import domains
from model.core.parameters import Data
from model.language.registry import bound, constraint, parameter, variable


@variable("fraction of 1", symbol="o", over=domains.programmes)
def opened(d: Data, programme: str) -> float:
    """Whether a programme is opened: 1 or 0. In between only in the relaxation, which is reported beside the plan."""
    return d.whole


@variable("unit", symbol="J", over=domains.joint_orders)
def jointly_ordered(d: Data, programme: str, member: str, period: int) -> None:
    """Units a participant orders through a programme: paid at once, delivered a lead time later."""


@parameter("money/unit", symbol=r"(1-\delta)\,a", over=domains.joint_members)
def joint_price(d: Data, programme: str, member: str) -> float:
    """Price of one unit to a participant: what it would pay by itself, less the discount."""
    return (1 - d.programme_discount[programme]) * d.acquisition_cost[member, d.programme_capability[programme]]


@parameter("fraction of 1", over=domains.joint_members)
def development_share(d: Data, programme: str, member: str) -> float:
    """The part of the development cost a participant bears; all parts sum to 1."""
    return d.development_parts[programme][member]


@parameter("money", symbol="D", over=domains.programmes_in_time)
def development_due(d: Data, programme: str, period: int) -> float:
    """Development paid in a period: as many of its years as fall within it, in equal parts."""
    return d.development_cost[programme] * (d.development_years_in(programme, period) / d.development_years[programme])


@parameter("fraction of 1", symbol=r"\alpha e", over=domains.joint_members)
def joint_effect(d: Data, programme: str, member: str) -> float:
    """What a unit a participant orders through the programme counts for at least, as delivered; where that is nothing, at its best."""
    capability, level = d.programme_capability[programme], max(d.floor[member], d.delivery_level)
    least = min(d.effect[member, situation, level] for situation in d.sets["situation"])
    return d.deployable[member, capability] * (least if least > 0 else d.whole)


@parameter("effective unit", over=domains.required_programmes)
def all_that_is_required(d: Data, programme: str) -> float:
    """Everything that all tasks require of the programme's capability, all periods added up."""
    found = [value for (_, c, _), value in d.required.items() if c == d.programme_capability[programme]]
    return sum(found[1:], found[0])


@parameter("unit", over=domains.joint_minimums)
def least_units(d: Data, programme: str) -> float:
    """Units the participants must order together if the programme is opened."""
    return d.min_units[programme]


@parameter("fraction of 1", over=domains.programmes)
def least_opened(d: Data, programme: str) -> float:
    """1 where it is decided that the programme is opened, else 0."""
    return d.whole if d.decision[programme] == "open" else 0 * d.whole


@parameter("fraction of 1", over=domains.programmes)
def most_opened(d: Data, programme: str) -> float:
    """0 where it is decided that the programme stays closed, else 1."""
    return 0 * d.whole if d.decision[programme] == "closed" else d.whole


@constraint("effective unit", over=domains.joint_orders)
def joint_orders_need_the_programme(m: Any, d: Data, programme: str, member: str, period: int) -> Any:
    r"""Through a programme units are ordered only where it is opened: then up to what would meet all that is ever required.

    .. math:: \alpha_{mc}\, e_m\, J_{gmt} \le o_g \sum_{k,t} R_{kct}
    """
    worth = d.joint_effect[programme, member] * m.jointly_ordered[programme, member, period]
    return worth <= d.all_that_is_required[programme] * m.opened[programme]


@constraint("unit", over=domains.joint_minimums, may_bend=True, source="scenario: Programmes, min_units")
def participation_suffices(m: Any, d: Data, programme: str) -> Any:
    r"""If a programme is opened, its participants order together at least the agreed number of units.

    .. math:: \sum_{m,t} J_{gmt} \ge o_g\, \text{min\_units}_g
    """
    orders = [m.jointly_ordered[key] for key in d.joint_orders_of[programme]]
    return m.sum(orders) >= d.least_units[programme] * m.opened[programme]


@constraint("fraction of 1", over=domains.programmes, may_bend=True, source="scenario: Programmes, decision")
def programme_goes_ahead(m: Any, d: Data, programme: str) -> Any:
    r"""What is decided to be opened is opened.

    .. math:: o_g \ge 1 \text{ where it is decided to open it, else } 0
    """
    return m.opened[programme] >= d.least_opened[programme]


@bound("fraction of 1", of="opened", over=domains.programmes, may_bend=True, source="scenario: Programmes, decision")
def programme_stays_closed(m: Any, d: Data, programme: str) -> Any:
    r"""What is decided to stay closed stays closed.

    .. math:: o_g \le 0 \text{ where it is decided to keep it closed, else } 1
    """
    return d.most_opened[programme]
