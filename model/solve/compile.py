"""Pyomo's expressions -> LP. The only reader of how Pyomo writes a linear relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from pyomo.core.base.var import ScalarVar, VarData
from pyomo.core.expr.numeric_expr import (
    LinearExpression,
    MonomialTermExpression,
    NegationExpression,
    ProductExpression,
    SumExpression,
)
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression

from model.core.data import Data
from model.formulation.build import Statement, state
from model.language.collector import uncollected
from model.language.outside import failed
from model.language.registry import PARTS, parts
from model.solve.lp import LP, Array, Block, Blocks

THOUSAND = 1000.0
"""Measures are solved as parts in a thousand."""

_SUMS = (LinearExpression, SumExpression)
_EXPRESSIONS = frozenset({*_SUMS, MonomialTermExpression, NegationExpression, ProductExpression, VarData, ScalarVar})


def compile_data(d: Data) -> LP:
    """State and flatten the problem of one scenario."""
    return compile_model(state(d), d)


def compile_model(made: Statement, d: Data) -> LP:
    """Flatten stated rules to arrays whose columns do not depend on which coefficients are zero."""
    with uncollected():
        columns = _blocks(made, list(made.variables))
        rows = _blocks(made, list(made.relations))
        terms = _Terms(made)
        limits = [limit for name in rows for limit in _limits_of(terms, made, name)]
        A = terms.matrix(len(limits))
        K = _measures(made)
    row_lower, row_upper = np.array(limits, dtype=float).reshape(-1, 2).T
    bound_blocks = _bound_blocks(made)
    return LP(
        columns=columns,
        rows=rows,
        measures=tuple(made.measures),
        A=A.tocsc(),
        K=K,
        lower=np.zeros(A.shape[1]),
        upper=_upper(made),
        row_lower=row_lower.copy(),
        row_upper=row_upper.copy(),
        bounds={name: _bound(made, name, columns, A.shape[1]) for name in bound_blocks},
        bound_blocks=bound_blocks,
        scale=_scales(d),
        whole=_wholes(d),
        ceilings=np.full(len(made.measures), np.inf),
        floors=np.full(len(made.measures), -np.inf),
    )


def patch(base: LP, before: Statement, after: Statement, d: Data) -> LP:
    """The LP of a restated problem: rows of rules that were stated again are made anew, all others are the base's.

    Ceilings and policies switched off are not carried over.
    """
    with uncollected():
        rows, pieces, kept = base.rows_apart, [], 0
        row_lower, row_upper = base.row_lower.copy(), base.row_upper.copy()
        for name, block in base.rows.items():
            if after.relations[name] is before.relations[name]:
                continue
            terms = _Terms(after)
            limits = _limits_of(terms, after, name)
            pieces += [rows[kept : block.start], terms.matrix(len(limits))]
            kept = block.stop
            row_lower[block.places], row_upper[block.places] = np.array(limits, dtype=float).reshape(-1, 2).T
        same = all(after.measures[name] is before.measures[name] for name in after.measures)
        K = base.K if same else _measures(after)
    moved = {name for name, limits in after.limits.items() if limits is not before.limits[name]}
    return replace(
        base,
        A=sp.vstack([*pieces, rows[kept:]], format="csc") if pieces else base.A,
        K=K,
        upper=_upper(after) if moved & set(after.variables) else base.upper,
        row_lower=row_lower,
        row_upper=row_upper,
        bounds={
            name: _bound(after, name, base.columns, base.A.shape[1]) if name in moved else limit
            for name, limit in base.bounds.items()
        },
        scale=_scales(d),
        whole=_wholes(d),
        ceilings=np.full(len(after.measures), np.inf),
        floors=np.full(len(after.measures), -np.inf),
        off=frozenset(),
    )


def _limits_of(terms: _Terms, made: Statement, name: str) -> list[tuple[float, float]]:
    """Adds the rows of one rule; their limits. Raises UsageError where a rule from outside is not linear, or not finite."""
    part = made.parts[name]
    if not part.own:
        return [terms.relation(relation) for relation in made.relations[name]]
    limits = []
    for key, relation in zip(made.keys[name], made.relations[name], strict=True):
        try:
            limits.append(terms.relation(relation))
        except (TypeError, ValueError) as wrong:
            raise failed(
                part, key, "it multiplies or divides decisions by one another, and only sums are possible"
            ) from wrong
        if relation is not True and not (terms.last_is_finite and np.isfinite(limits[-1]).any()):
            raise failed(part, key, "it has a coefficient or a limit that is no finite number")
    return limits


def _measures(made: Statement) -> sp.csr_array:
    """Every measure as a row."""
    terms = _Terms(made)
    for expression in made.measures.values():
        terms.expression(expression)
    return terms.matrix(len(made.measures))


class _Terms:
    """Rows under construction: columns and coefficients one after the other, and where each row ends."""

    def __init__(self, made: Statement) -> None:
        self._place = made.places
        self._columns: list[int] = []
        self._values: list[float] = []
        self._ends: list[int] = [0]

    def relation(self, relation: Any) -> tuple[float, float]:
        """Add one row and return its lower and upper limit; a relation without variables is a plain truth."""
        constant, lower, upper = 0.0, -np.inf, np.inf
        if relation is not True:
            left, right = relation.args
            plain = _is_number(left), _is_number(right)
            if not plain[0]:
                constant += self._add(left, 1.0)
            if not plain[1]:
                constant += self._add(right, 1.0 if plain[0] else -1.0)
            lower, upper = _sides(relation, left if plain[0] else None, right if plain[1] else None)
        self._ends.append(len(self._columns))
        return lower - constant, upper - constant

    def expression(self, expression: Any) -> None:
        """Add one row that is a sum without a limit."""
        self._add(expression, 1.0)
        self._ends.append(len(self._columns))

    @property
    def last_is_finite(self) -> bool:
        """Whether the coefficients of the last row are finite numbers."""
        first = self._ends[-2]
        return bool(np.isfinite(self._values[first:]).all())

    def matrix(self, height: int) -> sp.csr_array:
        """The rows as a matrix; what stands twice in a row is added up."""
        made = sp.csr_array((self._values, self._columns, self._ends), shape=(height, len(self._place)))
        made.sum_duplicates()
        made.eliminate_zeros()
        return made

    def _add(self, expression: Any, factor: float) -> float:
        """Add an expression's terms; the constant part comes back."""
        kind = type(expression)
        if kind is MonomialTermExpression:
            value, item = expression._args_
            self._columns.append(self._place[id(item)])
            self._values.append(factor * value)
            return 0.0
        if kind in _SUMS:
            return self._add_all(expression.args, factor)
        if isinstance(expression, VarData):
            self._columns.append(self._place[id(expression)])
            self._values.append(factor)
            return 0.0
        return self._add_rare(expression, factor)

    def _add_all(self, terms: Iterable[Any], factor: float) -> float:
        """Add the terms of a sum: the inner loop of all compiling, so what is met most is dealt with on the spot."""
        place, columns, values, constant = self._place, self._columns, self._values, 0.0
        for term in terms:
            if type(term) is MonomialTermExpression:
                value, item = term._args_
                columns.append(place[id(item)])
                values.append(factor * value)
            else:
                constant += self._add(term, factor)
        return constant

    def _add_rare(self, expression: Any, factor: float) -> float:
        kind = type(expression)
        if _is_number(expression):
            return factor * float(expression)
        if kind is NegationExpression:
            return self._add(expression.args[0], -factor)
        if kind is ProductExpression:
            left, right = expression.args
            return (
                self._add(right, factor * float(left)) if _is_number(left) else self._add(left, factor * float(right))
            )
        raise TypeError(f"a rule states something that is not linear: {expression}")


