"""Pyomo model -> LP. The only file that knows Pyomo's standard form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.opt import WriterFactory

from model.formulation.build import build, keys_of, uncollected
from model.formulation.parameters import Data
from model.formulation.registry import Part, parts
from model.solve.lp import LP, Array, Block, Blocks

RISK_SCALE = 1000.0
"""Measures between 0 and 1 are solved as 0…1000, money as parts in a thousand of all budgets."""


def compile_data(d: Data) -> LP:
    """Build and flatten the problem of one scenario."""
    return compile_model(build(d), d)


def compile_model(model: pyo.ConcreteModel, d: Data) -> LP:
    """Flatten a model to arrays whose columns do not depend on which coefficients are zero."""
    with uncollected():
        form = WriterFactory("compile_standard_form").write(model, mixed_form=True, set_sense=None)
    columns, variables = _blocks(model, parts("variable"), d)
    rows, constraints = _blocks(model, parts("constraint"), d)
    place = _places(form.columns, variables)
    A, row_lower, row_upper = _rows(form, constraints, place, len(variables))
    lower, upper = _limits(variables)
    bounds, bound_blocks = _bounds(columns, len(variables), d)
    measures = tuple(part.name for part in parts("measure"))
    return LP(
        columns=columns,
        rows=rows,
        measures=measures,
        A=A.tocsc(),
        K=_measure_rows(form, model, measures, place, len(variables)),
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        bounds=bounds,
        bound_blocks=bound_blocks,
        scale=_scales(d),
        ceilings=np.full(len(measures), np.inf),
        floors=np.full(len(measures), -np.inf),
    )


def _blocks(model: pyo.ConcreteModel, chosen: list[Part], d: Data) -> tuple[Blocks, list[Any]]:
    """The labels of every part in registry order, and the Pyomo objects in the same order."""
    blocks: dict[str, Block] = {}
    items: list[Any] = []
    for part in chosen:
        keys, component = keys_of(part, d), model.component(part.name)
        single = len(part.index) == 1
        if not part.index:
            found = [component[None]]
        else:
            known = dict(component.items())
            found = [known.get(key[0] if single else key) for key in keys]
        blocks[part.name] = Block(part.name, part.index, tuple(keys), len(items), part.may_bend, part.supports)
        items += found
    return blocks, items


def _places(kept: list[Any], items: list[Any]) -> Array:
    """Where the columns Pyomo kept stand among all (it drops the unused)."""
    at = {id(item): j for j, item in enumerate(items)}
    return np.array([at[id(item)] for item in kept], dtype=np.int64)


def _rows(form: Any, constraints: list[Any], place: Array, width: int) -> tuple[sp.csr_array, Array, Array]:
    """One row for each constraint, trivial ones (dropped by Pyomo) empty and free."""
    at = {id(item): i for i, item in enumerate(constraints) if item is not None}
    seat = np.array([at[id(item)] for item, _ in form.rows], dtype=np.int64)
    lower, upper = np.full(len(constraints), -np.inf), np.full(len(constraints), np.inf)
    side, limit = np.array([s for _, s in form.rows]), np.asarray(form.rhs)
    lower[seat[side <= 0]] = limit[side <= 0]
    upper[seat[side >= 0]] = limit[side >= 0]
    matrix = form.A.tocoo()
    shape = (len(constraints), width)
    placed = sp.coo_array((matrix.data, (seat[matrix.row], place[matrix.col])), shape=shape)
    return placed.tocsr(), lower, upper


def _measure_rows(
    form: Any, model: pyo.ConcreteModel, measures: tuple[str, ...], place: Array, width: int
) -> sp.csr_array:
    order = {id(model.component(name)): i for i, name in enumerate(measures)}
    seat = np.array([order[id(objective.parent_component())] for objective in form.objectives], dtype=np.int64)
    c = form.c.tocoo()
    return sp.coo_array((c.data, (seat[c.row], place[c.col])), shape=(len(measures), width)).tocsr()


def _limits(variables: list[Any]) -> tuple[Array, Array]:
    lower = np.array([-np.inf if v.lb is None else v.lb for v in variables], dtype=float)
    upper = np.array([np.inf if v.ub is None else v.ub for v in variables], dtype=float)
    return lower, upper


def _bounds(columns: Blocks, width: int, d: Data) -> tuple[dict[str, Array], dict[str, Block]]:
    """The policies that limit single columns."""
    limits, blocks = {}, {}
    for part in parts("bound"):
        at, keys, limit = columns[part.of].at, keys_of(part, d), np.full(width, np.inf)
        for key in keys:
            limit[at[key]] = part.rule(None, d, *key)
        limits[part.name] = limit
        blocks[part.name] = Block(part.of, part.index, tuple(keys), 0, part.may_bend, part.supports)
    return limits, blocks


def _scales(d: Data) -> Array:
    """What each measure is multiplied by for the solver."""
    money = sum(d.discount[t] * value for (_, t), value in d.budget.items())
    by_unit = {"money": RISK_SCALE / money if money > 0 else 1.0}
    return np.array([by_unit.get(part.unit, RISK_SCALE) for part in parts("measure")])
