"""What every command that runs an analysis does alike: read the workbook, keep the base plan, hand the result to its user."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.inputs import reading_of, say_kept
from model.console.invocation import current
from model.console.printing import complain, list_faults, progress, say, say_json
from model.language.faults import SolverError, WorkbookError
from model.solve.watch import Watch

if TYPE_CHECKING:
    import pandas as pd

    from model.report.pages import Chart
    from model.scenario.scenario import Scenario
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

    ``stopped`` says what the time limit left undone; empty where all is done. ``files`` are further ones to write, by name.
    """

    title: str
    says: Sequence[str]
    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]
    charts: Sequence[Chart] = ()
    stopped: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Any, record: Mapping[str, Any]) -> Result:
        """What the answer to a question hands over; ``record`` is what JSON adds."""
        stopped = getattr(found, "stopped", "")
        return cls(found.title, list(found.says), found.tables, record, found.charts, stopped)


def scenario_of(workbook: str) -> Scenario:
    """The scenario of a workbook named on the command line, under the rules named there. Raises WorkbookError with every fault,
    UsageError where a rule cannot be used."""
    from model.solve.own_rules import under

    reading = reading_of(workbook)
    if reading.scenario is None:
        raise WorkbookError(reading.faults)
    list_faults(reading.faults)
    return under(reading.scenario, current().own_rules())


def solved(problem: Problem, watch: Watch | None = None) -> Plan:
    """The base plan, with progress on stderr; where there is none, the reason is said and the command ends."""
    from model.report.brief import no_plan_text

    with progress() as tell:
        tell("solving the base plan", 0.0, 0)
        plan = problem.solve(watch=replace(watch or Watch(), progress=tell))
    if not plan.found:
        raise typer.Exit(without_plan(plan.status, no_plan_text(plan)))
    return plan


def without_plan(status: str, why: str) -> int:
    """Say why there is nothing to deliver, in JSON too where that was asked for. Gives the exit code."""
    complain(why)
    if current().as_json:
        say_json({"status": status, "message": why, **current().origin, "outputs": []})
    return NO_PLAN if status == "infeasible" else NOT_PROVED


def code_of(plan: Plan) -> int:
    """The exit code of a command that has this plan, or none, to show."""
    return 0 if plan.found else NO_PLAN if plan.status == "infeasible" else NOT_PROVED


def deliver(result: Result, stem: str, out: Path, json: bool, begun: float) -> int:
    """Write the workbook ``<stem>.xlsx``, its tables as CSV and the record of the run, all of them or none; print sentences, or
    one JSON object. Gives the exit code.

    Where the time limit cut the analysis short, what is finished is delivered all the same, and the code says so.
    """
    from model.report.analysis_out import analysis_bytes
    from model.report.export import as_csv, versions
    from model.report.run_files import write_run_files
    from model.solve.own_rules import not_certified
    from model.solve.tables import Table

    unread = current().rules.unread
    says = [*result.says, not_certified(unread)] if unread else list(result.says)
    files = {f"{stem}.xlsx": analysis_bytes(result.title, says, result.tables, result.charts)}
    for name, table in result.tables.items():
        files[f"{stem}_{name}.csv".replace(" ", "_")] = as_csv(Table.of(table))
    record = {
        **current().asked,
        **({"uncertified_rules": list(unread)} if unread else {}),
        **result.record,
        **current().origin,
        "stopped": result.stopped,
        "seconds_all": time.perf_counter() - begun,
        "versions": versions(),
    }
    written = write_run_files(out, stem, {**files, **result.files}, record)
    say_kept(written)
    outputs = [str(path) for path in written.paths]
    if json:
        tables = {name: table.to_dict("records") for name, table in result.tables.items()}
        kept = {} if written.earlier is None else {"earlier": str(written.earlier)}
        say_json({**record, "says": says, "tables": tables, "outputs": outputs, **kept})
    else:
        say("\n".join([result.title, "=" * len(result.title), *says]))
        say("\nWritten: " + ", ".join(outputs))
    if result.stopped:
        complain(result.stopped)
    return NOT_PROVED if result.stopped else 0


__all__ = [
    "NOT_PROVED", "NO_PLAN", "Limit", "Out", "Result", "SolverError", "Watch", "code_of", "deliver", "scenario_of", "solved",
    "without_plan",
]  # fmt: skip
