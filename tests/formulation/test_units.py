"""Every part has the unit it declares, and no rule adds or compares what has different units."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

import pint
import pyomo.environ as pyo
import pytest
from pyomo.core.base.units_container import UnitsError
from pyomo.util.check_units import assert_units_consistent, assert_units_equivalent

from model.core.decisions import Decisions
from model.core.parameters import Data
from model.formulation.build import keys_of, stated
from model.language.registry import PARTS, Part, parts
from tests.formulation.ash_and_birch import LAYERS, data, layer_of
from tests.formulation.units import REGISTRY, Measured, Stated, dimension, parameters_take_quantities


@cache
def problem(layer: str = "") -> tuple[pyo.ConcreteModel, Decisions, Data]:
    d = Stated(data(layer))
    return *stated(d, lambda text: dimension(text, pyo.units)), d


@pytest.mark.parametrize("part", parts("parameter"), ids=lambda part: part.name)
def test_a_parameter_has_its_declared_unit(part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    """Computed from a scenario whose every cell carries the unit of its column."""
    parameters_take_quantities(monkeypatch)
    found = Measured(data(layer_of(part))).evaluate(part)
    values = list(found.values()) if part.index else [found]
    assert values
    for value in values:
        got = value if isinstance(value, pint.Quantity) else value * REGISTRY.dimensionless
        assert got.is_compatible_with(dimension(part.unit, REGISTRY)), (part.name, got)


@pytest.mark.parametrize("part", parts("constraint"), ids=lambda part: part.name)
def test_a_constraint_has_its_declared_unit(part: Part) -> None:
    """Each side, and every term in it, those of other layers too."""
    rows = list(problem(layer_of(part))[0].component(part.name).values())
    assert rows
    of_layers = [problem(layer)[0].component(part.name).values() for layer in LAYERS]
    for row in (*rows, *chain.from_iterable(of_layers)):
        assert_units_consistent(row)
        assert_units_equivalent(row.body, dimension(part.unit, pyo.units))


@pytest.mark.parametrize("part", parts("bound"), ids=lambda part: part.name)
def test_a_bound_has_its_declared_unit(part: Part) -> None:
    d = problem(layer_of(part))[2]
    for key in keys_of(part, d):
        assert_units_equivalent(part.rule(None, d, *key), dimension(part.unit, pyo.units))
    assert part.unit == PARTS[part.of].unit


@pytest.mark.parametrize("part", parts("variable"), ids=lambda part: part.name)
def test_a_variables_largest_value_has_its_unit(part: Part) -> None:
    d = problem(layer_of(part))[2]
    for key in keys_of(part, d):
        if (most := part.rule(d, *key)) is not None:
            assert_units_equivalent(most, dimension(part.unit, pyo.units))


@pytest.mark.parametrize("part", parts("quantity", "measure"), ids=lambda part: part.name)
def test_an_expression_has_its_declared_unit(part: Part) -> None:
    model, m, _ = problem(layer_of(part))
    if part.kind == "measure":
        found: list[Any] = [model.component(part.name).expr]
    else:
        found = list(getattr(m, part.name).values())
    for expression in found:
        assert_units_equivalent(expression, dimension(part.unit, pyo.units))


@pytest.mark.parametrize(
    ("name", "unit"), [("budget", "money/yr"), ("acquisition_cost", "money"), ("required", "unit"), ("delay", "unit")]
)
def test_a_wrong_unit_would_be_seen(name: str, unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters_take_quantities(monkeypatch)
    found = next(iter(Measured(data()).evaluate(PARTS[name]).values())) * REGISTRY.dimensionless
    assert not found.is_compatible_with(dimension(unit, REGISTRY))


def test_a_rule_that_mixes_units_would_be_seen() -> None:
    _, m, d = problem()
    held, contributed = next(iter(m.held.values())), next(iter(m.contributed.values()))
    with pytest.raises(UnitsError):
        assert_units_consistent(contributed <= d.survival["tank"] * held)
    with pytest.raises(UnitsError):
        assert_units_consistent(next(iter(m.spend.values())) <= next(iter(d.initial.values())))
