"""The scenario's figures as arrays, derived afresh from its cells: section 3 of FORMULATION.md, read a second time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.certificate.shares import fair_shares
from model.layers import gathered
from model.scenario.scenario import Scenario
from model.scenario.schema import DEFAULT_RISK_BANDS

if TYPE_CHECKING:  # each layer reads its own figures, where its rules are read
    from model.layers.common_funding.second_reading import Common
    from model.layers.industry.second_reading import Industry
    from model.layers.partners.second_reading import Partners
    from model.layers.programmes.second_reading import Joint
    from model.layers.technology.second_reading import Technology

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]

FLOOR = 1e-3
"""What is below a thousandth of its natural size is measured against that thousandth: it keeps a plan's exact zeros
from being measured against rounding noise. Natural sizes come from the data, so the choice of units does not matter."""


@dataclass(frozen=True, eq=False)
class Money:
    """Budgets by member and period, prices by member and capability, in the scenario's own money."""

    discount: Array
    budget: Array
    acquisition: Array
    sustainment: Array
    upgrade: Array
    exercise: Array
    fair_share: Array

    @property
    def offered(self) -> float:
        """The discounted sum of all budgets: the natural size of any sum of money."""
        return float(self.budget.sum(axis=0) @ self.discount)


@dataclass(frozen=True, eq=False)
class Forces:
    """What members hold, may order, have promised, and what it is worth: by member and capability unless said."""

    at_start: Array
    is_field: Truth
    may_order: Truth
    left: Array
    delay: Whole
    build_limit: Array
    level: Whole
    delivery_level: int
    effect: Array
    deployable: Array
    least: Array
    most: Array

    @property
    def floor(self) -> Whole:
        """The level below which no unit of a member ever falls."""
        return np.minimum(self.level, self.delivery_level)


@dataclass(frozen=True, eq=False)
class Needs:
    """What tasks require, how much each matters and to whom. ``felt`` is a task's weight for each member in what it perceives;
    ``of_kind`` says, by type of threat and task, which belong together; ``owed`` is each member's part in what a task requires,
    0 where it stays out (``part`` says who takes part); ``voice`` how much members' priorities count."""

    required: Array
    released: Array
    max_share: Array
    rival: Truth
    weakest: Truth
    importance: Array
    probability: Array
    situation_of: Whole
    weight: Array
    felt: Array
    of_kind: Truth
    part: Truth
    owed: Array
    voice: Array
    band_width: Array
    severity: Array


@dataclass(frozen=True, eq=False)
class Figures:
    """Everything section 3 defines. Axes follow the scenario's sets: members, capabilities, tasks, levels, periods."""

    members: tuple[str, ...]
    capabilities: tuple[str, ...]
    situations: tuple[str, ...]
    tasks: tuple[str, ...]
    kinds: tuple[str, ...]
    levels: tuple[int, ...]
    periods: tuple[int, ...]
    years: int
    settings: Mapping[str, Any]
    money: Money
    forces: Forces
    needs: Needs
    of_layers: Mapping[str, Any]

    if TYPE_CHECKING:

        @property
        def common(self) -> Common: ...

        @property
        def joint(self) -> Joint: ...

        @property
        def partners(self) -> Partners: ...

        @property
        def industry(self) -> Industry: ...

        @property
        def technology(self) -> Technology: ...
    else:

        def __getattr__(self, name: str) -> Any:
            """What a layer reads of its own sheets."""
            if name.startswith("_") or name not in self.of_layers:
                raise AttributeError(f"the certificate reads no figures called {name!r}")
            return self.of_layers[name]


def figures(s: Scenario) -> Figures:
    """All figures of a scenario."""
    sets = {name: tuple(s.sets[name]) for name in ("member", "capability", "situation", "task", "level")}
    of_layers: dict[str, Any] = {name: read(s) for name, read in gathered("second_reading", "FIGURES")}
    return Figures(
        members=sets["member"],
        capabilities=sets["capability"],
        situations=sets["situation"],
        tasks=sets["task"],
        kinds=_kinds(s),
        levels=tuple(range(len(sets["level"]))),
        periods=tuple(s.periods),
        years=int(s.settings["years_per_period"]),
        settings=s.settings,
        money=_money(s),
        forces=_forces(s, of_layers["joint"]),
        needs=_needs(s),
        of_layers=of_layers,
    )


def array_of(values: Mapping[Any, Any], keys: Iterable[Any], blank: float = 0.0) -> Array:
    """Values in the order of the keys; a blank or missing cell counts as ``blank``."""
    found = [values.get(key) for key in keys]
    return np.array([blank if value is None else value for value in found], dtype=float)


