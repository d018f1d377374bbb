"""Scenarios built without a workbook: a tiny one that can be solved by hand, and random ones with every feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.language.columns import MEASURES, From
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS, sheet
from tests.random_funding import random_common_funding, random_programmes
from tests.random_promises import random_caveats, random_pledges

Cells = dict[Any, Any]
Random = np.random.Generator


def defaults_of(name: str, **chosen: Any) -> dict[str, Any]:
    """A blank row of a sheet as the schema has it, with what a test chooses where there is no default or it is taken from elsewhere."""
    where = sheet(name)
    columns = [column for column in where.columns if column.name not in where.keys]
    blank = {(column.name if where.form == "settings" else column.key): column.default for column in columns}
    if unknown := set(chosen) - set(blank):
        raise KeyError(f"no columns {sorted(unknown)} on {name}")
    return {key: chosen.get(key, None if isinstance(value, From) else value) for key, value in blank.items()}


_SETTINGS = defaults_of("Settings", first_year=2026, last_year=2026, max_share=1.0, delivery_level="any")
_MEMBER = defaults_of(
    "Members", gdp=100.0, population=1.0, defence_share=0.1, target_share=0.1, target_year=2026, alliance_share=1.0,
    member_level="any",
)  # fmt: skip
_CAPABILITY = defaults_of("Capabilities", unit_cost=1.0, sustainment_cost=1.0, life=10.0, capability_max_share=1.0)
SAID = tuple(measure for measure in MEASURES if measure != "technology_gap")
"""The measures that have something to go by in a random scenario: its members have no technology levels."""
_SITUATION, _TASK = defaults_of("Situations"), defaults_of("Tasks")
_LEVEL = defaults_of("Levels", effectiveness=1.0)
_COMMON = defaults_of("Common funding", common_key="gdp")
_PROGRAMME = defaults_of(
    "Programmes", programme_capability="", participants="", development_cost=0.0, programme_key="gdp"
)
_OPTIONAL = tuple(
    column.key
    for sheet in SHEETS
    if sheet.form == "table" and sheet.keys and not sheet.required
    for column in sheet.columns
    if column.name not in sheet.keys
)
"""Columns of optional sheets: nothing stands in them unless a scenario says so."""
_BANDS = {0.25: 0.4, 0.5: 0.8, 1.0: 1.4}


def settings(**changed: Any) -> dict[str, Any]:
    """Every setting at its default (one period, 2026), with these changed. Keys are the schema's ``Column.key``."""
    if unknown := set(changed) - set(_SETTINGS):
        raise KeyError(f"no settings {sorted(unknown)}")
    return {**_SETTINGS, **changed}


def by_column(rows: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any]) -> dict[str, Cells]:
    """Rows given by name, as the scenario holds them: by column, defaults filled in."""
    return {column: {name: row.get(column, blank) for name, row in rows.items()} for column, blank in defaults.items()}


def scenario(
    members: Mapping[str, Mapping[str, Any]],
    capabilities: Mapping[str, Mapping[str, Any]],
    situations: Mapping[str, tuple[float, str | None]],
    tasks: Mapping[str, tuple[str, float]],
    quantity: Cells,
    *,
    holding: Cells | None = None,
    cost_factor: Cells | None = None,
    levels: Mapping[str, tuple[float, float, float]] | None = None,
    commonality: Cells | None = None,
    priority: Cells | None = None,
    max_fraction: Cells | None = None,
    opt_outs: Cells | None = None,
    kinds: Mapping[str, str] | None = None,
    pledges: Mapping[Any, tuple[float | None, float | None]] | None = None,
    bands: Mapping[float, float] | None = None,
    partners: tuple[str, ...] = (),
    optional: Mapping[str, Cells] | None = None,
    common_funding: Mapping[str, Mapping[str, Any]] | None = None,
    programmes: Mapping[str, Mapping[str, Any]] | None = None,
    workshare: Cells | None = None,
    name: str = "scenario",
    **changed: Any,
) -> Scenario:
    """A scenario from short tables; what is left out takes the schema's default.

    ``members`` and ``capabilities`` are rows by name. ``situations``: probability and lead; ``tasks``: situation and
    consequence; ``levels``: effectiveness, upgrade cost, exercise cost, lowest first; ``pledges``: least and most, by
    (member, capability, year); ``opt_outs``: whether the task still counts, by (member, task); ``common_funding``: rows by
    capability; ``programmes``: rows by name, the decision about each left to the model unless said; ``workshare``: by (programme,
    member); ``optional``: other columns of optional sheets, by the scenario's name. Other keyword arguments are settings.
    """
    ladder = levels or {"any": (1.0, 0.0, 0.0)}
    lowest = next(iter(ladder))
    pairs = [(m, c) for m in members for c in capabilities]
    common = {(m, n): 1.0 for m in members for n in members}
    matters = {(m, k): 1.0 for m in members for k in tasks}
    promised = pledges or {}
    columns = {
        **{key: {} for key in _OPTIONAL},
        **by_column(members, {**_MEMBER, "member_level": lowest}),
        **by_column(capabilities, _CAPABILITY),
        **by_column({p: {"probability": row[0], "lead": row[1]} for p, row in situations.items()}, _SITUATION),
        **by_column({k: {"task_situation": row[0], "consequence": row[1]} for k, row in tasks.items()}, _TASK),
        "task_kind": {k: (kinds or {}).get(k) or None for k in tasks},
        **by_column({level: dict(zip(_LEVEL, row, strict=True)) for level, row in ladder.items()}, _LEVEL),
        "quantity": quantity,
        "holding": {pair: value for pair, value in (holding or {}).items() if value > 0},
        "cost_factor": dict.fromkeys(pairs, 1.0) if cost_factor is None else cost_factor,
        "commonality": {**common, **(commonality or {})},
        "priority": {**matters, **(priority or {})},
        "max_fraction": max_fraction or {},
        "still_counts": opt_outs or {},
        "min_stock": {key: row[0] for key, row in promised.items()},
        "max_stock": {key: row[1] for key, row in promised.items()},
        "severity": dict(bands or _BANDS),
        **by_column(common_funding or {}, _COMMON),
        **by_column(programmes or {}, _PROGRAMME),
        "workshare": workshare or {},
        **(optional or {}),
    }
    names = {
        "member": members,
        "capability": capabilities,
        "situation": situations,
        "task": tasks,
        "level": ladder,
        "partner": partners,
        "programme": programmes or {},
    }
    sets = {dimension: tuple(rows) for dimension, rows in names.items()}
    return Scenario(sets, settings(**{"delivery_level": lowest, **changed}), columns, name=name)


