"""The data as the rules see it: sets in a canonical order, derived figures and columns as attributes, all computed once.

Whatever works something out (a rule, a parameter, a figure, a domain) is given the data as a :class:`Reader`, which notes every
name that is read. So it is known, and never guessed, what an edit of the scenario makes stale, however many helpers in
whichever room a rule calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, overload

from model.core import domains
from model.language.cached import T, cached_property
from model.language.outside import call, keys_said
from model.language.registry import Part, additions, in_force
from model.language.shown import Shown
from model.scenario.scenario import Scenario

Key = tuple[Any, ...]
Node = Any
"""What can be read: a column, a setting, a parameter, a figure or a quantity by its name, a domain as its function."""

_PLAIN = frozenset({"sets", "position", "accepted", "parts"})
"""What is the same in every scenario that is compared: where it differs, everything is stated anew."""


class figure(cached_property[T]):
    """A figure of the data, worked out once from what it reads."""

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> figure[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else instance.work_out(self.name, self.func)


class Data(Shown):
    """A scenario seen by the rules: sets in a canonical order, parameters and columns as attributes.

    ``accepted`` gives the risk each member compares with (needed under consensus). Sets are sorted by name, so that the
    order of rows in a workbook cannot matter. Parameters are computed on first use, by several threads at once if they must.
    ``reads`` gives, for every figure, parameter and domain worked out so far, what it read directly.
    """

    def __init__(self, scenario: Scenario, accepted: Mapping[str, float] | None = None) -> None:
        self.scenario, self.settings = scenario, scenario.settings
        self.accepted = dict(accepted or {})
        self.parts = in_force(scenario.rules)
        named = {name: tuple(sorted(names)) for name, names in scenario.sets.items() if name != "level"}
        self.sets: dict[str, tuple[Any, ...]] = {**named}
        self.sets["period"] = scenario.periods
        self.sets["level"] = tuple(range(len(scenario.sets["level"])))
        self.sets["band"] = tuple(range(len(scenario.severity)))
        self.position = {t: i for i, t in enumerate(self.sets["period"])}
        self.reads: dict[Node, set[Node]] = {}
        self._domains: dict[Any, list[Key]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process: what it is made from, since all else is worked out of that."""
        return (type(self), (self.scenario, self.accepted))

    def in_words(self) -> list[str]:
        """Of which scenario, and how much of it was worked out."""
        return [f"of scenario {self.scenario.name}, {len(self.reads)} figures worked out"]

    def after(self, scenario: Scenario, accepted: Mapping[str, float], stale: Collection[Node]) -> Data:
        """The data of a scenario that differs in some columns only: what is not stale is kept."""
        other = Data(scenario, accepted)
        for node, reads in self.reads.copy().items():  # at once: another thread may be filling it
            if node in stale:
                continue
            if callable(node):
                other._domains[node] = self._domains[node]
            else:
                other.__dict__[node] = self.__dict__[node]
            other.reads[node] = reads
        return other

    def reader(self, noted: set[Node]) -> Any:
        """The data for whoever works something out: what it reads is noted."""
        kind: Any = type(self)
        return _reader_of(kind)(self, noted)

    def work_out(self, name: str, function: Callable[[Any], Any]) -> Any:
        """A figure's value, worked out and kept, and what it read."""
        noted: set[Node] = set()
        value = function(self.reader(noted))
        self.reads.setdefault(name, noted)
        return self.__dict__.setdefault(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        part = self.parts.get(name)
        if part is not None and part.kind == "derived":
            return self.work_out(name, part.rule)
        if part is not None and part.kind == "parameter":
            return self.work_out(name, lambda d: d.evaluate(part))
        try:
            return self.__dict__.setdefault(name, getattr(self.scenario, name))
        except AttributeError as unknown:
            raise AttributeError(
                f"there is no figure, parameter or column called {name!r}", name=name, obj=self
            ) from unknown

    def evaluate(self, part: Part) -> Any:
        """A parameter's values: a mapping by key (plain where the index has one dimension), or one number."""
        if not part.index:
            return call(part, self)
        keys = self.keys_of(part)
        if len(part.index) == 1:
            return {key[0]: call(part, self, key=key) for key in keys}
        return {key: call(part, self, key=key) for key in keys}

    def keys_of(self, part: Part) -> list[Key]:
        """Where a part exists. Raises UsageError where one from outside does not say."""
        if part.over is None:
            return list(product(*(self.sets[name] for name in part.index)))
        return keys_said(part, self.keys) if part.own else self.keys(part.over)

    def keys(self, domain: Callable[[Any], Any]) -> list[Key]:
        """The keys of a domain, listed once."""
        if domain not in self._domains:
            noted: set[Node] = set()
            listed = list(domain(self.reader(noted)))
            self.reads.setdefault(domain, noted)
            self._domains.setdefault(domain, listed)
        return self._domains[domain]

    @figure
    def step(self) -> int:
        """Years per period."""
        return int(self.settings["years_per_period"])

    @figure
    def tasks_of(self) -> dict[str, list[str]]:
        """The tasks of each situation."""
        return {p: [k for k in self.sets["task"] if self.situation_of[k] == p] for p in self.sets["situation"]}

    @figure
    def left_to_nobody(self) -> frozenset[str]:
        """The tasks of which no member owes anything where the weakest link counts."""
        return frozenset(self.sets["task"]) - {k for _, k, _, _ in self.keys(domains.debts)}

    @figure
    def situation_of(self) -> Mapping[str, str]:
        """The situation of each task."""
        return self.scenario.task_situation

    @figure
    def members_of_field(self) -> dict[str, list[str]]:
        """The members that hold or may acquire each capability."""
        found: dict[str, list[str]] = {c: [] for c in self.sets["capability"]}
        for m, c in self.keys(domains.fields):
            found[c].append(m)
        return found

    @figure
    def fields_of(self) -> dict[str, list[str]]:
        """The capabilities each member holds or may acquire."""
        found: dict[str, list[str]] = {m: [] for m in self.sets["member"]}
        for m, c in self.keys(domains.fields):
            found[m].append(c)
        return found

    @figure
    def levels_of(self) -> dict[str, list[int]]:
        """The levels with a stock of their own, by member: 0 and those above its floor."""
        found: dict[str, list[int]] = {m: [] for m in self.sets["member"]}
        for m, level in self.keys(domains.held_levels):
            found[m].append(level)
        return found

    def can_be_ordered(self, capability: str, period: int) -> bool:
        """Whether nothing that a layer adds keeps anybody from ordering a capability yet."""
        return all(additions("can_be_ordered", self, capability, period))

    @figure
    def contributors(self) -> dict[Key, list[str]]:
        """The members that may contribute to each (task, capability, period)."""
        found: dict[Key, list[str]] = {key: [] for key in self.keys(domains.requirements)}
        for m, *key in self.keys(domains.contributions):
            found[tuple(key)].append(m)
        return found

    whole: float = 1.0
    """One, as a fraction: tests replace it with one that carries a unit."""

    none: float = 0.0
    """No units."""

    no_money: float = 0.0
    """No money."""

    @figure
    def delivery_level(self) -> int:
        """The level of newly delivered units."""
        return self.level_index[self.settings["delivery_level"]]

    @figure
    def level_index(self) -> dict[str, int]:
        """The place of each interoperability level, lowest 0."""
        return {name: i for i, name in enumerate(self.scenario.sets["level"])}

    @figure
    def band_ends(self) -> list[tuple[float, float]]:
        """(up_to, weight) of each risk band, in order."""
        return sorted(self.scenario.severity.items())

    def arrival(self, capability: str, period: int) -> int:
        """The period in which an order is delivered; may lie beyond the horizon."""
        return int(period + self.delay[capability] * self.step)

    def before(self, period: int) -> int | None:
        """The period before, None for the first."""
        return period - self.step if period - self.step in self.position else None

    def ordered_for(self, capability: str, period: int) -> int | None:
        """The period in which what arrives now was ordered, None if before the horizon."""
        when = period - int(self.delay[capability]) * self.step
        return when if when in self.position else None

    @figure
    def _requirement_rows(self) -> dict[tuple[str, str], list[tuple[int, float]]]:
        return _by_year(self.scenario.quantity)

    def quantity_in(self, task: str, capability: str, period: int) -> float:
        """What the workbook requires in a period: the row with the latest year that has come."""
        return _in_force(self._requirement_rows.get((task, capability), []), period) or 0.0

    @figure
    def _pledge_rows(self) -> dict[str, dict[Any, list[tuple[int, float]]]]:
        return {limit: _by_year(getattr(self.scenario, limit)) for limit in ("min_stock", "max_stock")}

    def pledge_in(self, limit: str, member: str, capability: str, period: int) -> float | None:
        """The pledge in force: the latest that states this limit."""
        return _in_force(self._pledge_rows[limit].get((member, capability), []), period)


def _by_year(column: Mapping[Any, float | None]) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """Rows by their year; one without a year comes before all others."""
    found: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for (first, second, year), value in column.items():
        if value is not None:
            found.setdefault((first, second), []).append((0 if year is None else year, value))
    return {key: sorted(rows, key=lambda row: row[0]) for key, rows in found.items()}


def _in_force(rows: list[tuple[int, float]], period: int) -> float | None:
    return next((value for year, value in reversed(rows) if year <= period), None)


class Noting(Mapping[str, Any]):
    """Columns or settings by name; which are asked for is noted."""

    def __init__(self, values: Mapping[str, Any], noted: set[Node]) -> None:
        self._values, self._noted = values, noted

    def __getitem__(self, name: str) -> Any:
        self._noted.add(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        self._noted.add(name)
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Reader:
    """The data as one part sees it: it is asked as the data are, and every name that is read is noted."""

    def __init__(self, data: Data, noted: set[Node]) -> None:
        self.__dict__.update(_data=data, _noted=noted)

    def work_out(self, name: str, function: Callable[[Any], Any]) -> Any:
        """The data's own figure."""
        return self._read(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "scenario":
            return self.__dict__.setdefault(name, _noting(self._data.scenario, self._noted))
        if name == "settings":
            return self.__dict__.setdefault(name, Noting(self._data.settings, self._noted))
        return self._read(name)

    def _read(self, name: str) -> Any:
        if name not in _PLAIN:
            self._noted.add(name)
        return self.__dict__.setdefault(name, getattr(self._data, name))

    def keys(self, domain: Callable[[Any], Any]) -> list[Key]:
        """The data's own keys."""
        self._noted.add(domain)
        return self._data.keys(domain)


@cache
def _reader_of(kind: Any) -> Any:
    return type("Reader", (Reader, kind), {})


def _noting(scenario: Scenario, noted: set[Node]) -> Scenario:
    """The same scenario, whose columns and settings are noted when they are read."""
    return replace(scenario, values=Noting(scenario.values, noted), settings=Noting(scenario.settings, noted))
