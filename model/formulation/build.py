"""Scenario data -> Pyomo model: a loop over what is registered, and nothing else."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from types import SimpleNamespace
from typing import Any

import pyomo.environ as pyo

from model.formulation import contributions, holdings, requirements, spending, variables  # noqa: F401  registers the parts
from model.formulation.parameters import Data
from model.formulation.registry import Part, parts

_BUILDING = threading.Lock()
"""Pyomo's model building is not made for threads."""


class Decisions(SimpleNamespace):
    """What rules see as ``m``: each variable and quantity as a mapping by key (a scalar as itself)."""

    @staticmethod
    def sum(terms: Iterable[Any]) -> Any:
        """The sum of terms, as one flat linear expression."""
        return pyo.quicksum(terms)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: building makes a million small objects that all stay alive."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keys_of(part: Part, d: Data) -> list[tuple[Any, ...]]:
    """Where a part exists."""
    if part.over is not None:
        return d.keys(part.over)
    return list(product(*(d.sets[name] for name in part.index)))


def build(d: Data) -> pyo.ConcreteModel:
    """The alliance's problem as a Pyomo model."""
    return stated(d)[0]


def stated(d: Data, unit_of: Any = None) -> tuple[pyo.ConcreteModel, Decisions]:
    """The model, and the decisions its rules were stated in; ``unit_of`` gives variables their units (for the proof of units)."""
    with _BUILDING, uncollected():
        model, m = pyo.ConcreteModel(), Decisions()
        for part in parts("variable"):
            setattr(m, part.name, _add_variable(model, part, d, unit_of))
        for part in parts("quantity", "constraint", "measure"):
            _ADD[part.kind](model, m, part, d)
        return model, m


def _add_variable(model: pyo.ConcreteModel, part: Part, d: Data, unit_of: Any) -> Any:
    units = unit_of(part.unit) if unit_of else None
    if not part.index:
        variable = pyo.Var(bounds=(0, None), units=units)
        model.add_component(part.name, variable)
        return variable
    keys = keys_of(part, d)
    variable = pyo.Var(pyo.Set(initialize=keys, dimen=len(part.index), ordered=True), units=units)
    model.add_component(part.name, variable)
    found = _mapping(part, variable)
    for key in keys:
        item = found[key if len(key) > 1 else key[0]]
        item.setlb(0)
        item.setub(part.rule(d, *key))
    return found


def _mapping(part: Part, component: Any) -> dict[Any, Any]:
    return dict(component.items())


def _add_quantity(model: pyo.ConcreteModel, m: Decisions, part: Part, d: Data) -> None:
    rule, single = part.rule, len(part.index) == 1
    setattr(m, part.name, {key[0] if single else key: rule(m, d, *key) for key in keys_of(part, d)})


def _add_constraint(model: pyo.ConcreteModel, m: Decisions, part: Part, d: Data) -> None:
    rule, keys = part.rule, keys_of(part, d)
    index = pyo.Set(initialize=keys, dimen=len(part.index), ordered=True)
    model.add_component(part.name, pyo.Constraint(index, rule=lambda _, *key: _stated(rule(m, d, *key))))


def _stated(relation: Any) -> Any:
    """A relation without variables is a plain truth: such a row says nothing (a false one would be a programming error)."""
    return pyo.Constraint.Skip if relation is True else relation


def _add_measure(model: pyo.ConcreteModel, m: Decisions, part: Part, d: Data) -> None:
    model.add_component(part.name, pyo.Objective(expr=part.rule(m, d)))


_ADD = {"quantity": _add_quantity, "constraint": _add_constraint, "measure": _add_measure}
