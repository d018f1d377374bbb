"""Where jobs run: nothing is lost when workers die, and what kills workers is found out."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from model.language.faults import SolverError
from model.questions.executor import Here, Lost, Processes, local
from tests.questions.workers import Doubler

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.mark.parametrize("executor", [Here(), Processes(2)], ids=["here", "processes"])
def test_every_job_comes_back_with_its_outcome(executor, tmp_path):
    assert dict(executor.map(Doubler(str(tmp_path)), range(12))) == {job: 2 * job for job in range(12)}


@posix
def test_a_worker_that_dies_costs_nothing(tmp_path):
    found = list(Processes(2).map(Doubler(str(tmp_path), deadly=(3, 7)), range(10)))
    assert sorted(found) == [(job, 2 * job) for job in range(10)]


@posix
def test_a_job_that_kills_every_worker_is_found_out_and_no_other_suffers(tmp_path):
    found = dict(Processes(2).map(Doubler(str(tmp_path), deadly=(4,), always=True), range(10)))
    assert isinstance(found.pop(4), Lost)
    assert found == {job: 2 * job for job in range(10) if job != 4}


@posix
def test_where_everything_dies_the_machine_is_at_fault(tmp_path):
    with pytest.raises(SolverError, match="Worker processes die"):
        list(Processes(2).map(Doubler(str(tmp_path), deadly=tuple(range(20)), always=True), range(20)))


def test_leaving_early_leaves_no_worker_behind(tmp_path):
    with closing(Processes(2).map(Doubler(str(tmp_path), pause=0.2), range(100))) as outcomes:
        next(outcomes)
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 2.0
    assert len(list(tmp_path.iterdir())) < 20


@posix
def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "from model.questions.executor import Processes\n"
        "from tests.questions.workers import Doubler\n"
        "if __name__ == '__main__':\n"
        f"    list(Processes(2).map(Doubler({str(tmp_path)!r}, pause=0.1), range(10000)))\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _until(lambda: len(list(tmp_path.glob("*.tried"))) > 4)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    time.sleep(0.5)
    before = len(list(tmp_path.glob("*.tried")))
    time.sleep(0.5)
    assert len(list(tmp_path.glob("*.tried"))) == before


def test_local_uses_every_core_it_may_and_no_more_than_there_are_jobs():
    assert isinstance(local(None, 1), Here)
    assert isinstance(local(1, 50), Here)
    assert local(3, 50) == Processes(3)
    assert local(8, 2) == Processes(2)


def _until(true, seconds=20.0):
    begun = time.perf_counter()
    while not true():
        assert time.perf_counter() - begun < seconds
        time.sleep(0.05)
