"""The layers: each one folder with everything that belongs to it, found here and named nowhere else.

A layer is a package beside this file. What it brings stands in modules of agreed names, its roles, all of them optional:
``sheets`` (its sheets of the workbook), ``checks``, ``levers``, ``rules`` (its part of the formulation), ``tables`` (of a plan) and
more. Whoever needs one role of all layers gathers it; what registers itself does so when it is imported. ``PLACE`` in the
layer's package says where it stands among the others, in workbooks and lists.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


@cache
def names() -> tuple[str, ...]:
    """Every layer, in order of its place."""
    found = [module.name for module in iter_modules(__path__) if module.ispkg]
    return tuple(sorted(found, key=lambda name: (import_module(f"{__name__}.{name}").PLACE, name)))


@cache
def gather(role: str) -> tuple[ModuleType, ...]:
    """The module of this role of every layer that has one, in order."""
    modules = [f"{__name__}.{name}.{role}" for name in names()]
    return tuple(import_module(module) for module in modules if find_spec(module))


def gathered(role: str, attribute: str) -> tuple[Any, ...]:
    """What these modules list under a name, one after another; a module that has no such list adds nothing."""
    return tuple(item for module in gather(role) for item in getattr(module, attribute, ()))


def asked(role: str, function: str, *given: Any, **where: str) -> list[Any]:
    """What the functions of a name in these modules give, those that have one; ``where`` keeps the modules that say the same."""
    modules = [module for module in gather(role) if hasattr(module, function)]
    kept = [module for module in modules if all(getattr(module, name, "") == value for name, value in where.items())]
    return [getattr(module, function)(*given) for module in kept]
