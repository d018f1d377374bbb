"""Morris screening: many levers moved together along random paths, so that what they do in concert is seen too. Needs SALib."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from model.language.faults import SolverError, UsageError
from model.questions.answer import QuestionResult
from model.questions.sensitivity.tornado import default_levers, expanded, pull
from model.questions.time_limit import finished, in_time
from model.scenario.levers.edits import apply_edits
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem

Tell = Callable[[str, float, int], None]

_LEVELS = 4


@dataclass(frozen=True, eq=False)
class Screening(QuestionResult):
    """``table``: lever, ``mean_effect`` (average size of the change of the first measure when the lever goes from one end of its
    range to the other), ``direction`` (the same with its sign), ``spread`` (how much that depends on the other levers), ``unit``."""

    table: pd.DataFrame
    says: tuple[str, ...]
    solves: int
    seconds: float

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Morris screening"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"morris": self.table}


def morris(
    problem: Problem,
    plan: Plan,
    by: float = 0.1,
    levers: Sequence[str] | None = None,
    trajectories: int = 4,
    seed: int = 0,
    tell: Tell | None = None,
    watch: Watch | None = None,
) -> Screening:
    """Elementary effects of levers between 1 − ``by`` and 1 + ``by``; ``trajectories`` × (levers + 1) real re-solves.

    ``watch`` limits the time. Raises UsageError where SALib is not installed or a lever cannot be pulled, SolverError where some
    point has no plan, or where the time was up before all were solved: a screening needs every one.
    """
    sampler, analyser = _salib()
    scenario, begun = problem.scenario, time.perf_counter()
    names = default_levers(scenario) if levers is None else expanded(scenario, levers)
    names = [name for name in names if levers is not None or _can_be_pulled(problem, name, by)]
    if len(names) < 2:
        raise UsageError("Morris screening moves levers together: name at least two")
    space = {"num_vars": len(names), "names": names, "bounds": [[-by, by]] * len(names)}
    points = sampler(space, trajectories, num_levels=_LEVELS, seed=seed)
    measure, watch = next(iter(plan.stages[0].weights)), watch or Watch()

    def measured(number: int) -> float:
        if tell is not None:
            tell(f"point {number + 1} of {len(points)}", time.perf_counter() - begun, number)
        return _measured(problem, names, points[number].tolist(), measure, watch)

    values = _all_of(finished(watch, range(len(points)), measured), len(points))
    effects = analyser(space, points, np.array(values), num_levels=_LEVELS, seed=seed, print_to_console=False)
    table = _table(names, effects, f"{measure}, from {-by:+.0%} to {by:+.0%}")
    seconds = time.perf_counter() - begun
    says = (
        f"{len(names)} levers moved together between {-by:+.0%} and {by:+.0%} along {trajectories} paths; {measure} moves on average:",
        *(f"{row.lever}: {row.mean_effect:.4g} (spread {row.spread:.4g})." for row in table.head(5).itertuples()),
        f"{len(points)} real re-solves in {seconds:.1f} s.",
    )
    return Screening(table, says, len(points), seconds)


def _all_of(values: Sequence[float], count: int) -> Sequence[float]:
    """The values, where there is one for every point. Raises SolverError where the time limit left some out."""
    if len(values) < count:
        raise SolverError(
            f"The time limit was reached: {len(values)} of {count} points of the Morris screening are solved, and it needs all."
        )
    return values


def _table(names: Sequence[str], effects: Any, unit: str) -> pd.DataFrame:
    columns = {"mean_effect": "mu_star", "direction": "mu", "spread": "sigma"}
    found = {column: np.asarray(effects[key], dtype=float) for column, key in columns.items()}
    table = pd.DataFrame({"lever": names, **found, "unit": unit})
    return table.sort_values("mean_effect", ascending=False, kind="stable", ignore_index=True)


def _salib() -> tuple[Any, Any]:
    try:
        sample = import_module("SALib.sample.morris").sample
        analyse = import_module("SALib.analyze.morris").analyze
    except ImportError as missing:
        raise UsageError(
            "Morris screening needs SALib: install it with pip install 'alliance-model[sensitivity]'"
        ) from missing
    return sample, analyse


def _can_be_pulled(problem: Problem, name: str, by: float) -> bool:
    try:
        edits = [pull(problem.scenario, name, part).edits for part in (-by, by)]
        changed = [apply_edits(problem.scenario, one).scenario.hash != problem.scenario.hash for one in edits]
    except UsageError:
        return False
    return any(changed)


def _measured(problem: Problem, names: Sequence[str], parts: Sequence[float], measure: str, watch: Watch) -> float:
    edits = [edit for name, part in zip(names, parts, strict=True) for edit in pull(problem.scenario, name, part).edits]
    plan = in_time(problem.changed(apply_edits(problem.scenario, edits).scenario).solve(watch=watch))
    if not plan.found:
        where = ", ".join(f"{name} {part:+.1%}" for name, part in zip(names, parts, strict=True))
        raise SolverError(f"At {where} there is no plan, so no screening: choose a smaller --by or other levers.")
    return plan.measures[measure]
