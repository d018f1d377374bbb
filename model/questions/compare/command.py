"""The command `alliance compare`: scenario workbooks and records of runs beside a baseline."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Out, Result, deliver, scenario_of
from model.console.inputs import AsJson, completed_workbooks, existing
from model.console.invocation import current
from model.console.printing import complain, progress
from model.language.faults import WorkbookError
from model.scenario.source import Source, printable

if TYPE_CHECKING:
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
    return deliver(Result.of(found, _record(found)), "compare", out, json, begun)


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


def _record(found: Comparison) -> dict[str, Any]:
    return {
        "baseline": found.baseline,
        "scenarios": [
            {"name": i.label, "kind": i.kind, "status": i.status, "hash": i.hash, "message": i.message} for i in found.items
        ],
        "differing_inputs": len(found.inputs),
        "solved": found.solved,
    }  # fmt: skip
