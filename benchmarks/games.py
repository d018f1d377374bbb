"""Exact Shapley value of ten members of NATO: groups solved hot, one member at a time, against each solved cold; processor time.

Also the core check at all 32 members: how near the bound is after a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np

from benchmarks.measure import NATO, table
from model.questions.cost_sharing.coalition_core import CoreCheck
from model.questions.cost_sharing.coalitions import AllianceGame
from model.questions.cost_sharing.solutions import shapley
from model.scenario.scenario import Scenario
from model.solve.engine import Engine
from model.workbook.read.load import load

MEMBERS = 10
COLD = 60
"""Groups solved cold, drawn at random; their mean stands for all."""


def reduced(scenario: Scenario, members: int = MEMBERS) -> Scenario:
    """The members with the largest GDP, everything else as it is."""
    return scenario.restricted(*sorted(scenario.sets["member"], key=lambda m: -scenario.gdp[m])[:members])


def main(members: int = MEMBERS, cold: int = COLD, seconds: float = 60.0) -> None:
    """Print both tables."""
    game = AllianceGame(reduced(load(NATO), members))
    begun = time.process_time()
    costs = game.costs()
    shapley(costs)
    hot = time.process_time() - begun
    groups = [group for group in costs if len(group) < members]
    drawn = [groups[i] for i in np.random.default_rng(0).choice(len(groups), min(cold, len(groups)), replace=False)]
    arrays = _each(drawn, lambda g: game.groups.solve(Engine(), game.truths(g)).cost, costs) * len(groups)
    fresh = _each(drawn, game.cold_cost, costs) * len(groups)
    headings = ("members", "groups", "hot, s", "cold, arrays only, s", "cold, s", "cold arrays / hot", "cold / hot")
    rows = [(members, len(costs), hot, arrays, fresh, arrays / hot, fresh / hot)]
    table("Exact Shapley value, every group hot against each group cold", headings, rows)
    _core(seconds)


def _each(
    groups: Iterable[frozenset[str]], cost: Callable[[frozenset[str]], float], known: dict[frozenset[str], float]
) -> float:
    """Mean processor time of a group's cost, which has to be the known one."""
    taken = []
    for group in groups:
        begun = time.process_time()
        found = cost(group)
        taken.append(time.process_time() - begun)
        assert abs(found - known[group]) <= 1e-6 * abs(found)
    return float(np.mean(taken))


def _core(seconds: float) -> None:
    """The plan as it falls and others, at all members: whether any group would leave, and the most dissatisfied one; wall clock and
    processor time, since the limit is one of the clock."""
    game = AllianceGame(load(NATO))
    by_gdp = {m: game.total * part for m, part in zip(game.members, game.groups.industry.tolist(), strict=True)}
    rows = []
    for name, charges in (("Owen", game.owen), ("as the plan falls", game.borne), ("proportional to GDP", by_gdp)):
        for worst in (False, True) if name != "Owen" else (False,):
            check, begun = CoreCheck(AllianceGame(load(NATO))), time.process_time()
            found = check.ask(charges, seconds, worst)
            settled = {True: "yes", False: "no", None: "not settled"}[found.in_core]
            asked = "the worst-treated group" if worst else "whether any group gains"
            rows.append(
                (
                    name, asked, settled, found.seconds, time.process_time() - begun, found.solves, found.excess / game.total,
                    found.bound / game.total,
                )
            )  # fmt: skip
    headings = (
        "charges", "asked", "in the core", "s", "processor s", "groups solved", "worst found, part of the total",
        "bound, part of the total",
    )  # fmt: skip
    table(f"Core check at {len(game.members)} members", headings, rows)


if __name__ == "__main__":
    main()
