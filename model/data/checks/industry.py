"""Checks of the sheets about industry and technology."""

from __future__ import annotations

import math
from collections.abc import Iterator

from model.data.checks.registry import check, hint
from model.data.checks.years import horizon_is_sound
from model.data.faults import Fault
from model.data.ledger import HEADING, Places
from model.data.names import did_you_mean, normalised
from model.data.scenario import Scenario

_HORIZON = ("first_year", "last_year", "years_per_period")
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


@check("capability", "available_from", "research_cost", "early_orders")
def technology_can_ripen(s: Scenario, at: Places) -> Iterator[Fault]:
    """A capability becomes available in some year, or by research of which it is known how many orders it allows."""
    for capability, year in s.available_from.items():
        cost, rate = s.research_cost[capability], s.early_orders[capability]
        place = ("Technology.capability", capability)
        if year is None and cost is None:
            message = f"'{capability}' never becomes available: it has neither a year nor a cost of research"
            yield at.error(place, capability, message, "Fill in available_from or research_cost, or remove the row.")
        elif cost is not None and rate is None:
            message = f"'{capability}' has a cost of research, and it is not said how many orders that allows"
            yield at.error(("early_orders", capability), "blank", message, "Fill in early_orders.")
        elif cost is None and rate is not None:
            message = "without a cost of research nothing can be ordered early, so this says nothing"
            yield at.warning(("early_orders", capability), rate, message, "Fill in research_cost, or leave this blank.")


@hint("capability", "available_from", "research_cost", *_HORIZON)
def years_of_technology(s: Scenario, at: Places) -> Iterator[Fault]:
    """The year in which a capability becomes available lies in the horizon."""
    if not horizon_is_sound(s):
        return
    for capability, year in s.available_from.items():
        if year is not None and year <= s.periods[0]:
            message = f"'{capability}' is available from the start, so this row changes nothing"
            yield at.warning(("available_from", capability), year, message, "Correct the year, or remove the row.")
        elif year is not None and year > s.periods[-1] and s.research_cost[capability] is None:
            message = f"'{capability}' becomes available after the last period begins, so nobody can order any"
            yield at.warning(("available_from", capability), year, message, "Correct the year if this is not meant.")


@check("member", "technology", "objectives", "technology_limit")
def technology_levels_are_known_where_needed(s: Scenario, at: Places) -> Iterator[Fault]:
    """A gap between technology levels needs levels."""
    if any(level is not None for level in s.technology.values()):
        return
    if "technology_gap" in (s.settings["objectives"] or ()):
        message = "no member has a technology level, so there is no gap to make small"
        yield at.error(("objectives", None), "technology_gap", message, "Fill in the column technology on Members.")
    if s.settings["technology_limit"] is not None:
        message = "no member has a technology level, so this limit says nothing"
        remedy = "Fill in the column technology on Members, or remove the setting."
        yield at.warning(("technology_limit", None), s.settings["technology_limit"], message, remedy)


@hint("member", "technology", "transfer_cost", "technology_limit")
def technology_limit_can_be_met(s: Scenario, at: Places) -> Iterator[Fault]:
    """A member too far below the best must be able to rise."""
    limit, known = s.settings["technology_limit"], [level for level in s.technology.values() if level is not None]
    if limit is None or not known:
        return
    for member, level in s.technology.items():
        if level is not None and level < max(known) - limit - _TOLERANCE and s.transfer_cost[member] is None:
            message = f"no plan keeps the technology_limit of {limit:g}: '{member}' cannot be raised from {level:g}"
            yield at.warning(("transfer_cost", member), "blank", message, "Fill in transfer_cost, or raise the limit.")


@hint("member", "technology", "transfer_cost")
def transfers_are_of_members_with_a_level(s: Scenario, at: Places) -> Iterator[Fault]:
    """What raising a level costs means nothing without the level."""
    for member, cost in s.transfer_cost.items():
        if cost is not None and s.technology[member] is None:
            message = f"'{member}' has no technology level that could be raised"
            yield at.warning(("transfer_cost", member), cost, message, "Fill in technology, or leave this blank.")


@hint("member", "juste_retour", "multiplier", "capability", "work_share")
def industry_of_members_is_described(s: Scenario, at: Places) -> Iterator[Fault]:
    """Without the sheet Industry all money stays in the buyer's own country, and returns are never short."""
    if not s.work_share and any(part is not None for part in s.juste_retour.values()):
        message = "without rows on Industry all money stays in the buyer's country, so every return is met"
        yield at.warning(("juste_retour", HEADING), "", message, "Say on Industry who makes what is ordered.")
