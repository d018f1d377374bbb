"""One validated set of inputs. Never changed in place: every edit gives a new one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from model.language.cached import cached_property
from model.language.names import listed, normalised
from model.language.outside import OwnRules
from model.language.shown import Shown
from model.scenario.schema import SHEETS
from model.scenario.source import Source
from model.scenario.unfold import frames_of

if TYPE_CHECKING:
    import pandas as pd

Values = Mapping[Any, Any]


@dataclass(frozen=True)
class Default:
    """A default that was applied: where, what, and to how many cells."""

    sheet: str
    item: str
    column: str
    value: object
    cells: int = 1


@dataclass(frozen=True, eq=False)
class Scenario(Shown):
    """Sets and values of one workbook, every default filled in.

    ``sets`` gives ``member``, ``capability``, ``situation``, ``task``, ``programme`` and ``level`` in the workbook's
    order (levels lowest first). ``settings`` holds every setting by its schema name (None: off). ``values`` holds, by
    :attr:`Column.key`, a mapping from the row's key to the value: a plain name where the sheet has one key column
    (``gdp["Poland"]``), else a tuple in the order of the sheet's keys (``quantity["Baltic defence", "tanks", None]``),
    and (row, column) for a matrix (``holding["Poland", "tanks"]``). Tables hold blanks without default as None.
    ``holding`` keeps positive entries only; ``cost_factor`` has an entry for every pair whose cell is not ``no``;
    ``commonality`` and ``priority`` are complete. Values of one scenario can be read as attributes: ``s.gdp``.
    """

    sets: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Any]
    values: Mapping[str, Values]
    sources: tuple[tuple[str, ...], ...] = ()
    defaults: tuple[Default, ...] = ()
    name: str = field(default="scenario")
    cells: Mapping[tuple[str, Any], str] = field(default_factory=dict)
    """Where values stand in the workbook, by (column key, row key): ``"Pledges!C4"``; empty for a made-up scenario."""
    source: Source | None = None
    """The workbook it was read from; it stays when the scenario is changed."""
    rules: OwnRules = field(default_factory=OwnRules)
    """Rules from outside that hold for whatever is solved of it; they stay as well."""

    def __getattr__(self, key: str) -> Values:
        values = self.__dict__.get("values", {})
        if key in values:
            return values[key]
        raise AttributeError(f"a scenario has no values called {key!r}; it has {sorted(values)}")

    def __getstate__(self) -> dict[str, Any]:
        """For another process: the same in plain dictionaries, since read-only views do not travel."""
        plain = {key: dict(column) for key, column in self.values.items()}
        changed = {"sets": dict(self.sets), "settings": dict(self.settings), "values": plain, "cells": dict(self.cells)}
        return {**self.__dict__, **changed}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        views = {key: MappingProxyType(column) for key, column in state["values"].items()}
        changed = {key: MappingProxyType(state[key]) for key in ("sets", "settings", "cells")}
        self.__dict__.update({**state, **changed, "values": MappingProxyType(views)})

    def in_words(self) -> list[str]:
        """Its title, its horizon and how much it holds."""
        several = {"capability": "capabilities"}
        counted = [
            f"{len(names)} {dimension if len(names) == 1 else several.get(dimension, f'{dimension}s')}"
            for dimension, names in self.sets.items()
            if names
        ]
        horizon = f"{self.settings['first_year']}–{self.settings['last_year']} in {len(self.periods)} periods"
        title = f" ({self.settings['title']})" if self.settings["title"] else ""
        return [f"{self.name}{title}, {horizon}", ", ".join(counted)]

    @property
    def periods(self) -> tuple[int, ...]:
        """The first year of each period."""
        step = int(self.settings["years_per_period"])
        return tuple(range(int(self.settings["first_year"]), int(self.settings["last_year"]) + 1, step))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The types of threat that tasks are tagged with, in the order of the alphabet."""
        return tuple(sorted({kind for kind in self.values["task_kind"].values() if kind}))

    def named(self, dimension: str) -> tuple[str, ...]:
        """The names of a dimension, types of threat among them."""
        return self.kinds if dimension == "kind" else self.sets.get(dimension, ())

    def lacks(self, measure: str) -> str:
        """What a measure needs and the scenario does not have, in words; "" where the measure says something."""
        if measure == "worst_kind_risk" and not self.kinds:
            return "tasks with a kind: fill in the column kind on the sheet Tasks"
        levels = self.values.get("technology", {}).values()
        if measure == "technology_gap" and all(level is None for level in levels):
            return "technology levels: fill in the column technology on the sheet Members"
        return ""

    def frames(self) -> dict[str, pd.DataFrame]:
        """Its sheets as pandas frames by name, defaults filled in, a blank as a missing value; figures in the units of the column
        guide. :func:`load` takes them back, changed or not, and checks them as it checks a workbook."""
        return frames_of(self)

    def with_values(self, key: str, values: Values) -> Scenario:
        """The same scenario with one column's values replaced."""
        return replace(self, values=MappingProxyType({**self.values, key: values}))

    def with_rules(self, rules: OwnRules) -> Scenario:
        """The same scenario under these rules from outside, and no others."""
        return replace(self, rules=rules)

    def with_sets(self, sets: Mapping[str, tuple[str, ...]]) -> Scenario:
        """The same scenario with other sets of names."""
        return replace(self, sets=MappingProxyType(dict(sets)))

    def with_settings(self, **settings: object) -> Scenario:
        """The same scenario with some settings replaced."""
        return replace(self, settings=MappingProxyType({**self.settings, **settings}))

    def scale(self, key: str, factor: float, *only: Any) -> Scenario:
        """One column multiplied by a factor: everywhere, or for the given keys only. Blanks stay blank."""
        old = self.values[key]
        new = {k: factor * v if v is not None and (not only or k in only) else v for k, v in old.items()}
        return self.with_values(key, new)

    def restricted(self, *members: str) -> Scenario:
        """The scenario of these members only: everything said about others is dropped; their leads become none."""
        staying = set(members)
        values = {name: _keep(name, column, staying) for name, column in self.values.items()}
        values["lead"] = {p: m if m in staying else None for p, m in self.values["lead"].items()}
        leaving = {normalised(m) for m in self.sets["member"]} - {normalised(m) for m in members}
        values |= (
            {"case_value": _not_about(leaving, self.values["case_value"])} if self.values.get("case_value") else {}
        )
        if "participants" in values:
            gone = [m for m in self.sets["member"] if m not in staying]
            values["participants"] = {j: _unlisted(text, gone) for j, text in self.values["participants"].items()}
        sets = {**self.sets, "member": tuple(m for m in self.sets["member"] if m in staying)}
        return replace(self, sets=MappingProxyType(sets), values=MappingProxyType(values))

    def without(self, *members: str) -> Scenario:
        """The scenario after members leave."""
        return self.restricted(*(m for m in self.sets["member"] if m not in members))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content: the same for any order of rows, columns and sheets; sources do not count."""
        plain: dict[str, Any] = {
            "sets": {k: list(v) if k == "level" else sorted(v) for k, v in self.sets.items()},
            "settings": dict(self.settings),
            "values": {k: sorted((json.dumps(key), value) for key, value in v.items()) for k, v in self.values.items()},
        }
        if self.rules:
            plain["rules"] = self.rules.text
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


_MEMBER_AT: dict[str, tuple[int, ...]] = {
    column.key: tuple(i for i, key in enumerate((*sheet.keys, sheet.across)) if key == "member")
    for sheet in SHEETS
    if sheet.form != "settings"
    for column in sheet.columns
}
"""Where a member stands in the keys of each column."""


def _not_about(leaving: set[str], column: Values) -> Values:
    """The rows of `Case factors` whose target names nobody who leaves."""
    return {
        row: value
        for row, value in column.items()
        if not leaving & {normalised(part) for part in listed(row[2] or "", leaving)}
    }


def _unlisted(text: str, gone: Sequence[str]) -> str:
    """A list of names without some of them."""
    left = {normalised(m) for m in gone}
    return ", ".join(name for name in listed(text, gone) if normalised(name) not in left)


def _keep(name: str, column: Values, staying: set[str]) -> Values:
    at = _MEMBER_AT.get(name, ())
    if not at:
        return column
    parts = {key: key if isinstance(key, tuple) else (key,) for key in column}
    return {key: value for key, value in column.items() if all(parts[key][i] in staying for i in at)}
