"""Prices with the range in which they hold: the basis a stage ends with, asked how far each limit may move before it changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from model.language.faults import SolverError, UsageError
from model.language.registry import policies
from model.solve.engine import Answer, Ranges, Watch
from model.solve.lp import LP, Array
from model.solve.places import column, place_dimensions
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.stages import HOLD, Stage

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = ("limit", "value", "unit", "holds_from", "holds_to", "limit_unit")


def price_ranges(
    problem: Problem, plan: Plan, rules: Iterable[str], measure: str | None = None, watch: Watch | None = None
) -> pd.DataFrame:
    """One row a limit of the given policies: the limit, its price, and from which limit to which the price holds.

    ``value`` is the fall in the stage's measure for one unit more room; the range is that of the limit itself, all others
    unchanged, within which the stage's optimal basis and so the price stay as they are. ``problem`` must be the one that
    gave ``plan``. Raises UsageError for a rule that is no policy, SolverError where the ranging did not succeed.
    """
    import pandas as pd

    stage = plan.stage(measure)
    problem = problem.decided
    lp = _held(problem.lp, problem, stage)
    weights, unit = _weights(lp, stage)
    answer, ranges = problem.engine.ranging(lp, weights, problem.basis, watch)
    if ranges is None:
        raise SolverError(f"The ranges in which prices of {stage.measure} hold could not be found: {answer.status}.")
    records: list[tuple[Any, ...]] = []
    dimensions = place_dimensions(lp)
    for rule in rules:
        if rule not in policies(plan.scenario.rules):
            raise UsageError(f"{rule!r} is no policy; there are {', '.join(policies(plan.scenario.rules))}")
        if rule in lp.off:
            continue
        said = plan.unit_said(plan.parts[rule].unit)
        for key, limit, gain, low, high in _of_rule(lp, rule, answer, ranges):
            at = dict(zip(plan.parts[rule].index, key, strict=True))
            where = [at.get(dimension) for dimension in dimensions]
            price = (gain / unit, f"{stage.measure} per {said}")
            records.append((stage.measure, rule, *where, limit, *price, low, high, said))
    return pd.DataFrame.from_records(records, columns=["measure", "rule", *map(column, dimensions), *_FIGURES])


def _held(lp: LP, problem: Problem, stage: Stage) -> LP:
    """The stage's own problem: earlier measures held at their optimum, as the second and later stages do."""
    for name, limit in stage.ceilings.items():
        slack = 0.0 if name in problem.ceilings else HOLD * max(abs(limit), 1e-9)
        lp = lp.keep(name, limit + slack)
    return lp


def _weights(lp: LP, stage: Stage) -> tuple[dict[str, float], float]:
    """The stage's objective as the engine takes it, and what one of its units is there."""
    if len(stage.weights) == 1:
        name = next(iter(stage.weights))
        return {name: 1.0}, float(lp.scale[lp.measure(name)])
    return {name: weight / float(lp.scale[lp.measure(name)]) for name, weight in stage.weights.items()}, 1.0


Row = tuple[tuple[Any, ...], float, float, float, float]


def _of_rule(lp: LP, rule: str, answer: Answer, ranges: Ranges) -> list[Row]:
    """Key, limit, gain (scaled) and the ends of the range, for each limit of a rule."""
    if rule in lp.bounds:
        return _of_bound(lp, rule, answer, ranges)
    block = lp.rows.get(rule)
    if block is None or not block.keys:
        return []
    places = np.arange(block.start, block.stop)
    least = np.isfinite(lp.row_lower[places])
    limit = np.where(least, lp.row_lower[places], lp.row_upper[places])
    gain = np.where(least, answer.y[places], -answer.y[places])
    done = lp.A[:, :][places] @ answer.x
    low, high = _open_where_slack(ranges.row_low[places], ranges.row_high[places], least, done, gain)
    return _rows(block.keys, limit, gain, low, high)


def _of_bound(lp: LP, rule: str, answer: Answer, ranges: Ranges) -> list[Row]:
    block = lp.bound_blocks[rule]
    columns = np.array([lp.columns[block.name].at[key] for key in block.keys], dtype=np.int64)
    if not len(columns):
        return []
    limit, done = lp.bounds[rule][columns], answer.x[columns]
    decides = limit <= lp.upper_bounds()[columns]
    gain = np.where(decides, np.maximum(-answer.reduced[columns], 0.0), 0.0)
    least = np.zeros(len(columns), dtype=bool)
    low, high = _open_where_slack(ranges.column_low[columns], ranges.column_high[columns], least, done, gain)
    return _rows(block.keys, limit, gain, low, high)


def _open_where_slack(low: Array, high: Array, least: Array, done: Array, gain: Array) -> tuple[Array, Array]:
    """A limit without a price has none for as long as it does not bind: from what is done on, in the direction of more room."""
    idle = np.isnan(low) | (np.abs(gain) <= 1e-12)
    low = np.where(idle, np.where(least, -np.inf, done), low)
    high = np.where(idle, np.where(least, done, np.inf), high)
    return low, high


def _rows(keys: Iterable[tuple[Any, ...]], *columns: Array) -> list[Row]:
    return [
        (key, limit, gain, low, high)
        for key, limit, gain, low, high in zip(keys, *(column.tolist() for column in columns), strict=True)
    ]
