"""A plug-in for mypy: the names of data, decisions and columns are those that are registered, so that a misspelt one is an error.

Parameters, derived figures, decisions and quantities come from the registry, columns from the schema: there is no second list. What a
parameter gives is what its rule gives, by key.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from mypy.errorcodes import ATTR_DEFINED
from mypy.plugin import AttributeContext, Plugin, ReportConfigContext
from mypy.types import AnyType, TupleType, Type, TypeOfAny

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from model.core.data import Data
from model.core.decisions import Decisions
from model.formulation import build  # noqa: F401  registers every part
from model.formulation.changes import COLUMNS
from model.language.registry import PARTS, Part
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS

_ANY = AnyType(TypeOfAny.explicit)
_OF_COLUMN = {"number": "float", "factor": "float", "text": "str", "name": "str", "choice": "str"}
_VALUES = {
    column.key: _OF_COLUMN.get(column.kind, "") if column.required or column.default is not None else ""
    for sheet in SHEETS
    if sheet.form != "settings"
    for column in sheet.columns
}
"""The type of a column's values, where none of them is blank; else it is left open."""

_WHOLE = ("period", "level", "band")
_OF_KIND = {
    kind: {n for n, p in PARTS.items() if p.kind == kind} for kind in ("parameter", "derived", "variable", "quantity")
}
_CLASSES = {
    Data: _OF_KIND["parameter"] | _OF_KIND["derived"] | COLUMNS,
    Decisions: _OF_KIND["variable"] | _OF_KIND["quantity"],
    Scenario: set(COLUMNS),
}
"""The names that each class answers to, beside the attributes it has."""

_BY_NAME = {f"{owner.__module__}.{owner.__name__}": owner for owner in _CLASSES}


class Names(Plugin):
    """What mypy asks."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Looks up every name that one of these classes has no attribute for."""
        place, _, name = fullname.rpartition(".")
        owner = _BY_NAME.get(place.removesuffix(".__getattr__"))
        if owner is None or name.startswith("_") or hasattr(owner, name) or name in _attributes(owner):
            return None
        return lambda context: _typed(context, owner, name)

    def report_config_data(self, ctx: ReportConfigContext) -> list[str]:
        """What was checked with other names is checked again."""
        return sorted(str((name, part.kind, part.index, _plain(part))) for name, part in PARTS.items()) + sorted(
            COLUMNS
        )


def _attributes(owner: type) -> set[str]:
    """What is set on an object rather than on its class."""
    return {*owner.__annotations__, *(owner.__init__.__code__.co_names)}


def _typed(context: AttributeContext, owner: type, name: str) -> Type:
    if name not in _CLASSES[owner]:
        near = get_close_matches(name, sorted(_CLASSES[owner]), 1)
        perhaps = f'; maybe "{near[0]}"?' if near else ""
        context.api.fail(f'"{owner.__name__}" has no attribute "{name}"{perhaps}', context.context, code=ATTR_DEFINED)
        return AnyType(TypeOfAny.from_error)
    part = PARTS.get(name) if owner is not Scenario else None
    if part is None:
        column = context.api.named_generic_type("typing.Mapping", [_ANY, _named(context, _VALUES[name])])
        return column if _VALUES[name] else context.default_attr_type
    value = _named(context, _plain(part))
    return _by_key(context, part, value) if part.index else value


def _plain(part: Part) -> str:
    """What a figure's rule gives, where that is a plain type."""
    given = str(part.rule.__annotations__.get("return", ""))
    return given if part.kind in ("parameter", "derived") and given in ("float", "int", "str", "bool") else ""


def _named(context: AttributeContext, plain: str) -> Type:
    return context.api.named_generic_type(f"builtins.{plain}", []) if plain else _ANY


def _by_key(context: AttributeContext, part: Part, value: Type) -> Type:
    """A mapping from the part's keys."""
    keys: list[Type] = [_named(context, "int" if dim in _WHOLE else "str") for dim in part.index]
    several = TupleType(keys, context.api.named_generic_type("builtins.tuple", [_ANY]))
    key = keys[0] if len(keys) == 1 else several
    return context.api.named_generic_type("builtins.dict", [key, value])


def plugin(version: str) -> type[Plugin]:
    """mypy's way in."""
    return Names
