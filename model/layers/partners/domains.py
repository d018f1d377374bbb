"""Where what partners pay for and lend exists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from model.core import domains
from model.core.domains import Key

if TYPE_CHECKING:
    from model.core.data import Data


def helping_partners(d: Data) -> Iterator[Key]:
    """(partner, period): the partner helps in the period, which it does if the period begins in its years."""
    for j, t in product(d.sets["partner"], d.sets["period"]):
        first, last = d.partner_from[j], d.partner_to[j]
        if (first is None or first <= t) and (last is None or t <= last):
            yield j, t


def reimbursed_requirements(d: Data) -> Iterator[Key]:
    """(partner, task, capability, period): the partner pays for what is required."""
    for j, t in d.keys(helping_partners):
        yield from (
            (j, *key)
            for key in d.keys(domains.requirements)
            if key[2] == t and support(d, "reimbursement", j, *key) > 0
        )


def payments(d: Data) -> Iterator[Key]:
    """(partner, member, task, capability, period): the partner pays for what the member may contribute."""
    for j, *key in d.keys(reimbursed_requirements):
        yield from ((j, m, *key) for m in d.contributors[tuple(key)])


def limited_partners(d: Data) -> Iterator[Key]:
    """(partner, period): the partner pays for something, and not without limit."""
    paying = {(key[0], key[-1]) for key in d.keys(payments)}
    return (key for key in d.keys(helping_partners) if key in paying and d.partner_money[key[0]] is not None)


def loans(d: Data) -> Iterator[Key]:
    """(partner, task, capability, period): the partner offers forces for what is required and met by the sum."""
    for j, t in d.keys(helping_partners):
        yield from (
            (j, *key)
            for key in d.keys(domains.pooled_requirements)
            if key[2] == t and support(d, "lendable", j, *key) > 0
        )


def support(d: Data, column: str, partner: str, task: str, capability: str, period: int = 0) -> float:
    """What a partner offers for a capability in a task: the task's own row, else the row for every task, else nothing."""
    rows = getattr(d.scenario, column)
    own = (partner, capability, task)
    found = rows[own] if own in rows else rows.get((partner, capability, None))
    return 0.0 if found is None else found
