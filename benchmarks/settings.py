"""Which settings of the simplex method re-solve a changed NATO scenario fastest from the base plan's basis, near changes and far ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import highspy

from benchmarks.measure import NATO, table
from model.scenario.levers.edits import apply_edits, parse_edit
from model.solve.engine import _METHODS, _USUAL, _Reduced
from model.solve.hot import carry
from model.solve.problem import Problem
from model.workbook.read.load import load

CHANGES = (
    "budget[Poland]=0.9", "unit_cost[Heavy brigade]=1.1", "requirement[Medium brigade]=1.1", "budget=0.95", "budget=0.85",
    "requirement=1.05", "requirement=0.9", "unit_cost=0.85", "holding=1.05",
)  # fmt: skip

_COSTS_STAY = {"dual_simplex_cost_perturbation_multiplier": 0.0}
SETTINGS: dict[str, dict[str, Any]] = {
    "equilibrated, costs perturbed": {"simplex_scale_strategy": 2},
    "not scaled, costs perturbed": {"simplex_scale_strategy": 0},
    "largest values, costs perturbed": {"simplex_scale_strategy": 4},
    "largest values, costs as they are": {"simplex_scale_strategy": 4, **_COSTS_STAY},
    "the same, steepest edge": {"simplex_scale_strategy": 4, "simplex_dual_edge_weight_strategy": 2, **_COSTS_STAY},
}
LIMIT = 60.0
WEIGHTS = {"risk": 1e4, "cost": 1.0}
"""The blend that a hot what-if solves first: nearly all of its time."""


def main() -> None:
    """Print seconds in HiGHS and iterations, a row a change."""
    base = Problem(load(NATO))
    base.solve(ties=False)
    assert base.basis is not None
    rows: list[tuple[object, ...]] = []
    for text in CHANGES:
        edited = apply_edits(base.scenario, [parse_edit(text)])
        lp = base.changed(edited.scenario, off=edited.off).lp
        reduced = _Reduced.of(lp, WEIGHTS, None)
        start = reduced.basis_in(carry(base.basis, base.lp, lp))
        rows.append((text, *(_solved(reduced, start, settings) for settings in SETTINGS.values())))
    table("Dual simplex from the base plan's basis, seconds (iterations)", ("change", *SETTINGS), rows)


def _solved(reduced: _Reduced, start: highspy.HighsBasis, settings: Mapping[str, Any]) -> str:
    highs = highspy.Highs()
    highs.silent()
    always: dict[str, Any] = _USUAL | _METHODS["dual simplex"] | {"threads": 1, "random_seed": 0, "time_limit": LIMIT}
    for name, value in (always | dict(settings)).items():
        highs.setOptionValue(name, value)
    reduced.load(highs)
    highs.setBasis(start)
    begun = time.perf_counter()
    highs.run()
    taken = time.perf_counter() - begun
    return f"{taken:.2f} ({highs.getInfo().simplex_iteration_count:,})"


if __name__ == "__main__":
    main()