def _table(values: Mapping[Any, Any], rows: Iterable[str], columns: tuple[str, ...], blank: float = 0.0) -> Array:
    return np.array([array_of(values, ((row, column) for column in columns), blank) for row in rows]).reshape(
        -1, len(columns)
    )


def _elapsed(s: Scenario) -> Array:
    """Years from the first year of the horizon to the first of each period."""
    return np.array(s.periods, dtype=float) - float(s.settings["first_year"])


def _budgets(s: Scenario) -> Array:
    """Money each member offers in each period: GDP then, times defence share then, times the alliance's part."""
    members, elapsed = s.sets["member"], _elapsed(s)
    gdp, growth = array_of(s.gdp, members), array_of(s.gdp_growth, members)
    start = array_of(s.defence_share, members)
    end = np.array([start[i] if s.target_share.get(m) is None else s.target_share[m] for i, m in enumerate(members)])
    reached = array_of(s.target_year, members, blank=float(s.settings["last_year"])) - float(s.settings["first_year"])
    way = np.array([np.minimum(elapsed / r, 1.0) if r > 0 else np.ones_like(elapsed) for r in reached])
    share = start[:, None] + (end - start)[:, None] * way
    product = gdp[:, None] * (1 + growth[:, None]) ** elapsed * share
    return float(s.settings["years_per_period"]) * product * array_of(s.alliance_share, members)[:, None]


def _money(s: Scenario) -> Money:
    members, capabilities, levels = s.sets["member"], s.sets["capability"], s.sets["level"]
    factor = _table(s.cost_factor, members, capabilities, blank=1.0) * array_of(s.price_level, members, 1.0)[:, None]
    return Money(
        discount=(1 + float(s.settings["discount_rate"])) ** -_elapsed(s),
        budget=_budgets(s),
        acquisition=factor * array_of(s.unit_cost, capabilities),
        sustainment=factor * array_of(s.sustainment_cost, capabilities),
        upgrade=array_of(s.upgrade_cost, levels),
        exercise=array_of(s.exercise_cost, levels),
        fair_share=fair_shares(s, s.settings["burden_key"]),
    )


def _effect(s: Scenario) -> Array:
    """Effectiveness by member, situation and level: what standards do not give, commonality with the lead does."""
    members = s.sets["member"]
    common = _table(s.commonality, members, members)
    np.fill_diagonal(common, 1.0)
    others = ~np.eye(len(members), dtype=bool)
    by_gdp = others * array_of(s.gdp, members)
    weight = np.where(by_gdp.sum(axis=1, keepdims=True) > 0, by_gdp, others)
    total = weight.sum(axis=1)
    mean = np.where(total > 0, (common * weight).sum(axis=1) / np.where(total > 0, total, 1.0), 1.0)
    at = {m: i for i, m in enumerate(members)}
    leads = [s.lead.get(p) for p in s.sets["situation"]]
    fit = np.array([mean if lead is None else common[:, at[lead]] for lead in leads]).T
    level = array_of(s.effectiveness, s.sets["level"], 1.0)
    effect: Array = level + (1 - level) * fit[:, :, None]
    return effect


def _pledged(s: Scenario, values: Mapping[Any, Any]) -> Array:
    """Limits by member, capability and period, NaN where none: each holds until the next row that states it."""
    members = {m: i for i, m in enumerate(s.sets["member"])}
    capabilities = {c: i for i, c in enumerate(s.sets["capability"])}
    limits = np.full((len(members), len(capabilities), len(s.periods)), np.nan)
    stated = [(key, value) for key, value in values.items() if value is not None]
    for (member, capability, year), value in sorted(stated, key=lambda row: row[0][2] or 0):
        from_then_on = np.array(s.periods) >= (year or 0)
        limits[members[member], capabilities[capability], from_then_on] = value
    return limits


def _forces(s: Scenario, joint: Joint) -> Forces:
    members, capabilities, levels = s.sets["member"], s.sets["capability"], s.sets["level"]
    years = float(s.settings["years_per_period"])
    at_start = _table(s.holding, members, capabilities)
    may_buy = _table(dict.fromkeys(s.cost_factor, 1.0), members, capabilities) > 0
    lead_periods = array_of(s.lead_time, capabilities) / years
    own = array_of(s.member_availability, members, 1.0)
    delivery = s.settings["delivery_level"]
    return Forces(
        at_start=at_start,
        is_field=may_buy | (at_start > 0) | joint.fields(len(capabilities)),
        may_order=may_buy & bool(s.settings["new_orders"]),
        left=np.maximum(0.0, 1 - years / array_of(s.life, capabilities)),
        delay=np.array([ceil(periods - 1e-9) for periods in lead_periods], dtype=np.int64),
        build_limit=years * array_of(s.build_limit, capabilities, blank=np.inf),
        level=np.array(
            [levels.index(s.member_level[m]) if s.member_level.get(m) else 0 for m in members], dtype=np.int64
        ),
        delivery_level=levels.index(delivery) if delivery else 0,
        effect=_effect(s),
        deployable=own[:, None] * array_of(s.capability_availability, capabilities, 1.0),
        least=_pledged(s, s.min_stock),
        most=_pledged(s, s.max_stock),
    )


