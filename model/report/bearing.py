"""Who bears what under every key: shares side by side, how evenly burdens lie, and burden beside benefit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from model.data.keys import side_by_side
from model.report import words
from model.report.deal import means
from model.solve.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

BORNE = "borne in the plan"
"""The share of the cost as the plan has it, beside the keys."""

_WEIGHTS = {"GDP": "gdp", "population": "population"}


def shares(plan: Plan) -> dict[str, Mapping[str, float]]:
    """Every member's share (fractions of 1, summing to 1) as borne, and under every key there are figures for, the plan's own first."""
    borne = {m: one.share for m, one in means(plan).items()}
    every, own = side_by_side(plan.scenario), str(plan.scenario.settings["burden_key"])
    ordered = sorted(every, key=lambda key: key != own)
    return {BORNE: borne, **{key: every[key] for key in ordered}}


def keys_table(plan: Plan) -> pd.DataFrame:
    """A row a member: burden (discounted money), part of GDP, per head and year, share of the cost, and share under every key.

    Shares and parts are fractions of 1. ``per_head`` is money (see :func:`per_head_unit`) for an inhabitant and year; None
    where the population is blank.
    """
    import pandas as pd

    every, s = shares(plan), plan.scenario
    years = len(s.periods) * plan.data.step
    rows = []
    for m, one in means(plan).items():
        heads = s.population[m]
        per_head = one.burden / heads / years if heads else None
        rows.append((m, one.burden, one.effort, per_head, *(shares_of[m] for shares_of in every.values())))
    frame = pd.DataFrame(rows, columns=["member", "burden", "part_of_GDP", "per_head", *every])
    return frame.astype({"per_head": float})


def per_head_unit(plan: Plan) -> str:
    """The unit of burdens per head: money and populations are both in millions, so it is the currency itself."""
    return words.billion(words.currency_of(plan.scenario)).removeprefix("1 bn ").removeprefix("1,000 ")


def lorenz(amounts: Mapping[str, float], weights: Mapping[str, float]) -> pd.DataFrame:
    """The Lorenz curve of amounts over weights: members from the least burdened for their weight to the most.

    Columns ``member``, ``weight`` and ``amount``: running totals as fractions of 1, from (0, 0) to (1, 1). Members without
    weight are left out. Empty where there is no amount or no weight.
    """
    import pandas as pd

    kept = {m: weight for m, weight in weights.items() if weight > 0}
    whole, total = sum(kept.values()), sum(amounts[m] for m in kept)
    rows, w, a = [], 0.0, 0.0
    if whole > 0 and total > 0:
        rows.append(("", 0.0, 0.0))
        for m in sorted(kept, key=lambda m: amounts[m] / kept[m]):
            w, a = w + kept[m] / whole, a + amounts[m] / total
            rows.append((m, w, a))
    return pd.DataFrame(rows, columns=["member", "weight", "amount"])


def gini(curve: pd.DataFrame) -> float:
    """How unevenly: twice the area between the Lorenz curve and the diagonal; 0 is even, towards 1 is all on one."""
    points = list(zip(curve["weight"], curve["amount"], strict=True))
    under = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(points))
    return 1.0 - 2.0 * under if points else 0.0


def weights_for(plan: Plan) -> dict[str, dict[str, float]]:
    """What burdens can be laid over: members, and GDP and population where there are figures for all."""
    s = plan.scenario
    found = {"members": dict.fromkeys(s.sets["member"], 1.0)}
    for name, column in _WEIGHTS.items():
        values = {m: s.values[column][m] for m in s.sets["member"]}
        if None not in values.values() and sum(values.values()) > 0:
            found[name] = values
    return found


def rank_correlation(first: Mapping[str, float], second: Mapping[str, float]) -> float | None:
    """Spearman's rank correlation over the names both have; None for fewer than three, or where one is the same for all."""
    import pandas as pd

    names = [name for name in first if name in second]
    ranks = [pd.Series([each[name] for name in names], dtype=float).rank() for each in (first, second)]
    if len(names) < 3 or any(rank.nunique() < 2 for rank in ranks):
        return None
    return float(ranks[0].corr(ranks[1]))


def benefit(plan: Plan) -> dict[str, float]:
    """What each member gets: the part of all that matters to it that is covered (1 less the risk it perceives)."""
    return {m: 1.0 - risk for m, risk in plan.quantity("perceived_risk").items()}


def answer(plan: Plan) -> str:
    """Who bears more and less than its share, in a sentence."""
    every = means(plan)
    key = str(plan.scenario.settings["burden_key"])
    over = {m: one.share - one.fair_share for m, one in every.items()}
    total = sum(one.burden for one in every.values())
    if total <= 0:
        return "Nobody bears anything: the plan spends no money."
    most, least = max(over, key=lambda m: over[m]), min(over, key=lambda m: over[m])
    moves = sum(part for part in over.values() if part > 0)
    if moves < 5e-4:
        return f"Everybody bears its fair share under the burden key ({key})."
    points = [f"{words.number(100 * abs(over[m]))} points" for m in (most, least)]
    return (
        f"{words.percent(moves)} of the cost would have to change hands to match fair shares under the burden key ({key}): "
        f"{most} bears {points[0]} more than its share of the cost, {least} {points[1]} less."
    )
