"""What the alliance may own itself, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core import domains
from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def common_capabilities(d: Data) -> Iterator[Key]:
    """(capability,): the alliance may own it itself."""
    return ((c,) for c in d.sets["capability"] if c in d.common_cost_factor and d.sharing[c] != "weakest link")


def payers_in_common(d: Data) -> Iterator[Key]:
    """(member, capability): every member pays its part of what the alliance may own."""
    return ((m, c) for m in d.sets["member"] for (c,) in d.keys(common_capabilities))


def common_stocks(d: Data) -> Iterator[Key]:
    """(capability, period) of what the alliance may own."""
    return ((c, t) for (c,) in d.keys(common_capabilities) for t in d.sets["period"])


def common_orders(d: Data) -> Iterator[Key]:
    """(capability, period): the alliance may order by then, and the order arrives in time."""
    for c, t in d.keys(common_stocks) if d.settings["new_orders"] else ():
        since = d.common_from_year[c]
        if (since is None or since <= t) and d.arrival(c, t) in d.position and d.can_be_ordered(c, t):
            yield c, t


def limited_common_stocks(d: Data) -> Iterator[Key]:
    """(capability, period) where the alliance may own no more than so many."""
    return (key for key in d.keys(common_stocks) if d.common_max_stock[key[0]] is not None)


def common_contributions(d: Data) -> Iterator[Key]:
    """(task, capability, period): required, and the alliance may own it."""
    owned = {c for (c,) in d.keys(common_capabilities)}
    return (key for key in d.keys(domains.requirements) if key[1] in owned)


def common_shared_contributions(d: Data) -> Iterator[Key]:
    """The alliance's own contributions that are not used up."""
    return (key for key in d.keys(common_contributions) if d.sharing[key[1]] != "rival")


def common_rival_releases(d: Data) -> Iterator[Key]:
    """(situation, capability, period) with a task that competes for the alliance's own units."""
    seen = {(d.situation_of[k], c, t) for k, c, t in d.keys(common_contributions) if d.sharing[c] == "rival"}
    return iter(sorted(seen))