def _required(s: Scenario) -> Array:
    """Effective units by task, capability and period: the row with the latest year that has come, else none."""
    tasks = {k: i for i, k in enumerate(s.sets["task"])}
    capabilities = {c: i for i, c in enumerate(s.sets["capability"])}
    required = np.zeros((len(tasks), len(capabilities), len(s.periods)))
    for (task, capability, year), value in sorted(s.quantity.items(), key=lambda row: row[0][2] or 0):
        required[tasks[task], capabilities[capability], np.array(s.periods) >= (year or 0)] = value
    return required


def _released(s: Scenario) -> Array:
    """Largest part of the deployable force by member, task and capability: the smallest of the caveats that apply."""
    members = {m: i for i, m in enumerate(s.sets["member"])}
    tasks = {k: i for i, k in enumerate(s.sets["task"])}
    capabilities = {c: i for i, c in enumerate(s.sets["capability"])}
    released = np.ones((len(members), len(tasks), len(capabilities)))
    for (member, task, capability), fraction in s.max_fraction.items():
        which = slice(None) if capability is None else capabilities[capability]
        place = members[member], tasks[task], which
        released[place] = np.minimum(released[place], fraction)
    return released


def _bands(s: Scenario) -> tuple[Array, Array]:
    """Width and severity of each risk band, from the first unit missing to the last; a whole gap counts 1."""
    stated = sorted(dict(s.severity).items()) or list(DEFAULT_RISK_BANDS)
    ends = np.array([end for end, _ in stated], dtype=float)
    width = np.diff(ends, prepend=0.0)
    severity = np.array([weight for _, weight in stated], dtype=float)
    whole = width @ severity
    return width, severity / whole if whole > 0 else severity


def _kinds(s: Scenario) -> tuple[str, ...]:
    """Every type of threat some task is tagged with."""
    return tuple(sorted({str(word) for word in s.task_kind.values() if word}))


def _of_kind(s: Scenario) -> Truth:
    """By kind and task, whether the task is tagged with the kind."""
    own = np.array([str(s.task_kind.get(k) or "") for k in s.sets["task"]])
    return np.array([own == word for word in _kinds(s)], dtype=bool).reshape(-1, len(own))


def _part(s: Scenario) -> tuple[Truth, Truth]:
    """By member and task: whether it takes part, and whether it counts the task in what it perceives."""
    members = {m: i for i, m in enumerate(s.sets["member"])}
    tasks = {k: i for i, k in enumerate(s.sets["task"])}
    part = np.ones((len(members), len(tasks)), dtype=bool)
    counts = part.copy()
    for (member, task), still in s.still_counts.items():
        part[members[member], tasks[task]], counts[members[member], tasks[task]] = False, bool(still)
    return part, counts


def _owed(s: Scenario, part: Truth) -> Array:
    """Fair shares of each task: those of the members that take part, made to sum to 1 again where somebody stays out."""
    fair = fair_shares(s, s.settings["burden_key"])[:, None] * part
    whole = fair.sum(axis=0)
    owed: Array = np.where(part.all(axis=0) | (whole <= 0), fair, fair / np.where(whole > 0, whole, 1.0))
    return owed


def _needs(s: Scenario) -> Needs:
    members, capabilities, tasks = s.sets["member"], s.sets["capability"], s.sets["task"]
    situations = {p: i for i, p in enumerate(s.sets["situation"])}
    of = np.array([situations[s.task_situation[k]] for k in tasks], dtype=np.int64)
    probability = array_of(s.probability, s.sets["situation"], 1.0)
    width, severity = _bands(s)
    felt = probability[of] * array_of(s.consequence, tasks, 1.0) * _table(s.priority, members, tasks, 1.0)
    sharing = np.array([s.sharing[c] for c in capabilities])
    part, counts = _part(s)
    voice = fair_shares(s, s.settings["voice"])
    general = s.settings.get("max_share", 1.0)
    return Needs(
        required=_required(s),
        released=_released(s),
        max_share=array_of(s.capability_max_share, capabilities, general),
        rival=sharing == "rival",
        weakest=sharing == "weakest link",
        importance=array_of(s.importance, capabilities, 1.0),
        probability=probability,
        situation_of=of,
        weight=voice @ felt,
        felt=felt * counts,
        of_kind=_of_kind(s),
        part=part,
        owed=_owed(s, part),
        voice=voice,
        band_width=width,
        severity=severity,
    )
