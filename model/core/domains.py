"""Where each part exists: sparse lists of keys, so that nothing is created that could not matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from model.language.registry import additions

if TYPE_CHECKING:
    from model.core.data import Data

Key = tuple[Any, ...]


def fields(d: Data) -> Iterator[Key]:
    """(member, capability): the member holds it or may acquire it, by itself or in a way that a layer adds."""
    joined = set(additions("fields", d))
    for pair in product(d.sets["member"], d.sets["capability"]):
        if pair in d.cost_factor or d.scenario.holding.get(pair, 0) > 0 or pair in joined:
            yield pair


def fields_in_time(d: Data) -> Iterator[Key]:
    """(member, capability, period)."""
    return ((m, c, t) for m, c in d.keys(fields) for t in d.sets["period"])


def orders(d: Data) -> Iterator[Key]:
    """(member, capability, period): may be ordered, and arrives in time."""
    for m, c, t in d.keys(fields_in_time) if d.settings["new_orders"] else ():
        ripe = (m, c) in d.cost_factor and d.can_be_ordered(c, t)
        if ripe and d.arrival(c, t) in d.position:
            yield m, c, t


def held_levels(d: Data) -> Iterator[Key]:
    """(member, level): the levels with a stock of their own; up to the member's floor, all are level 0."""
    for m in d.sets["member"]:
        yield m, 0
        yield from ((m, level) for level in d.sets["level"] if level > d.floor[m])


def stocks(d: Data) -> Iterator[Key]:
    """(member, capability, level, period)."""
    return ((m, c, level, t) for m, c in d.keys(fields) for level in d.levels_of[m] for t in d.sets["period"])


def lifted_stocks(d: Data) -> Iterator[Key]:
    """(member, capability, level, period) above the member's floor."""
    return (key for key in d.keys(stocks) if key[2] > 0)


def requirements(d: Data) -> Iterator[Key]:
    """(task, capability, period) with something required."""
    for k, c, t in product(d.sets["task"], d.sets["capability"], d.sets["period"]):
        if d.quantity_in(k, c, t) > 0:
            yield k, c, t


def pooled_requirements(d: Data) -> Iterator[Key]:
    """Requirements that are met by the sum of contributions."""
    return (key for key in d.keys(requirements) if d.sharing[key[1]] != "weakest link")


def weakest_link_requirements(d: Data) -> Iterator[Key]:
    """Requirements where the worst member decides."""
    return (key for key in d.keys(requirements) if d.sharing[key[1]] == "weakest link")


def bands(d: Data) -> Iterator[Key]:
    """(task, capability, period, band)."""
    return ((*key, b) for key in d.keys(requirements) for b in d.sets["band"])


def contributions(d: Data) -> Iterator[Key]:
    """(member, task, capability, period): a field, required, released at all, asked of the member, which takes part in the task."""
    for k, c, t in d.keys(requirements):
        owed = d.sharing[c] == "weakest link"
        for m in d.members_of_field[c]:
            takes_part = (m, k) not in d.still_counts
            if takes_part and d.release[m, k, c] > 0 and not (owed and d.task_share[m, k] <= 0):
                yield m, k, c, t


def weakest_contributions(d: Data) -> Iterator[Key]:
    """Contributions where the worst member decides."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] == "weakest link")


def pooled_contributions(d: Data) -> Iterator[Key]:
    """Contributions to requirements that are met by the sum."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] != "weakest link")


def challenged_contributions(d: Data) -> Iterator[Key]:
    """Pooled contributions, where a reasonable challenge is set."""
    return iter(()) if d.settings["challenge"] is None else iter(d.keys(pooled_contributions))


def caveated_contributions(d: Data) -> Iterator[Key]:
    """Contributions of which a caveat releases only a part."""
    return (key for key in d.keys(contributions) if d.release[key[:3]] < 1)


def shared_contributions(d: Data) -> Iterator[Key]:
    """Contributions that are not used up and not limited further by a caveat."""
    return (key for key in d.keys(contributions) if d.sharing[key[2]] != "rival")


def rival_releases(d: Data) -> Iterator[Key]:
    """(member, situation, capability, period) with a task that competes for the force."""
    seen = {(m, d.situation_of[k], c, t) for m, k, c, t in d.keys(contributions) if d.sharing[c] == "rival"}
    return iter(sorted(seen))


def debts(d: Data) -> Iterator[Key]:
    """(member, task, capability, period): every member that owes a part of a weakest-link requirement."""
    for k, c, t in d.keys(weakest_link_requirements):
        yield from ((m, k, c, t) for m in d.sets["member"] if d.task_share[m, k] > 0)


def build_limits(d: Data) -> Iterator[Key]:
    """(capability, period) where industry has a limit and something can be ordered."""
    return (key for key in d.keys(ordered_at_all) if d.build_limit[key[0]] is not None)


def ordered_at_all(d: Data) -> Iterator[Key]:
    """(capability, period) in which anybody can order it: a member, or whoever else orders in a layer."""
    ordered = {(c, t) for _, c, t in d.keys(orders)} | set(additions("ordered_at_all", d))
    return (key for key in product(d.sets["capability"], d.sets["period"]) if key in ordered)


def least_pledges(d: Data) -> Iterator[Key]:
    """(member, capability, period) with a promised minimum."""
    return (key for key in d.keys(fields_in_time) if d.pledge_in("min_stock", *key) is not None)


def largest_pledges(d: Data) -> Iterator[Key]:
    """(member, capability, period) with a promised maximum."""
    return (key for key in d.keys(fields_in_time) if d.pledge_in("max_stock", *key) is not None)


def banded_members(d: Data) -> Iterator[Key]:
    """(member,) where a fairness band is set."""
    return iter(()) if d.settings["fairness_band"] is None else ((m,) for m in d.sets["member"])


def buying_members(d: Data) -> Iterator[Key]:
    """(member, period) in which it can order something that arrives in time, by itself or with others."""
    buys = {(m, t) for m, _, t in d.keys(orders)} | set(additions("buying_members", d))
    return (key for key in product(d.sets["member"], d.sets["period"]) if key in buys)


def renewing_members(d: Data) -> Iterator[Key]:
    """(member, period) where an equipment guideline is set and there is something to buy."""
    return iter(()) if d.settings["equipment_floor"] is None else iter(d.keys(buying_members))


def repaid_members(d: Data) -> Iterator[Key]:
    """(member, period): somebody may pay the member back some of what it spends."""
    return iter(sorted(set(additions("repaid_members", d))))
