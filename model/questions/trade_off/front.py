"""The front of two measures: every bend found exactly, or some points of it, with a bound on what is not known.

The front of two measures of a linear problem is convex and piecewise linear. A weighting that nothing beats is a straight
line below the whole front (:class:`Support`). The exact search (Aneja and Nair 1979) draws the chord between two points
and asks the solver for the best plan under the chord's own weighting: where nothing is better the chord is an edge of the
front, else a new point splits it. The search takes the widest gap first, so that it can be stopped at any time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.language.faults import SolverError, UsageError
from model.language.shown import Shown
from model.solve.engine import Progress
from model.solve.plan import Plan
from model.solve.problem import Problem

SHALLOW = 1e-6
"""A bend less deep than this part of the front's range is passed over: it is within what the solver can tell."""

_MARGIN = 0.1
"""A ceiling stays at least this part of an edge away from both its ends."""

_STEEPEST = 1e6
"""Largest proportion of two weights that is handed to the solver as it is."""


@dataclass(frozen=True, eq=False)
class Support:
    """A line no plan gets below: first weight x first measure + second weight x second measure >= value.

    ``plan`` is the plan whose duals prove it (none where the line only says that a measure is at its least).
    """

    first: float
    second: float
    value: float
    plan: Plan | None = None

    @property
    def price(self) -> float:
        """What one unit less of the first measure costs in the second, along the line."""
        return self.first / self.second if self.second > 0 else np.inf


@dataclass(frozen=True, eq=False)
class Point(Shown):
    """A plan that nothing beats in both measures; ``support`` is a line through it, where one is known.

    ``problem`` is the one solved for it: solves nearby start from there.
    """

    first: float
    second: float
    plan: Plan
    problem: Problem
    support: Support | None = None


@dataclass(frozen=True, eq=False)
class Edge(Shown):
    """The chord between two neighbouring points, from much of the first measure to less of it.

    ``depth`` bounds how far below the chord the true front may lie, as a part of the range of both measures together;
    ``low`` is the same in the unit of the first measure. Both are 0 where the chord *is* the front.
    """

    start: Point
    end: Point
    support: Support | None
    depth: float = 0.0
    low: float = 0.0

    @property
    def price(self) -> float:
        """What one unit less of the first measure costs in the second, on average along the chord."""
        return (self.end.second - self.start.second) / (self.start.first - self.end.first)

    @property
    def exact(self) -> bool:
        """Whether the chord is proved to be an edge of the front."""
        return self.support is not None


@dataclass(frozen=True, eq=False)
class Front(Shown):
    """The front from the least of the second measure to the least of the first.

    ``complete``: every chord is proved to be an edge, so the points are exactly the bends and the two ends. ``stopped``: the
    time limit ended the search before it had all it was asked for.
    """

    measures: tuple[str, str]
    points: tuple[Point, ...]
    edges: tuple[Edge, ...]
    solves: int
    complete: bool
    stopped: bool = False

    @property
    def gap(self) -> float:
        """How far the true front may lie below the drawn one at most, in the unit of the first measure."""
        return max((edge.low for edge in self.edges), default=0.0)


@dataclass(frozen=True)
class Effort:
    """How much a front may take, and who is told."""

    most_solves: int = 200
    time_limit: float | None = None
    progress: Progress | None = None


def exact_front(problem: Problem, first: str, second: str, effort: Effort | None = None) -> Front:
    """Every bend of the front of two measures, or as many as the effort allows (``complete`` says which).

    Raises UsageError for unknown measures and where no plan satisfies the policies, SolverError where the solver failed.
    """
    return _Search(problem, first, second, effort or Effort()).exact()


def sampled_front(problem: Problem, first: str, second: str, points: int = 11, effort: Effort | None = None) -> Front:
    """The least of the first measure under ceilings on the second, placed where least is known, and the price on each.

    Raises as :func:`exact_front`, and UsageError for fewer than two points.
    """
    if points < 2:
        raise UsageError(f"a front needs at least 2 points, not {points}")
    return _Search(problem, first, second, effort or Effort()).sampled(points)


