"""Where jobs run: in this process, or in several on this machine; a third way, on a cluster, stands in ``cluster``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from model.language.faults import SolverError

Function = Callable[[Any], Any]
Outcomes = Generator[tuple[Any, Any], None, None]
"""Jobs with their outcomes; closing it stops the work."""
Run = Callable[[Sequence[Any]], Outcomes]
"""Runs jobs with workers that know already what to do, one batch after the other."""

_FRUITLESS = 3
"""Times in a row that workers may die without one finished job before the machine is taken to be at fault."""


@dataclass(frozen=True)
class Lost:
    """In place of an outcome: every worker that tried this job died."""

    message: str


class Executor(Protocol):
    """Runs jobs somewhere and hands back each with its outcome, as they finish, in any order.

    ``function`` and jobs must travel (pickle). A worker that dies costs nothing: its jobs are done again. Closing the
    iterator stops the workers; ``opened`` keeps them for one batch of jobs after the other.
    """

    @property
    def says(self) -> str:
        """Where the jobs run, for people."""
        ...

    def map(self, function: Function, jobs: Sequence[Any]) -> Outcomes:
        """Each job with what ``function`` gives for it, or with :class:`Lost`."""
        ...

    def opened(self, function: Function) -> AbstractContextManager[Run]:
        """The same for batch after batch, with workers that stay in between."""
        ...


@dataclass(frozen=True)
class Here:
    """One job after the other in this process."""

    says: str = "in this process"

    def map(self, function: Function, jobs: Sequence[Any]) -> Outcomes:
        """Jobs in their order."""
        for job in jobs:
            yield job, function(job)

    @contextmanager
    def opened(self, function: Function) -> Iterator[Run]:
        """Nothing to keep."""
        yield lambda jobs: self.map(function, jobs)


@dataclass(frozen=True)
class Processes:
    """Several processes of this machine. Started afresh (spawn), so that it is the same on every system."""

    workers: int

    @property
    def says(self) -> str:
        """How many."""
        return f"in {self.workers} processes"

    def map(self, function: Function, jobs: Sequence[Any]) -> Outcomes:
        """Jobs as they finish. Raises SolverError where workers die again and again before they finish anything.

        When workers die, what was under way is done again one job at a time, so that a job that kills its worker is found
        out and handed back as lost, and no other suffers for it.
        """
        with self.opened(function) as run:
            yield from run(jobs)

    @contextmanager
    def opened(self, function: Function) -> Iterator[Run]:
        """Workers that stay until the end."""
        standing: list[_Pool] = []
        try:
            yield lambda jobs: self._run(standing, function, jobs)
        finally:
            for pool in standing:
                pool.close()

    def _run(self, standing: list[_Pool], function: Function, jobs: Sequence[Any]) -> Outcomes:
        """Jobs on the pool that stands, or on a new one where none does (any more)."""
        waiting, suspects, fruitless = deque(jobs), deque[Any](), 0
        while waiting or suspects:
            if not standing:
                standing.append(_Pool(self.workers, function))
            pool = standing[0]
            try:
                while waiting or suspects or pool.under_way:
                    pool.feed(suspects or waiting, 1 if suspects or pool.alone else self.workers + 2, bool(suspects))
                    for pair in pool.finished():
                        fruitless = 0
                        yield pair
            except BrokenProcessPool as reason:
                standing.remove(pool)
                pool.close()
                fruitless += 1
                if fruitless >= _FRUITLESS:
                    raise SolverError(_DYING) from reason
                if pool.alone:
                    yield from ((job, Lost(_KILLER)) for job in pool.under_way.values())
                else:
                    suspects.extend(pool.under_way.values())


class _Pool:
    """Worker processes until one of them dies: what they are doing, and what they have done."""

    def __init__(self, workers: int, function: Function) -> None:
        context = multiprocessing.get_context("spawn")
        self.under_way: dict[Future[Any], Any] = {}
        self.alone = False
        self._pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(function,))

    def feed(self, jobs: deque[Any], most: int, alone: bool) -> None:
        """Hand out jobs until ``most`` are under way; a job ``alone`` waits until nothing else is."""
        while jobs and len(self.under_way) < most:
            self.alone = alone
            job = jobs.popleft()
            try:
                with _interrupts_kept_from_children():
                    self.under_way[self._pool.submit(_call, job)] = job
            except BrokenProcessPool:
                jobs.appendleft(job)
                raise
            except OSError as failure:  # a pool that is just breaking cannot start its next process
                jobs.appendleft(job)
                raise BrokenProcessPool(str(failure)) from failure

    def finished(self) -> Iterator[tuple[Any, Any]]:
        """Wait for the next; everything that is done. Raises BrokenProcessPool after handing over what came through."""
        done, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
        broken: BrokenProcessPool | None = None
        for future in done:
            try:
                outcome = future.result()
            except BrokenProcessPool as reason:
                broken = reason
                continue
            yield self.under_way.pop(future), outcome
        if not self.under_way:
            self.alone = False
        if broken is not None:
            raise broken

    def close(self) -> None:
        """Stop at once, in the middle of a job too."""
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, not even before :func:`_begin`; one for us arrives afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_FUNCTION: list[Function] = []


def _begin(function: Function) -> None:
    """In a new worker: Ctrl-C is the parent's to handle, and a worker does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _FUNCTION[:] = [function]


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(job: Any) -> Any:
    return _FUNCTION[0](job)


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def local(workers: int | None, jobs: int) -> Executor:
    """Processes on this machine: as many as asked, by default one a core, never more than jobs; one job runs here."""
    count = min(workers or cores(), max(jobs, 1))
    return Here() if count == 1 else Processes(count)


_KILLER = "The worker process died on this run, twice; it may need more memory than there is."
_DYING = (
    "Worker processes die before they finish anything: too little memory, or a script without "
    '`if __name__ == "__main__":`. Try --workers 1. Finished runs are kept.'
)
