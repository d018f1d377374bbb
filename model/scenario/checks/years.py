"""Checks of the horizon and of every year named in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model.language.faults import Fault
from model.scenario.checks.registry import HORIZON, check, hint, some
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario

MAX_PERIODS = 100
"""Most periods a scenario may have."""


def in_force(years: Mapping[int | None, Any], first_year: int) -> int | bool | None:
    """Which of a table's rows holds in the period beginning in ``first_year``: its year, or False where none does.

    A row holds from its year (blank: from the start) until the next row's; a period takes the row in force when it
    begins.
    """
    begun = [year for year in years if year is None or year <= first_year]
    return max(begun, key=lambda year: (year is not None, year)) if begun else False


def horizon_is_sound(s: Scenario) -> bool:
    """Whether the periods can be made; where not, other checks of years have nothing to say."""
    span = s.settings["last_year"] - s.settings["first_year"] + 1
    return (
        span >= 1
        and span % s.settings["years_per_period"] == 0
        and span <= MAX_PERIODS * s.settings["years_per_period"]
    )


@check(*HORIZON)
def horizon_is_whole_periods(s: Scenario, at: Places) -> Iterator[Fault]:
    """The horizon is a whole number of periods, and not too many."""
    first, last, step = (s.settings[name] for name in HORIZON)
    span = last - first + 1
    if span < 1:
        message = f"'last_year' is before 'first_year' ({first})"
        yield at.error(("last_year", None), last, message, f"Type a year from {first + step - 1} on.")
    elif span % step:
        shorter, longer = last - span % step, last - span % step + step
        message = f"the horizon {first} to {last} ({span} years) is not a whole number of periods of {step} years"
        options = f"{shorter} or {longer}" if shorter >= first else f"{longer}"
        yield at.error(("last_year", None), last, message, f"Set last_year to {options}, or change years_per_period.")
    elif span > MAX_PERIODS * step:
        message = f"the horizon has {span // step} periods; at most {MAX_PERIODS} are allowed"
        yield at.error(("last_year", None), last, message, "Shorten the horizon or lengthen the periods.")


@check("capability", "life", "years_per_period")
def lives_last_a_period(s: Scenario, at: Places) -> Iterator[Fault]:
    """What wears out within a period would have to be bought several times in it, and is bought once."""
    step = s.settings["years_per_period"]
    for capability, life in s.life.items():
        if life < step:
            message = (
                f"'life' is shorter than a period of {step} years: what '{capability}' costs more than once in a period "
                f"would not be counted; allowed: {step} or more"
            )
            remedy = (
                f"Shorten years_per_period on Settings, or give a price for {step} years of use and a life of {step}."
            )
            yield at.error(("life", capability), life, message, remedy)


@hint("target_year", "target_share", "defence_share", *HORIZON)
def target_year_is_after_the_first(s: Scenario, at: Places) -> Iterator[Fault]:
    """A target in or before the first year leaves no time to move there."""
    for member, year in s.target_year.items():
        moves = s.target_share.get(member) != s.defence_share.get(member)
        if year is not None and year <= s.settings["first_year"] and moves:
            message = "'target_year' is not after the first year, so target_share holds from the start"
            yield at.warning(("target_year", member), year, message, "Correct the year, or defence_share.")


def _periods_named(s: Scenario, at: Places, key: str, rows: Iterator[tuple[Any, int | None]]) -> Iterator[Fault]:
    """Warns of years after the horizon and of years within a period."""
    first, step = s.settings["first_year"], s.settings["years_per_period"]
    for row, year in rows:
        if year is None or year <= first:
            continue
        if year > s.periods[-1]:
            message = f"the year is after the last period begins ({s.periods[-1]}), so the row never takes effect"
            yield at.warning((key, row), year, message, "Correct the year, or lengthen the horizon.")
        elif (year - first) % step:
            begins = year + step - (year - first) % step
            message = f"the year lies within a period, so the row takes effect from the next one, in {begins}"
            yield at.warning((key, row), year, message, f"Type {begins - step} or {begins}.")


@check("quantity", "year", *HORIZON)
def years_of_requirements(s: Scenario, at: Places) -> Iterator[Fault]:
    """Years of requirements lie in the horizon and at the start of periods."""
    if horizon_is_sound(s):
        yield from _periods_named(s, at, "Requirements.year", ((row, row[2]) for row in s.quantity))


@check("min_stock", "max_stock", "year", *HORIZON)
def years_of_pledges(s: Scenario, at: Places) -> Iterator[Fault]:
    """Years of pledges lie in the horizon and at the start of periods."""
    if horizon_is_sound(s):
        yield from _periods_named(s, at, "Pledges.year", ((row, row[2]) for row in s.min_stock))


@hint("quantity", "year", *HORIZON)
def requirements_are_not_overtaken(s: Scenario, at: Places) -> Iterator[Fault]:
    """A row that a later one replaces before any period begins is never in force."""
    if not horizon_is_sound(s):
        return
    years: dict[tuple[str, str], dict[int | None, float]] = {}
    for (task, capability, year), quantity in s.quantity.items():
        years.setdefault((task, capability), {})[year] = quantity
    for (task, capability), rows in years.items():
        if len(rows) == 1:
            continue
        used = {in_force(rows, period) for period in s.periods}
        for year in rows:
            if year not in used and (year is None or year <= s.periods[-1]):
                others = some([str(other) for other in rows if other is not None and other != year])
                message = f"this row is never in force: rows for {others} replace it before a period begins"
                found = "from the start" if year is None else year
                yield at.warning(
                    ("Requirements.year", (task, capability, year)), found, message, "Remove it or correct the years."
                )
