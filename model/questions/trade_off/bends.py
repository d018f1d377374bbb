"""Where a front bends, and which rules bind beyond the bend that did not bind before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.language.registry import Part
from model.questions.trade_off.front import Front, Point, Support, meeting
from model.solve.lp import Key
from model.solve.plan import Plan

_NAMED = 5
"""Policies listed for one bend."""

_NOTHING = 1e-6
"""A rule whose whole worth is less than this, as a part of the measure's range, is worth nothing."""

_PLACES = ("member", "situation", "task", "capability", "period")

Worth = dict[tuple[str, Key], float]


@dataclass(frozen=True)
class Change:
    """How the worth of one rule in one place changes at a bend: in the first measure's unit, over the rule's whole extent."""

    rule: str
    key: Key
    before: float
    after: float
    part: Part

    @property
    def role(self) -> str:
        """What happens to the rule."""
        if self.before <= 0 < self.after:
            return "takes over"
        if self.after <= 0 < self.before:
            return "gives way"
        return "weighs more" if self.after > self.before else "weighs less"

    @property
    def policy(self) -> bool:
        """Whether somebody decided the rule."""
        return self.part.may_bend


@dataclass(frozen=True)
class Bend:
    """A point where the price changes. ``exact`` is False where it was inferred from the prices on either side of it.

    ``depth`` says how sharp it is: how far it lies below the chord between its neighbours, as a part of the range.
    ``buys`` and ``payer`` say where the money goes beyond it: the requirement whose coverage rises most, the member whose
    spending rises most.
    """

    first: float
    second: float
    before: float
    after: float
    exact: bool
    depth: float
    changes: tuple[Change, ...]
    buys: Key | None = None
    payer: str | None = None


def bends(front: Front) -> tuple[Bend, ...]:
    """Every bend between two prices that are known, from the least of the second measure on."""
    if not front.edges:
        return ()
    return tuple(sorted((*_between_edges(front), *_within_edges(front)), key=lambda bend: (bend.second, -bend.first)))


def _between_edges(front: Front) -> Iterator[Bend]:
    """Bends at points where two proved edges meet."""
    for one, other in zip(front.edges, front.edges[1:], strict=False):
        if one.support and other.support and _differ(one.support, other.support):
            depth = _depth(front, one.start, one.end, other.end)
            yield _bend(front, (one.end, True, depth), (one.support, other.support), (other.start, other.end))


def _within_edges(front: Front) -> Iterator[Bend]:
    """Bends inferred where the lines through two neighbouring points meet."""
    for edge in front.edges:
        one, other = edge.start.support, edge.end.support
        if edge.exact or not (one and other and one.plan and other.plan):
            continue
        place = meeting(one, other)
        if place is not None and _differ(one, other):
            at = replace(edge.start, first=place[0], second=place[1])
            yield _bend(front, (at, False, edge.depth), (one, other), (edge.start, edge.end))


def _bend(
    front: Front, where: tuple[Point, bool, float], lines: tuple[Support, Support], beyond: tuple[Point, Point]
) -> Bend:
    (at, exact, depth), (one, other) = where, lines
    width = front.points[0].first - front.points[-1].first
    return Bend(
        at.first, at.second, one.price, other.price, exact, depth,
        changes(one, other, front.measures[0], width), _bought(*beyond), _payer(*beyond),
    )  # fmt: skip


def _depth(front: Front, before: Point, at: Point, after: Point) -> float:
    weights = after.second - before.second, before.first - after.first
    missing = weights[0] * (before.first - at.first) + weights[1] * (before.second - at.second)
    start, end = front.points[0], front.points[-1]
    return missing / (weights[0] * (start.first - end.first) + weights[1] * (end.second - start.second))


def _bought(start: Point, end: Point) -> Key | None:
    """The requirement (task, capability, year) whose covered part rises most between two plans."""
    before, after, required = start.plan.quantity("shortfall"), end.plan.quantity("shortfall"), end.plan.data.required
    rise = {key: (before[key] - after[key]) / required[key] for key in after}
    most = max(rise, key=lambda key: (round(rise[key], 9), str(key)), default=None)
    return most if most is not None and rise[most] > _NOTHING else None


