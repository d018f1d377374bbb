"""Many runs of one scenario under different levers: planned, resumed, watched, and put into one table."""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.files.atomic import write_bytes
from model.files.earlier import write_kept
from model.language.columns import MEASURES
from model.language.faults import AllianceError, OutputError, UsageError
from model.language.registry import PARTS
from model.questions.answer import QuestionResult
from model.questions.executor import Executor, Lost, local
from model.questions.sweep.design import Design, name_of, runs_of
from model.questions.sweep.runs import Job, Record, Runs, edited_by, forget, from_neighbour_to_neighbour, key_of
from model.scenario.levers.edits import Edit
from model.scenario.scenario import Scenario
from model.solve.engine import Progress

TABLE = "runs.parquet"
"""The table of all runs, beside the parts in a sweep's folder."""


@dataclass(frozen=True, eq=False)
class Sweep(QuestionResult):
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

    @property
    def title(self) -> str:
        """What heads the answer."""
        return "Sweep"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All runs, with units in the headings."""
        units = {name: f"{name} ({unit})" for name, unit in self.units.items()}
        return {"runs": self.table.rename(columns=units | {"seconds": "seconds (s)"})}

    def parquet(self) -> bytes:
        """The table as a file, with the unit of each column in its field."""
        return as_parquet(self.table, self.units)


def sweep(
    scenario: Scenario,
    design: Design | Iterable[str | Edit | Iterable[str | Edit]],
    folder: str | Path | None = None,
    executor: Executor | None = None,
    objectives: Sequence[str] | None = None,
    time_limit: float | None = None,
    tell: Progress | None = None,
    write_table: bool = True,
) -> Sweep:
    """Solve every run of a design that is not in ``folder`` yet, and give the table of all. A design may be written out: the edits
    of each run, as text or made.

    By default on all cores; ``objectives`` are the scenario's unless given, ``time_limit`` is in seconds for each run.
    Finished runs are kept in ``folder`` as they come, and the table at the end unless ``write_table`` is off. A run without a
    plan, stopped or failed is a row that says so; stopped and failed runs are tried again the next time. Raises UsageError for
    wrong levers before anything is solved, OutputError where the folder cannot be written, UsageError where a cluster is not
    there or goes away.
    """
    begun, tell = time.perf_counter(), tell or _nobody
    design = design if isinstance(design, Design) else runs_of(design)
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


_MONEY = 1000.0


def measure_units(scenario: Scenario) -> dict[str, str]:
    """The unit of each measure, money in the scenario's currency."""
    currency = str(scenario.settings["currency"]) or "money"
    return {name: PARTS[name].unit.replace("money", currency) for name in MEASURES}


def time_left(seconds: float, done: int, total: int) -> str:
    """How long the rest will take if it goes on as so far."""
    return "done" if done >= total else f"about {duration(seconds / done * (total - done))} left"


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def sentences(
    design: Design,
    table: pd.DataFrame,
    objectives: Sequence[str],
    units: Mapping[str, str],
    solved: int,
    kept: int,
    seconds: float,
) -> tuple[str, ...]:
    """What was run, what each objective came to, and which runs have no plan."""
    found = table[table["status"] == "optimal"]
    says = [
        f"{len(table):,} runs ({design.says}; {', '.join(design.names)}): {len(found):,} with a certified plan. "
        f"{solved:,} were solved now in {duration(seconds)}, {kept:,} were there already."
    ]
    says += [_spread(design, found, measure, units[measure]) for measure in objectives if len(found)]
    for status, rows in table[table["status"] != "optimal"].groupby("status", sort=False):
        first = rows.iloc[0]
        says.append(
            f"{len(rows):,} run{'s' * (len(rows) != 1)} ended {status!r}; the first is run {first['run']} "
            f"({_setting(design, first)}): {first['message']}"
        )
    return tuple(says)


def _spread(design: Design, found: pd.DataFrame, measure: str, unit: str) -> str:
    values, name = found[measure], measure.replace("_", " ").capitalize()
    low, high = found.loc[values.idxmin()], found.loc[values.idxmax()]
    said = (
        f"{name} runs from {_number(low[measure], unit)} (run {low['run']}: {_setting(design, low)}) to "
        f"{_number(high[measure], unit)} (run {high['run']}: {_setting(design, high)})"
    )
    if len(found) >= 20:
        ends = [_number(values.quantile(part), unit) for part in (0.05, 0.5, 0.95)]
        said += f"; the median is {ends[1]}, and nine runs in ten lie between {ends[0]} and {ends[2]}"
    return f"{said}."


def _setting(design: Design, row: pd.Series) -> str:
    set_here = [(name, row[name]) for name in design.names if row[name] is not None and row[name] == row[name]]
    return (
        ", ".join(f"{name}={value if isinstance(value, str) else f'{value:.4g}'}" for name, value in set_here)
        or "as it is"
    )


def _number(value: float, unit: str) -> str:
    return (
        f"{value:,.0f} {unit}"
        if abs(value) >= _MONEY
        else f"{value:.4g}"
        if unit == "fraction of 1"
        else f"{value:.4g} {unit}"
    )


_LINES, _PAUSE = 200, 0.5


class Store:
    """A folder of parts, each some lines of JSON, one a run; every session writes parts of its own.

    A part is replaced whole or not at all, at most twice a second, so a crash costs half a second of runs. Without a
    folder, runs are kept in memory only. Raises OutputError where the folder cannot be made or written.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self.folder = None if folder is None else Path(folder)
        self.found: dict[str, Record] = {}
        self._part: list[str] = []
        self._unwritten = 0
        self._name, self._written = uuid.uuid4().hex, time.monotonic()
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as reason:
                raise OutputError(
                    f"The folder {folder} could not be made: {reason.strerror}. Name another one with --out."
                ) from reason
            self.found = {record.key: record for record in _read(self.folder) if record.settled}

    def add(self, record: Record) -> None:
        """Keep one more run; on disk within half a second of the next, or when flushed."""
        self.found[record.key] = record
        if self.folder is None or not record.settled:
            return
        self._part.append(record.line())
        self._unwritten += 1
        if time.monotonic() - self._written >= _PAUSE:
            self.flush()

    def flush(self) -> None:
        """Put everything on disk now. Raises OutputError saying what is kept."""
        if self.folder is None or not self._unwritten:
            return
        try:
            write_bytes(self.folder / f"part-{self._name}.jsonl", ("\n".join(self._part) + "\n").encode())
        except OutputError as reason:
            unwritten, self._unwritten = self._unwritten, 0
            kept = sum(record.settled for record in self.found.values()) - unwritten
            raise OutputError(
                f"{reason} The {kept:,} runs written before are kept in {self.folder}; the same command goes on from there."
            ) from reason
        self._unwritten, self._written = 0, time.monotonic()
        if len(self._part) >= _LINES:
            self._part, self._name = [], uuid.uuid4().hex


def _read(folder: Path) -> Iterator[Record]:
    """Every run in a folder; a line that is no record (a file damaged by hand or disk) is as if it were not there."""
    for path in sorted(folder.glob("part-*.jsonl")):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            try:
                yield Record(**json.loads(line))
            except (ValueError, TypeError):
                continue


def as_parquet(table: pd.DataFrame, units: Mapping[str, str]) -> bytes:
    """The table of all runs; the unit of a column stands in its field's metadata."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = [
        field.with_metadata({"unit": units[field.name]}) if field.name in units else field for field in arrow.schema
    ]
    stream = io.BytesIO()
    pq.write_table(arrow.cast(pa.schema(fields)), stream, compression="zstd")
    return stream.getvalue()
