"""Many runs of one scenario under different levers: planned, resumed, watched, and put into one table."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from model.files.earlier import write_kept
from model.language.columns import MEASURES
from model.language.faults import AllianceError, UsageError
from model.questions.executor import Executor, Lost, local
from model.questions.sweep.design import Design, name_of
from model.questions.sweep.runs import Job, Record, Runs, edited_by, forget, from_neighbour_to_neighbour, key_of
from model.questions.sweep.store import Store, as_parquet
from model.questions.sweep.words import measure_units, sentences, time_left
from model.scenario.scenario import Scenario
from model.solve.engine import Progress

TABLE = "runs.parquet"
"""The table of all runs, beside the parts in a sweep's folder."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The runs of a design and what came of them.

    ``table`` has one row a run: ``run`` (from 1), a column a lever (missing where a run leaves it alone), ``status``, every
    measure in its natural unit (``units`` says which; missing where there is no plan), ``seconds``, ``path`` ("hot" or
    "rebuild") and ``message``. ``solved`` runs were solved now, ``kept`` were found solved, in ``seconds`` of wall clock.
    """

    design: Design
    table: pd.DataFrame
    units: Mapping[str, str]
    solved: int
    kept: int
    seconds: float
    says: tuple[str, ...] = field(default=())

    def parquet(self) -> bytes:
        """The table as a file, with the unit of each column in its field."""
        return as_parquet(self.table, self.units)


def sweep(
    scenario: Scenario,
    design: Design,
    folder: str | Path | None = None,
    executor: Executor | None = None,
    objectives: Sequence[str] | None = None,
    time_limit: float | None = None,
    tell: Progress | None = None,
    write_table: bool = True,
) -> Sweep:
    """Solve every run of a design that is not in ``folder`` yet, and give the table of all.

    By default on all cores; ``objectives`` are the scenario's unless given, ``time_limit`` is in seconds for each run.
    Finished runs are kept in ``folder`` as they come, and the table at the end unless ``write_table`` is off. A run without a
    plan, stopped or failed is a row that says so; stopped and failed runs are tried again the next time. Raises UsageError for
    wrong levers before anything is solved, OutputError where the folder cannot be written, UsageError where a cluster is not
    there or goes away.
    """
    begun, tell = time.perf_counter(), tell or _nobody
    wanted = tuple(objectives or scenario.settings["objectives"])
    if unknown := set(wanted) - set(MEASURES):
        raise UsageError(f"{sorted(unknown)[0]!r} is no measure; there are {', '.join(MEASURES)}")
    jobs = _jobs(scenario, design, wanted, tell)
    store = Store(folder)
    todo = [job for key, job in {job.key: job for job in jobs}.items() if key not in store.found]
    kept = len({job.key for job in jobs}) - len(todo)
    if todo:
        chosen = executor or local(None, len(todo))
        todo = from_neighbour_to_neighbour(todo, getattr(chosen, "workers", 1))
        _solve(Runs(scenario, wanted, time_limit), todo, chosen, store, tell)
    table = table_of(design, [store.found[job.key] for job in jobs])
    units = measure_units(scenario)
    seconds = time.perf_counter() - begun
    says = sentences(design, table, wanted, units, len(todo), kept, seconds)
    found = Sweep(design, table, units, len(todo), kept, seconds, says)
    if folder is not None and write_table:
        write_kept(Path(folder) / TABLE, found.parquet())
    return found


def _jobs(scenario: Scenario, design: Design, objectives: Sequence[str], tell: Progress) -> list[Job]:
    """Every run with its name. Raises UsageError naming the first run whose levers cannot be set."""
    jobs, begun = [], time.perf_counter()
    for number, edits in enumerate(design.runs, start=1):
        tell(f"checking run {number:,} of {len(design.runs):,}", time.perf_counter() - begun, 0)
        try:
            jobs.append(Job(key_of(edited_by(scenario, edits), objectives), edits))
        except UsageError as wrong:
            said = ", ".join(edit.text for edit in edits)
            raise UsageError(f"Run {number:,} ({said}) cannot be set up: {wrong}. Nothing was solved.") from wrong
    return jobs


def _solve(runs: Runs, todo: Sequence[Job], executor: Executor, store: Store, tell: Progress) -> None:
    """Do the jobs and keep each as it finishes, whatever ends it all: an error, Ctrl-C or the last job."""
    begun, without, done = time.perf_counter(), 0, 0
    tell(f"{len(todo):,} runs to solve {executor.says}", 0.0, 0)
    try:
        with closing(executor.map(runs, todo)) as outcomes:
            for done, (job, outcome) in enumerate(outcomes, start=1):
                record = Record(job.key, "failed", message=outcome.message) if isinstance(outcome, Lost) else outcome
                store.add(record)
                without += record.status != "optimal"
                seconds = time.perf_counter() - begun
                none = f", {without:,} without a plan" if without else ""
                tell(f"{done:,} of {len(todo):,} runs{none}, {time_left(seconds, done, len(todo))}", seconds, 0)
    except AllianceError as failure:
        store.flush()
        raise type(failure)(f"{failure} ({done:,} of {len(todo):,} runs were finished.)") from failure
    finally:
        forget()
        store.flush()


def table_of(design: Design, records: Sequence[Record]) -> pd.DataFrame:
    """One row a run, in the design's order; a measure that has nothing to go by in any run has no column."""
    columns: dict[str, list[object]] = {"run": list(range(1, len(records) + 1))}
    settings = [{name_of(edit): edit for edit in edits} for edits in design.runs]
    for name in design.names:
        columns[name] = _column([chosen[name].value if name in chosen else None for chosen in settings])
    columns["status"] = [record.status for record in records]
    told = {measure for record in records for measure in record.measures}
    for measure in (name for name in MEASURES if name in told or not told):
        columns[measure] = [record.measures.get(measure, float("nan")) for record in records]
    for name in ("seconds", "path", "message"):
        columns[name] = [getattr(record, name) for record in records]
    return pd.DataFrame(columns)


def _column(values: list[float | str | None]) -> list[object]:
    """Settings of one lever: numbers (missing: NaN), or text where one of them is."""
    if any(isinstance(value, str) for value in values):
        return [None if value is None else value if isinstance(value, str) else f"{value:g}" for value in values]
    return [float("nan") if value is None else value for value in values]


def _nobody(what: str, seconds: float, iterations: int) -> None:
    """Nobody is listening."""
