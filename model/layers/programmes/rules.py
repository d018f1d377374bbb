"""Joint programmes: development paid together, units cheaper for those who take part, opened or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from model.core.data import Data
from model.core.decisions import Decisions
from model.core.domains import Key
from model.language.registry import adds_to, bound, constraint, derived, parameter, quantity, variable
from model.layers.programmes import domains as here
from model.layers.programmes.participants import development_shares, participants


@derived
def takes_part(d: Data) -> dict[str, tuple[str, ...]]:
    """The participants of each programme, in order of their names."""
    known = {name: d.scenario.values[name] for name in ("participants", "groups")}
    named = replace(d.scenario, values=known)
    return {g: participants(named, g) for g in d.sets["programme"]}


@derived
def development_parts(d: Data) -> dict[str, dict[str, float]]:
    """By programme, the part of its development each participant bears."""
    columns = ("participants", "groups", "development_sharing", "programme_key", "workshare")
    known = {**d.key_figures.values, **{name: d.scenario.values[name] for name in columns}}
    named = replace(d.scenario, values=known)
    return {g: development_shares(named, g) for (g,) in d.keys(here.programmes)}


@derived
def programmes_of(d: Data) -> dict[tuple[str, str], list[str]]:
    """The programmes through which a member may order a capability."""
    found: dict[tuple[str, str], list[str]] = {}
    for g in d.sets["programme"]:
        for m in d.takes_part[g]:
            found.setdefault((m, d.scenario.programme_capability[g]), []).append(g)
    return found


@derived
def joint_orders_of(d: Data) -> dict[str, list[Key]]:
    """The keys of orders through each programme."""
    found: dict[str, list[Key]] = {g: [] for (g,) in d.keys(here.programmes)}
    for key in d.keys(here.joint_orders):
        found[key[0]].append(key)
    return found


@derived
def joint_orders_at(d: Data) -> dict[tuple[str, int], list[Key]]:
    """The keys of orders through programmes by capability and period."""
    found: dict[tuple[str, int], list[Key]] = {}
    for key in d.keys(here.joint_orders):
        found.setdefault((d.scenario.programme_capability[key[0]], key[2]), []).append(key)
    return found


def development_years_in(d: Data, programme: str, period: int) -> int:
    """How many years of a programme's development fall within a period."""
    given = d.scenario.development_from[programme]
    first = d.settings["first_year"] if given is None else given
    years = int(d.settings["years_per_period"])
    return max(0, min(period + years, first + d.scenario.development_years[programme]) - max(period, first))


@variable("fraction of 1", symbol="o", over=here.programmes)
def opened(d: Data, programme: str) -> float:
    """Whether a programme is opened: 1 or 0. In between only in the relaxation, which is reported beside the plan."""
    return d.whole


@variable("unit", symbol="J", over=here.joint_orders)
def jointly_ordered(d: Data, programme: str, member: str, period: int) -> None:
    """Units a participant orders through a programme: paid at once, delivered a lead time later."""


@parameter("money/unit", symbol=r"(1-\delta)\,a", over=here.joint_members)
def joint_price(d: Data, programme: str, member: str) -> float:
    """Price of one unit to a participant: what it would pay by itself, less the discount."""
    return (1 - d.programme_discount[programme]) * d.acquisition_cost[member, d.programme_capability[programme]]


@parameter("fraction of 1", over=here.joint_members)
def development_share(d: Data, programme: str, member: str) -> float:
    """The part of the development cost a participant bears; all parts sum to 1."""
    return d.development_parts[programme][member]


@parameter("money", symbol="D", over=here.programmes_in_time)
def development_due(d: Data, programme: str, period: int) -> float:
    """Development paid in a period: as many of its years as fall within it, in equal parts."""
    return d.development_cost[programme] * (development_years_in(d, programme, period) / d.development_years[programme])


@parameter("fraction of 1", symbol=r"\alpha e", over=here.joint_members)
def joint_effect(d: Data, programme: str, member: str) -> float:
    """What a unit a participant orders through the programme counts for at least, as delivered; where that is nothing, at its best."""
    capability, level = d.programme_capability[programme], max(d.floor[member], d.delivery_level)
    least = min(d.effect[member, situation, level] for situation in d.sets["situation"])
    return d.deployable[member, capability] * (least if least > 0 else d.whole)


@parameter("effective unit", over=here.required_programmes)
def all_that_is_required(d: Data, programme: str) -> float:
    """Everything that all tasks require of the programme's capability, all periods added up."""
    found = [value for (_, c, _), value in d.required.items() if c == d.programme_capability[programme]]
    return sum(found[1:], found[0])


@parameter("unit", over=here.joint_minimums)
def least_units(d: Data, programme: str) -> float:
    """Units the participants must order together if the programme is opened."""
    return d.min_units[programme]


@parameter("fraction of 1", over=here.programmes)
def least_opened(d: Data, programme: str) -> float:
    """1 where it is decided that the programme is opened, else 0."""
    return d.whole if d.decision[programme] == "open" else 0 * d.whole


