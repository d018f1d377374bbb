"""The command that puts the apportionment into whole units."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from model.console.analysis import Out, Result, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError

Capabilities = Annotated[
    list[str] | None,
    typer.Option(help="A capability to put into whole units; by default all. May be repeated.", show_default=False),
]
Limit = Annotated[
    float,
    typer.Option(
        help="Seconds for search, proof and close calls together, after the linear plan; what is finished by then is written, and "
        "the exit code is 4.",
        min=0.0,
    ),
]
How = Annotated[
    str,
    typer.Option(
        help='"auto", "branch and bound" (small problems; proved) or "rounding" (then members in turn, with a bound).'
    ),
]
_METHODS = ("auto", "branch and bound", "rounding")


def whole_units(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    capabilities: Capabilities = None,
    time_limit: Limit = 120.0,
    method: How = "auto",
) -> int:
    """The apportionment in whole units: every policy kept, the loss against the linear plan, and close calls."""
    from model.questions.whole_units.result import whole_units as in_whole_units
    from model.solve.problem import Problem

    begun = time.perf_counter()
    if method not in _METHODS:
        raise UsageError(f"there is no method called {method!r}; there are {', '.join(_METHODS)}")
    scenario = scenario_of(workbook)
    for name in capabilities or ():
        if name not in scenario.sets["capability"]:
            known = ", ".join(scenario.sets["capability"])
            raise UsageError(f"there is no capability called {name!r}; there are {known}")
    problem = Problem(scenario)
    plan = solved(problem)
    how = None if method == "auto" else cast(Literal["branch and bound", "rounding"], method)
    with progress() as tell:
        tell("looking for whole units", 0.0, 0)
        found = in_whole_units(problem, plan, capabilities, time_limit, how)
    gap = found.found.gap
    record: dict[str, Any] = {
        "status": found.found.plan.status,
        "method": found.found.method,
        "gap": gap if gap == gap and gap != float("inf") else None,
        "least_first_objective": found.found.least if found.found.least == found.found.least else None,
        "linear": plan.measures,
        "whole": found.found.measures,
    }
    result = Result.of(found, record)
    return deliver(result, f"{scenario.name}_whole_units", out, json, begun)
