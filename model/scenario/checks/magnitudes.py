"""Checks of the size of figures: what no alliance has, and what no solver can weigh against everything else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from model.language.columns import Column
from model.language.faults import Fault
from model.scenario.checks.registry import check, hint
from model.scenario.ledger import Places
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.scenario.sheets_alliance import SETTINGS

PLAUSIBLE = {"money": 1e11, "unit": 1e7, "": 1e9}
"""By the first word of a column's unit, the largest figure that is no slip of the keyboard; money may be rupiah or rial."""
OTHERWISE = 1e6
SMALLEST = 1e-9
"""Positive figures below this are a slip too."""
MOST = {"money": 1e15}
"""Figures above this cannot be planned with: the solver works with some fifteen digits."""
MOST_OTHERWISE = 1e12


@lru_cache(maxsize=1)
def _columns() -> tuple[tuple[Column, float, float], ...]:
    """Columns of numbers without an upper limit of their own: the largest plausible figure, and the largest allowed."""
    free = [c for sheet in SHEETS for c in sheet.columns if c.kind in ("number", "factor") and c.high is None]
    return tuple((c, PLAUSIBLE.get(_word(c), OTHERWISE), MOST.get(_word(c), MOST_OTHERWISE)) for c in free)


def _word(column: Column) -> str:
    return column.unit.partition("/")[0].split(" ")[0]


def _figures(s: Scenario, column: Column) -> Iterator[tuple[Any, float]]:
    is_setting = any(column is own for own in SETTINGS.columns)
    values = {None: s.settings.get(column.name)} if is_setting else s.values.get(column.key, {})
    return ((key, value) for key, value in values.items() if isinstance(value, float))


@check()
def figures_are_of_a_size_to_plan_with(s: Scenario, at: Places) -> Iterator[Fault]:
    """Beyond this size nothing else would count beside the figure, and no answer could be proved."""
    for column, _, most in _columns():
        for key, value in _figures(s, column):
            if value > most:
                message = f"'{column.name}' is too large to be planned with; allowed: at most {most:,.0f}"
                yield at.error((column.key, key), _shown(value), message, _remedy(column))


@hint()
def figures_are_of_a_plausible_size(s: Scenario, at: Places) -> Iterator[Fault]:
    """A figure far beyond what any alliance has, or next to nothing, is a slip of the unit or of the keyboard."""
    for column, plausible, most in _columns():
        for key, value in _figures(s, column):
            if plausible < value <= most and column.odd_above is None:
                message = f"'{column.name}' is unusually large (above {plausible:,.0f})"
                yield at.warning((column.key, key), _shown(value), message, _remedy(column))
            elif 0 < value < SMALLEST:
                message = f"'{column.name}' is unusually small, next to nothing and yet not zero"
                yield at.warning((column.key, key), value, message, "Type 0 if nothing is meant, or check the unit.")


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value < 1e24 else f"a figure of {len(f'{value:.0f}')} digits"


def _remedy(column: Column) -> str:
    return "Check the figure and its unit" + (": money is in millions." if _word(column) == "money" else ".")


def suspects(s: Scenario, most: int = 5) -> str:
    """The figures out of all proportion, with the cells they stand in: what to look at when a solve fails numerically."""
    places = Places()
    for (key, item), place in s.cells.items():
        sheet, _, cell = place.rpartition("!")
        places.put(key, item, sheet, cell)
    odd = [*figures_are_of_a_size_to_plan_with(s, places), *figures_are_of_a_plausible_size(s, places)]
    named = [
        f"{fault.sheet}!{fault.cell} ({fault.found})" if fault.cell else f"{fault.message}" for fault in odd[:most]
    ]
    named = named or [f"{place} ({_shown(value)})" for value, place in _extremes(s)]
    return f"Look first at {', '.join(named)}." if named else ""


def _extremes(s: Scenario) -> list[tuple[float, str]]:
    """The largest figure of each column that is further than a million times from its column's smallest."""
    found = []
    for column, *_ in _columns():
        figures = [(value, key) for key, value in _figures(s, column) if value]
        if figures and (top := max(figures, key=lambda one: one[0]))[0] > OTHERWISE * min(
            value for value, _ in figures
        ):
            found.append((top[0], s.cells.get((column.key, top[1])) or f"{column.name} of {top[1]}"))
    return sorted(found, reverse=True)[:5]
