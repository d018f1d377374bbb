"""The NATO workbook from file to solution workbook: each phase's share, our own work against HiGHS's, memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import NATO, table

_CHILD = """
import gc, json, resource, sys, time
gc.disable()  # as the command does
begun = time.perf_counter()
from pathlib import Path
from model.workbook.read.load import read
from model.scenario.checks import run_checks
from model.solve.problem import Problem
from model.solve.engine import Engine
from model.report.workbook_out import write_solution
from model.report.export import export_tables
spent = {"import": time.perf_counter() - begun}
inside = [0.0]
plain = Engine.solve
def timed(self, *a, **k):
    answer = plain(self, *a, **k)
    inside[0] += answer.seconds
    return answer
Engine.solve = timed
def phase(name, work):
    start, solver = time.process_time(), inside[0]
    result = work()
    spent[name] = time.process_time() - start
    return result
reading = phase("read and check", lambda: read(sys.argv[1]))
problem = Problem(reading.scenario)
phase("build and compile", lambda: problem.lp)
plan = phase("solve, certify", problem.solve)
spent["certify"] = plan.seconds["certify"]
spent["HiGHS"] = inside[0]
spent["solve, certify"] -= inside[0]
phase("write workbook", lambda: write_solution(plan, Path(sys.argv[2]) / "solution.xlsx"))
phase("write tables", lambda: export_tables(plan, Path(sys.argv[2]) / "tables"))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"spent": spent, "memory": memory, "status": plan.status, "size": plan.size, "measures": plan.measures,
                  "build": problem.seconds}))
"""


def main() -> None:
    """One run in a process of its own, so that imports and memory are those of the command."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(__file__).resolve().parents[1]
        command = [sys.executable, "-c", _CHILD, str(NATO), folder]
        found = json.loads(subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout)
    spent = {**found["spent"]}
    certify = spent.pop("certify")
    total, solver = sum(spent.values()), spent["HiGHS"]
    rows = [(name, value, f"{value / total:.0%}", value / solver) for name, value in spent.items()]
    rows += [
        ("all", total, "100%", total / solver),
        ("all but HiGHS", total - solver, f"{1 - solver / total:.0%}", (total - solver) / solver),
    ]
    table(
        "NATO workbook, from file to solution workbook (processor seconds)",
        ("phase", "seconds", "share", "to HiGHS"),
        rows,
    )
    print(
        f"\nStatus {found['status']}; size {found['size']}; certificates {certify:.2f} s; peak memory {found['memory']:.0f} MB."
    )
    print("HiGHS is given in wall-clock seconds inside its own calls, all stages, tie-break and settling included.")


if __name__ == "__main__":
    main()
