"""A sweep against the same runs as commands one by one, and two processes against one; wall clock, a folder of its own each time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import NATO, table
from model.questions.executor import Executor, Here, Processes
from model.questions.sweep.design import sample
from model.questions.sweep.result import sweep
from model.workbook.read.load import load

TUTORIAL = NATO.with_name("tutorial.xlsx")
SIZES: tuple[tuple[Path, int, int, tuple[str, ...]], ...] = (
    (TUTORIAL, 1000, 300, ("budget=0.8..1.2",)),
    (NATO, 1000, 1000, ("budget[Poland]=0.8..1.2", "unit_cost[Heavy brigade]=0.9..1.1")),
)
"""Workbook, runs of the long sweep, runs that one process and two are compared by (all: the long sweep is the one on two), levers drawn."""
COMMANDS = 3


def main(sizes: tuple[tuple[Path, int, int, tuple[str, ...]], ...] = SIZES) -> None:
    """Print a row a workbook: the long sweep on two processes against as many cold commands, then one process against two."""
    rows = []
    for workbook, runs, some, levers in sizes:
        cold = _command(workbook)
        whole = _sweep(workbook, runs, levers, Processes(2))
        one = _sweep(workbook, some, levers, Here())
        two = whole if some == runs else _sweep(workbook, some, levers, Processes(2))
        rows.append((workbook.stem, runs, cold, whole / runs, cold * runs / whole, some, one, two, one / two))
    headings = (
        "workbook",
        "runs",
        "one command, s",
        "sweep on two processes, s a run",
        "commands / sweep",
        "runs",
        "one process, s",
        "two processes, s",
        "one / two",
    )
    table("Sweep", headings, rows)


def _command(workbook: Path) -> float:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(COMMANDS):
            command = [sys.executable, "-m", "model", "solve", str(workbook), "--out", folder]
            subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - begun) / COMMANDS


def _sweep(workbook: Path, runs: int, levers: Sequence[str], executor: Executor) -> float:
    scenario, design = load(workbook), sample(list(levers), runs, seed=1)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = sweep(scenario, design, folder, executor)
    assert (found.table["status"] == "optimal").all()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
