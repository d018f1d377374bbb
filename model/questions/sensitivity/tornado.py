"""Which lever moves the result most: each pulled down and up by the same part, every time a real re-solve."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from model.language.faults import UsageError
from model.language.names import normalised
from model.questions.answer import QuestionResult
from model.questions.time_limit import finished, in_time, said_of
from model.scenario.levers.edits import Edit, apply_edits, lever_and_targets, resolved
from model.scenario.levers.functions import LEVERS
from model.scenario.levers.grammar import Lever
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem

if TYPE_CHECKING:
    from model.report.pages import Chart

Tell = Callable[[str, float, int], None]

EACH = "each"

_COLUMNS = {
    "growth": "gdp_growth", "defence_share": "defence_share", "target_share": "target_share", "price_level": "price_level",
    "lead_time": "lead_time", "life": "life", "availability": "member_availability",
    "capability_availability": "capability_availability", "max_share": "capability_max_share", "commonality": "commonality",
}  # fmt: skip
"""Levers that set a value in place of what the workbook says, and where that stands."""

_SETTINGS = ("discount_rate", "challenge", "fairness_band", "equipment_floor", "weakest_link_weight")
_WEIGHTS = ("probability", "consequence", "importance", "priority")
"""Factors on weights: on all at once they change nothing."""
_TWICE = ("gdp", "cost_factor", "availability")
"""Left out of the default: on all at once they do what another lever does."""
_TABLE = ["lever", "lever_change", "measure", "base", "value", "change", "unit"]
_NO_AMOUNT = "takes no amount, so it cannot be pulled by a part of itself"


@dataclass(frozen=True)
class Pull:
    """One lever pulled one way: as people write it, by which part, and the edits that do it."""

    name: str
    by: float
    edits: tuple[Edit, ...]


@dataclass(frozen=True, eq=False)
class Tornado(QuestionResult):
    """``table`` is tidy: lever, change of the lever, measure, base, value, change, unit. ``swings`` has a row a lever for the first
    measure, the largest swing first. ``skipped`` says which levers could not be pulled, and why; ``stopped`` what the time limit
    left undone."""

    table: pd.DataFrame
    swings: pd.DataFrame
    says: tuple[str, ...]
    skipped: tuple[str, ...]
    solves: int
    seconds: float
    stopped: str = ""

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Tornado"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"tornado": self.swings, "all measures": self.table}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)


def tornado(
    problem: Problem,
    plan: Plan,
    by: float = 0.1,
    levers: Sequence[str] | None = None,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Tornado:
    """Re-solves with each lever at 1 − ``by`` and 1 + ``by`` times what it is, one at a time.

    ``levers`` are written without a value: ``budget[Poland]``, ``unit_cost``; ``importance[each]`` stands for one lever a target.
    By default :func:`default_levers`. ``watch`` limits the time: levers pulled both ways by then are kept. Raises UsageError for a
    lever there is not.
    """
    if not 0 < by < 1:
        raise UsageError(f"a lever is pulled by a part between 0 and 1, such as 0.1 for 10 %, not by {by:g}")
    scenario, begun = problem.scenario, time.perf_counter()
    chosen = default_levers(scenario) if levers is None else expanded(scenario, levers)
    watch = watch or Watch()

    def both_ways(name: str) -> list[Pulled]:
        if tell is not None:
            tell(f"pulling {name}, lever {chosen.index(name) + 1} of {len(chosen)}", time.perf_counter() - begun, 0)
        return [Pulled(name, part, *pulled(problem, name, part, watch)) for part in (-by, by)]

    done = finished(watch, chosen, both_ways)
    found = [one for both in done for one in both]
    records = [record for one in found for record in one.records(plan)]
    skipped = tuple(one.failure for one in found if one.failure)
    solves = sum(one.plan is not None for one in found)
    table = pd.DataFrame.from_records(records, columns=_TABLE)
    swings = _swings(table, next(iter(plan.stages[0].weights)))
    seconds, stopped = time.perf_counter() - begun, said_of(len(done), len(chosen), "levers")
    said = [*_said(swings, by), f"{solves} real re-solves in {seconds:.1f} s.", *skipped, stopped]
    return Tornado(table, swings, tuple(filter(None, said)), skipped, solves, seconds, stopped)


@dataclass(frozen=True, eq=False)
class Pulled:
    """One lever pulled one way and the plan that gives: none, with or without a reason (see :func:`pulled`)."""

    name: str
    part: float
    plan: Plan | None
    why: str

    @property
    def failure(self) -> str:
        """Why there is nothing to compare; empty where there is."""
        why = self.why or (self.plan.message if self.plan is not None and not self.plan.found else "")
        return f"{self.name} {self.part:+.0%}: {why}" if why else ""

    def records(self, base: Plan) -> list[tuple[object, ...]]:
        """Every measure beside what it was; nothing where there is nothing to compare."""
        return [] if self.failure else _records(self.name, self.part, base, self.plan or base)


def pulled(problem: Problem, name: str, part: float, watch: Watch | None = None) -> tuple[Plan | None, str]:
    """The plan after pulling one lever, or the reason why it cannot be pulled. Where that changes nothing, the base's own problem
    is not solved again: None, and no reason. Raises SolverError where the time limit cut the solve short."""
    try:
        edited = apply_edits(problem.scenario, pull(problem.scenario, name, part).edits)
    except UsageError as wrong:
        return None, str(wrong)
    if edited.scenario.hash == problem.scenario.hash:
        return None, ""
    off = (set(problem.off) | edited.off) - edited.on
    return in_time(problem.changed(edited.scenario, off=off).solve(watch=watch)), ""


def pull(scenario: Scenario, name: str, part: float) -> Pull:
    """A lever by name, pulled by a part: a factor of 1 + part, or each value it stands for times that, within its range."""
    lever, named = lever_and_targets(name)
    targets = resolved(scenario, lever, named)
    factor = 1.0 + part
    if lever.kind == "factor":
        return Pull(name, part, (Edit(lever.name, named, _within(lever, factor)),))
    if lever.name in _SETTINGS:
        value = scenario.settings[lever.name]
        if value is None:
            raise UsageError("it is off in this scenario")
        return Pull(name, part, (Edit(lever.name, (), _within(lever, factor * value)),))
    if lever.name not in _COLUMNS:
        raise UsageError(_NO_AMOUNT)
    cells = {_tuple(key): value for key, value in scenario.values[_COLUMNS[lever.name]].items()}
    edits = (
        Edit(lever.name, key, _within(lever, factor * value))
        for key, value in cells.items()
        if value is not None and len(set(key)) == len(key) and _meant(key, targets)
    )
    return Pull(name, part, tuple(edits))


def default_levers(scenario: Scenario, members: int = 3) -> list[str]:
    """Every lever that takes an amount and has something to move, on all its targets at once, and the largest members' budgets."""
    gdp = scenario.values["gdp"]
    largest = sorted(scenario.sets["member"], key=lambda m: -gdp[m])[:members]
    apart = (*_WEIGHTS, *_TWICE)
    every = [name for name, lever in LEVERS.items() if _has_amount(lever) and name not in apart]
    on = [name for name in every if _has_something(scenario, name)]
    return [*on, *(f"budget[{m}]" for m in largest)]


