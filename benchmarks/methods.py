"""Which method solves a first problem fastest, over several instances from small to 55 members × 30 capabilities × 10 periods."""

from __future__ import annotations

from benchmarks.instances import instance
from benchmarks.measure import NATO, table
from model.core.data import Data
from model.solve.compile import compile_data
from model.solve.engine import Engine, Watch
from model.solve.lp import LP
from model.workbook.read.load import load

METHODS = ("interior point", "dual simplex", "primal simplex")
SIZES = ((3, 3, 3), (8, 8, 3), (16, 12, 5), (24, 16, 5), (32, 22, 5), (32, 24, 10), (55, 30, 10))
LIMIT, PATIENCE = 900.0, 120.0
"""Seconds for the first method, and for the others, which are not tried again at a larger size once they needed more."""


def main() -> None:
    """Print one row an instance: size and seconds by method for the blended first solve (risk and a little cost)."""
    rows: list[tuple[object, ...]] = []
    given_up: set[str] = set()
    for members, capabilities, periods in SIZES:
        for seed in (0, 1) if members < 32 else (0,):
            lp = compile_data(Data(instance(members, capabilities, periods, seed)))
            rows.append(_row(f"random {members} × {capabilities} × {periods}, seed {seed}", lp, given_up))
    rows.append(_row("NATO 2035", compile_data(Data(load(NATO))), set()))
    headings = ("instance", "live rows", "columns", "live non-zeros", *METHODS)
    table(
        f"First solve, seconds by method (limit {LIMIT:.0f} s for the first, {PATIENCE:.0f} s for the others)",
        headings,
        rows,
    )


def _row(name: str, lp: LP, given_up: set[str]) -> tuple[object, ...]:
    weights = {"risk": 1e4, "cost": 1.0}
    live = lp.live_rows(weights)
    taken: list[object] = []
    for method in METHODS:
        if method in given_up:
            taken.append("not tried")
            continue
        limit = LIMIT if method == METHODS[0] else PATIENCE
        answer = Engine().solve(lp, weights, method=method, watch=Watch(limit))
        taken.append(answer.seconds if answer.status == "optimal" else f"over {limit:.0f}")
        if answer.status != "optimal":
            given_up.add(method)
        print(f"{name}: {method} {taken[-1]}", flush=True)
    return (name, int(live.sum()), lp.A.shape[1], int(lp.A.tocsr()[live].nnz), *taken)


if __name__ == "__main__":
    main()
