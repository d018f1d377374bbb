"""A scenario whose figures carry units: each column as the schema declares it, each parameter as it is computed."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pint
from pyomo.environ import units as pyomo_units

from model.core.parameters import Data
from model.language.registry import PARTS, parts
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS

OWN = ("money = [money]", "force = [force]", "effective_force = [effect]")
REGISTRY = pint.UnitRegistry()
for _line in OWN:
    REGISTRY.define(_line)
pyomo_units.load_definitions_from_strings(list(OWN))

WORDS = {"money": "money", "unit": "force", "effective unit": "effective_force", "yr": "year", "years": "year"}
"""Words of unit strings that are dimensions. Fractions, weights, severities, levels and counts of periods have none;
yearly rates of growth and interest compound over whole years and have none either."""

TURNS_INTO_EFFECT = {
    "gain": "effective unit/unit",
    "common_deployable": "effective unit/unit",
    "joint_effect": "effective unit/unit",
}
"""A fraction that says what a unit counts for: where rules use it, units become effective units."""

OF_A_COLUMN = {"quantity": "effective unit", "exercise_cost": "1/yr"}
"""Where the schema's words need reading: requirements are in effective units, a yearly fraction is per year."""


def dimension(text: str, registry: Any) -> Any:
    """A unit string such as ``money/unit/yr`` as a unit of the registry (pint's or Pyomo's)."""
    top, *below = (getattr(registry, WORDS.get(word, "dimensionless")) for word in text.split("/"))
    for unit in below:
        top = top / unit
    return top


def with_units(scenario: Scenario) -> Scenario:
    """The scenario with every figure as a pint quantity."""
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.kind in ("number", "factor") and column.key in scenario.values:
                unit = dimension(OF_A_COLUMN.get(column.key, column.unit), REGISTRY)
                old = scenario.values[column.key]
                new = {key: None if value is None else value * unit for key, value in old.items()}
                scenario = scenario.with_values(column.key, new)
    return scenario


class Measured(Data):
    """Data whose figures carry pint units. Where parts exist is asked of the plain data: units have no part in it."""

    none = 0.0 * REGISTRY.force
    no_money = 0.0 * REGISTRY.money

    def __init__(self, plain: Data) -> None:
        self.plain = plain
        super().__init__(with_units(plain.scenario), plain.accepted)
        self.step = plain.step * REGISTRY.year

    def keys(self, domain: Callable[[Any], Any]) -> list[tuple[Any, ...]]:
        """The keys of a domain."""
        return self.plain.keys(domain)


def parameters_take_quantities(monkeypatch: Any) -> None:
    """Let the parameters' functions keep the units they are given, where they turn results into plain numbers."""
    for module in {sys.modules[part.rule.__module__] for part in parts("parameter")}:
        monkeypatch.setattr(module, "float", lambda value: value, raising=False)
        if hasattr(module, "math"):
            monkeypatch.setattr(module, "math", SimpleNamespace(fsum=_sum, ceil=math.ceil))


def _sum(values: Any) -> Any:
    first, *rest = values
    for value in rest:
        first = first + value
    return first


class Stated(Data):
    """Data for the rules: each parameter in Pyomo's units, as declared; settings are fractions."""

    whole = 1.0 * pyomo_units.dimensionless
    none = 0.0 * pyomo_units.force
    no_money = 0.0 * pyomo_units.money

    def __init__(self, plain: Data) -> None:
        self.plain = plain
        super().__init__(plain.scenario, plain.accepted)

    def keys(self, domain: Callable[[Any], Any]) -> list[tuple[Any, ...]]:
        """The keys of a domain."""
        return self.plain.keys(domain)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.plain, name) if not name.startswith("_") else super().__getattr__(name)
        part = PARTS.get(name)
        if part is None or part.kind != "parameter" or part.unit in ("level", "periods"):
            return value
        unit = dimension(TURNS_INTO_EFFECT.get(name, part.unit), pyomo_units)
        return {key: number * unit for key, number in value.items()} if part.index else value * unit
