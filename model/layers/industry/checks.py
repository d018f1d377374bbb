"""Checks of industry: shares of one order, suppliers and their limits."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.language.faults import Fault
from model.language.names import did_you_mean, normalised
from model.scenario.checks.registry import check, hint
from model.scenario.ledger import HEADING, Places
from model.scenario.scenario import Scenario

_TOLERANCE = 1e-9


@check("capability", "work_share")
def suppliers_share_one_order(s: Scenario, at: Places) -> Iterator[Fault]:
    """The shares of a capability's suppliers are parts of one whole, and no supplier stands twice."""
    shares: dict[str, list[float]] = {}
    seen: dict[tuple[str, str], str] = {}
    for row, share in s.work_share.items():
        capability, supplier = row
        shares.setdefault(capability, []).append(share)
        first = seen.setdefault((capability, normalised(supplier)), supplier)
        if first != supplier:
            message = f"the same supplier stands twice, the other time as '{first}'"
            yield at.error(("Industry.supplier", row), supplier, message, "Keep one of the two.")
        if (total := math.fsum(shares[capability])) > 1 + _TOLERANCE:
            message = (
                f"with this row the suppliers of '{capability}' share {total:.4g} of every order, more than all of it"
            )
            yield at.error(("work_share", row), share, message, "Lower the shares: together they may be at most 1.")


@hint("capability", "work_share", "member")
def suppliers_are_spelt_as_members(s: Scenario, at: Places) -> Iterator[Fault]:
    """A supplier that is nearly called like a member is probably that member."""
    members = s.sets["member"]
    known = {normalised(member) for member in members}
    for row in s.work_share:
        if normalised(row[1]) not in known and (near := did_you_mean(row[1], members)):
            message = "no member has this name, so it is a supplier outside the alliance"
            remedy = f"Leave it if that is meant. Did you mean '{near}'?"
            yield at.warning(("Industry.supplier", row), row[1], message, remedy)


@hint("work_share", "supplier_limit")
def limits_are_of_suppliers_that_make_something(s: Scenario, at: Places) -> Iterator[Fault]:
    """A supplier that makes no part of a capability cannot hold it up."""
    for row, limit in s.supplier_limit.items():
        if limit is not None and s.work_share[row] == 0:
            message = "this supplier makes no part of the capability, so its limit holds up nothing"
            yield at.warning(("supplier_limit", row), limit, message, "Fill in its share, or remove the limit.")


@hint("member", "juste_retour", "multiplier", "capability", "work_share")
def industry_of_members_is_described(s: Scenario, at: Places) -> Iterator[Fault]:
    """Without the sheet Industry all money stays in the buyer's own country, and returns are never short."""
    if not s.work_share and any(part is not None for part in s.juste_retour.values()):
        message = "without rows on Industry all money stays in the buyer's country, so every return is met"
        yield at.warning(("juste_retour", HEADING), "", message, "Say on Industry who makes what is ordered.")
