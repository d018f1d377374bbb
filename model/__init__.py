"""Who provides what in an alliance: load a scenario, solve it, read the plan, ask questions about it.

>>> from alliance_model import load, Problem, what_if     # doctest: +SKIP
>>> problem = Problem(load("tutorial"))                     # doctest: +SKIP
>>> problem.solve().measures["risk"]                        # doctest: +SKIP
>>> what_if(problem, "budget[Midland]=0.9")                 # doctest: +SKIP

What is named in ``__all__`` is the public interface; it is imported on first use, so that the package alone loads nothing.
Money is in the scenario's currency (millions), risk and its like are fractions of 1, time is in years, unless a docstring says otherwise.
Whatever goes wrong is an :class:`AllianceError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what the names below are, for editors and type checkers
    from model.cli import main
    from model.language.faults import AllianceError, Fault, OutputError, SolverError, UsageError, WorkbookError
    from model.language.own_rules import constraint, load_rules, parameter, quantity
    from model.questions.bargaining.result import bargaining
    from model.questions.burden.result import burdens
    from model.questions.cases.work import cases
    from model.questions.compare.result import compare, load_run
    from model.questions.cost_sharing.work import side_by_side
    from model.questions.emphasis.result import emphasis
    from model.questions.executor import Here, Processes
    from model.questions.explain.result import explain
    from model.questions.fairness.result import price_of_fairness
    from model.questions.negotiation.result import negotiation_range
    from model.questions.price_of.result import price_of
    from model.questions.sensitivity.morris import morris
    from model.questions.sensitivity.result import sensitivity
    from model.questions.sensitivity.tipping import tipping
    from model.questions.sensitivity.tornado import tornado
    from model.questions.sweep.design import grid, listed, sample
    from model.questions.sweep.result import sweep
    from model.questions.trade_off.result import trade_off
    from model.questions.trade_off.surface import surface
    from model.questions.what_if.result import what_if
    from model.questions.whole_units.result import whole_units
    from model.questions.withdrawal.accession import accession
    from model.questions.withdrawal.result import withdrawal
    from model.scenario.levers.edits import Edit, apply_edits, parse_edit
    from model.scenario.scenario import Scenario
    from model.solve.plan import Plan
    from model.solve.problem import Problem
    from model.version import __version__
    from model.workbook.read.load import load

_PLACES = {
    "cli": ("main",),
    "language.faults": ("AllianceError", "Fault", "OutputError", "SolverError", "UsageError", "WorkbookError"),
    "language.own_rules": ("constraint", "load_rules", "parameter", "quantity"),
    "questions.bargaining.result": ("bargaining",),
    "questions.burden.result": ("burdens",),
    "questions.cases.work": ("cases",),
    "questions.compare.result": ("compare", "load_run"),
    "questions.cost_sharing.work": ("side_by_side",),
    "questions.emphasis.result": ("emphasis",),
    "questions.executor": ("Here", "Processes"),
    "questions.explain.result": ("explain",),
    "questions.fairness.result": ("price_of_fairness",),
    "questions.negotiation.result": ("negotiation_range",),
    "questions.price_of.result": ("price_of",),
    "questions.sensitivity.morris": ("morris",),
    "questions.sensitivity.result": ("sensitivity",),
    "questions.sensitivity.tipping": ("tipping",),
    "questions.sensitivity.tornado": ("tornado",),
    "questions.sweep.design": ("grid", "listed", "sample"),
    "questions.sweep.result": ("sweep",),
    "questions.trade_off.result": ("trade_off",),
    "questions.trade_off.surface": ("surface",),
    "questions.what_if.result": ("what_if",),
    "questions.whole_units.result": ("whole_units",),
    "questions.withdrawal.accession": ("accession",),
    "questions.withdrawal.result": ("withdrawal",),
    "scenario.levers.edits": ("Edit", "apply_edits", "parse_edit"),
    "scenario.scenario": ("Scenario",),
    "solve.plan": ("Plan",),
    "solve.problem": ("Problem",),
    "version": ("__version__",),
    "workbook.read.load": ("load",),
}
"""Where each public name stands."""

__all__ = [  # as type checkers want it: written out
    "AllianceError", "Edit", "Fault", "Here", "OutputError", "Plan", "Problem", "Processes", "Scenario",
    "SolverError", "UsageError", "WorkbookError", "__version__", "accession", "apply_edits", "bargaining",
    "burdens", "cases", "compare", "constraint", "emphasis", "explain", "grid", "listed", "load", "load_rules",
    "load_run", "main", "morris", "negotiation_range", "parameter", "parse_edit", "price_of", "price_of_fairness",
    "quantity", "sample", "sensitivity", "side_by_side", "surface", "sweep", "tipping", "tornado", "trade_off",
    "what_if", "whole_units", "withdrawal",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import on first use: the package alone loads nothing."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