def _payer(start: Point, end: Point) -> str | None:
    """The member whose discounted spending rises most between two plans."""
    before, after = start.plan.quantity("discounted_spend"), end.plan.quantity("discounted_spend")
    rise = {member: after[member] - before[member] for member in after}
    most = max(rise, key=lambda member: (round(rise[member], 9), member))
    return str(most) if rise[most] > _NOTHING * max(1.0, abs(end.second)) else None


def _differ(one: Support, other: Support) -> bool:
    return abs(one.price - other.price) > 1e-6 * max(one.price, other.price)


def changes(one: Support, other: Support, measure: str, width: float) -> tuple[Change, ...]:
    """The rules whose worth changes most, those that take over first; policies before what holds of any plan."""
    if one.plan is None or other.plan is None:
        return ()
    nothing = _NOTHING * width
    before, after = worth(one.plan, measure), worth(other.plan, measure)
    found = []
    for place in before.keys() | after.keys():
        values = [value if value > nothing else 0.0 for value in (before.get(place, 0.0), after.get(place, 0.0))]
        if abs(values[1] - values[0]) > nothing:
            found.append(Change(*place, values[0], values[1], one.plan.parts[place[0]]))
    found.sort(key=lambda change: (not change.policy, *_rank(change), change.rule, str(change.key)))
    return tuple(found[:_NAMED])


def _rank(change: Change) -> tuple[int, float]:
    order = {"takes over": 0, "gives way": 1}
    return order.get(change.role, 2), -round(abs(change.after - change.before), 12)


def worth(plan: Plan, measure: str) -> Worth:
    """What every rule is worth where it binds: its gain in the measure for one unit more room, times its size."""
    stage = plan.stages[0] if measure in plan.stages[0].weights else plan.stage(measure)
    unit, lp, found = stage.weights[measure], plan.lp, {}
    sizes = _row_sizes(plan)
    for rule in [*lp.rows, *lp.bounds]:
        gains = plan.gains(rule, stage.measure)
        for key, gain in gains.items():
            if gain > 0:
                size = sizes[lp.rows[rule].at[key]] if rule in lp.rows else _bound(plan, rule, key)
                found[rule, key] = gain * size / unit
    return found


def _row_sizes(plan: Plan) -> np.ndarray:
    """The size of every rule in its own unit: half of all that enters it, so that a balance counts once."""
    lp = plan.lp
    limit = np.where(np.isfinite(lp.row_upper), lp.row_upper, lp.row_lower)
    limit = np.where(np.isfinite(limit), np.abs(limit), 0.0)
    assert plan.x is not None
    return np.asarray(0.5 * (abs(lp.A) @ np.abs(plan.x) + limit))


def _bound(plan: Plan, rule: str, key: Key) -> float:
    lp = plan.lp
    limit = float(lp.bounds[rule][lp.columns[lp.bound_blocks[rule].name].at[key]])
    return limit if np.isfinite(limit) else 0.0


def bends_table(found: tuple[Bend, ...], measures: tuple[str, str], unit: str, price_unit: str) -> pd.DataFrame:
    """One row a bend and a rule that changes there."""
    first, second = measures
    columns = [
        "bend", first, second, "price_before", "price_after", "exact", "buys_for", "buys", "paid_by",
        "rule", *_PLACES, "role", "worth_before", "worth_after", "unit", "price_unit",
    ]  # fmt: skip
    records = []
    for number, bend in enumerate(found, 1):
        buys = bend.buys[:2] if bend.buys else (None, None)
        start = (number, bend.first, bend.second, bend.before, bend.after, bend.exact, *buys, bend.payer)
        for change in bend.changes or (None,):
            where = dict(zip(change.part.index, change.key, strict=True)) if change else {}
            what = (change.role, change.before, change.after) if change else ("", 0.0, 0.0)
            rule = change.rule if change else ""
            records.append((*start, rule, *(where.get(dim) for dim in _PLACES), *what, unit, price_unit))
    return pd.DataFrame.from_records(records, columns=columns).rename(columns={"period": "year"})
