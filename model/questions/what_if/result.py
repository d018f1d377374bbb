"""What if: the base plan and the plan after some edits side by side, what changed most and why, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from model.language.cached import cached_property
from model.language.registry import PARTS, parts
from model.questions.what_if import words as sentences
from model.questions.what_if.changes import changes_between, limits_moved, measures_of, policies_between
from model.scenario.levers.edits import Edit, Edited, apply_edits
from model.solve.engine import Progress, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem


@dataclass(frozen=True, eq=False)
class WhatIf:
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
        """The answer in sentences."""
        asked = "What if " + "; ".join(edit.text for edit in self.edits) + "?"
        if not self.found:
            return (asked, *sentences.no_plan(self.base, self.changed))
        return (
            asked,
            *sentences.of_measures(self.table, self.base),
            *sentences.of_changes(self.changes),
            *sentences.of_limits(self.limits, self.base.stage().measure),
            *sentences.of_reasons(self.reasons, *self._aim),
            sentences.of_time(self.path, self.seconds),
        )

    @property
    def _aim(self) -> tuple[str, str]:
        """The first objective and its unit."""
        measure = self.base.stage().measure
        return measure, self.base.unit_said(PARTS[measure].unit)


def what_if(
    problem: Problem,
    edits: Iterable[Edit],
    again: bool = False,
    base: Plan | None = None,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> WhatIf:
    """The plan of a problem before and after edits (:func:`model.scenario.levers.edits.parse_edit`).

    ``base`` is the problem's own plan where it has been solved already. ``again`` repeats the changed solve to time it.
    ``watch`` limits the time of all solves together, and hears of their progress (in place of ``progress``). No plan is a result
    too. Raises UsageError where an edit cannot be made, before anything is solved.
    """
    edits, watch = tuple(edits), watch or Watch(progress=progress)
    edited = apply_edits(problem.scenario, edits, policies())
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
        seconds["again"] = _repeated(before, after, edited, watch)
    return WhatIf(edits, base, changed, after.path, seconds)


def policies() -> tuple[str, ...]:
    """The rules that ``rule[…]`` may name."""
    return tuple(part.name for part in parts("constraint", "bound") if part.may_bend)


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


def _repeated(before: Problem, after: Problem, edited: Edited, watch: Watch) -> float | None:
    """Seconds to solve the changed problem once more from the base, with the model already built; None where time is up."""
    repeat = after_edits(before, edited)
    repeat.accepted, repeat.data, repeat.lp = after.accepted, after.data, after.lp
    repeat.reading, repeat.tie_rule = after.reading, after.tie_rule
    begun = time.perf_counter()
    plan = repeat.solve(watch=watch)
    return time.perf_counter() - begun if plan.found else None
