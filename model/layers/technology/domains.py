"""Where technology comes in: what research brings forward, and who is below the best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.core import domains
from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def early_periods(d: Data) -> Iterator[Key]:
    """(capability, period) in which only research lets anybody order it."""
    ordered = set(d.keys(domains.ordered_at_all))
    for c, since in sorted(d.available_from.items()):
        if d.research_cost[c] is not None:
            yield from ((c, t) for t in d.sets["period"] if (c, t) in ordered and (since is None or t < since))


def research_periods(d: Data) -> Iterator[Key]:
    """(capability, period) in which research serves some later order."""
    early = d.keys(early_periods)
    for c in sorted({c for c, _ in early}):
        yield from ((c, t) for t in d.sets["period"] if any(k == c and s > t for k, s in early))


def researched_capabilities(d: Data) -> Iterator[Key]:
    """(capability,) that research can bring forward."""
    return iter(sorted({(c,) for c, _ in d.keys(research_periods)}))


def technical_members(d: Data) -> Iterator[Key]:
    """(member,) with a technology level."""
    return ((m,) for m in d.sets["member"] if d.technology[m] is not None)


def laggards(d: Data) -> Iterator[Key]:
    """(member,) whose technology level is below the best."""
    return ((m,) for (m,) in d.keys(technical_members) if d.behind[m] > 0)


def raisable_members(d: Data) -> Iterator[Key]:
    """(member,) below the best that can be raised, at a cost."""
    return ((m,) for (m,) in d.keys(laggards) if d.transfer_cost[m] is not None)


def transfers(d: Data) -> Iterator[Key]:
    """(member, period): below the best; where it cannot be raised, by nothing."""
    return ((m, t) for (m,) in d.keys(laggards) for t in d.sets["period"])


def limited_laggards(d: Data) -> Iterator[Key]:
    """(member,) below the best, where the gap is limited."""
    return iter(()) if d.settings["technology_limit"] is None else iter(d.keys(laggards))