def _is_number(expression: Any) -> bool:
    kind = type(expression)
    return kind is float or kind is int or (kind not in _EXPRESSIONS and isinstance(expression, np.number))


def _sides(relation: Any, left: float | None, right: float | None) -> tuple[float, float]:
    """Limits of the side with variables: ``left <= right`` with a number on one side, or ``left - right <= 0``."""
    kind = type(relation)
    if kind is InequalityExpression:
        return (-np.inf, float(right or 0.0)) if left is None else (float(left), np.inf)
    if kind is not EqualityExpression:
        raise TypeError(f"a rule must state a relation with <=, >= or ==, not {relation}")
    side = float(left if left is not None else right or 0.0)
    return side, side


def _blocks(made: Statement, names: list[str]) -> Blocks:
    """The labels of every part, one after the other in registry order."""
    blocks: dict[str, Block] = {}
    start = 0
    for name in names:
        part, keys = made.parts[name], made.keys[name]
        blocks[name] = Block(name, part.index, tuple(keys), start, part.may_bend, part.supports)
        start += len(keys)
    return blocks


def _upper(made: Statement) -> Array:
    """The largest value of each column by its own definition."""
    found = [limit for name in made.variables for limit in made.limits[name]]
    return np.array([np.inf if limit is None else limit for limit in found], dtype=float)


def _bound_blocks(made: Statement) -> dict[str, Block]:
    """The labels of the policies that limit single columns."""
    return {
        part.name: Block(part.of, part.index, tuple(made.keys[part.name]), 0, part.may_bend, part.supports)
        for part in parts("bound")
    }


def _bound(made: Statement, name: str, columns: Blocks, width: int) -> Array:
    """The most a policy allows of each column; infinite where it says nothing."""
    at, limit = columns[PARTS[name].of].at, np.full(width, np.inf)
    limit[[at[key] for key in made.keys[name]]] = made.limits[name]
    return limit


def _wholes(d: Data) -> Array:
    """The full size of each measure: 1 for a fraction, all budgets for money."""
    money = sum(d.discount[t] * value for (_, t), value in d.budget.items())
    return np.array([money if part.unit == "money" and money > 0 else 1.0 for part in parts("measure")])


def _scales(d: Data) -> Array:
    """What each measure is multiplied by for the solver: fractions to 0…1000, money to parts in a thousand of what matters.

    What matters is the smaller of all budgets and the cheapest price of all that is required: where budgets are beyond
    all need, parts of them would drown in the solver's tolerances.
    """
    wholes = _wholes(d)
    need = _price_of_need(d)
    return np.array([THOUSAND / (min(whole, need) if whole != 1.0 and need > 0 else whole) for whole in wholes])


def _price_of_need(d: Data) -> float:
    """Buying and keeping every requirement at its largest, each capability from its cheapest member."""
    dearest: dict[tuple[str, str], float] = {}
    for (k, c, _), quantity in d.required.items():
        dearest[k, c] = max(dearest.get((k, c), 0.0), quantity)
    periods = len(d.sets["period"])
    price = {
        c: min(d.acquisition_cost[m, c] + periods * d.upkeep_cost[m, c] for m in members)
        for c, members in d.members_of_field.items()
        if members
    }
    return sum(quantity * price.get(c, 0.0) for (_, c), quantity in dearest.items())
