"""One run of a sweep, wherever it runs: from the worker's warm problem to a plain record. Nothing here raises for a run's own failure."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path

import numpy as np

from model.language.faults import AllianceError
from model.language.registry import policies
from model.scenario.levers.edits import LEVERS, Edit, Edited, apply_edits
from model.scenario.scenario import Scenario
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.watch import Watch

SETTLED = ("optimal", "infeasible", "unbounded")
"""Outcomes that would come out the same again; any other run is tried again when a sweep is taken up."""

_DECIDING = ("certificate", "core", "formulation", "language", "layers", "scenario", "solve")
"""Folders of the package whose code decides a result."""


@dataclass(frozen=True)
class Job:
    """One run to do: what names it for ever, and the edits that make its scenario."""

    key: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Record:
    """What is kept of a run. ``path`` says how it started ("hot" or "rebuild"), ``message`` why there is no plan."""

    key: str
    status: str
    measures: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    path: str = ""
    message: str = ""

    @property
    def settled(self) -> bool:
        """Whether the run need not be done again."""
        return self.status in SETTLED

    def line(self) -> str:
        """The record as one line of JSON."""
        return json.dumps({**self.__dict__, "measures": dict(self.measures)}, ensure_ascii=False)


@cache
def code_version() -> str:
    """SHA-256 of the code that decides a result: this package's rules and solving, and the solver."""
    package = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for path in sorted(path for folder in _DECIDING for path in (package / folder).rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    for name in ("highspy", "pyomo"):
        digest.update(f"{name} {version(name)}".encode())
    return digest.hexdigest()


def edited_by(scenario: Scenario, edits: Sequence[Edit]) -> Edited:
    """The scenario after the edits; they may switch off any policy. Raises UsageError."""
    return apply_edits(scenario, edits, policies(scenario.rules))


def key_of(edited: Edited, objectives: Sequence[str]) -> str:
    """The name of a run: the same scenario, policies, objectives and code have the same name, anything else another."""
    plain = [edited.scenario.hash, sorted(edited.off), list(objectives), code_version()]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


@dataclass(frozen=True)
class Runs:
    """Does runs of one base scenario; travels to the workers once and keeps a solved problem there, in each thread, to start from.

    ``time_limit`` is in seconds for each run. ``name`` tells one sweep's warm problem from another's.
    """

    scenario: Scenario
    objectives: tuple[str, ...]
    time_limit: float | None = None
    version: str = field(default_factory=code_version)
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __call__(self, job: Job) -> Record:
        begun = time.perf_counter()
        if self.version != code_version():
            return Record(job.key, "failed", message="The worker has another version of the code than this computer.")
        try:
            warm = self._warm()
            begun = time.perf_counter()  # the run's own time, without that of the base plan
            problem, plan = self._solve(warm, job)
        except AllianceError as failure:
            return Record(job.key, "failed", seconds=time.perf_counter() - begun, message=str(failure))
        except Exception as surprise:  # one run's defect must not end the others
            said = f"Something went wrong inside the program ({type(surprise).__name__}: {surprise})."
            return Record(job.key, "failed", seconds=time.perf_counter() - begun, message=said)
        return Record(
            job.key,
            plan.status,
            plan.measures,
            time.perf_counter() - begun,
            problem.path,
            "" if plan.found else plan.message,
        )

    def _warm(self) -> Warm:
        """What this thread has solved of this sweep; the base plan on the first call."""
        if self.name not in vars(_WARM):
            forget()  # those of an earlier sweep
            warm = Warm(Problem(self.scenario))
            vars(_WARM)[self.name] = warm
            warm.base.solve(self.objectives, time_limit=self.time_limit)
        return vars(_WARM)[self.name]

    def _solve(self, warm: Warm, job: Job) -> tuple[Problem, Plan]:
        """From the nearest of the base plan and this worker's last ones: measured, a third quicker than always from the base."""
        edited, start = edited_by(self.scenario, job.edits), warm.nearest(job.edits)
        problem = start.changed(scenario=edited.scenario, off=edited.off)
        plan = problem.solve(self.objectives, watch=Watch(self.time_limit, one_core=True))
        if plan.found:
            problem.detach()  # else every problem of a sweep would be kept alive by the next
            warm.move_on(start, problem, job.edits)
        return problem, plan


_LAST = 2
"""Runs a worker remembers: where two workers go along two lanes, one may now and then take the other's next run."""


@dataclass
class Warm:
    """Solved problems of one worker to start from: the base, and the last few runs with their edits, oldest first."""

    base: Problem
    last: list[tuple[Problem, tuple[Edit, ...]]] = field(default_factory=list)

    def nearest(self, edits: Sequence[Edit]) -> Problem:
        """Whichever is nearest to a run with these edits; of equally near ones the latest."""
        known = [*reversed(self.last), (self.base, ())]
        return min(known, key=lambda one: distance(one[1], edits))[0]

    def move_on(self, start: Problem, problem: Problem, edits: tuple[Edit, ...]) -> None:
        """Remember a run, in place of the one it started from or of the oldest."""
        kept = [one for one in self.last if one[0] is not start]
        self.last = [*kept, (problem, edits)][-_LAST:]


def distance(one: Sequence[Edit], other: Sequence[Edit]) -> float:
    """How far two runs are apart: by how much each factor differs; 1 for anything else that differs."""
    here, there = ({(edit.lever, edit.targets): edit.value for edit in edits} for edits in (one, other))
    total = 0.0
    for at in here.keys() | there.keys():
        usual = 1.0 if LEVERS[at[0]].kind == "factor" else None
        a, b = here.get(at, usual), there.get(at, usual)
        if isinstance(a, float) and isinstance(b, float) and usual is not None:
            total += abs(a - b)
        else:
            total += a != b
    return total


def from_neighbour_to_neighbour(jobs: Sequence[Job], lanes: int = 1) -> list[Job]:
    """The jobs as a walk that starts at the base plan and always goes on to the nearest one left.

    Each run starts hot from the one before, so short steps are what makes a sweep quick. Of equally near ones the first of
    the design is taken. For several workers the walk is cut into as many ``lanes``, whose runs take turns.
    """
    walk = _walk(jobs)
    long = -(-len(walk) // max(1, lanes)) or 1
    cut = [walk[at : at + long] for at in range(0, len(walk), long)]
    return [job for turn in zip_longest(*cut) for job in turn if job is not None]


def _walk(jobs: Sequence[Job]) -> list[Job]:
    far = _far([(), *(job.edits for job in jobs)])
    left, here, walk = np.ones(len(jobs) + 1, dtype=bool), 0, list[Job]()
    for _ in jobs:
        left[here] = False
        here = int(np.where(left, far(here), np.inf).argmin())
        walk.append(jobs[here - 1])
    return walk


def _far(runs: Sequence[Sequence[Edit]]) -> Callable[[int], Array]:
    """By run, how far it is from every run: what :func:`distance` says, for all at once."""
    places = dict.fromkeys((edit.lever, edit.targets) for edits in runs for edit in edits)
    numbers, words = list[Array](), list[Array]()
    for place in places:
        usual = 1.0 if LEVERS[place[0]].kind == "factor" else None
        cells = [next((e.value for e in edits if (e.lever, e.targets) == place), usual) for edits in runs]
        if usual is not None and all(isinstance(cell, float) for cell in cells):
            numbers.append(np.array(cells, dtype=float))
        else:
            known = {value: code for code, value in enumerate(dict.fromkeys(cells))}
            words.append(np.array([known[cell] for cell in cells]))

    def far(run: int) -> Array:
        apart = sum((np.abs(column - column[run]) for column in numbers), np.zeros(len(runs)))
        return sum((column != column[run] for column in words), apart)

    return far


def forget() -> None:
    """Let go of the warm problem of this thread."""
    vars(_WARM).clear()


_WARM = threading.local()
"""By sweep, its warm problem, for each thread apart: a problem is not safe to share, and a cluster's worker may have several threads."""
