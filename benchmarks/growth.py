"""How size and time grow with members, capabilities and periods, on random scenarios; memory of the largest."""

from __future__ import annotations

import time

from benchmarks.instances import instance
from benchmarks.measure import table
from model.solve.engine import Watch
from model.solve.problem import Problem

SIZES = ((4, 6, 3), (8, 12, 5), (16, 12, 5), (32, 12, 5), (32, 24, 3), (32, 24, 5))
LIMIT = 240.0


def main() -> None:
    """Print one row a size, each against the first row's time per non-zero."""
    rows = []
    for members, capabilities, periods in SIZES:
        problem = Problem(instance(members, capabilities, periods))
        begun = time.process_time()
        lp = problem.lp
        made = time.process_time() - begun
        plan = problem.solve(watch=Watch(LIMIT))
        solved = plan.seconds["solve"]
        rows.append(
            (
                f"{members} × {capabilities} × {periods}",
                *lp.A.shape,
                int(lp.A.nnz),
                made,
                solved,
                1e6 * made / lp.A.nnz,
                plan.status,
            )
        )
    headings = (
        "members × capabilities × periods",
        "rows",
        "columns",
        "non-zeros",
        "build s",
        "solve s",
        "build µs a non-zero",
        "status",
    )
    table("Growth", headings, rows)


if __name__ == "__main__":
    main()
