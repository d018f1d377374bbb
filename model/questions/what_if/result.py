"""What if: the base plan and the plan after some edits side by side, what changed most and why, and how long it took."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.language.cached import cached_property
from model.language.registry import PARTS, policies
from model.questions.answer import QuestionResult, changes_in_points
from model.questions.what_if.changes import changes_between, limits_moved, measures_of, policies_between
from model.scenario.levers.edits import Edit, Edited, apply_edits, as_edits
from model.solve.engine import Progress, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.figures import apart, plain

if TYPE_CHECKING:
    from model.report.pages import Chart


@dataclass(frozen=True, eq=False)
class WhatIf(QuestionResult):
    """The answer to a what-if. Either plan may be none (its ``found`` is False): its ``status`` and ``message`` say why.

    ``path`` is "hot" where the changed plan was reached from the base's, else "rebuild". ``seconds``: ``base``; ``first``,
    the changed problem built, solved and certified; ``again``, the same solve from the base once more with the model
    already built (None where it was not asked for, not finished in time, or there is no changed plan).
    """

    edits: tuple[Edit, ...]
    base: Plan
    changed: Plan
    path: str
    seconds: Mapping[str, float | None]

    @property
    def found(self) -> bool:
        """Whether there are two plans to compare."""
        return self.base.found and self.changed.found

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"What if: {self.base.scenario.name}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        measures, changes = changes_in_points(self.table), changes_in_points(self.changes)
        return {"measures": measures, "changes": changes, "policies": self.reasons, "limits": self.limits}

    @property
    def stopped(self) -> str:
        """What the time limit left undone; empty where both plans were looked for to the end."""
        return next((plan.message for plan in (self.base, self.changed) if plan.status == "time limit"), "")

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every measure: ``measure``, ``base``, ``changed``, ``difference``, ``relative``, ``unit``."""
        return measures_of(self.base, self.changed)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What changed most; see :func:`model.questions.what_if.changes.changes_between`."""
        return changes_between(self.base, self.changed)

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Which policies newly bind or release; see :func:`model.questions.what_if.changes.policies_between`."""
        return policies_between(self.base, self.changed)

    @cached_property
    def limits(self) -> pd.DataFrame:
        """Which limits the edits moved and what that alone does; see :func:`model.questions.what_if.changes.limits_moved`."""
        return limits_moved(self.base, self.changed)

    @cached_property
    def says(self) -> tuple[str, ...]:
        """The answer in"""
        asked = "What if " + "; ".join(edit.text for edit in self.edits) + "?"
        if not self.found:
            return (asked, *no_plan(self.base, self.changed))
        return (
            asked,
            *of_measures(self.table, self.base),
            *of_changes(self.changes),
            *of_limits(self.limits, self.base.stage().measure),
            *of_reasons(self.reasons, *self._aim),
            of_time(self.path, self.seconds),
        )

    @property
    def _aim(self) -> tuple[str, str]:
        """The first objective and its unit."""
        measure = self.base.stage().measure
        return measure, self.base.unit_said(PARTS[measure].unit)


