"""Who bears what under every key: shares side by side, what burdens can be laid over, and burden beside benefit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from model.layers.burden_keys.keys import side_by_side
from model.report.deal import means
from model.solve.plan import Plan
from model.wording import words

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


def weights_for(plan: Plan) -> dict[str, dict[str, float]]:
    """What burdens can be laid over: members, and GDP and population where there are figures for all."""
    s = plan.scenario
    found = {"members": dict.fromkeys(s.sets["member"], 1.0)}
    for name, column in _WEIGHTS.items():
        values = {m: s.values[column][m] for m in s.sets["member"]}
        if None not in values.values() and sum(values.values()) > 0:
            found[name] = values
    return found


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
        f"Burden imbalance: {words.percent(moves)} of the cost lies with other members than the burden key ({key}) implies: "
        f"{most} bears {points[0]} more than its share of the cost, {least} {points[1]} less."
    )
