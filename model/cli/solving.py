"""Commands about solving: read, check, solve and write the solution workbook; print the formulation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.cli.console import as_records, complain, folder, list_faults, progress, say, say_json
from model.cli.inputs import AsJson, Workbook, existing
from model.data.faults import UsageError

if TYPE_CHECKING:
    from model.data.scenario import Scenario
    from model.report.reasons import Explainer
    from model.solve.plan import Plan

NO_PLAN = {"infeasible": 3}
NOT_PROVED = 4

Pairs = dict[str, float]

Out = Annotated[Path, typer.Option(help="Folder for the results; made if need be.")]
Objectives = Annotated[
    str | None,
    typer.Option(
        help='Measures to minimise in order, such as "risk, cost"; by default the workbook\'s.', show_default=False
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        help='Instead of an order, one weighting: "risk=1, cost=0.2" (money as a part of all budgets).',
        show_default=False,
    ),
]
Ceiling = Annotated[
    list[str] | None, typer.Option(help='Upper limit on a measure: "cost=900000". May be repeated.', show_default=False)
]
Off = Annotated[
    list[str] | None, typer.Option(help="A policy to switch off, by rule name. May be repeated.", show_default=False)
]
Limit = Annotated[float | None, typer.Option(help="Seconds after which the solver stops.", min=0.0, show_default=False)]
Tables = Annotated[bool, typer.Option(help="Also write every table as CSV and Parquet.")]


def solve(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    objectives: Objectives = None,
    weights: Weights = None,
    ceiling: Ceiling = None,
    off: Off = None,
    time_limit: Limit = None,
    tables: Tables = True,
) -> int:
    """Check and solve a workbook, and write the solution workbook."""
    from model.data.workbook import read

    source, begun = existing(workbook), time.perf_counter()
    options = _Options(
        _names(objectives), _pairs(weights), _all_pairs(ceiling), tuple(off or ()), time_limit, out, json, tables
    )
    reading = read(source)
    seconds = {"read": time.perf_counter() - begun}
    if not json or reading.scenario is None:
        list_faults(reading.faults)
    if reading.scenario is not None:
        return _solve(reading.scenario, options, seconds)
    if json:
        say_json({"status": "faults", "faults": as_records(reading.faults), "outputs": []})
    return 1


@dataclass(frozen=True)
class _Options:
    """What the command line asked for."""

    objectives: tuple[str, ...] | None
    weights: Pairs | None
    ceilings: Pairs
    off: tuple[str, ...]
    time_limit: float | None
    out: Path
    json: bool
    tables: bool


def _solve(scenario: Scenario, options: _Options, seconds: dict[str, float]) -> int:
    from model.report.brief import no_plan_text, plain_text
    from model.report.export import run_record
    from model.report.reasons import Explainer
    from model.solve.problem import Problem

    problem = Problem(scenario, options.ceilings, options.off)
    with progress() as tell:
        tell("building the model", 0.0, 0)
        plan = problem.solve(options.objectives, options.weights, options.time_limit, tell)
        tell("writing the results", 0.0, 0)
        begun = time.perf_counter()
        explainer = Explainer(plan) if plan.found else None
        outputs = _write(plan, options, {**seconds, **plan.seconds}, explainer) if plan.found else []
    seconds |= {**plan.seconds, "write": time.perf_counter() - begun}
    if options.json:
        say_json({**run_record(plan, seconds), "outputs": [str(path) for path in outputs]})
    elif plan.found:
        say(plain_text(plan, explainer))
        say("\nWritten: " + ", ".join(str(path) for path in outputs))
    if not plan.found:
        complain(no_plan_text(plan))
        return NO_PLAN.get(plan.status, NOT_PROVED)
    return 0


def _write(plan: Plan, options: _Options, seconds: Mapping[str, float], explainer: Explainer | None) -> list[Path]:
    from model.report.export import export_tables, write_run
    from model.report.workbook_out import write_solution

    out, name = options.out, plan.scenario.name
    folder(out)
    solution = write_solution(plan, out / f"{name}_solution.xlsx", explainer)
    written = [solution, write_run(plan, out / f"{name}_run.json", seconds)]
    if options.tables:
        written.append(export_tables(plan, out / f"{name}_tables"))
    return [path.resolve() for path in written]


def equations(
    out: Annotated[Path | None, typer.Option(help="A file to write instead of printing.", show_default=False)] = None,
) -> int:
    """Print the formulation: every rule in words, equation, unit and source."""
    from model.data.atomic import write_bytes
    from model.formulation.equations import book

    if out is None:
        say(book().rstrip())
    else:
        say(f"Wrote {write_bytes(out, book().encode())}.")
    return 0


def _names(text: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text else None


def _pairs(text: str | None) -> Pairs | None:
    return _all_pairs(text.split(",")) if text else None


def _all_pairs(items: list[str] | None) -> Pairs:
    found: Pairs = {}
    for item in items or []:
        name, equals, number = item.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError as wrong:
            raise UsageError(f"{item!r} should read like risk=0.1: a measure, an equals sign and a number") from wrong
        if not equals or not name.strip() or not abs(found[name.strip()]) < float("inf"):
            raise UsageError(f"{item!r} should read like risk=0.1: a measure, an equals sign and a finite number")
    return found
