"""The command about emphasis: how a plan stands when a type of threat comes to matter more."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.questions.withdrawal.command import names_in

if TYPE_CHECKING:
    pass


def emphasis(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    factor: Annotated[
        list[float] | None,
        typer.Option(
            help="What the weight of a kind's tasks is multiplied by (2). May be repeated.", show_default=False
        ),
    ] = None,
    kinds: Annotated[
        str | None,
        typer.Option(help='Types of threat to try: "cyber, disaster"; by default all.', show_default=False),
    ] = None,
    time_limit: Limit = None,
) -> int:
    """How well the plan stands when a type of threat comes to matter more, against the best plan for that emphasis."""
    from model.questions.emphasis.result import checked
    from model.questions.emphasis.result import emphasis as shifted
    from model.solve.problem import Problem

    begun, scenario = time.perf_counter(), scenario_of(workbook)
    problem, watch, factors = Problem(scenario), Watch(time_limit), tuple(factor or (2.0,))
    named = names_in(kinds, scenario.kinds)
    checked(problem, factors, named)
    plan = solved(problem, watch)
    with progress() as tell:
        found = shifted(problem, factors, named, plan, tell, watch)
    record = {
        "status": found.standing.status,
        "measures": found.standing.measures,
        "verdicts": [
            {"kind": s.kind, "factor": s.factor, "verdict": s.verdict, "regret": s.regret} for s in found.shifts
        ],
    }
    result = Result.of(found, record)
    return deliver(result, f"{scenario.name}_emphasis", out, json, begun)
