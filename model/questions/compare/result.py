"""Compare scenarios and runs with a baseline: inputs by cell, results by measure, member, capability and task."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.language.cached import cached_property
from model.language.faults import SolverError, UsageError
from model.language.shown import Shown
from model.questions.answer import QuestionResult, changes_in_points
from model.questions.compare.differences import Difference, Figure, differences, figures, measure_figures
from model.questions.matching import named
from model.scenario.scenario import Scenario
from model.solve.engine import Progress
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording.figures import apart, plain

if TYPE_CHECKING:
    from model.report.pages import Chart


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
class Compared(Shown):
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
class Comparison(QuestionResult):
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

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"Comparison with {self.baseline}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        parts = {"relative": "relative (fraction of 1)", "differing_inputs": "differing_inputs (count)"}
        found = {
            "results": changes_in_points(self.table),
            "inputs": self.inputs_table,
            "scenarios": self.scenarios_table,
        }
        found = {name: table.rename(columns=parts) for name, table in found.items()}
        changes = _in_money(self)
        return found if changes.empty else {**found, "measures": changes}

    @property
    def charts(self) -> list[Chart]:
        """What is drawn of the tables."""
        return _charts(self)

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


_NAMED, _LARGEST = 6, 3
"""How many differing cells, and how many of the largest changes of results, are told in sentences."""

_DIGITS = 10
"""Significant digits after which two figures count as the same."""

_NOTHING = 1e-7
"""A relative difference below this is the solver's rounding."""


def say(found: Comparison) -> Iterator[str]:
    """Inputs, then results, of each against the baseline, then what cannot be compared."""
    base = found.item(found.baseline)
    yield f"The baseline is {base.label}."
    if base.kind == "scenario" and found.solved and base.status != "optimal":
        yield f"{base.label} has no plan ({base.status}), so there are no differences in results. {base.message}".strip()
    for item in found.items:
        if item is not base:
            yield _inputs_said(found, base, item)
            if found.solved or item.kind == "run":
                yield from _results(found, base, item)
    yield from _warnings(found, base)


def _inputs_said(found: Comparison, base: Compared, item: Compared) -> str:
    if item.hash == base.hash:
        return f"{item.label}: the same inputs as {base.label}."
    if "run" in (item.kind, base.kind):
        return f"{item.label}: other inputs than {base.label} (by their hash); a run does not say which."
    own = [difference for label, difference in found.inputs if label == item.label]
    told = "; ".join(_cell(difference) for difference in own[:_NAMED])
    more = f"; and {len(own) - _NAMED} more (see the table inputs)" if len(own) > _NAMED else ""
    return (
        f"{item.label}: {len(own)} input{'s differ' if len(own) != 1 else ' differs'} from {base.label}: {told}{more}."
    )


def _cell(difference: Difference) -> str:
    """``Members!H4, alliance_share of Southland: 0.5 becomes 0.6 (+20 %)``."""
    place = difference.cell or difference.baseline_cell or difference.sheet
    what = f"{difference.column} of {difference.row}" if difference.row else difference.column
    if difference.kind != "changed":
        return f"{place}, the row {difference.row} is {difference.kind}"
    before, after = (_value(value) for value in (difference.baseline, difference.value))
    relative = None if difference.column.endswith("year") else difference.relative
    part = f" ({_percent(relative)})" if relative is not None else ""
    return f"{place}, {what}: {before} becomes {after}{part}"


def _value(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain(value, 6) if isinstance(value, float) else str(value) or "blank"


def _percent(part: float) -> str:
    return f"{100 * part:+.3g} %" if abs(part) < 10 else f"{100 * part:+,.0f} %"


def _results(found: Comparison, base: Compared, item: Compared) -> Iterator[str]:
    if not item.figures:
        yield f"{item.label} has no plan ({item.status}). {item.message}".strip()
        return
    if not base.figures:
        return
    table = found.table
    own = table[(table["scenario"] == item.label) & table["absolute"].notna()]
    changed = own[own["absolute"].abs() > _NOTHING * own[["value", "baseline"]].abs().max(axis=1).clip(lower=_NOTHING)]
    if changed.empty:
        yield f"{item.label}: no result differs from {base.label}."
        return
    yield _changes(f"{item.label}: ", changed[changed["about"] == "measure"], len(changed), "measures")
    for about, figure in _TOLD:
        part = changed[(changed["about"] == about) & (changed["figure"] == figure)]
        if not part.empty:
            ranked = part.reindex(part["absolute"].abs().sort_values(ascending=False, kind="stable").index)
            yield _changes(f"{item.label}, {figure} by {about}, largest changes: ", ranked, _LARGEST, "changes")


_TOLD = (("member", "burden"), ("capability", "coverage"), ("task", "coverage"))


def _changes(begin: str, rows: object, limit: int, what: str) -> str:
    records = rows.to_dict("records")  # type: ignore[attr-defined]
    told = [f"{row['item'].replace('_', ' ')} {_change(row)}" for row in records[:limit]]
    more = f"; {len(records) - limit} more" if len(records) > limit else ""
    return f"{begin}{'; '.join(told) or f'no {what} differ'}{more}."


def _change(row: Mapping[str, Any]) -> str:
    """``5.4 % to 16.9 % (+11.4 points)``; ``14,829 to 15,100 USD m (+1.83 %)``: fractions in points, all else as a part."""
    if row["unit"] == "fraction of 1":
        before, after = apart(row["baseline"], row["value"])
        change = plain(100 * row["absolute"], 3)
        return f"{before} % to {after} % ({'' if change.startswith('-') else '+'}{change} points)"
    part = f" ({_percent(row['relative'])})" if row["relative"] == row["relative"] else ""
    digits = 4
    while plain(row["baseline"], digits) == plain(row["value"], digits) and digits < _DIGITS:
        digits += 1
    return f"{plain(row['baseline'], digits)} to {plain(row['value'], digits)} {row['unit']}{part}"


def _warnings(found: Comparison, base: Compared) -> Iterator[str]:
    if any(item.kind == "run" for item in found.items):
        yield "Of a run only the measures and the hash of its inputs are known; its money is taken to be in the baseline's currency."
    if not isinstance(base.what, Scenario):
        return
    for item in found.items:
        if item is base or not isinstance(item.what, Scenario):
            continue
        if item.what.settings["currency"] != base.what.settings["currency"]:
            yield f"{item.label} counts money in another currency: its money is not compared."
        if item.what.periods != base.what.periods:
            yield (
                f"{item.label} plans other years ({item.what.periods[0]} to {item.what.periods[-1]}): its costs are of another "
                "span, and its stocks those of its own last period."
            )


def _in_money(found: Comparison) -> pd.DataFrame:
    """Relative differences of measures in money, a column a scenario: what the chart draws."""
    table = changes_in_points(found.table)
    rows = table[(table["about"] == "measure") & table["relative"].notna()]
    rows = rows[rows["scenario"] != found.baseline]
    wide = rows.pivot(index="item", columns="scenario", values="relative").reset_index()
    return wide.rename(columns={"item": "measure"}).rename_axis(columns=None)


def _charts(found: Comparison) -> list[Chart]:
    from model.report.pages import Chart

    if (changes := found.tables.get("measures")) is None:
        return []
    series = tuple(range(1, len(changes.columns)))
    title = f"Measures in money against {found.baseline}"
    return [Chart(title, "bar", "measures", series, "part of the baseline", "measure", y_format="0%")]