def tiny_scenario(**changed: Any) -> Scenario:
    """Two members, one capability, one task, one period; small enough to solve by hand.

    Northland: GDP 100, offers 10 % of it, 10; holds 4 tanks. Southland: GDP 50, offers 4; holds none and pays double.
    A tank costs 1 to buy and 1 to keep for the year. The task requires 10. Risk bands of equal severity.
    Keyword arguments are settings.

    *Risk.* Northland keeps its 4 tanks for 4 and has 6 left: 3 more at 1 + 1 each. It holds 7. Southland buys at 2 + 2
    each with its 4: one. Together 8 of 10, so **risk is 0.2**.

    *Cost, at that risk.* All 8 tanks are needed and only these can be had: 10 + 4 = **14**.

    *What the next unit of money is worth.* Northland buys half a tank with it, 0.05 less risk; Southland a quarter,
    0.025 less.
    """
    return scenario(
        {"Northland": {}, "Southland": {"gdp": 50.0, "defence_share": 0.08, "target_share": 0.08, "price_level": 2.0}},
        {"tank": {"unit": "tank"}},
        {"attack": (1.0, "Northland")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0},
        holding={("Northland", "tank"): 4.0},
        bands={1.0: 1.0},
        name="tiny",
        **changed,
    )


_LADDER = {
    "apart": (0.4, 0.0, 0.001),
    "beside": (0.6, 0.03, 0.003),
    "within": (0.8, 0.05, 0.006),
    "as one": (1.0, 0.08, 0.012),
}


@dataclass(frozen=True)
class Sizes:
    """How large a random scenario is."""

    members: int = 4
    capabilities: int = 4
    tasks: int = 4
    situations: int = 2
    periods: int = 3
    levels: int = 3


