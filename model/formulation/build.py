"""Scenario data -> the problem in Pyomo: a loop over what is registered, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from model.core import contributions, holdings, requirements, spending, variables  # noqa: F401  register their parts
from model.core.data import Data, Node
from model.core.decisions import Decisions
from model.formulation.quickly import RelationalExpression, SumExpression, pyo
from model.language.collector import uncollected
from model.language.outside import call, failed
from model.language.registry import PARTS, Kind, Part, in_order, parts
from model.language.shown import Shown
from model.layers import gather

gather("rules")  # the layers' register theirs
in_order()

Key = tuple[Any, ...]


def added(terms: Iterable[Any]) -> Any:
    """The sum of terms in Pyomo's language; none at all is zero."""
    found = list(terms)
    return SumExpression(found) if len(found) > 1 else found[0] if found else 0


class Noted(Decisions):
    """Decisions as one part sees them: which quantities it reads is noted."""

    def __init__(self, m: Decisions, noted: set[Node], parts: Mapping[str, Part]) -> None:
        super().__init__(m.sum)
        self.__dict__.update(_m=m, _noted=noted, parts=parts)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.parts and self.parts[name].kind == "quantity":
            self._noted.add(name)
        return self.__dict__.setdefault(name, getattr(self._m, name))


@dataclass(frozen=True, eq=False)
class Statement(Shown):
    """Every rule, stated in Pyomo's language over Pyomo's variables, with the keys it holds for.

    ``variables`` and ``relations`` give one item a key, in the order of ``keys``; a relation that turned out to be a plain
    truth (it has no variables) is True. ``limits`` gives the largest values of variables, by their own definition and by
    each bound. ``model`` holds the variables; :func:`build` adds the rest as components. ``places`` counts the variables
    through, by the identity of Pyomo's object. ``reads`` gives, for every part by name, what it read while it was stated;
    ``parts`` are those that were stated.
    """

    model: pyo.ConcreteModel
    m: Decisions
    keys: dict[str, list[Key]]
    variables: dict[str, list[Any]]
    relations: dict[str, list[Any]]
    measures: dict[str, Any]
    limits: dict[str, list[float | None]]
    places: dict[int, int]
    reads: dict[Node, set[Node]] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=lambda: PARTS)


_STATED: tuple[Kind, ...] = ("quantity", "constraint", "measure", "variable", "bound")
"""What is stated over the variables, in this order."""


def keys_of(part: Part, d: Data) -> list[Key]:
    """Where a part exists."""
    return d.keys_of(part)


def state(d: Data, unit_of: Any = None) -> Statement:
    """State every rule for a scenario, its own from outside among them; ``unit_of`` gives variables units (for the proof of units)."""
    with uncollected():
        made = Statement(pyo.ConcreteModel(), Decisions(added), {}, {}, {}, {}, {}, {}, parts=d.parts)
        for part in parts("variable"):
            _state_variable(made, part, d, unit_of)
        for part in parts("constraint", "bound", among=d.parts):
            made.keys[part.name] = keys_of(part, d)
        _state(made, parts(*_STATED, among=d.parts), d)
        return made


def restate(made: Statement, d: Data, moved: Callable[[Any], bool]) -> Statement | None:
    """The statement with those parts stated again that say something else now; None where a part now holds for other keys."""
    with uncollected():
        known = made.parts
        elsewhere = [
            part for part in parts("variable", "constraint", "bound", among=known) if part.over and moved(part.over)
        ]
        if any(made.keys[part.name] != keys_of(part, d) for part in elsewhere):
            return None
        fresh = replace(
            made, m=Decisions(added, made.m.known()), relations=dict(made.relations), measures=dict(made.measures),
            limits=dict(made.limits), reads=dict(made.reads),
        )  # fmt: skip
        _state(fresh, [part for part in parts(*_STATED, among=known) if moved(part)], d)
        return fresh


