"""Commands about solving: read, check, solve and write the solution workbook; print the formulation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import scenario_of
from model.console.inputs import AsJson, Workbook, say_kept
from model.console.invocation import current
from model.console.printing import complain, progress, say, say_json
from model.files.earlier import Written, write_kept
from model.language.faults import UsageError

if TYPE_CHECKING:
    from model.report.reasons import Explainer
    from model.scenario.scenario import Scenario
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
    begun = time.perf_counter()
    options = _Options(
        _names(objectives), _pairs(weights), _all_pairs(ceiling), tuple(off or ()), time_limit, out, json, tables
    )
    scenario = scenario_of(workbook)
    return _solve(scenario, options, {"read": time.perf_counter() - begun})


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
    from model.solve.watch import Watch

    problem = Problem(scenario, options.ceilings, options.off)
    with progress() as tell:
        tell("building the model", 0.0, 0)
        plan = problem.solve(options.objectives, options.weights, options.time_limit, tell)
        plan = problem.with_alternatives(plan, Watch(options.time_limit, tell))
        tell("writing the results", 0.0, 0)
        begun = time.perf_counter()
        explainer = Explainer(plan) if plan.found else None
        written = _write(plan, options, {**seconds, **plan.seconds}, explainer) if plan.found else Written((), None)
    seconds |= {**plan.seconds, "write": time.perf_counter() - begun}
    say_kept(written)
    outputs = [str(path) for path in written.paths]
    if options.json:
        kept = {} if written.earlier is None else {"earlier": str(written.earlier)}
        say_json({**current().asked, **run_record(plan, seconds), "outputs": outputs, **kept})
    elif plan.found:
        say(plain_text(plan, explainer))
        say("\nWritten: " + ", ".join(outputs))
    if not plan.found:
        complain(no_plan_text(plan))
        return NO_PLAN.get(plan.status, NOT_PROVED)
    return 0


def _write(plan: Plan, options: _Options, seconds: Mapping[str, float], explainer: Explainer | None) -> Written:
    """The files of the run, all of them or none; tables are named by their folder."""
    from model.report.export import run_record, table_files
    from model.report.run_files import write_run_files
    from model.report.workbook_out import solution_bytes

    out, name = options.out, plan.scenario.name
    files = {f"{name}_solution.xlsx": solution_bytes(plan, explainer)}
    if options.tables:
        files |= {f"{name}_tables/{one}": content for one, content in table_files(plan).items()}
    written = write_run_files(out, name, files, {**current().asked, **run_record(plan, seconds)})
    folder = [(out / f"{name}_tables").resolve()] if options.tables else []
    return Written((written.paths[0], written.paths[-1], *folder), written.earlier)


def equations(
    out: Annotated[Path | None, typer.Option(help="A file to write instead of printing.", show_default=False)] = None,
) -> int:
    """Print the formulation: every rule in words, equation, unit and source."""
    from model.formulation.equations import book

    text = book(current().own_rules())

    if out is None:
        say(text.rstrip())
    else:
        written = write_kept(out, text.encode())
        say_kept(written)
        say(f"Wrote {written.paths[0]}.")
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
