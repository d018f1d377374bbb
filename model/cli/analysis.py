"""What every command that runs an analysis does alike: read the workbook, keep the base plan, hand the result to its user."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.cli.console import complain, folder, list_faults, progress, say, say_json
from model.cli.inputs import existing
from model.data.faults import SolverError, WorkbookError
from model.solve.watch import Watch

if TYPE_CHECKING:
    import pandas as pd

    from model.data.scenario import Scenario
    from model.report.pages import Chart
    from model.solve.plan import Plan
    from model.solve.problem import Problem

NO_PLAN, NOT_PROVED = 3, 4

Out = Annotated[Path, typer.Option(help="Folder for the results; made if need be.")]
Limit = Annotated[
    float | None,
    typer.Option(
        help="Seconds after which the solver stops; what is finished by then is written, and the exit code is 4.",
        min=0.0,
        show_default=False,
    ),
]


@dataclass(frozen=True)
class Result:
    """What a command hands over: sentences, tables (the first is the main one), charts of them, and what JSON adds.

    ``stopped`` says what the time limit left undone; empty where all is done.
    """

    title: str
    says: Sequence[str]
    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]
    charts: Sequence[Chart] = ()
    stopped: str = ""


def scenario_of(workbook: Path) -> Scenario:
    """The scenario of a workbook named on the command line. Raises WorkbookError with every fault."""
    from model.data.workbook import read

    reading = read(existing(workbook))
    if reading.scenario is None:
        raise WorkbookError(reading.faults)
    list_faults(reading.faults)
    return reading.scenario


def solved(problem: Problem, watch: Watch | None = None) -> Plan:
    """The base plan, with progress on stderr; where there is none, the reason is said and the command ends."""
    from model.report.brief import no_plan_text

    with progress() as tell:
        tell("solving the base plan", 0.0, 0)
        plan = problem.solve(watch=replace(watch or Watch(), progress=tell))
    if not plan.found:
        complain(no_plan_text(plan))
        raise typer.Exit(code_of(plan))
    return plan


def code_of(plan: Plan) -> int:
    """The exit code of a command that has this plan, or none, to show."""
    return 0 if plan.found else NO_PLAN if plan.status == "infeasible" else NOT_PROVED


def deliver(result: Result, stem: str, out: Path, json: bool, begun: float) -> int:
    """Write the workbook ``<stem>.xlsx`` and its tables as CSV; print sentences, or one JSON object. Gives the exit code.

    Where the time limit cut the analysis short, what is finished is delivered all the same, and the code says so.
    """
    from model.data.atomic import write_bytes
    from model.report.analysis_out import write_analysis
    from model.report.export import as_csv
    from model.solve.tables import Table

    folder(out)
    written = [write_analysis(out / f"{stem}.xlsx", result.title, result.says, result.tables, result.charts)]
    written += [
        write_bytes(out / f"{stem}_{name}.csv".replace(" ", "_"), as_csv(Table.of(table)))
        for name, table in result.tables.items()
    ]
    outputs = [str(path.resolve()) for path in written]
    if json:
        tables = {name: table.to_dict("records") for name, table in result.tables.items()}
        say_json(
            {
                **result.record,
                "says": list(result.says),
                "tables": tables,
                "stopped": result.stopped,
                "seconds_all": time.perf_counter() - begun,
                "outputs": outputs,
            }
        )
    else:
        say("\n".join([result.title, "=" * len(result.title), *result.says]))
        say("\nWritten: " + ", ".join(outputs))
    if result.stopped:
        complain(result.stopped)
    return NOT_PROVED if result.stopped else 0


__all__ = [
    "NOT_PROVED", "NO_PLAN", "Limit", "Out", "Result", "SolverError", "Watch", "code_of", "deliver", "scenario_of", "solved",
]  # fmt: skip
