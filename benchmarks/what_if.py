"""Hot what-ifs on the NATO workbook: over mixed single-lever changes, against rebuilding cold and against HiGHS alone."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from typing import Any

import highspy
import numpy as np

from benchmarks.measure import NATO, table
from model.language.faults import UsageError
from model.scenario.levers.edits import LEVERS, Edit, Edited, Lever, apply_edits
from model.scenario.scenario import Scenario
from model.solve.engine import _METHODS, _USUAL, Engine, _Reduced
from model.solve.lp import LP
from model.solve.problem import Problem
from model.workbook.read.load import load

CHANGES = 200
COLD = 8
FACTORS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.25)
_OFF = ("consensus", "technology")
"""Levers of rules that the NATO workbook does not use: pulling them changes nothing."""


def main(changes: int = CHANGES) -> None:
    """Print medians and ratios; a member's leaving is reported apart."""
    problem = Problem(load(NATO))
    asked = _listen_to_the_engine()
    problem.solve()
    rows, cold = [], []
    for number, (name, edited) in enumerate(_edits(problem.scenario, changes)):
        asked.clear()
        begun = time.perf_counter()
        changed = problem.changed(edited.scenario, off=edited.off)
        plan = changed.solve(ties=False)
        taken = time.perf_counter() - begun
        rows.append((name, changed.path, taken, _alone([*asked]), plan.status))
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
        ("hot to HiGHS alone on the same arrays from the same basis, median", statistics.median(ratio)),
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
    for member in problem.scenario.sets["member"]:
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
        and not lever.name.startswith(_OFF)
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


Asked = tuple[Any, Mapping[str, float], Any, str]
"""What the engine was asked: the LP (None: the last one, with other costs), the weights, the basis to start from, the method."""


def _listen_to_the_engine() -> list[Asked]:
    """All that the engine is asked from now on, in order."""
    asked: list[Asked] = []
    solve, go_on = Engine.solve, Engine.go_on

    def heard(
        self: Engine, lp: LP, weights: Any, start: Any = None, method: str = "dual simplex", *more: Any, **named: Any
    ) -> Any:
        if lp.columns:  # not the small problem that settles measures nobody minimised: it is no objective stage
            asked.append((lp, weights, start, method))
        return solve(self, lp, weights, start, method, *more, **named)

    def heard_on(self: Engine, lp: LP, weights: Any, method: str, *more: Any, **named: Any) -> Any:
        asked.append((None, weights, None, method))
        return go_on(self, lp, weights, method, *more, **named)

    Engine.solve, Engine.go_on = heard, heard_on  # type: ignore[method-assign,assignment]
    return asked


def _alone(asked: list[Asked]) -> float:
    """Seconds that HiGHS by itself takes over the same: arrays handed over, basis set, run, solution fetched; nothing else."""
    highs, problem, taken = highspy.Highs(), None, 0.0
    highs.silent()
    for lp, weights, start, method in asked:
        for name, value in {"threads": 1, "random_seed": 0, **_USUAL, **_METHODS[method]}.items():
            highs.setOptionValue(name, value)
        if lp is not None:
            problem = _Reduced.of(lp, weights, None)
            basis = problem.basis_in(start) if start is not None else None
            begun = time.perf_counter()
            problem.load(highs)
            if basis is not None:
                highs.setBasis(basis)
        else:
            assert problem is not None
            cost = problem.cost_of(weights)
            begun = time.perf_counter()
            highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        highs.run()
        highs.getSolution()
        taken += time.perf_counter() - begun
    return taken


if __name__ == "__main__":
    main()
