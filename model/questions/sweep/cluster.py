"""Jobs on a Dask cluster that is already there: the client's side. Only this file and ``cluster_worker`` import distributed."""

from __future__ import annotations

import asyncio
import queue
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from model.language.faults import AllianceError, UsageError
from model.questions.executor import Function, Lost, Outcomes, Run


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster by its scheduler's address, ``tcp://host:8786``.

    ``timeout`` is how long to wait for the scheduler, ``patience`` how long to go on without any worker; in seconds.
    Workers may join, leave and die while a sweep runs.
    """

    address: str
    timeout: float = 10.0
    patience: float = 60.0

    @property
    def says(self) -> str:
        """Where."""
        return f"on the cluster at {self.address}"

    def map(self, function: Function, jobs: Sequence[Any]) -> Outcomes:
        """Jobs as they finish. Raises UsageError where the cluster is not there, cannot be used or goes away."""
        with self.opened(function) as run:
            yield from run(jobs)

    @contextmanager
    def opened(self, function: Function) -> Iterator[Run]:
        """Workers that know what to do until the end: it travels to them once."""
        client, name = _client(self.address, self.timeout), uuid.uuid4().hex
        try:
            with _said_of(self.address):
                self._wait_for_workers(client)
                _hand_out(client, name, function, self.address)
            yield lambda jobs: self._batch(client, name, jobs)
        finally:
            with suppress(Exception):  # whatever state the cluster is in, what is finished is with the caller
                if client.status == "running":
                    client.unregister_worker_plugin(name)
            with suppress(Exception):
                client.close(timeout=5)

    def _batch(self, client: Any, name: str, jobs: Sequence[Any]) -> Outcomes:
        with _said_of(self.address):
            yield from self._run(client, name, jobs)

    def _wait_for_workers(self, client: Any) -> None:
        begun = time.monotonic()
        while not _threads(client):
            if time.monotonic() - begun > self.timeout:
                raise UsageError(
                    f"The cluster at {self.address} has no workers. Start some: dask worker {self.address}"
                )
            time.sleep(0.1)

    def _run(self, client: Any, name: str, jobs: Sequence[Any]) -> Outcomes:
        """Enough jobs under way to keep every worker busy, and never more, so that nothing is left behind on leaving."""
        from model.questions.sweep.cluster_worker import apply

        waiting, under_way, batch = iter(enumerate(jobs)), dict[int, Any](), uuid.uuid4().hex
        done: queue.SimpleQueue[int] = queue.SimpleQueue()
        last, asked, threads = time.monotonic(), 0.0, 1
        while True:
            if time.monotonic() - asked > 1.0:
                asked, threads = time.monotonic(), max(1, _threads(client))
            for place, job in _next(waiting, 2 * threads - len(under_way)):
                future = client.submit(apply, name, job, pure=False, key=f"alliance-{batch}-{place}")
                under_way[place] = future
                future.add_done_callback(_teller(done, place))
            if not under_way:
                return
            try:
                place = done.get(timeout=1.0)
            except queue.Empty:
                last = self._check(client, last)
                continue
            last = time.monotonic()
            yield jobs[place], _outcome(under_way.pop(place), self.address)

    def _check(self, client: Any, last: float) -> float:
        """When workers were last there; raises UsageError where the scheduler is gone, or no worker came back in time."""
        if client.status != "running":
            raise UsageError(_gone(self.address))
        if _threads(client):
            return time.monotonic()
        if time.monotonic() - last > self.patience:
            raise UsageError(
                f"All workers of the cluster at {self.address} are gone, for {self.patience:.0f} s now. Finished runs are kept: "
                "start workers, and the same command goes on from there."
            )
        return last


@contextmanager
def _said_of(address: str) -> Iterator[None]:
    """Whatever Dask makes of a connection that breaks is one sentence."""
    try:
        yield
    except AllianceError:
        raise
    except (Exception, asyncio.CancelledError) as reason:
        raise UsageError(_gone(address)) from reason


def _client(address: str, timeout: float) -> Any:
    try:
        from distributed import Client
    except ImportError as missing:
        raise UsageError(
            "To run on a cluster, install the extra `cluster`: pip install 'alliance-model[cluster]'"
        ) from missing
    try:
        return Client(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as reason:
        raise UsageError(
            f"There is no Dask scheduler at {address} (waited {timeout:.0f} s). Start one with `dask scheduler` and name its "
            "address, such as --cluster tcp://192.168.1.10:8786"
        ) from reason


def _hand_out(client: Any, name: str, function: Function, address: str) -> None:
    """Give every worker, those that join later too, what its jobs are to be done with."""
    from model.questions.sweep.cluster_worker import Hand

    try:
        client.register_plugin(Hand(name, function), name=name)
    except Exception as reason:
        raise UsageError(
            f"The workers of the cluster at {address} cannot run this program ({type(reason).__name__}: {reason}). "
            "Install the same version of alliance-model on every machine."
        ) from reason


def _next(waiting: Iterator[tuple[int, Any]], most: int) -> Iterator[tuple[int, Any]]:
    for _ in range(most):
        one = next(waiting, None)
        if one is None:
            return
        yield one


def _teller(done: queue.SimpleQueue[int], place: int) -> Callable[[Any], None]:
    return lambda _: done.put(place)


def _threads(client: Any) -> int:
    """Threads of all workers, as the client last heard."""
    return sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())


def _outcome(future: Any, address: str) -> Any:
    from distributed import KilledWorker

    try:
        return future.result(timeout=30)
    except KilledWorker:
        return Lost("Every worker that tried this run died; it may need more memory than there is.")
    except Exception as reason:
        if future.cancelled() or future.status in ("cancelled", "lost"):
            raise UsageError(_gone(address)) from reason
        return Lost(f"The cluster could not do this run ({type(reason).__name__}: {reason}).")


def _gone(address: str) -> str:
    return f"The cluster at {address} went away. Finished runs are kept: the same command goes on from there."