def random_scenario(
    seed: int,
    *,
    members: int = 4,
    capabilities: int = 4,
    tasks: int = 4,
    situations: int = 2,
    periods: int = 3,
    levels: int = 3,
    years_per_period: int = 2,
    pooling: bool = False,
    joint: int = 0,
    **changed: Any,
) -> Scenario:
    """A varied, valid scenario; the same for the same arguments. Optional policies are off unless set by keyword.

    Always there: members of very different size; growth and a target share; price levels and cost
    factors, pairs that cannot be ordered, with and without holdings; rival, non-rival and weakest-link capabilities
    (from three capabilities on); lead times of none, one and more periods; some build limits and share limits;
    requirements that grow; members at different levels and a delivery level (``levels`` up to 4; 1 gives a single
    level); a situation with a lead and one without; tasks of two kinds of threat and of none; caveats that bar and
    that limit, for one capability and for all; pledges to hold (within what is held and left) and not to exceed; unequal
    priorities. Keyword arguments are settings: ``challenge=2.0``, ``fairness_band=0.9``, ``equipment_floor=0.05``,
    ``consensus=True``, ``max_share`` …, ``pooling`` lets the alliance own what is not a weakest link, ``joint`` is a number of
    joint programmes; they leave everything else as it is. Every policy that is always there can be met, by giving up everything
    not pledged.
    """
    size = Sizes(members, capabilities, tasks, situations, periods, levels)
    rng = np.random.default_rng(seed)
    first, last = 2026, 2026 + periods * years_per_period - 1
    ladder = dict(list(_LADDER.items())[-levels:]) if levels > 1 else {"any": (1.0, 0.0, 0.0)}
    who = _random_members(rng, size, list(ladder), first, last)
    what = _random_capabilities(rng, size, years_per_period, changed.get("max_share", 1.0))
    leads = [f"member {i}" if i % 2 == 0 and i < members else None for i in range(situations)]
    when = {f"situation {i}": (float(rng.uniform(0.1, 1)), lead) for i, lead in enumerate(leads)}
    jobs = {f"task {i}": (f"situation {i % situations}", float(rng.uniform(0.5, 2))) for i in range(tasks)}
    horizon = {"first_year": first, "last_year": last, "years_per_period": years_per_period}
    usual = {"delivery_level": list(ladder)[levels // 2], "cvar_level": 0.6}
    matrices = _random_matrices(rng, who, list(jobs), list(what))
    own = np.random.default_rng([seed, 1])
    return scenario(
        who,
        what,
        when,
        jobs,
        _random_quantities(rng, list(jobs), list(what), members, first, last),
        levels=ladder,
        max_fraction=random_caveats(rng, list(who), list(jobs), list(what)),
        kinds={job: ("conventional", "cyber", "")[i % 3] for i, job in enumerate(jobs)},
        pledges=random_pledges(rng, matrices["holding"], what, first, last),
        name=f"random {seed}",
        common_funding=random_common_funding(own, what, first) if pooling else None,
        programmes=random_programmes(own, list(who), what, joint, first),
        **matrices,
        **{**horizon, **usual, **changed},
    )


def _random_matrices(
    rng: Random, who: Mapping[str, Cells], tasks: list[str], capabilities: list[str]
) -> dict[str, Cells]:
    """Holdings and cost factors of some pairs, commonality and priorities of all."""
    pairs = [(m, c) for m in who for c in capabilities]
    return {
        "holding": {(m, c): float(rng.uniform(0.5, 3) * who[m]["gdp"] / 300) for m, c in pairs if rng.random() < 0.6},
        "cost_factor": {pair: float(rng.uniform(0.8, 1.3)) for pair in pairs if rng.random() < 0.85},
        "commonality": {(m, n): float(rng.uniform(0.2, 1)) if m != n else 1.0 for m in who for n in who},
        "priority": {(m, k): float(rng.uniform(0.2, 2)) for m in who for k in tasks},
    }


def _random_members(rng: Random, size: Sizes, levels: list[str], first: int, last: int) -> dict[str, Cells]:
    """Members from large to small."""
    return {
        f"member {i}": {
            "gdp": float(1000 / (1 + i) * rng.uniform(0.7, 1.3)),
            "gdp_growth": float(rng.uniform(-0.01, 0.03)),
            "population": float(rng.uniform(1, 80)),
            "defence_share": float(rng.uniform(0.01, 0.03)),
            "target_share": float(rng.uniform(0.015, 0.035)),
            "target_year": int(rng.integers(first, last + 2)),
            "alliance_share": float(rng.uniform(0.3, 0.6)),
            "price_level": float(rng.uniform(0.7, 1.3)),
            "member_availability": float(rng.uniform(0.5, 1)),
            "member_level": levels[int(rng.integers(len(levels)))],
            "custom_key": float(rng.uniform(0.5, 2)),
        }
        for i in range(size.members)
    }


def _random_capabilities(rng: Random, size: Sizes, years: int, max_share: float) -> dict[str, Cells]:
    """Capabilities of every kind of sharing in turn, mostly rival."""
    kinds = ("rival", "non-rival", "weakest link", "rival", "rival")
    return {
        f"capability {i}": {
            "unit_cost": float(rng.uniform(1, 4)),
            "sustainment_cost": float(rng.uniform(0.1, 0.4)),
            "life": float(rng.uniform(5, 30)),
            "lead_time": (0.0, 0.5 * years, 1.5 * years)[i % 3],
            "importance": float(rng.uniform(0.5, 2)),
            "sharing": kinds[i % len(kinds)],
            "capability_availability": float(rng.uniform(0.6, 1)),
            "capability_max_share": float(rng.uniform(0.3, 0.8)) if i % 2 else max_share,
            "build_limit": float(rng.uniform(0.5, 2)) if i % 4 == 0 else None,
        }
        for i in range(size.capabilities)
    }


def _random_quantities(
    rng: Random, tasks: list[str], capabilities: list[str], members: int, first: int, last: int
) -> Cells:
    """Requirements for most pairs: from the start, some changing later, one only for a time, one of nothing."""
    quantity: Cells = {}
    for i, (task, capability) in enumerate((k, c) for k in tasks for c in capabilities):
        if rng.random() < 0.8 or i == 0:
            amount = float(rng.uniform(0.5, 2) * np.log2(1 + members))
            start = (None, first, first + 2)[i % 3]
            quantity[task, capability, start] = amount if i % 7 else 1.1 * amount
            if i % 4 == 1 and first + 3 <= last:
                quantity[task, capability, first + 3] = 0.0 if i % 8 == 5 else 1.3 * amount
    return quantity
