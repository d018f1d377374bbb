"""What differs in a case, read from its row of `Cases` and its rows of `Case factors`: levers pulled in a stated order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.language.faults import UsageError
from model.language.names import normalised, parted
from model.scenario.levers.grammar import LEVERS, Lever
from model.scenario.levers.names import find_lever, resolved, value_of
from model.scenario.scenario import Scenario

Row = tuple[str, str, str | None]
"""Key of a row of `Case factors`: case, lever, target."""

COLUMNS = {
    "case_requirements": ("requirement",),
    "case_budgets": ("budget",),
    "case_costs": ("unit_cost", "sustainment_cost"),
}
"""The levers a column of `Cases` pulls, for everything there is."""

COMMON: dict[str, str] = {
    "withdraw": "who belongs to the alliance is the same in every case",
    "join": "who belongs to the alliance is the same in every case",
    "rule": "the policies are the same in every case",
    "equipment_floor": "the policies on common orders are the same in every case",
    "holding": "what is held is common to all cases; to count on less of it, pull availability",
    "life": "what is held is common to all cases",
    "lead_time": "what is ordered and held is common to all cases",
    "available_from": "what can be ordered is common to all cases",
    "technology": "what can be ordered and held is common to all cases",
    "decision": "joint programmes are opened or not for all cases at once",
}
"""Levers no case can pull, and why."""


@dataclass(frozen=True)
class Pull:
    """One lever pulled in a case. ``targets`` as the scenario spells them, None for all; ``row`` its place on `Case factors`."""

    lever: Lever
    value: float | str
    targets: tuple[str | None, ...]
    row: Row | None = None

    @property
    def order(self) -> tuple[int, int, str]:
        """General before particular, so that the order of rows does not matter."""
        named = sum(target is not None for target in self.targets)
        return named, list(LEVERS).index(self.lever.name), str(self.targets)


def strip(s: Scenario) -> Scenario:
    """The scenario without its cases: what the workbook says beside them."""
    if not names(s):
        return s
    bare = s
    for key in (*COLUMNS, "case_probability", "case_description", "case_value"):
        bare = bare.with_values(key, {})
    sets = {dimension: found for dimension, found in s.sets.items() if dimension != "case"}
    return bare.with_sets(sets)


def names(s: Scenario) -> tuple[str, ...]:
    """The names of all cases, sorted, so that the order of rows does not matter."""
    return tuple(sorted(s.values.get("case_probability", {})))


def pulls(s: Scenario, case: str) -> list[Pull]:
    """Everything that differs in a case, in the order it is done. Raises UsageError for a row that cannot be done."""
    found = [*_of_columns(s, case), *(pull_of(s, row) for row in s.values.get("case_value", {}) if row[0] == case)]
    return sorted(found, key=lambda pull: pull.order)


def _of_columns(s: Scenario, case: str) -> Iterator[Pull]:
    for column, levers in COLUMNS.items():
        factor = s.values[column].get(case)
        if factor is not None and factor != 1.0:
            for name in levers:
                yield Pull(LEVERS[name], factor, (None,) * len(LEVERS[name].targets))


def pull_of(s: Scenario, row: Row) -> Pull:
    """The lever a row of `Case factors` pulls. Raises UsageError where there is none, or it takes no such value or target."""
    _, name, target = row
    lever = find_lever(name)
    if lever.name in COMMON:
        raise UsageError(f"{lever.name} cannot differ by case: {COMMON[lever.name]}")
    value = value_of(lever, s.values["case_value"][row])
    parts = parted(target) if target and target.strip() else ()
    return Pull(lever, value, resolved(s, lever, parts), row)


def pulled(s: Scenario, pull: Pull) -> Scenario:
    """The scenario after a lever is pulled. Raises UsageError where there is nothing to change."""
    return pull.lever.function(s, pull.value, *pull.targets)


def same(one: Pull, other: Pull) -> bool:
    """Whether two rows pull the same lever for the same thing, however they are spelt."""
    spelt = [tuple(target and normalised(target) for target in pull.targets) for pull in (one, other)]
    return one.lever.name == other.lever.name and spelt[0] == spelt[1]