def _state(made: Statement, again: Sequence[Part], d: Data) -> None:
    """State these parts; quantities when they are asked for, and then those nobody asked for."""
    quantities = [part for part in again if part.kind == "quantity"]
    for part in quantities:
        made.m.later(part.name, partial(_quantity, made, part, d))
    for part in quantities:
        getattr(made.m, part.name)
    for part in again:
        noted = made.reads[part.name] = set() if part.kind != "quantity" else made.reads[part.name]
        m, seen = Noted(made.m, noted, made.parts), d.reader(noted)
        if part.kind == "constraint":
            made.relations[part.name] = _relations(part, m, seen, made.keys[part.name])
        elif part.kind == "measure":
            made.measures[part.name] = part.rule(m, seen)
        elif part.kind != "quantity":
            given = (seen,) if part.kind == "variable" else (None, seen)
            made.limits[part.name] = [part.rule(*given, *key) for key in made.keys[part.name]]


def _relations(part: Part, m: Any, d: Any, keys: Sequence[Key]) -> list[Any]:
    if part.own:
        return [_checked(part, key, call(part, m, d, key=key)) for key in keys]
    return [part.rule(m, d, *key) for key in keys]


def _checked(part: Part, key: tuple[Any, ...], relation: Any) -> Any:
    """What a constraint from outside gave for a key, if it is a relation, or plainly true. Raises UsageError."""
    if isinstance(relation, bool | np.bool_):
        if relation:
            return True
        raise failed(part, key, "no decision is in it, and it is false: no plan can keep it")
    if not isinstance(relation, RelationalExpression):
        said = "nothing (is a return missing?)" if relation is None else f"{relation!s:.60}"
        raise failed(part, key, f"it gives back {said} and not a relation made with <=, >= or ==")
    if getattr(relation, "strict", False) or len(relation.args) != 2:
        raise failed(part, key, "write it with one <=, >= or ==")
    return relation


def _quantity(made: Statement, part: Part, d: Data) -> Any:
    noted = made.reads[part.name] = set()
    m, seen = Noted(made.m, noted, made.parts), d.reader(noted)
    keys, single = keys_of(part, d), len(part.index) == 1
    if part.over is not None:
        noted.add(part.over)
    return {key[0] if single else key: _sealed(call(part, m, seen, key=key)) for key in keys}


def _sealed(expression: Any) -> Any:
    """A quantity that no rule can change, so that threads may state their rules on the same one at once.

    Pyomo adds a term to a sum by appending to the sum's own list, as long as the list ends where the sum does, and then
    counts anew: two threads that do so at the same time would get each other's terms. One item more, which the sum does
    not count, makes Pyomo copy the list instead.
    """
    if isinstance(expression, SumExpression) and len(expression._args_) == expression.nargs():
        expression._args_.append(None)
    return expression


def _state_variable(made: Statement, part: Part, d: Data, unit_of: Any) -> None:
    """One Pyomo variable a part, numbered; the keys are ours."""
    keys, units = keys_of(part, d), unit_of(part.unit) if unit_of else None
    variable = pyo.Var(pyo.RangeSet(len(keys)), domain=pyo.NonNegativeReals, units=units)
    made.model.add_component(part.name, variable)
    items = list(variable.values())
    made.keys[part.name], made.variables[part.name] = keys, items
    made.places.update(zip(map(id, items), range(len(made.places), len(made.places) + len(items)), strict=True))
    if not part.index:
        made.m.put(part.name, items[0])
    elif len(part.index) == 1:
        made.m.put(part.name, {key[0]: item for key, item in zip(keys, items, strict=True)})
    else:
        made.m.put(part.name, dict(zip(keys, items, strict=True)))


def stated(d: Data, unit_of: Any = None) -> tuple[pyo.ConcreteModel, Decisions]:
    """The whole problem as a Pyomo model, for Pyomo's own tools, and the decisions its rules were stated in.

    Components are numbered from 1 in the order of their keys; a plain truth is left out.
    """
    made = state(d, unit_of)
    for name, relations in made.relations.items():
        component = pyo.Constraint(pyo.RangeSet(len(relations)))
        made.model.add_component(name, component)
        for number, relation in enumerate(relations, 1):
            if relation is not True:
                component.add(number, relation)
    for name, expression in made.measures.items():
        made.model.add_component(name, pyo.Objective(expr=expression))
    for part in parts("variable"):
        for limit, item in zip(made.limits[part.name], made.variables[part.name], strict=True):
            item.setub(limit)
    return made.model, made.m


def build(d: Data) -> pyo.ConcreteModel:
    """The alliance's problem as a Pyomo model."""
    return stated(d)[0]
