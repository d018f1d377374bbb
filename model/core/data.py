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
from typing import Any

from model.core import domains
from model.language.cached import T, cached_property
from model.language.names import normalised
from model.language.registry import PARTS, Part
from model.layers.burden_keys.keys import fair_shares
from model.layers.programmes.participants import development_shares, participants
from model.scenario.scenario import Scenario

Key = tuple[Any, ...]
Node = Any
"""What can be read: a column, a setting, a parameter, a figure or a quantity by its name, a domain as its function."""

_PLAIN = frozenset({"sets", "position", "accepted"})
"""What is the same in every scenario that is compared: where it differs, everything is stated anew."""


class figure(cached_property[T]):
    """A figure of the data, worked out once from what it reads."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else instance.work_out(self.name, self.func)


class Data:
    """A scenario seen by the rules: sets in a canonical order, parameters and columns as attributes.

    ``accepted`` gives the risk each member compares with (needed under consensus). Sets are sorted by name, so that the
    order of rows in a workbook cannot matter. Parameters are computed on first use, by several threads at once if they must.
    ``reads`` gives, for every figure, parameter and domain worked out so far, what it read directly.
    """

    def __init__(self, scenario: Scenario, accepted: Mapping[str, float] | None = None) -> None:
        self.scenario, self.settings = scenario, scenario.settings
        self.accepted = dict(accepted or {})
        named = ("member", "capability", "situation", "task", "programme", "partner")
        self.sets: dict[str, tuple[Any, ...]] = {name: tuple(sorted(scenario.sets[name])) for name in named}
        self.sets["period"] = scenario.periods
        self.sets["level"] = tuple(range(len(scenario.sets["level"])))
        self.sets["band"] = tuple(range(len(scenario.severity)))
        self.position = {t: i for i, t in enumerate(self.sets["period"])}
        self.reads: dict[Node, set[Node]] = {}
        self._domains: dict[Any, list[Key]] = {}

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
        part = PARTS.get(name)
        if part is not None and part.kind == "parameter":
            return self.work_out(name, lambda d: d.evaluate(part))
        return self.__dict__.setdefault(name, getattr(self.scenario, name))

    def evaluate(self, part: Part) -> Any:
        """A parameter's values: a mapping by key (plain where the index has one dimension), or one number."""
        if not part.index:
            return part.rule(self)
        keys = self.keys(part.over) if part.over else product(*(self.sets[name] for name in part.index))
        if len(part.index) == 1:
            return {key[0]: part.rule(self, *key) for key in keys}
        return {key: part.rule(self, *key) for key in keys}

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
    def tasks_of_kind(self) -> dict[str, list[str]]:
        """The tasks of each kind of threat; those without a kind belong to none."""
        kind_of = self.scenario.task_kind
        return {kind: [k for k in self.sets["task"] if kind_of[k] == kind] for kind in self.scenario.kinds}

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

    @figure
    def contributors(self) -> dict[Key, list[str]]:
        """The members that may contribute to each (task, capability, period)."""
        found: dict[Key, list[str]] = {key: [] for key in self.keys(domains.requirements)}
        for m, *key in self.keys(domains.contributions):
            found[tuple(key)].append(m)
        return found

    def can_be_ordered(self, capability: str, period: int) -> bool:
        """Whether a capability is ripe, or research may bring it forward; what is not on Technology always is."""
        if capability not in self.scenario.available_from:
            return True
        since = self.scenario.available_from[capability]
        return (since is not None and since <= period) or self.scenario.research_cost[capability] is not None

    @figure
    def supplies_of(self) -> dict[str, list[Key]]:
        """What each member's industry makes, as keys of supplies; a supplier is a member's industry if it has its name."""
        found: dict[str, list[Key]] = {m: [] for m in self.sets["member"]}
        known = {normalised(m): m for m in self.sets["member"]}
        for key in self.keys(domains.supplies):
            if (member := known.get(normalised(key[1]))) is not None:
                found[member].append(key)
        return found

    @figure
    def payments_to(self) -> dict[Key, list[Key]]:
        """What partners may pay each (member, period) for, as keys of payments."""
        found: dict[Key, list[Key]] = {key: [] for key in product(self.sets["member"], self.sets["period"])}
        for key in self.keys(domains.payments):
            found[key[1], key[-1]].append(key)
        return found

    @figure
    def payments_by(self) -> dict[Key, list[Key]]:
        """What each (partner, period) may pay for, as keys of payments."""
        found: dict[Key, list[Key]] = {key: [] for key in self.keys(domains.helping_partners)}
        for key in self.keys(domains.payments):
            found[key[0], key[-1]].append(key)
        return found

    @figure
    def charged_loans(self) -> dict[int, list[Key]]:
        """The loans of each period that cost the members something."""
        found: dict[int, list[Key]] = {t: [] for t in self.sets["period"]}
        for j, k, c, t in self.keys(domains.loans):
            if self.support("lending_price", j, k, c) > 0:
                found[t].append((j, k, c, t))
        return found

    def support(self, column: str, partner: str, task: str, capability: str, period: int = 0) -> float:
        """What a partner offers for a capability in a task: the task's own row, else the row for every task, else nothing."""
        rows = getattr(self.scenario, column)
        own = (partner, capability, task)
        found = rows[own] if own in rows else rows.get((partner, capability, None))
        return 0.0 if found is None else found

    @figure
    def key_figures(self) -> Scenario:
        """The scenario as burden keys see it.

        The columns keys may read are named here, where it is seen which figures an edit moves; keys are shown no others.
        """
        columns = (
            "gdp", "income", "population", "border", "debt", "custom_key", "groups", "priority", "consequence", "probability",
            "task_situation", "key_rule", "key_by", "key_amount", "key_limit", "key_group", "key_borne_by",
        )  # fmt: skip
        known = {name: self.scenario.values[name] for name in columns if name in self.scenario.values}
        return replace(self.scenario, values=known)

    @figure
    def shares_in_steps(self) -> dict[str, float]:
        """Fair shares by member under a burden key that is reckoned in steps."""
        return fair_shares(self.key_figures)

    @figure
    def shares_in_common(self) -> dict[str, dict[str, float]]:
        """Every member's part under each key that common funding goes by."""
        keys = {self.scenario.common_key[c] for (c,) in self.keys(domains.common_capabilities)}
        return {key: fair_shares(self.key_figures, key) for key in sorted(keys)}

    @figure
    def takes_part(self) -> dict[str, tuple[str, ...]]:
        """The participants of each programme, in order of their names."""
        known = {name: self.scenario.values[name] for name in ("participants", "groups")}
        named = replace(self.scenario, values=known)
        return {g: participants(named, g) for g in self.sets["programme"]}

    @figure
    def development_parts(self) -> dict[str, dict[str, float]]:
        """By programme, the part of its development each participant bears."""
        columns = ("participants", "groups", "development_sharing", "programme_key", "workshare")
        known = {**self.key_figures.values, **{name: self.scenario.values[name] for name in columns}}
        named = replace(self.scenario, values=known)
        return {g: development_shares(named, g) for (g,) in self.keys(domains.programmes)}

    @figure
    def programmes_of(self) -> dict[tuple[str, str], list[str]]:
        """The programmes through which a member may order a capability."""
        found: dict[tuple[str, str], list[str]] = {}
        for g in self.sets["programme"]:
            for m in self.takes_part[g]:
                found.setdefault((m, self.scenario.programme_capability[g]), []).append(g)
        return found

    @figure
    def joint_orders_of(self) -> dict[str, list[Key]]:
        """The keys of orders through each programme."""
        found: dict[str, list[Key]] = {g: [] for (g,) in self.keys(domains.programmes)}
        for key in self.keys(domains.joint_orders):
            found[key[0]].append(key)
        return found

    @figure
    def joint_orders_at(self) -> dict[tuple[str, int], list[Key]]:
        """The keys of orders through programmes by capability and period."""
        found: dict[tuple[str, int], list[Key]] = {}
        for key in self.keys(domains.joint_orders):
            found.setdefault((self.scenario.programme_capability[key[0]], key[2]), []).append(key)
        return found

    def development_years_in(self, programme: str, period: int) -> int:
        """How many years of a programme's development fall within a period."""
        given = self.scenario.development_from[programme]
        first = self.settings["first_year"] if given is None else given
        years = int(self.settings["years_per_period"])
        return max(0, min(period + years, first + self.scenario.development_years[programme]) - max(period, first))

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
