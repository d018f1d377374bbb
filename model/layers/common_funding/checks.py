"""Checks of common funding: what can be owned together, from when, and by which key."""

from __future__ import annotations

from collections.abc import Iterator

from model.language.faults import Fault
from model.layers.burden_keys.checks import KEY_COLUMNS, unusable_key
from model.scenario.checks.registry import HORIZON, check, hint
from model.scenario.checks.years import horizon_is_sound
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario


@check("capability", "sharing", "common_cost_factor")
def no_weakest_link_is_owned_in_common(s: Scenario, at: Places) -> Iterator[Fault]:
    """Where the worst member decides, nothing the alliance owns can stand in for it."""
    for capability in s.common_cost_factor:
        if s.sharing[capability] == "weakest link":
            message = (
                f"'{capability}' is shared as weakest link: the worst member decides, so the alliance cannot own it"
            )
            remedy = "Remove the row, or change sharing on Capabilities."
            yield at.error(("Common funding.capability", capability), capability, message, remedy)


@hint("capability", "common_holding", "common_max_stock")
def common_stock_starts_within_its_limit(s: Scenario, at: Places) -> Iterator[Fault]:
    """What the alliance owns is not above what it may own."""
    for capability, most in s.common_max_stock.items():
        if most is not None and s.common_holding[capability] > most:
            message = f"'max_stock' is below the {s.common_holding[capability]:g} units the alliance owns already"
            remedy = "The difference is given up at once; raise max_stock if that is not meant."
            yield at.warning(("common_max_stock", capability), most, message, remedy)


@hint("capability", "common_from_year", *HORIZON)
def common_funding_begins_within_the_horizon(s: Scenario, at: Places) -> Iterator[Fault]:
    """A year after the last one leaves nothing to order."""
    for capability, year in s.common_from_year.items():
        if year is not None and horizon_is_sound(s) and year > s.periods[-1]:
            message = "the alliance may order only after the last period has begun, so it never orders"
            yield at.warning(("common_from_year", capability), year, message, "Choose an earlier year.")


@check("member", "capability", "common_key", *KEY_COLUMNS)
def keys_of_common_funding_can_be_reckoned(s: Scenario, at: Places) -> Iterator[Fault]:
    """Every member's part of what the alliance owns is known."""
    for capability, key in s.common_key.items():
        yield from unusable_key(s, at, ("common_key", capability), key)
