"""A sweep on a Dask cluster: a real scheduler and real workers, on the loopback."""

import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from model.language.faults import UsageError
from model.questions.executor import Here
from model.questions.sweep.cluster import Cluster
from model.questions.sweep.design import sample
from model.questions.sweep.result import sweep
from tests.questions.workers import Doubler
from tests.scenarios import SAID, random_scenario

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


class Running:
    """A scheduler and workers, each a process as `dask scheduler` and `dask worker` start them."""

    def __init__(self, folder):
        self.folder, self.workers = folder, []
        self.scheduler, text = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", until=r"Scheduler at:\s+(tcp://\S+)"
        )
        self.address = text[1]

    def _start(self, *arguments, until):
        log = self.folder / f"{arguments[0]}-{len(self.workers)}-{time.monotonic_ns()}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        begun = time.perf_counter()
        while not (found := re.search(until, log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.perf_counter() - begun < 60, log.read_text()
            time.sleep(0.1)
        return process, found

    def add_worker(self):
        """One worker process, without a nanny: killed, it stays dead."""
        arguments = ("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        process, _ = self._start(*arguments, until=r"Starting Worker|Registered to")
        self.workers.append(process)
        return process

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def running(folder, workers):
    cluster = Running(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def scenario():
    return random_scenario(3, members=3, capabilities=3, tasks=2, situations=1, periods=2)


def _same(one, other):
    columns = ["run", "status", *SAID]
    pd.testing.assert_frame_equal(one[columns], other[columns], rtol=1e-6, atol=1e-8)


@posix
def test_a_sweep_on_a_cluster_is_the_same_and_outlives_a_worker(scenario, tmp_path):
    """Two workers; one is killed in the middle, and another joins."""
    design, told, joining = sample(["budget=0.8..1.2"], 30, seed=2), [], []
    with running(tmp_path, 2) as cluster:

        def kill_one(what, seconds, iterations):
            told.append(what)
            if what.startswith("5 of 30"):
                cluster.workers[0].kill()
            if what.startswith("10 of 30"):
                joining.append(threading.Thread(target=cluster.add_worker))
                joining[0].start()

        try:
            found = sweep(scenario, design, tmp_path / "runs", Cluster(cluster.address), tell=kill_one)
        finally:
            for thread in joining:
                thread.join()
    assert any(what.startswith("5 of 30") for what in told)
    assert set(found.table["status"]) == {"optimal"}
    _same(found.table, sweep(scenario, design, executor=Here()).table)


def test_a_scheduler_that_goes_away_is_said_and_what_is_finished_is_kept(scenario, tmp_path):
    design = sample(["budget=0.8..1.2"], 30, seed=2)
    with running(tmp_path, 1) as cluster:

        def kill_it(what, seconds, iterations):
            if what.startswith("5 of 30"):
                cluster.scheduler.kill()

        with pytest.raises(UsageError, match="went away"):
            sweep(scenario, design, tmp_path / "runs", Cluster(cluster.address), tell=kill_it)
    again = sweep(scenario, design, tmp_path / "runs", Here())
    assert again.kept >= 5
    _same(again.table, sweep(scenario, design, executor=Here()).table)


@posix
def test_workers_that_all_go_away_are_said(tmp_path):
    with running(tmp_path, 1) as cluster:
        outcomes = Cluster(cluster.address, patience=2.0).map(Doubler(str(tmp_path), pause=0.1), range(1000))
        next(outcomes)
        cluster.workers[0].kill()
        with pytest.raises(UsageError, match="All workers"):
            list(outcomes)


def test_a_cluster_without_workers_is_said(tmp_path):
    with running(tmp_path, 0) as cluster, pytest.raises(UsageError, match="has no workers"):
        list(Cluster(cluster.address, timeout=1.0).map(Doubler(str(tmp_path)), range(3)))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "gopher://x:1", ""])
def test_a_cluster_that_is_not_there_is_said(address, tmp_path):
    with pytest.raises(UsageError, match="no Dask scheduler"):
        list(Cluster(address, timeout=1.0).map(Doubler(str(tmp_path)), range(3)))


def test_without_dask_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="pip install"):
        list(Cluster("tcp://127.0.0.1:9").map(Doubler(str(tmp_path)), range(3)))
