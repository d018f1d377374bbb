"""How far a plan could go: extremes of any linear figure among plans within ceilings, and the money to reach a ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from model.core.spending import budget_is_respected
from model.language.cached import cached_property
from model.language.faults import SolverError
from model.solve.engine import Answer, Basis, Watch
from model.solve.hot import cold_method
from model.solve.lp import LP, Array, Block, Key
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.proof import check_printed, measures_of, prove
from model.solve.proved import proved
from model.solve.settle import settle
from model.solve.stages import HOLD, Stage

Field = tuple[str, str]

BUDGET = budget_is_respected.__name__
"""The rule whose rows are every member's spending; all figures of money here are read from them."""

_SPENT_ON = ("ordered", "held", "lifted")

_LARGEST = 10.0
"""The largest coefficient of a figure as the solver sees it."""

_TIDY = 1e-3
"""What a unit of spending weighs against a unit beyond the budgets: of plans that need as little, one that wastes nothing."""

_DUST = 1e-12


def near(plan: Plan, within: float) -> dict[str, float]:
    """Ceilings on the scenario's objectives a part ``within`` above what the plan reaches (at least what ties are held to)."""
    found = {}
    for name in plan.scenario.settings["objectives"]:
        value, whole = plan.measures[name], float(plan.lp.whole[plan.lp.measure(name)])
        found[name] = value + max(max(within, HOLD) * abs(value), _DUST * whole)
    return found


def burden_of(problem: Problem, member: str) -> Array:
    """A member's discounted spending over the horizon, by column."""
    d, lp = problem.data, problem.lp
    weights = np.zeros(lp.A.shape[0])
    for key, place in lp.rows[BUDGET].at.items():
        if key[0] == member:
            weights[place] = d.discount[key[1]]
    return np.asarray(lp.A.T @ weights)


def spending_by_field(problem: Problem) -> tuple[tuple[Field, ...], sp.csr_array]:
    """Member and capability of each row, and each row's discounted spending by column."""
    d, lp = problem.data, problem.lp
    weights = np.zeros(lp.A.shape[0])
    for key, place in lp.rows[BUDGET].at.items():
        weights[place] = d.discount[key[1]]
    by_column = np.asarray(lp.A.T @ weights)
    fields: dict[Field, int] = {}
    row, column = [], []
    for name in _SPENT_ON:
        for key, place in lp.columns[name].at.items():
            row.append(fields.setdefault((key[0], key[1]), len(fields)))
            column.append(place)
    shape = (len(fields), lp.A.shape[1])
    return tuple(fields), sp.csr_array((by_column[column], (row, column)), shape=shape)


def figure(problem: Problem, weights: Mapping[tuple[str, Key], float]) -> Array:
    """Any linear figure by column, from weights on (variable, key)."""
    found = np.zeros(problem.lp.A.shape[1])
    for (name, key), weight in weights.items():
        found[problem.lp.columns[name].at[key]] = weight
    return found


@dataclass(frozen=True, eq=False)
class Extreme:
    """The least or the most of a figure, and a plan that has it (by column)."""

    value: float
    x: Array


class Region:
    """All plans of a solved problem within ceilings on its measures (those of the problem itself hold as well).

    Starts each search from the basis of the one before; only the aim changes, so that basis stays feasible.
    """

    def __init__(self, problem: Problem, ceilings: Mapping[str, float], watch: Watch | None = None) -> None:
        self.problem, self._watch = (problem := problem.decided), watch or Watch()
        self._basis = problem.basis
        self.lp = _under(problem.lp, ceilings)

    def least(self, aim: Array) -> Extreme:
        """The smallest value of a figure. Raises SolverError where the solver cannot settle it."""
        size = float(np.abs(aim).max(initial=0.0))
        extra = aim * (_LARGEST / size) if size else aim
        answer = _settled(self.problem, self.lp, {}, extra, self._basis, self._watch)
        if answer.status != "optimal":
            raise SolverError(f"How far the plan could go was not settled: {answer.status}.")
        self._basis = answer.basis
        return Extreme(float(aim @ answer.x), answer.x)

    def most(self, aim: Array) -> Extreme:
        """The largest value of a figure."""
        found = self.least(-aim)
        return Extreme(-found.value, found.x)

    def measures(self, x: Array) -> dict[str, float]:
        """Every measure of a plan at its true value. Raises SolverError where its definition makes it another."""
        settled = settle(self.problem.engine, self.lp, x)
        found = measures_of(self.lp, settled)
        check_printed(prove(self.problem.reading, self.lp, self._claim, settled, printed=found))
        return found

    def broken(self, x: Array) -> float:
        """By how much of its own size a plan breaks the worst rule, limit or ceiling, in the certificate's own reading."""
        settled = settle(self.problem.engine, self.lp, x)
        return prove(self.problem.reading, self.lp, self._claim, settled).primal

    @cached_property
    def _claim(self) -> Stage:
        """A stage that claims no optimum: only what the plan keeps is looked at."""
        rows, columns = self.lp.A.shape
        ceilings = {n: float(c) for n, c in zip(self.lp.measures, self.lp.ceilings, strict=True) if np.isfinite(c)}
        none = np.zeros(rows), np.zeros(len(self.lp.measures)), np.zeros(columns)
        return Stage(dict.fromkeys(ceilings, 1.0) or {"cost": 1.0}, 0.0, ceilings, np.zeros(columns), *none, 0.0, 0)


