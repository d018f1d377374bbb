"""Names as people type them, matched to those of a scenario: in any case, or by a part that only one name has."""

from __future__ import annotations

from collections.abc import Sequence

from model.language.faults import UsageError
from model.language.names import normalised, suggestion
from model.scenario.scenario import Scenario


def named(what: str, text: str, names: Sequence[str]) -> str:
    """The one name that is meant. Raises UsageError where there is none, or more than one."""
    found = all_named(what, text, names)
    if len(found) == 1:
        return found[0]
    raise UsageError(f"{text!r} could be {', '.join(found[:6])}: which {what} is meant?")


def all_named(what: str, text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The name of that spelling, or every name with that part. Raises UsageError where there is none."""
    wanted = normalised(text)
    same = tuple(name for name in names if normalised(name) == wanted)
    found = same or tuple(name for name in names if wanted and wanted in normalised(name))
    if found:
        return found
    listed = ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
    raise UsageError(f"There is no {what} called {text!r}. {suggestion(text, names)}There are {listed}.")


def period_of(scenario: Scenario, year: int) -> int:
    """The first year of the period a year lies in. Raises UsageError for a year the scenario does not plan."""
    step, periods = int(scenario.settings["years_per_period"]), scenario.periods
    for first in periods:
        if first <= year < first + step:
            return first
    raise UsageError(
        f"{year} is not planned: the scenario runs from {periods[0]} to {periods[-1] + step - 1} in periods of {step} years."
    )
