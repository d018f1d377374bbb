"""The cases of a scenario, each a scenario of its own: what may come, how likely, and what is the same in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from model.language.faults import UsageError
from model.layers.cases.factors import names, pulled, pulls, strip
from model.scenario.checks import run_checks
from model.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Case:
    """One case that may come. ``scenario`` is what the workbook says with everything that differs in this case done."""

    name: str
    probability: float
    scenario: Scenario
    description: str = ""


def cases_of(s: Scenario) -> tuple[Case, ...]:
    """The cases of a workbook in the order of their names, with probabilities that sum to 1.

    Raises UsageError where the workbook names none, where a row of `Case factors` cannot be done, or where a case would
    leave nothing sound to plan.
    """
    likely = s.values.get("case_probability", {})
    if not likely:
        raise UsageError(
            "this workbook names no cases: add a sheet Cases with a row for each case, its name and its probability"
        )
    total = fsum(likely.values())
    described = s.values.get("case_description", {})
    return tuple(
        Case(name, likely[name] / total, _scenario(s, name), str(described.get(name) or "")) for name in names(s)
    )


def without_cases(s: Scenario) -> Scenario:
    """The scenario as it stands in the workbook, apart from its cases."""
    return strip(s)


def average(s: Scenario, cases: Sequence[Case]) -> Scenario:
    """The average case: every figure that differs between cases at its mean, weighted by probability.

    Words, switches, years and rows that only some cases have stay as the workbook has them.
    """
    bare = strip(s)
    values = {key: _mean_column(key, column, cases) for key, column in bare.values.items()}
    for key, column in values.items():
        if column is not bare.values[key]:
            bare = bare.with_values(key, column)
    settings = {
        name: _mean(value, [(case.probability, case.scenario.settings[name]) for case in cases])
        for name, value in bare.settings.items()
    }
    return bare.with_settings(**settings)


def _scenario(s: Scenario, name: str) -> Scenario:
    changed = strip(s)
    try:
        for pull in pulls(s, name):
            changed = pulled(changed, pull)
    except UsageError as wrong:
        raise UsageError(f"the case {name!r}: {wrong}") from wrong
    fault = next((fault for fault in run_checks(changed, warnings=False) if fault.severity == "error"), None)
    if fault is not None:
        raise UsageError(f"in the case {name!r} there would be nothing sound to plan: {fault.message}")
    return changed


def _mean_column(key: str, column: Mapping[Any, Any], cases: Sequence[Case]) -> Mapping[Any, Any]:
    """The mean of a column over cases; the column itself where no case changes it, or some have other rows."""
    columns = [case.scenario.values[key] for case in cases]
    if all(other is column for other in columns) or any(other.keys() != column.keys() for other in columns):
        return column
    return {
        row: _mean(value, [(case.probability, other[row]) for case, other in zip(cases, columns, strict=True)])
        for row, value in column.items()
    }


def _mean(usual: Any, weighed: Sequence[tuple[float, Any]]) -> Any:
    """The mean of numbers; what is usual where one of them is no number, or a whole one such as a year."""
    if all(value == weighed[0][1] for _, value in weighed):
        return weighed[0][1]
    if all(isinstance(value, float) for _, value in weighed):
        return fsum(weight * value for weight, value in weighed)
    return usual