def what_if(
    problem: Problem,
    edits: str | Edit | Iterable[str | Edit],
    again: bool = False,
    base: Plan | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> WhatIf:
    """The plan of a problem before and after edits, each as it is typed (``"budget[Poland]=0.9"``) or made (:class:`Edit`).

    ``base`` is the problem's own plan where it has been solved already. ``again`` repeats the changed solve to time it.
    ``watch`` limits the time of all solves together, and hears of their progress (in place of ``progress``). No plan is a result
    too. Raises UsageError where an edit cannot be made, before anything is solved.
    """
    edits, watch = as_edits(edits), watch or Watch(progress=progress)
    edited = apply_edits(problem.scenario, edits, policies(problem.scenario.rules))
    before = before_edits(problem, edited)
    if base is None or before is not problem:
        base = before.solve(watch=watch)
    begun = time.perf_counter()
    after = after_edits(before, edited)
    changed = after.solve(watch=watch)
    seconds: dict[str, float | None] = {
        "base": base.seconds["total"],
        "first": time.perf_counter() - begun,
        "again": None,
    }
    if again and changed.found:
        seconds["again"] = _repeated(after, watch)
    return WhatIf(edits, base, changed, after.path, seconds)


def before_edits(problem: Problem, edited: Edited) -> Problem:
    """The problem edits start from: the given one, without the members that the edits let join."""
    if not edited.joined:
        return problem
    return problem.changed(scenario=problem.scenario.without(*edited.joined))


def after_edits(before: Problem, edited: Edited) -> Problem:
    """The problem after edits, starting from the one before where that is quicker."""
    off = (set(before.off) | edited.off) - edited.on
    scenario = None if edited.scenario is before.scenario else edited.scenario
    return before.changed(scenario=scenario, off=off)


def _repeated(after: Problem, watch: Watch) -> float | None:
    """Seconds to solve the changed problem once more from the base, with the model already built; None where time is up."""
    begun = time.perf_counter()
    plan = after.unsolved().solve(watch=watch)
    return time.perf_counter() - begun if plan.found else None


_SAID = 3
"""How many changes of a kind are put into a sentence."""
_HARDLY = 5e-4
"""Relative differences up to this are called none: they would read as 0.0 %."""
_WORTH_SAYING = 0.05
"""Policies whose price moved less than this part of the largest move are left to the table."""
_NOISE = 1e-9
_DIGITS = 8
"""Significant digits after which two figures count as the same."""


def no_plan(base: Plan, changed: Plan) -> Iterator[str]:
    """Which of the two there is not, and why."""
    for plan, what in ((base, "Before the change"), (changed, "After the change")):
        if not plan.found:
            yield f"{what} there is no plan ({plan.status}): {plan.message}"
        else:
            figures = ", ".join(f"{name.replace('_', ' ')} {value:,.4g}" for name, value in plan.measures.items())
            yield f"{what} there is one: {figures}."


def of_measures(table: pd.DataFrame, base: Plan) -> Iterator[str]:
    """The measures that were minimised, then the others that changed."""
    first = {stage.measure for stage in base.stages}
    rows = sorted(table.to_dict("records"), key=lambda row: row["measure"] not in first)
    moved = [row for row in rows if _moved(row["base"], row["changed"], _HARDLY)]
    for row in moved:
        yield f"{_capital(row['measure'])} {_from_to(row)}."
    if still := [str(row["measure"]).replace("_", " ") for row in rows if row not in moved]:
        yield f"Unchanged to within {_HARDLY:.2%}: {_joined(still)}.".replace("%", " %")


def of_changes(table: pd.DataFrame) -> Iterator[str]:
    """Who spends more or less, what is held more or less, which requirements are met better or worse."""
    heads = {
        "spending": "Spending over the horizon, discounted, changes most for",
        "holdings": "Holdings, averaged over the periods, change most in",
        "coverage": "What is there of a requirement, averaged over the periods, changes most for",
    }
    for what, head in heads.items():
        rows = table[table["what"] == what].head(_SAID).to_dict("records")
        if rows:
            yield f"{head} {_joined([f'{_whose(row)} ({_step(row)})' for row in rows])}."


def of_limits(table: pd.DataFrame, measure: str) -> Iterator[str]:
    """What the moved limits alone do, at the base plan's prices."""
    rows = [row for row in table.to_dict("records") if abs(row["value"]) > _NOISE][:_SAID]
    if rows:
        said = [f"{_policy(row)} ({row['room']:+,.4g} {row['room_unit']}: {_worth(row)})" for row in rows]
        name = measure.replace("_", " ")
        head = f"At the base plan's prices, which hold for small changes, the limits that were moved change {name} by themselves"
        yield f"{head}: {_joined(said)}. In a larger change a fall is at most this, a rise at least this."


def _worth(row: Mapping[Any, Any]) -> str:
    if row["unit"] == "fraction of 1":
        return f"{100 * row['value']:+.2g} points"
    return f"{row['value']:+,.4g} {row['unit']}"


def of_reasons(table: pd.DataFrame, measure: str, unit: str) -> Iterator[str]:
    """Which policies newly bind or release, and which matter more or less than before."""
    name, scale, unit = measure.replace("_", " "), *((100.0, "points") if unit == "fraction of 1" else (1.0, unit))
    none = table.empty
    table = table[table["difference"].abs() >= _WORTH_SAYING * table["difference"].abs().max()]
    for state, head in (("newly binds", "Newly binding"), ("released", "No longer binding")):
        rows = table[table["state"] == state].head(_SAID).to_dict("records")
        if rows:
            yield f"{head}: {_joined([_policy(row) for row in rows])}."
    moved = table[(table["state"] == "binds in both")].to_dict("records")
    moved = [row for row in moved if _moved(row["base"], row["changed"], 0.005)][:_SAID]
    if moved:
        said = [
            f"{_policy(row)} ({' before, '.join(_two(scale * row['base'], scale * row['changed'], unit))} now)"
            for row in moved
        ]
        yield f"What holds the plan back has shifted; one per cent more room would lower {name} by at most: {_joined(said)}."
    if none:
        yield "No policy has a price in either plan, so none of them is the reason."


def _two(before: float, now: float, unit: str) -> tuple[str, str]:
    """Two figures with as many digits as it takes to tell them apart."""
    digits = 2
    while plain(before, digits) == plain(now, digits) and digits < _DIGITS:
        digits += 1
    return f"{plain(before, digits)} {unit}", plain(now, digits)


def of_time(path: str, seconds: Mapping[str, float | None]) -> str:
    """How long it took, and how."""
    how = (
        "starting from the base plan"
        if path == "hot"
        else "from scratch, because too much changed to start from the base"
    )
    again = seconds.get("again")
    repeated = "" if again is None else f"; once more, with the model already built, {again:.2f} s"
    return f"The re-solve took {seconds['first']:.2f} s, {how} (the base plan {seconds['base']:.2f} s){repeated}."


def _moved(old: float, new: float, relative: float) -> bool:
    return abs(new - old) > relative * max(abs(old), abs(new), 1e-9)


def _from_to(row: Mapping[Any, Any]) -> str:
    verb = "rises" if row["changed"] > row["base"] else "falls"
    if row["unit"] == "fraction of 1":
        before, after = (f"{value} %" for value in apart(row["base"], row["changed"], places=2))
    else:
        before, after = (_figure(row[at], row["unit"]) for at in ("base", "changed"))
    return (
        f"{verb} from {before} to {after} ({_by(row)})"
        if before != after
        else f"{verb} by {row['difference']:+,.4g} {row['unit']}"
    )


def _by(row: Mapping[Any, Any]) -> str:
    if row["unit"] == "fraction of 1":
        return f"{_signed(100 * row['difference'])} points"
    if isinstance(row["relative"], float) and math.isfinite(row["relative"]):
        return f"{row['relative']:+.1%}".replace("%", " %")
    return f"{row['difference']:+,.4g} {row['unit']}"


def _step(row: Mapping[Any, Any]) -> str:
    if row["unit"] == "fraction of 1":
        before, after = apart(row["base"], row["changed"])
        return f"{before} % to {after} %"
    part = f", {row['relative']:+.1%}".replace("%", " %") if math.isfinite(row["relative"]) else ""
    places = 0 if abs(row["difference"]) >= 100 else 1 if abs(row["difference"]) >= 1 else 3
    return f"{row['difference']:+,.{places}f} {row['unit']}{part}"


def _signed(points: float) -> str:
    """Two decimals, or as many as it takes to show anything."""
    return f"{points:+.2f}" if abs(points) >= 0.005 else f"{'-' if points < 0 else '+'}{plain(abs(points), 2)}"


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if abs(value) >= 1000 else f"{value:,.4g} {unit}"


def _whose(row: Mapping[Any, Any]) -> str:
    if row["task"]:
        return f"{row['capability']} in {row['task']}"
    return str(row["member"] or row["capability"])


def _policy(row: Mapping[Any, Any]) -> str:
    whose = row["member"] or row["capability"]
    return f"{row['policy'].replace('_', ' ')}{f' [{whose}]' if whose else ''}"


def _capital(name: str) -> str:
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _joined(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _charts(found: WhatIf) -> list[Chart]:
    from model.report.pages import Chart

    if not found.found or found.table.empty:
        return []
    title = "Change of the measures in money"
    return [Chart(title, "bar", "measures", (4,), "Measure", "change, as a part of what it was", y_format="0.0%")]
