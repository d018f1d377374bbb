"""A sweep against the same runs as commands one by one, and two processes against one; wall clock, a folder of its own each time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import NATO, table
from model.analyses.executor import Executor, Here, Processes
from model.analyses.sweep import sweep
from model.analyses.sweep_plan import sample
from model.data.workbook import load

TUTORIAL = NATO.with_name("tutorial.xlsx")
SIZES = ((TUTORIAL, 100, "budget=0.8..1.2"), (NATO, 8, "budget=0.95..1.05"))
COMMANDS = 2


def main(sizes: tuple[tuple[Path, int, str], ...] = SIZES) -> None:
    """Print a row a workbook. For the long one: `main(((TUTORIAL, 1000, "budget=0.8..1.2"),))`."""
    rows = []
    for workbook, runs, lever in sizes:
        cold = _command(workbook)
        one, two = (_sweep(workbook, runs, lever, executor) / runs for executor in (Here(), Processes(2)))
        rows.append((workbook.stem, runs, cold, one, two, cold / one, one / two))
    headings = (
        "workbook",
        "runs",
        "one command, s a run",
        "sweep, one process, s a run",
        "sweep, two processes, s a run",
        "command / sweep",
        "one process / two",
    )
    table("Sweep", headings, rows)


def _command(workbook: Path) -> float:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(COMMANDS):
            command = [sys.executable, "-m", "model", "solve", str(workbook), "--out", folder]
            subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - begun) / COMMANDS


def _sweep(workbook: Path, runs: int, lever: str, executor: Executor) -> float:
    scenario, design = load(workbook), sample([lever], runs, seed=1)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = sweep(scenario, design, folder, executor)
    assert (found.table["status"] == "optimal").all()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
