"""Why something stays short, where it may not be ordered yet."""

from __future__ import annotations

from collections.abc import Sequence

from model.report.sentences import By, kind
from model.solve.lp import Key
from model.solve.plan import Plan


@kind("technology", "Technology", "what is not yet available or researched", after="not offered")
def _technology(plan: Plan, by: By, keys: Sequence[Key]) -> str:
    d, capability = plan.data, keys[0][1]
    since = d.scenario.available_from[capability]
    ripe = f"available to everybody only from {since}" if since is not None else "not available to everybody"
    research = d.scenario.research_cost[capability] is not None
    return f"it is {ripe}{', and before only as far as joint research has come' if research else ''}"
