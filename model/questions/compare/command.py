"""The command `alliance compare`: scenario workbooks and records of runs beside a baseline."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Out, Result, changes_in_points, deliver, scenario_of
from model.console.inputs import AsJson, completed_workbooks, existing
from model.console.invocation import current
from model.console.printing import complain, progress
from model.language.faults import WorkbookError
from model.scenario.source import Source, printable

if TYPE_CHECKING:
    import pandas as pd

    from model.questions.compare.result import Comparison, Run
    from model.scenario.scenario import Scenario

Workbooks = Annotated[
    list[str],
    typer.Argument(
        help="Scenario workbooks (.xlsx), bare names of scenarios that ship, or records of runs (…_run.json); two or more.",
        show_default=False,
        autocompletion=completed_workbooks,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(help="What the others are compared with, by name; by default the first.", show_default=False),
]
Solve = Annotated[bool, typer.Option("--solve/--no-solve", help="Solve the workbooks, or compare inputs only.")]


def compare(
    workbooks: Workbooks,
    baseline: Baseline = None,
    solve: Solve = True,
    out: Out = Path("outputs"),
    json: AsJson = False,
) -> int:
    """Compare scenarios or runs: inputs by cell, results by measure, member, capability and task, against a baseline."""
    from model.questions.compare.result import compare as compared

    begun = time.perf_counter()
    what = [_read(path, name) for path, name in zip(workbooks, _names(workbooks), strict=True)]
    with progress() as tell:
        found = compared(what, baseline, solve, tell)
    return deliver(_result(found), "compare", out, json, begun)


def _read(path: str, name: str) -> Scenario | Run:
    """What a path holds, under its name; faults are told with the workbook they are in."""
    from model.questions.compare.result import load_run

    if path.lower().endswith(".json"):
        file = existing(path)
        run = replace(load_run(file), name=name)
        current().read.append(Source(str(file.resolve()), "", hashlib.sha256(file.read_bytes()).hexdigest()))
        return run
    try:
        return replace(scenario_of(path), name=name)
    except WorkbookError:
        complain(f"Faults in {path}:")
        raise


def _names(named: Sequence[str]) -> list[str]:
    """File names without their endings; where two are alike, with their folders."""
    paths = [Path(printable(text)) for text in named]
    count = Counter(path.stem for path in paths)
    return [path.stem if count[path.stem] == 1 else f"{path.parent.name}/{path.stem}".lstrip("/") for path in paths]


def _result(found: Comparison) -> Result:
    from model.report.pages import Chart

    parts = {"relative": "relative (fraction of 1)", "differing_inputs": "differing_inputs (count)"}
    tables = {
        "results": changes_in_points(found.table),
        "inputs": found.inputs_table,
        "scenarios": found.scenarios_table,
    }
    tables = {name: table.rename(columns=parts) for name, table in tables.items()}
    charts = []
    if not (changes := _changes(found)).empty:
        tables["measures"] = changes
        series = tuple(range(1, len(changes.columns)))
        title = f"Measures in money against {found.baseline}"
        charts.append(Chart(title, "bar", "measures", series, "part of the baseline", "measure", y_format="0%"))
    record = {
        "baseline": found.baseline,
        "scenarios": [
            {"name": i.label, "kind": i.kind, "status": i.status, "hash": i.hash, "message": i.message} for i in found.items
        ],
        "differing_inputs": len(found.inputs),
        "solved": found.solved,
    }  # fmt: skip
    return Result(f"Comparison with {found.baseline}", found.says, tables, record, charts)


def _changes(found: Comparison) -> pd.DataFrame:
    """Relative differences of measures in money, a column a scenario: what the chart draws."""
    table = changes_in_points(found.table)
    rows = table[(table["about"] == "measure") & table["relative"].notna()]
    rows = rows[rows["scenario"] != found.baseline]
    wide = rows.pivot(index="item", columns="scenario", values="relative").reset_index()
    return wide.rename(columns={"item": "measure"}).rename_axis(columns=None)
