"""Where joint programmes exist, and who may order through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core import domains
from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def programmes(d: Data) -> Iterator[Key]:
    """(programme,): somebody takes part, and anything is ordered at all. Opened, it is paid for, whatever tasks require."""
    return ((g,) for g in d.sets["programme"] if d.takes_part[g] and d.settings["new_orders"])


def programmes_in_time(d: Data) -> Iterator[Key]:
    """(programme, period)."""
    return ((g, t) for (g,) in d.keys(programmes) for t in d.sets["period"])


def required_programmes(d: Data) -> Iterator[Key]:
    """(programme,) that deliver what some task requires."""
    required = {c for _, c, _ in d.keys(domains.requirements)}
    return (key for key in d.keys(programmes) if d.programme_capability[key[0]] in required)


def joint_members(d: Data) -> Iterator[Key]:
    """(programme, member): the member takes part."""
    return ((g, m) for (g,) in d.keys(programmes) for m in d.takes_part[g])


def joint_orders(d: Data) -> Iterator[Key]:
    """(programme, member, period): early enough to arrive, late enough for the programme, and of some use to some task."""
    required = {g for (g,) in d.keys(required_programmes)}
    for g, m in d.keys(joint_members):
        c, since = d.programme_capability[g], d.earliest_year[g]
        if g in required and d.joint_effect[g, m] > 0:
            for t in d.sets["period"]:
                due = (since is None or since <= t) and d.can_be_ordered(c, t)
                if due and d.arrival(c, t) in d.position:
                    yield g, m, t


def joint_minimums(d: Data) -> Iterator[Key]:
    """(programme,) with a number of units that must be ordered together."""
    return (key for key in d.keys(programmes) if d.min_units[key[0]] > 0)