class _Search:
    """One front in the making."""

    def __init__(self, problem: Problem, first: str, second: str, effort: Effort) -> None:
        if first == second:
            raise UsageError(f"a trade-off is between two measures, and {first} was named twice")
        self.problem = problem
        self.first, self.second, self.effort = first, second, effort
        self.begun, self.solves, self.stopped = time.perf_counter(), 0, False
        self.ranges = (1.0, 1.0)

    def exact(self) -> Front:
        start, edges = self.refined(self.split, self.effort.most_solves)
        return self.front(start, edges)

    def sampled(self, points: int) -> Front:
        return self.front(*self.refined(self.between, points))

    def refined(self, parted: Callable[[Edge], list[Edge]], most_solves: int) -> tuple[Point, list[Edge]]:
        """The two ends, and the edges between them after the widest has been parted again and again."""
        start, end = self.ends()
        edges = [self.edge(start, end)] if start is not end else []
        given_up: list[Edge] = []
        while open_edges := [edge for edge in edges if not edge.exact and edge not in given_up]:
            if self.solves >= most_solves:
                break
            if self.left() <= 0:
                self.stopped = True
                break
            widest = max(open_edges, key=lambda edge: edge.depth)
            found = parted(widest)
            if found:
                edges[edges.index(widest) : edges.index(widest) + 1] = found
            elif self.left() > 0:
                given_up.append(widest)
        return start, edges

    def front(self, start: Point, edges: Sequence[Edge]) -> Front:
        complete = all(edge.exact for edge in edges)
        edges = _merged(edges) if complete else edges
        points = (start, *(edge.end for edge in edges))
        return Front((self.first, self.second), points, tuple(edges), self.solves, complete, self.stopped)

    def ends(self) -> tuple[Point, Point]:
        """The best plans by each measure in turn, the other one second; one point where nothing has to be given up."""
        orders = (self.first, self.second), (self.second, self.first)
        end, start = (_certain(self.solve(self.problem.changed(), objectives=order)) for order in orders)
        self.ranges = start.first - end.first, end.second - start.second
        large = max(abs(start.first), 1e-9), max(abs(end.second), 1e-9)
        if any(width <= SHALLOW * size for width, size in zip(self.ranges, large, strict=True)):
            return end, end
        return (
            replace(start, support=Support(0.0, 1.0, start.second)),
            replace(end, support=Support(1.0, 0.0, end.first)),
        )

    def between(self, edge: Edge) -> list[Edge]:
        """The edge parted by a ceiling on the second measure, where the lines through its ends leave most room."""
        p, q = edge.start, edge.end
        width, apex = q.second - p.second, self.meeting(p, q)
        limit = p.second if apex is None else apex[1]
        limit = float(np.clip(limit, p.second + _MARGIN * width, q.second - _MARGIN * width))
        point = self.under(q.problem, limit)
        if point is None or not (q.first < point.first < p.first and p.second < point.second < q.second):
            return []
        return [self.edge(p, point), self.edge(point, q)]

    def under(self, near: Problem, limit: float) -> Point | None:
        """The least of the first measure under a ceiling on the second; the price on the ceiling gives the line below."""
        problem = near.changed(ceilings={**self.problem.ceilings, self.second: limit})
        point = self.solve(problem, objectives=(self.first, self.second))
        if not point.plan.found:
            return None
        lp, stage = point.plan.lp, point.plan.stage(self.first)
        worth = max(0.0, -float(stage.ceiling_multipliers[lp.measure(self.second)]))
        return replace(point, support=Support(1.0, worth, point.first + worth * point.second, point.plan))

    def split(self, edge: Edge) -> list[Edge]:
        """The edge, proved; or the two edges over a point below it; or nothing where the solver failed."""
        p, q = edge.start, edge.end
        weights = q.second - p.second, p.first - q.first
        near = q.problem.changed(ceilings=self.problem.ceilings)
        point = self.solve(near, weights=self.normalised(weights))
        if not point.plan.found:
            return []
        value = weights[0] * point.first + weights[1] * point.second
        below = Support(*weights, value, point.plan)
        depth = self.depth(weights, weights[0] * p.first + weights[1] * p.second - value)
        inside = q.first < point.first < p.first and p.second < point.second < q.second
        if depth <= SHALLOW or not inside:
            return [Edge(p, q, below)]
        middle = replace(point, support=below)
        return [self.edge(p, middle), self.edge(middle, q)]

    def edge(self, p: Point, q: Point) -> Edge:
        """The chord between two points and what the lines through both say about the front below it."""
        weights = q.second - p.second, p.first - q.first
        apex = self.meeting(p, q)
        chord = weights[0] * p.first + weights[1] * p.second
        missing = 0.0 if apex is None else max(0.0, chord - weights[0] * apex[0] - weights[1] * apex[1])
        depth = self.depth(weights, missing)
        if depth > SHALLOW:
            return Edge(p, q, None, depth, missing / weights[0])
        slope = weights[0] / weights[1]
        proved = [line for line in (p.support, q.support) if line and line.plan is not None]
        nearest = min(proved, key=lambda line: abs(np.log(max(line.price, 1e-300) / slope)), default=None)
        return Edge(p, q, nearest, 0.0 if nearest else depth)

    def meeting(self, p: Point, q: Point) -> tuple[float, float] | None:
        """Where the lines through two points meet."""
        return meeting(p.support, q.support) if p.support and q.support else None

    def depth(self, weights: tuple[float, float], missing: float) -> float:
        return missing / (weights[0] * self.ranges[0] + weights[1] * self.ranges[1])

    def normalised(self, weights: tuple[float, float]) -> dict[str, float]:
        """Weights per natural unit as the façade takes them: risks as they are, money as a part of all budgets."""
        lp = self.problem.lp
        names = (self.first, self.second)
        found = [weight * float(lp.whole[lp.measure(name)]) for name, weight in zip(names, weights, strict=True)]
        least = max(min(found), max(found) / _STEEPEST)
        return {name: weight / least for name, weight in zip(names, found, strict=True)}

    def solve(
        self, problem: Problem, objectives: Sequence[str] | None = None, weights: Mapping[str, float] | None = None
    ) -> Point:
        self.solves += 1
        if self.effort.progress:
            self.effort.progress(f"solve {self.solves} of the trade-off", time.perf_counter() - self.begun, 0)
        plan = problem.solve(objectives, weights, None if self.effort.time_limit is None else self.left())
        first, second = (plan.measures.get(name, np.nan) for name in (self.first, self.second))
        return Point(first, second, plan, problem)

    def left(self) -> float:
        """Seconds left."""
        limit = self.effort.time_limit
        return np.inf if limit is None else max(0.0, self.begun + limit - time.perf_counter())


def meeting(one: Support, other: Support) -> tuple[float, float] | None:
    """Where two lines meet: first and second measure; nowhere where they are parallel."""
    across = one.first * other.second - other.first * one.second
    size = (one.first + one.second) * (other.first + other.second)
    if abs(across) <= 1e-15 * size:
        return None
    return (
        (one.value * other.second - other.value * one.second) / across,
        (one.first * other.value - other.first * one.value) / across,
    )


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Neighbouring edges of one slope are one edge: a plan within an edge is no bend."""
    found: list[Edge] = []
    for edge in edges:
        last = found[-1] if found else None
        if last and last.support and edge.support and _same(last.support.price, edge.support.price):
            found[-1] = Edge(last.start, edge.end, last.support)
        else:
            found.append(edge)
    return found


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def _certain(point: Point) -> Point:
    """The point of an end, without which there is no front."""
    if point.plan.found:
        return point
    raise (UsageError if point.plan.status == "infeasible" else SolverError)(point.plan.message)