@parameter("fraction of 1", over=here.programmes)
def most_opened(d: Data, programme: str) -> float:
    """0 where it is decided that the programme stays closed, else 1."""
    return 0 * d.whole if d.decision[programme] == "closed" else d.whole


@constraint("effective unit", over=here.joint_orders)
def joint_orders_need_the_programme(m: Decisions, d: Data, programme: str, member: str, period: int) -> Any:
    r"""Through a programme units are ordered only where it is opened: then up to what would meet all that is ever required.

    .. math:: \alpha_{mc}\, e_m\, J_{gmt} \le o_g \sum_{k,t} R_{kct}
    """
    worth = d.joint_effect[programme, member] * m.jointly_ordered[programme, member, period]
    return worth <= d.all_that_is_required[programme] * m.opened[programme]


@constraint(
    "unit",
    over=here.joint_minimums,
    may_bend=True,
    source="scenario: Programmes, min_units",
    remedy="the participants of {programme} would order {amount} units fewer together than agreed",
    cells=("Programmes.min_units",),
    reason="other",
)
def participation_suffices(m: Decisions, d: Data, programme: str) -> Any:
    r"""If a programme is opened, its participants order together at least the agreed number of units.

    .. math:: \sum_{m,t} J_{gmt} \ge o_g\, \text{min\_units}_g
    """
    orders = [m.jointly_ordered[key] for key in d.joint_orders_of[programme]]
    return m.sum(orders) >= d.least_units[programme] * m.opened[programme]


@constraint(
    "fraction of 1",
    over=here.programmes,
    may_bend=True,
    source="scenario: Programmes, decision",
    remedy="{programme} would not be opened",
    cells=("Programmes.decision",),
    reason="other",
)
def programme_goes_ahead(m: Decisions, d: Data, programme: str) -> Any:
    r"""What is decided to be opened is opened.

    .. math:: o_g \ge 1 \text{ where it is decided to open it, else } 0
    """
    return m.opened[programme] >= d.least_opened[programme]


@bound(
    "fraction of 1",
    of="opened",
    over=here.programmes,
    may_bend=True,
    source="scenario: Programmes, decision",
    remedy="{programme} would be opened",
    cells=("Programmes.decision",),
    reason="other",
)
def programme_stays_closed(m: Decisions, d: Data, programme: str) -> Any:
    r"""What is decided to stay closed stays closed.

    .. math:: o_g \le 0 \text{ where it is decided to keep it closed, else } 1
    """
    return d.most_opened[programme]


@quantity("money")
def joint_acquisition(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member spends on units it orders through joint programmes.

    .. math:: \sum_g (1-\delta_g)\, a_{m,c(g)} J_{gmt}
    """
    keys = [key for key in ((g, member, period) for (g,) in d.keys(here.programmes)) if key in m.jointly_ordered]
    return m.sum([d.joint_price[key[:2]] * m.jointly_ordered[key] for key in keys])


@quantity("money")
def development(m: Decisions, d: Data, member: str, period: int) -> Any:
    r"""Money a member pays for developing the programmes it takes part in, where they are opened.

    .. math:: \sum_g \sigma_{gm} D_{gt}\, o_g
    """
    keys = [g for (g,) in d.keys(here.programmes) if member in d.takes_part[g]]
    return m.sum([d.development_share[g, member] * d.development_due[g, period] * m.opened[g] for g in keys])


@adds_to("acquired_with_others")
def _acquired(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    joint = any((g, member, period) in m.jointly_ordered for g in d.sets["programme"])
    return [m.joint_acquisition[member, period]] if joint else []


@adds_to("developed_with_others")
def _developed(m: Decisions, d: Data, member: str, period: int) -> list[Any]:
    paid = any(member in d.takes_part[g] for (g,) in d.keys(here.programmes))
    return [m.development[member, period]] if paid else []


@adds_to("units_ordered")
def _units(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    return [m.jointly_ordered[key] for key in d.joint_orders_at.get((capability, period), ())]


@adds_to("paid_for_orders")
def _paid(m: Decisions, d: Data, capability: str, period: int) -> list[Any]:
    return [d.joint_price[key[:2]] * m.jointly_ordered[key] for key in d.joint_orders_at.get((capability, period), ())]


@adds_to("orders_of")
def _orders_of(m: Decisions, d: Data, member: str, capability: str, period: int, part: float) -> list[Any]:
    keys = [key for key in d.joint_orders_at.get((capability, period), ()) if key[1] == member]
    return [part * d.joint_price[key[:2]] * m.jointly_ordered[key] for key in keys]


@adds_to("delivered")
def _delivered(m: Decisions, d: Data, member: str, capability: str, when: int) -> list[Any]:
    keys = [(g, member, when) for g in d.programmes_of.get((member, capability), ())]
    return [m.jointly_ordered[key] for key in keys if key in m.jointly_ordered]


@adds_to("fields")
def _fields(d: Data) -> Iterable[Key]:
    return d.programmes_of


@adds_to("ordered_at_all")
def _ordered(d: Data) -> Iterable[Key]:
    return d.joint_orders_at


@adds_to("buying_members")
def _buying(d: Data) -> Iterator[Key]:
    return ((member, t) for _, member, t in d.keys(here.joint_orders))
