"""Compare scenarios and runs with a baseline: inputs by cell, results by measure, member, capability and task."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.questions.compare.differences import Difference, differences
from model.questions.compare.outcomes import Figure, figures, measure_figures
from model.questions.matching import named
from model.scenario.scenario import Scenario
from model.solve.engine import Progress
from model.solve.plan import Plan
from model.solve.problem import Problem


@dataclass(frozen=True)
class Run:
    """What a ``run.json`` says: measures and the hash of its inputs; neither inputs nor contributions are in it."""

    name: str
    hash: str
    status: str
    measures: dict[str, float]
    message: str = ""
    options: str = ""


@dataclass(frozen=True, eq=False)
class Compared:
    """One of the things compared, under its label: a scenario (with its plan once solved) or the record of a run."""

    label: str
    what: Scenario | Run
    status: str
    message: str = ""
    plan: Plan | None = None

    @property
    def kind(self) -> str:
        return "run" if isinstance(self.what, Run) else "scenario"

    @cached_property
    def hash(self) -> str:
        return self.what.hash

    @cached_property
    def figures(self) -> dict[tuple[str, str, str], Figure]:
        """Every result by (about, item, figure); empty where there is no plan."""
        if isinstance(self.what, Run):
            return measure_figures(self.what.measures)
        return figures(self.plan) if self.plan is not None and self.plan.found else {}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios and runs beside a baseline. Infeasible ones are rows with their status and no values."""

    items: tuple[Compared, ...]
    baseline: str
    inputs: tuple[tuple[str, Difference], ...]
    """(label, difference) of every scenario but the baseline."""
    solved: bool = True
    says: tuple[str, ...] = field(default=())

    def item(self, label: str) -> Compared:
        """One of the compared by its label."""
        return next(item for item in self.items if item.label == label)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Results: about (measure, member, capability, task, holding), item, figure, scenario, value, baseline, absolute and
        relative difference, unit. A value or a difference is missing where one of the two has no plan or no such item, or
        where units differ."""
        base = self.item(self.baseline).figures
        keys = list(dict.fromkeys(key for item in self.items for key in item.figures))
        rows = [
            (*key, item.label, *_against(base.get(key), item.figures.get(key))) for key in keys for item in self.items
        ]
        columns = ["about", "item", "figure", "scenario", "value", "baseline", "absolute", "relative", "unit"]
        frame = pd.DataFrame.from_records(rows, columns=columns)
        return frame.astype(dict.fromkeys(("value", "baseline", "absolute", "relative"), float))

    @property
    def inputs_table(self) -> pd.DataFrame:
        """Inputs that differ: scenario, sheet, cell, baseline's cell, row, column, kind, both values, differences, unit."""
        rows = [
            (label, d.sheet, d.cell, d.baseline_cell, d.row, d.column, d.kind, d.baseline, d.value, d.absolute, d.relative, d.unit)
            for label, d in self.inputs
        ]  # fmt: skip
        columns = ["scenario", "sheet", "cell", "baseline_cell", "row", "column", "kind", "baseline", "value", "absolute",
                   "relative", "unit"]  # fmt: skip
        frame = pd.DataFrame.from_records(rows, columns=columns)
        return frame.astype({"absolute": float, "relative": float})

    @property
    def scenarios_table(self) -> pd.DataFrame:
        """What was compared: label, kind, status, differing inputs (missing for runs), hash and message."""
        count = Counter(label for label, _ in self.inputs)
        known = self.item(self.baseline).kind == "scenario"
        rows = [
            (
                item.label, item.kind, item.label == self.baseline, item.status,
                float(count[item.label]) if known and item.kind == "scenario" else None, item.hash, item.message,
            )
            for item in self.items
        ]  # fmt: skip
        columns = ["scenario", "kind", "is_baseline", "status", "differing_inputs", "hash", "message"]
        return pd.DataFrame.from_records(rows, columns=columns).astype({"differing_inputs": float})


