"""What a sweep says: how far it is, and in the end what moved between which runs, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from model.language.columns import MEASURES
from model.language.registry import PARTS
from model.questions.sweep.design import Design
from model.scenario.scenario import Scenario

_MONEY = 1000.0


def measure_units(scenario: Scenario) -> dict[str, str]:
    """The unit of each measure, money in the scenario's currency."""
    currency = str(scenario.settings["currency"]) or "money"
    return {name: PARTS[name].unit.replace("money", currency) for name in MEASURES}


def time_left(seconds: float, done: int, total: int) -> str:
    """How long the rest will take if it goes on as so far."""
    return "done" if done >= total else f"about {duration(seconds / done * (total - done))} left"


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def sentences(
    design: Design,
    table: pd.DataFrame,
    objectives: Sequence[str],
    units: Mapping[str, str],
    solved: int,
    kept: int,
    seconds: float,
) -> tuple[str, ...]:
    """What was run, what each objective came to, and which runs have no plan."""
    found = table[table["status"] == "optimal"]
    says = [
        f"{len(table):,} runs ({design.says}; {', '.join(design.names)}): {len(found):,} with a certified plan. "
        f"{solved:,} were solved now in {duration(seconds)}, {kept:,} were there already."
    ]
    says += [_spread(design, found, measure, units[measure]) for measure in objectives if len(found)]
    for status, rows in table[table["status"] != "optimal"].groupby("status", sort=False):
        first = rows.iloc[0]
        says.append(
            f"{len(rows):,} run{'s' * (len(rows) != 1)} ended {status!r}; the first is run {first['run']} "
            f"({_setting(design, first)}): {first['message']}"
        )
    return tuple(says)


def _spread(design: Design, found: pd.DataFrame, measure: str, unit: str) -> str:
    values, name = found[measure], measure.replace("_", " ").capitalize()
    low, high = found.loc[values.idxmin()], found.loc[values.idxmax()]
    said = (
        f"{name} runs from {_number(low[measure], unit)} (run {low['run']}: {_setting(design, low)}) to "
        f"{_number(high[measure], unit)} (run {high['run']}: {_setting(design, high)})"
    )
    if len(found) >= 20:
        ends = [_number(values.quantile(part), unit) for part in (0.05, 0.5, 0.95)]
        said += f"; the median is {ends[1]}, and nine runs in ten lie between {ends[0]} and {ends[2]}"
    return f"{said}."


def _setting(design: Design, row: pd.Series) -> str:
    set_here = [(name, row[name]) for name in design.names if row[name] is not None and row[name] == row[name]]
    return (
        ", ".join(f"{name}={value if isinstance(value, str) else f'{value:.4g}'}" for name, value in set_here)
        or "as it is"
    )


def _number(value: float, unit: str) -> str:
    return (
        f"{value:,.0f} {unit}"
        if abs(value) >= _MONEY
        else f"{value:.4g}"
        if unit == "fraction of 1"
        else f"{value:.4g} {unit}"
    )