def _has_something(scenario: Scenario, name: str) -> bool:
    """Whether the scenario has what the lever moves: its setting is on, its sheet is there."""
    if name in _SETTINGS:
        return scenario.settings[name] is not None
    if LEVERS[name].kind != "factor":
        return True
    try:
        apply_edits(scenario, [Edit(name, (), 1.0)])
    except UsageError:
        return False
    return True


def expanded(scenario: Scenario, levers: Sequence[str]) -> list[str]:
    """The levers as named, ``[each]`` written out. Raises UsageError for one there is not, or that takes no amount."""
    found: list[str] = []
    for name in levers:
        lever, named = lever_and_targets(name)
        if not _has_amount(lever):
            raise UsageError(f"{lever.name} {_NO_AMOUNT}")
        if [normalised(target) for target in named] != [EACH]:
            found.append(name.strip())
        elif not lever.dimensions:
            raise UsageError(f"{lever.name} has no targets: write it without [{EACH}]")
        else:
            found += [f"{lever.name}[{target}]" for target in scenario.named(lever.dimensions[0])]
    return found


def _has_amount(lever: Lever) -> bool:
    return lever.kind == "factor" or lever.name in _SETTINGS or lever.name in _COLUMNS


def _within(lever: Lever, value: float) -> float:
    return min(max(value, lever.low), lever.high)


def _tuple(key: object) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (str(key),)


def _meant(key: tuple[str, ...], targets: tuple[str | None, ...]) -> bool:
    return all(target in (None, place) for place, target in zip(key, targets, strict=False))


MONEY = ("cost", "unfairness")


def _records(name: str, part: float, base: Plan, after: Plan) -> list[tuple[object, ...]]:
    money = str(base.scenario.settings["currency"]) or "money"
    return [
        (name, part, m, was, after.measures[m], after.measures[m] - was, money if m in MONEY else "fraction of 1")
        for m, was in base.measures.items()
    ]


def _swings(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A row a lever: the change when it is pulled down, up, and the distance between the two."""
    mine = table[table["measure"] == measure]
    wide = mine.pivot_table(index=["lever", "measure", "unit"], columns="lever_change", values="change", sort=False)
    if not len(wide):
        return pd.DataFrame(columns=["lever", "lever_down", "lever_up", "swing", "measure", "unit"])
    low, high = min(wide.columns), max(wide.columns)
    found = pd.DataFrame({"lever_down": wide[low], "lever_up": wide[high]}).reset_index()
    ends = found[["lever_down", "lever_up"]].fillna(0.0)
    found["swing"] = ends.max(axis=1).clip(lower=0) - ends.min(axis=1).clip(upper=0)
    found = found.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return found[["lever", "lever_down", "lever_up", "swing", "measure", "unit"]]


def _said(swings: pd.DataFrame, by: float) -> list[str]:
    if not len(swings):
        return ["No lever could be pulled."]
    lines = [f"Each lever was pulled {by:.0%} down and up, one at a time; {swings['measure'][0]} moved most with:"]
    lines += [
        f"{row.lever}: {_change(row.lever_down)} when lower, {_change(row.lever_up)} when higher."
        for row in swings.head(5).itertuples()
        if row.swing > 0
    ]
    still = [str(row.lever) for row in swings.itertuples() if row.swing <= 1e-9]
    if still:
        lines.append("No effect at all: " + ", ".join(still) + ".")
    return lines


def _change(value: float) -> str:
    return "no plan" if value != value else f"{value:+.4g}"


def _charts(found: Tornado) -> list[Chart]:
    from model.report.pages import Chart

    if found.swings.empty:
        return []
    first, by = found.swings["measure"][0], found.table["lever_change"].abs().max()
    return [
        Chart(
            f"Change of {first} with each lever {by:.0%} lower and higher", "bar", "tornado", (1, 2), "lever", f"change of {first}",
            stacked=True,
        )
    ]  # fmt: skip
