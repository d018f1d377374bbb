"""The apportionment in whole units: every policy kept, what that loses against the linear plan, and which targets are close."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.language.faults import UsageError
from model.questions.answer import QuestionResult
from model.questions.time_limit import out_of_time, said_of
from model.solve.engine import Watch
from model.solve.lp import Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.whole import Method, WholePlan, other_way, whole_plan
from model.solve.whole_search import WHOLE

MONEY = ("cost", "unfairness")

CLOSE = 1e-4
"""A target is a close call when the number on the other side loses at most this much of the first objective's full size."""


PROVED = 1e-6
"""A plan whose proved distance from the best is at most this part of the objectives is called proved best."""


@dataclass(frozen=True, eq=False)
class WholeUnits(QuestionResult):
    """``table``: a row a target (member, capability, year): the linear plan's amount and the whole number. ``losses``: every
    measure of both plans. ``close_calls``: targets whose number could as well be the one on the other side, and what that costs.
    ``found`` holds the plan itself; its ``method`` and ``gap`` say how good it is proved to be. ``stopped`` says what the time
    limit left undone; empty where all is done."""

    table: pd.DataFrame
    losses: pd.DataFrame
    close_calls: pd.DataFrame
    says: tuple[str, ...]
    found: WholePlan
    stopped: str = ""

    @property
    def title(self) -> str:
        """What heads the answer."""
        return f"{self.found.plan.scenario.name} in whole units"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its sheet."""
        return {"targets": self.table, "losses": self.losses, "close calls": self.close_calls}


def whole_units(
    problem: Problem,
    plan: Plan,
    capabilities: Sequence[str] | None = None,
    time_limit: float = 120.0,
    method: Method | None = None,
    close: int = 12,
) -> WholeUnits:
    """The plan with targets in whole numbers, of all capabilities or of some.

    A target is what a member is to hold in a year that an order of this plan can still reach; earlier stocks are what is left of
    today's forces, a fact and no target. Orders, upgrades and contributions stay amounts: they pay for renewal and say how much of
    the whole units counts. ``close`` is the number of targets whose other neighbour is tried by a re-solve. Raises UsageError
    for a capability there is not, SolverError where no whole plan keeps every policy.

    ``time_limit`` in seconds holds for everything: search, proof and close calls, of which fewer are tried when time is out. Only a
    first whole plan is looked for however long that takes (some seconds at the size of NATO).
    """
    _check(plan, capabilities)
    keys = targets(plan, capabilities)
    places = plan.lp.columns["held"].at
    whole = np.array([places[m, c, 0, t] for m, c, t in keys], dtype=np.int64)
    watch = Watch(time_limit)
    found = whole_plan(problem, plan, whole, watch, method)
    table = _table(plan, keys, _at(plan, whole), _at(found.plan, whole))
    calls = _close_calls(problem, plan, found, table, whole, close, watch)
    losses = _losses(plan, found)
    stopped = _stopped(found, table, calls, close, watch)
    return WholeUnits(table, losses, calls, tuple(_said(plan, found, table, losses, calls)), found, stopped)


def _stopped(found: WholePlan, table: pd.DataFrame, calls: pd.DataFrame, close: int, watch: Watch) -> str:
    """The sentence on what the time limit left undone."""
    if found.cut_short:
        return "The time limit was reached before search and proof had ended: with more time a better whole plan may be found."
    asked = min(close, _fractions(table))
    return said_of(len(calls), asked, "looks for a close call") if out_of_time(watch) else ""


def targets(plan: Plan, capabilities: Sequence[str] | None = None) -> list[tuple[str, str, int]]:
    """Member, capability and year of every stock that an order of the plan can still reach."""
    first: dict[tuple[str, str], int] = {}
    for m, c, t in plan.lp.columns["ordered"].keys:
        arrives = plan.data.arrival(c, t)
        first[m, c] = min(first.get((m, c), arrives), arrives)
    return [
        (m, c, t)
        for m, c, level, t in plan.lp.columns["held"].keys
        if level == 0 and t >= first.get((m, c), math.inf) and (capabilities is None or c in capabilities)
    ]


def _check(plan: Plan, capabilities: Sequence[str] | None) -> None:
    known = plan.scenario.sets["capability"]
    for name in capabilities or ():
        if name not in known:
            raise UsageError(f"there is no capability called {name!r}; there are {', '.join(known)}")


def _at(plan: Plan, columns: Array) -> Array:
    assert plan.x is not None
    return plan.x[columns]


def _table(plan: Plan, keys: Sequence[tuple[str, str, int]], linear: Array, whole: Array) -> pd.DataFrame:
    units = {c: str(plan.scenario.unit.get(c) or "unit") for c in plan.scenario.sets["capability"]}
    records = [
        (m, c, t, before + 0.0, round(after), round(after) - before, units[c])
        for (m, c, t), before, after in zip(keys, linear.tolist(), whole.tolist(), strict=True)
    ]
    return pd.DataFrame.from_records(
        records, columns=["member", "capability", "year", "linear", "whole", "change", "unit"]
    )


def _losses(plan: Plan, found: WholePlan) -> pd.DataFrame:
    money = str(plan.scenario.settings["currency"]) or "money"
    records = [
        (name, was, found.measures[name], found.measures[name] - was, money if name in MONEY else "fraction of 1")
        for name, was in plan.measures.items()
    ]
    return pd.DataFrame.from_records(records, columns=["measure", "linear", "whole", "loss", "unit"])


def _close_calls(
    problem: Problem, plan: Plan, found: WholePlan, table: pd.DataFrame, whole: Array, count: int, watch: Watch
) -> pd.DataFrame:
    """The targets nearest the middle between two whole numbers, and what the other number would do, all others as they are; as
    many as there is time for."""
    part = table["linear"] - np.floor(table["linear"] + WHOLE)
    fractional = part[(part > WHOLE) & (part < 1 - WHOLE)]
    nearest = (fractional - 0.5).abs().sort_values(kind="stable").index[:count]
    names = _objectives(plan)
    size = float(plan.lp.whole[plan.lp.measure(names[0])])
    records: list[tuple[Any, ...]] = []
    for i in nearest:
        row = table.loc[i]
        other = _other(float(row["linear"]), int(row["whole"]))
        change = other_way(problem, found, plan, int(whole[i]), other, watch)
        if watch.left <= 0:
            break
        lost = [change[name] if change else None for name in names]
        is_close = change is not None and change[names[0]] <= CLOSE * size
        records.append(
            (row["member"], row["capability"], row["year"], row["linear"], row["whole"], other, *lost, is_close)
        )
    columns = [
        "member",
        "capability",
        "year",
        "linear",
        "whole",
        "other",
        *(f"{name}_change" for name in names),
        "close_call",
    ]
    return pd.DataFrame.from_records(records, columns=columns)


def _other(linear: float, whole: int) -> int:
    """The whole number on the other side of the linear plan's amount."""
    return whole - 1 if whole > linear else whole + 1


