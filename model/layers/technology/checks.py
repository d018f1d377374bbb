"""Checks of technology: what can ripen, and levels where they are needed."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.scenario.checks.registry import HORIZON, check, hint
from model.scenario.checks.years import horizon_is_sound
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario


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


@hint("capability", "available_from", "research_cost", *HORIZON)
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
        if level is not None and level < max(known) - limit - 1e-9 and s.transfer_cost[member] is None:
            message = f"no plan keeps the technology_limit of {limit:g}: '{member}' cannot be raised from {level:g}"
            yield at.warning(("transfer_cost", member), "blank", message, "Fill in transfer_cost, or raise the limit.")


@hint("member", "technology", "transfer_cost")
def transfers_are_of_members_with_a_level(s: Scenario, at: Places) -> Iterator[Fault]:
    """What raising a level costs means nothing without the level."""
    for member, cost in s.transfer_cost.items():
        if cost is not None and s.technology[member] is None:
            message = f"'{member}' has no technology level that could be raised"
            yield at.warning(("transfer_cost", member), cost, message, "Fill in technology, or leave this blank.")
