"""Where industry comes in: who supplies what, under which limits, and what must come back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from model.core import domains
from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def supplies(d: Data) -> Iterator[Key]:
    """(capability, supplier): the supplier makes a part of what is ordered."""
    return iter(sorted(key for key, part in d.work_share.items() if part > 0))


def supplies_in_time(d: Data) -> Iterator[Key]:
    """(capability, supplier, period)."""
    return ((*key, t) for key in d.keys(supplies) for t in d.sets["period"])


def supplier_limits(d: Data) -> Iterator[Key]:
    """(capability, supplier, period): the supplier can make only so much of what can be ordered in the period."""
    ordered = set(d.keys(domains.ordered_at_all))
    limited = (key for key in d.keys(supplies_in_time) if d.supplier_limit[key[:2]] is not None)
    return (key for key in limited if (key[0], key[2]) in ordered)


def employers(d: Data) -> Iterator[Key]:
    """(capability, supplier): it is known how many jobs money to the supplier gives."""
    return (key for key in d.keys(supplies) if d.jobs_per_million[key] is not None)


def returning_members(d: Data) -> Iterator[Key]:
    """(member,): a part of what the member spends on acquisition must come back."""
    return ((m,) for m in d.sets["member"] if d.juste_retour[m] is not None)


def earning_members(d: Data) -> Iterator[Key]:
    """(member, period), where the workbook says anything about industry."""
    said = d.keys(supplies) or d.keys(returning_members) or any(x is not None for x in d.multiplier.values())
    return product(d.sets["member"], d.sets["period"]) if said else iter(())