def _said(plan: Plan, found: WholePlan, table: pd.DataFrame, losses: pd.DataFrame, calls: pd.DataFrame) -> list[str]:
    moved = int((table["change"].abs() > WHOLE).sum())
    if not _fractions(table):
        return _nothing_to_round(len(table))
    lines = [
        f"{len(table)} targets in whole units; {moved} differ from the linear plan, which has {_fractions(table)} in fractions. "
        f"Every policy is kept (largest breach of any rule {found.broken:.1g} of its size).",
        _how_good(found, plan),
    ]
    lines += [
        f"{row.measure}: {_figure(row.linear)} in the linear plan, {_figure(row.whole)} in whole units ({row.unit})."
        for row in losses.itertuples()
    ]
    lines += [
        f"Close call: {row.member}, {row.capability}, {row.year}: {row.whole} or {row.other} (linear plan {row.linear:.2f})."
        for row in calls[calls["close_call"]].itertuples()
    ]
    if not len(calls):
        lines.append("No close call was looked for: time was out.")
    elif not calls["close_call"].any():
        lines.append(
            f"None of the {len(calls)} targets tried is a close call: the number on the other side loses more, or breaks a policy."
        )
    return lines


def _nothing_to_round(targets: int) -> list[str]:
    """What is said where the linear plan has no target in fractions."""
    why = "no stock is within reach of an order of this plan"
    if targets:
        why = (
            "its one target is a whole number already"
            if targets == 1
            else f"all its {targets} targets are whole numbers already"
        )
    return [
        f"There is nothing to round in the linear plan: {why}. It stands as it is, and no plan in whole units does better."
    ]


def _objectives(plan: Plan) -> list[str]:
    return [name for stage in plan.stages for name in stage.weights]


def _fractions(table: pd.DataFrame) -> int:
    return int(((table["linear"] - table["linear"].round()).abs() > WHOLE).sum())


def _how_good(found: WholePlan, plan: Plan) -> str:
    """How the plan was found, and what is proved about any better one."""
    how = "branch and bound" if found.method == "branch and bound" else "rounding, then members in turn"
    if found.gap <= PROVED:
        return f"Found by {how}, and proved best."
    if not math.isfinite(found.gap):
        return f"Found by {how}; nothing is proved about better ones, but that none beats the linear plan."
    what = " and ".join(_objectives(plan))
    line = f"Found by {how}; not proved best: a better whole plan can lower the objectives ({what}) by at most {found.gap:.1%}."
    if math.isfinite(found.least):
        line += f" No whole plan has less {plan.stages[0].measure} than {_figure(found.least)}."
    return line


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4f}"