def compare(
    what: Sequence[Scenario | Run], baseline: str | None = None, solve: bool = True, progress: Progress | None = None
) -> Comparison:
    """Compare any number of scenarios and runs, two or more, with a baseline (a label; by default the first).

    Labels are the names; of equal names the second is called ``name (2)``. ``solve`` false compares inputs only. Scenarios
    of the same content are solved once. Raises UsageError for fewer than two, or an unknown baseline.
    """
    from model.questions.compare.words import say

    if len(what) < 2:
        raise UsageError("A comparison takes two scenarios or runs at least.")
    labels = _labels([thing.name for thing in what])
    base = labels[0] if baseline is None else named("scenario", baseline, labels)
    items = [_unsolved(label, thing) for label, thing in zip(labels, what, strict=True)]
    if solve:
        items = _solve(items, base, progress)
    first = next(item for item in items if item.label == base)
    found = Comparison(tuple(items), base, tuple(_inputs(first, items)), solve)
    return replace(found, says=tuple(say(found)))


def load_run(path: str | Path) -> Run:
    """The record of a run that ``alliance solve`` wrote. Raises UsageError where the file is none."""
    source = Path(path)
    try:
        record = json.loads(source.read_text(encoding="utf-8"))
        options, measures = record["options"], record["measures"]
        said = ", ".join(
            [f"ceiling {n} {v:g}" for n, v in options["ceilings"].items()]
            + [f"{name} switched off" for name in options["switched_off"]]
        )
        numbers = {str(name): float(value) for name, value in measures.items() if value is not None}
        return Run(
            str(record["scenario"]), str(record["hash"]), str(record["status"]), numbers, str(record["message"]), said
        )
    except OSError as failure:
        raise UsageError(f"{source} could not be read: {failure.strerror}.") from failure
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise UsageError(f"{source} is no record of a run (the run.json that `alliance solve` writes).") from wrong


def _labels(names: Sequence[str]) -> list[str]:
    """The names, each once: a later one of the same name gets a number."""
    found: list[str] = []
    for name in names:
        label, count = name, 1
        while label in found:
            count += 1
            label = f"{name} ({count})"
        found.append(label)
    return found


def _unsolved(label: str, what: Scenario | Run) -> Compared:
    if isinstance(what, Run):
        return Compared(label, what, what.status, "; ".join(text for text in (what.message, what.options) if text))
    return Compared(label, what, "not solved")


def _solve(items: Sequence[Compared], baseline: str, progress: Progress | None) -> list[Compared]:
    """The scenarios solved, the baseline first, the others from its basis; each content once."""
    problem: Problem | None = None
    plans: dict[str, Compared] = {}
    order = sorted((item for item in items if item.kind == "scenario"), key=lambda item: item.label != baseline)
    for item in order:
        assert isinstance(item.what, Scenario)
        if item.hash in plans:
            continue
        if progress is not None:
            progress(f"solving {item.label}", 0.0, 0)
        one = Problem(item.what) if problem is None else problem.changed(scenario=item.what)
        problem = problem or one
        plans[item.hash] = _outcome(item, one, progress)
    return [
        replace(item, **{name: getattr(plans[item.hash], name) for name in ("status", "message", "plan")})
        if item.kind == "scenario" else item
        for item in items
    ]  # fmt: skip


def _outcome(item: Compared, problem: Problem, progress: Progress | None) -> Compared:
    """The plan, or why there is none: a row like any other."""
    try:
        plan = problem.solve(progress=progress)
    except SolverError as failure:
        return replace(item, status="numerical trouble", message=str(failure))
    return replace(item, status=plan.status, message=plan.message, plan=plan)


def _inputs(base: Compared, items: Iterable[Compared]) -> Iterable[tuple[str, Difference]]:
    if not isinstance(base.what, Scenario):
        return
    for item in items:
        if item.label != base.label and isinstance(item.what, Scenario):
            for difference in differences(base.what, item.what):
                yield item.label, difference


def _against(
    base: Figure | None, figure: Figure | None
) -> tuple[float | None, float | None, float | None, float | None, str]:
    """Value, baseline, absolute and relative difference, unit."""
    before, after = (one.value if one else None for one in (base, figure))
    unit = figure.unit if figure else base.unit if base else ""
    same = base is not None and figure is not None and (base.unit == figure.unit or "money" in (base.unit, figure.unit))
    if before is None or after is None or not same:
        return after, before, None, None, unit
    return after, before, after - before, (after - before) / abs(before) if before else None, unit
