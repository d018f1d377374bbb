"""Who provides what in an alliance: load a scenario workbook, solve it, read the plan.

>>> from alliance_model import load, Problem              # doctest: +SKIP
>>> plan = Problem(load("inputs/nato_2035.xlsx")).solve()  # doctest: +SKIP
>>> plan.measures["risk"]                                  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what the names below are, for editors and type checkers
    from model.cli import main
    from model.language.own_rules import constraint, load_rules, parameter, quantity
    from model.solve.problem import Problem
    from model.workbook.read.load import load

__all__ = ["Problem", "constraint", "load", "load_rules", "main", "parameter", "quantity"]


def __getattr__(name: str) -> Any:
    """Import on first use: the package alone loads nothing."""
    if name == "load":
        from model.workbook.read.load import load

        return load
    if name == "Problem":
        from model.solve.problem import Problem

        return Problem
    if name == "main":
        from model.cli import main

        return main
    if name in ("constraint", "load_rules", "parameter", "quantity"):
        from model.language import own_rules

        return getattr(own_rules, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