@dataclass(frozen=True, eq=False)
class Extra:
    """The least money beyond the budgets with which ceilings can be kept; ``found`` false where no money keeps them.

    ``beyond`` by member, discounted; ``burden`` what each member then bears in all; ``broken`` the worst violation of any
    other rule, in the certificate's own reading.
    """

    status: str
    beyond: Mapping[str, float]
    burden: Mapping[str, float]
    broken: float = 0.0

    @property
    def found(self) -> bool:
        return self.status == "optimal"

    @property
    def total(self) -> float:
        """All money beyond the budgets, discounted."""
        return sum(self.beyond.values())


def least_extra_money(problem: Problem, ceilings: Mapping[str, float], watch: Watch | None = None) -> Extra:
    """The least money members would have to offer beyond their budgets to keep ceilings on measures, all else as it is.

    Raises SolverError where the solver cannot settle it.
    """
    problem = problem.decided
    d, base = problem.data, _under(problem.lp, ceilings)
    block, width = base.rows[BUDGET], base.A.shape[1]
    lp = _elastic(base, block)
    discount = np.array([d.discount[key[1]] for key in block.keys])
    extra = np.r_[np.zeros(width), discount * base.scale[base.measure("cost")]]
    start = problem.basis
    if start is not None:
        start = Basis(np.r_[start.columns, np.zeros(len(block.keys), dtype=start.columns.dtype)], start.rows)
    answer = _settled(problem, lp, {"cost": _TIDY}, extra, start, watch or Watch(), "dual simplex")
    if answer.status == "infeasible":
        richest = problem.changed(off={*problem.off, BUDGET}, ceilings={**problem.ceilings, **ceilings})
        refusal = richest.solve(("risk",), watch=watch, ties=False)
        if refusal.status != "infeasible":
            raise SolverError(f"What money it takes to keep a limit was not settled. {refusal.message}")
        return Extra(answer.status, {}, {})
    if answer.status != "optimal":
        raise SolverError(f"What money it takes to keep a limit was not settled: {answer.status}.")
    beyond = dict.fromkeys(d.sets["member"], 0.0)
    for key, more in zip(block.keys, answer.x[width:] * discount, strict=True):
        beyond[key[0]] += float(more)
    x = answer.x[:width]
    burden = {m: float(burden_of(problem, m) @ x) for m in d.sets["member"]}
    return Extra("optimal", beyond, burden, _broken_without_budgets(problem, base, ceilings, x))


def _broken_without_budgets(problem: Problem, lp: LP, ceilings: Mapping[str, float], x: Array) -> float:
    free = problem.changed(off={*problem.off, BUDGET}, ceilings={**problem.ceilings, **ceilings})
    reading = problem.read_again(free.off)
    without = replace(lp, off=lp.off | {BUDGET})
    zeros = np.zeros(lp.A.shape[0]), np.zeros(len(lp.measures)), np.zeros(len(x))
    stage = Stage({"cost": 1.0}, 0.0, dict(free.ceilings), x, *zeros, 0.0, 0)
    return prove(reading, without, stage, settle(problem.engine, without, x)).primal


def _under(lp: LP, ceilings: Mapping[str, float]) -> LP:
    for name, limit in ceilings.items():
        lp = lp.keep(name, min(limit, float(lp.ceilings[lp.measure(name)])))
    return lp


def _elastic(lp: LP, block: Block) -> LP:
    """The same problem with a column for each row of a rule that makes room in it."""
    more, (rows, width) = len(block.keys), lp.A.shape
    room = sp.csc_array(
        (np.full(more, -1.0), (np.arange(block.start, block.stop), np.arange(more))), shape=(rows, more)
    )
    raised = Block("raised", block.index, block.keys, width)
    return replace(
        lp,
        columns={**lp.columns, "raised": raised},
        A=sp.hstack([lp.A, room], format="csc"),
        K=sp.hstack([lp.K, sp.csr_array((len(lp.measures), more))], format="csr"),
        lower=np.r_[lp.lower, np.zeros(more)],
        upper=np.r_[lp.upper, np.full(more, np.inf)],
        bounds={name: np.r_[limit, np.full(more, np.inf)] for name, limit in lp.bounds.items()},
    )


def _settled(
    problem: Problem,
    lp: LP,
    weights: Mapping[str, float],
    extra: Array,
    start: Basis | None,
    watch: Watch,
    method: str = "primal simplex",
) -> Answer:
    """The first answer the solver is sure of, under its settings in turn."""
    if start is None:
        method = cold_method(lp)
    return proved(
        lambda settings: problem.engine.solve(lp, weights, start, method, watch, extra, settings),
        lambda answer: answer.status != "numerical trouble",
    )
