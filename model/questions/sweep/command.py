"""The command `sweep`: many runs of one workbook under different levers, on this machine or on a cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Out, Result, deliver, scenario_of
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError

if TYPE_CHECKING:
    from model.questions.executor import Executor
    from model.questions.sweep.design import Design
    from model.questions.sweep.result import Sweep
    from model.scenario.scenario import Scenario

Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help='A lever and its values: "budget[Poland]=0.8,0.9,1.0", "…=0.8..1.2/5" (five steps) or "…=0.8..1.2" (to draw from). '
        "May be repeated; several make a grid.",
        show_default=False,
    ),
]
Sample = Annotated[int | None, typer.Option(help="Draw this many runs instead of a grid.", show_default=False)]
Seed = Annotated[int, typer.Option(help="Where the draws start; the same seed gives the same draws.")]
Latin = Annotated[bool, typer.Option("--latin", help="Draw a Latin hypercube: each lever spread evenly.")]
Sobol = Annotated[
    bool, typer.Option("--sobol", help="Draw a Sobol sequence: all levers together spread evenly; can be made longer.")
]
List = Annotated[
    Path | None, typer.Option("--list", help="A CSV file: a lever a column, a run a row.", show_default=False)
]
Workers = Annotated[
    int | None, typer.Option(help="Processes on this machine; by default one a core.", min=1, show_default=False)
]
At = Annotated[
    str | None,
    typer.Option("--cluster", help="Run on the Dask cluster with this scheduler: tcp://host:8786.", show_default=False),
]
Objectives = Annotated[
    str | None,
    typer.Option(help="Measures to minimise in order; by default the workbook's.", show_default=False),
]
Limit = Annotated[
    float | None, typer.Option(help="Seconds after which one run is stopped.", min=0.0, show_default=False)
]


def sweep(
    workbook: Workbook,
    settings: Settings = None,
    sample: Sample = None,
    seed: Seed = 0,
    latin: Latin = False,
    sobol: Sobol = False,
    list: List = None,
    workers: Workers = None,
    cluster: At = None,
    objectives: Objectives = None,
    time_limit: Limit = None,
    out: Out = Path("outputs"),
    json: AsJson = False,
) -> int:
    """Solve a grid, a list or a sample of levers; go on where an earlier sweep stopped."""
    from model.questions.sweep.result import TABLE
    from model.questions.sweep.result import sweep as run
    from model.questions.time_limit import TIME_LIMIT, said_of

    begun = time.perf_counter()
    design = _design(settings or [], sample, seed, (latin, sobol), list)
    scenario = scenario_of(workbook)
    names = [name.strip() for name in (objectives or "").split(",") if name.strip()]
    folder = out / f"{scenario.name}_sweep"
    with progress() as tell:
        where = executor_of(workers, cluster, len(design.runs))
        found = run(scenario, design, folder, where, names, time_limit, tell, write_table=False)
    says = [*found.says, f"The table of all runs is {folder / TABLE}."]
    title = f"Sweep of {scenario.settings['title'] or scenario.name}"
    files = {f"{folder.name}/{TABLE}": found.parquet()}
    stopped = said_of(int((found.table["status"] != TIME_LIMIT).sum()), len(found.table), "runs")
    result = Result(title, says, found.tables, _record(scenario, found, folder / TABLE), stopped=stopped, files=files)
    return deliver(result, f"{scenario.name}_sweep", out, json, begun)


def _record(scenario: Scenario, found: Sweep, parquet: Path) -> dict[str, object]:
    """What JSON says of a sweep beside its table."""
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "design": found.design.says,
        "levers": found.design.names,
        "runs": len(found.table),
        "statuses": {str(status): int(count) for status, count in found.table["status"].value_counts().items()},
        "solved_now": found.solved,
        "found_solved": found.kept,
        "units": found.units,
        "parquet": str(parquet.resolve()),
    }


def _design(settings: list[str], sample: int | None, seed: int, spread: tuple[bool, bool], path: Path | None) -> Design:
    from model.questions.sweep.design import grid, listed
    from model.questions.sweep.design import sample as sampled

    if path is not None:
        if settings or sample is not None or any(spread):
            raise UsageError("--list already says every run; it goes without --set, --sample, --latin and --sobol")
        return listed(path)
    if sample is not None:
        return sampled(settings, sample, seed, *spread)
    if any(spread):
        raise UsageError(f"{'--latin' if spread[0] else '--sobol'} needs --sample: the number of draws")
    return grid(settings)


def executor_of(workers: int | None, cluster: str | None, jobs: int) -> Executor:
    """Where jobs run, as the command line says."""
    if cluster is None:
        from model.questions.executor import local

        return local(workers, jobs)
    if workers is not None:
        raise UsageError("--workers is for this machine; on a cluster, the cluster decides: leave one of the two out")
    from model.questions.sweep.cluster import Cluster

    return Cluster(cluster)
