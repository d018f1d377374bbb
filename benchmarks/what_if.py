"""Hot what-ifs on the NATO workbook: over mixed single-lever changes, against rebuilding cold and against HiGHS alone."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator

from benchmarks.measure import NATO, table
from model.data.faults import UsageError
from model.data.levers import LEVERS, Edit, Edited, Lever, apply_edits
from model.data.scenario import Scenario
from model.data.workbook import load
from model.solve.engine import Engine
from model.solve.problem import Problem

CHANGES = 200
COLD = 8
FACTORS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.25)


def main(changes: int = CHANGES) -> None:
    """Print medians and ratios; a member's leaving is reported apart."""
    problem = Problem(load(NATO))
    inside = _count_solver_seconds()
    problem.solve()
    rows, cold = [], []
    for number, (name, edited) in enumerate(_edits(problem.scenario, changes)):
        inside[0], begun = 0.0, time.perf_counter()
        changed = problem.changed(edited.scenario, off=edited.off)
        plan = changed.solve(ties=False)
        rows.append((name, changed.path, time.perf_counter() - begun, inside[0], plan.status))
        if number % max(1, changes // COLD) == 0:
            cold.append(_cold(edited))
    _print(rows, cold)
    _leaving(problem)


def _cold(edited: Edited) -> float:
    begun = time.perf_counter()
    Problem(edited.scenario, off=edited.off).solve(ties=False)
    return time.perf_counter() - begun


def _print(rows: list[tuple[str, str, float, float, str]], cold: list[float]) -> None:
    taken, solver = [row[2] for row in rows], [row[3] for row in rows]
    ratio = [whole / max(part, 1e-9) for whole, part in zip(taken, solver, strict=True)]
    middle, fresh = statistics.median(taken), statistics.median(cold)
    share = sum(row[1] == "hot" for row in rows) / len(rows)
    lines = [
        ("median what-if, all objective stages, certified (s)", middle),
        ("nine in ten within (s)", statistics.quantiles(taken, n=10)[-1]),
        ("rebuilt and solved cold, median (s)", fresh),
        ("cold to hot", fresh / middle),
        ("hot to HiGHS alone on the same arrays and basis, median", statistics.median(ratio)),
        ("started hot", f"{share:.0%}"),
        ("not optimal", sum(row[4] != "optimal" for row in rows)),
    ]
    table(f"{len(rows)} mixed single-lever changes, NATO workbook", ("what", "value"), lines)
    by_lever: dict[str, list[float]] = {}
    for name, _, seconds, _, _ in rows:
        by_lever.setdefault(name, []).append(seconds)
    slow = sorted(
        ((name, len(found), statistics.median(found)) for name, found in by_lever.items()), key=lambda row: -row[2]
    )
    table("By lever", ("lever", "changes", "median s"), slow)


def _leaving(problem: Problem) -> None:
    rows = []
    for member in ("Iceland", "Estonia", "Norway", "Canada", "Germany", "United States"):
        begun = time.perf_counter()
        changed = problem.changed(problem.scenario.without(member))
        status = changed.solve(ties=False).status
        rows.append((member, changed.path, time.perf_counter() - begun, status))
    table("A member leaves", ("member", "path", "seconds", "status"), rows)


def _edits(scenario: Scenario, count: int) -> Iterator[tuple[str, Edited]]:
    """Random edits of one lever each, drawn with a fixed seed; those that would change nothing are drawn again.

    Levers of sheets that the workbook does not have are left out.
    """
    draw = random.Random(1)
    levers = [
        lever
        for lever in LEVERS.values()
        if lever.kind in ("factor", "value")
        and lever.name != "consensus"
        and all(scenario.sets.get(dimension) for dimension in lever.dimensions)
    ]
    given = 0
    while given < count:
        lever = draw.choice(levers)
        try:
            edit = Edit(
                lever.name, tuple(_target(draw, scenario, kind) for kind in lever.dimensions), _value(draw, lever)
            )
            edited = apply_edits(scenario, [edit])
        except UsageError:
            continue
        if edited.scenario.hash != scenario.hash:
            given += 1
            yield lever.name, edited


def _target(draw: random.Random, scenario: Scenario, dimension: str) -> str:
    return draw.choice(scenario.sets[dimension])


def _value(draw: random.Random, lever: Lever) -> float:
    if lever.kind == "factor":
        return draw.choice(FACTORS)
    usual = {
        "growth": 0.02,
        "defence_share": 0.03,
        "target_share": 0.035,
        "discount_rate": 0.04,
        "lead_time": 2.0,
        "life": 25.0,
    }
    usual |= {"price_level": 1.1, "challenge": 4.0, "fairness_band": 0.9, "equipment_floor": 0.15}
    return usual.get(lever.name, draw.choice((0.6, 0.7, 0.8, 0.9)))


def _count_solver_seconds() -> list[float]:
    """A running total of seconds inside HiGHS' own run, put around the engine."""
    inside, plain = [0.0], Engine.solve

    def timed(self: Engine, *arguments: object, **named: object) -> object:
        answer = plain(self, *arguments, **named)  # type: ignore[arg-type]
        inside[0] += answer.seconds
        return answer

    Engine.solve = timed  # type: ignore[method-assign,assignment]
    return inside


if __name__ == "__main__":
    main()
