"""The command about what is settled by the facts and what is open to bargaining."""

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


def negotiation(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    within: Annotated[
        float, typer.Option(help="How much worse than the best plan, as a part of each objective.")
    ] = 0.01,
    members: Annotated[
        str | None, typer.Option(help='Only these members: "Canada, France".', show_default=False)
    ] = None,
    capabilities: Annotated[
        str | None,
        typer.Option(help='Units held of these capabilities: "Tanker aircraft, Frigate".', show_default=False),
    ] = None,
    alternatives: Annotated[int, typer.Option(help="So many maximally different plans.")] = 5,
    time_limit: Limit = None,
) -> int:
    """The least and the most each member could pay and hold in plans nearly as good as the best, and such plans."""
    from model.questions.negotiation.result import checked, negotiation_range
    from model.solve.problem import Problem

    begun, scenario = time.perf_counter(), scenario_of(workbook)
    who, what = (names_in(text, scenario.sets[of]) for text, of in ((members, "member"), (capabilities, "capability")))
    checked(scenario, within, who, what, alternatives)
    problem, watch = Problem(scenario), Watch(time_limit)
    plan = solved(problem, watch)
    with progress() as tell:
        found = negotiation_range(scenario, within, who, what, alternatives, problem, plan, tell, watch)
    record = {
        "status": plan.status,
        "measures": plan.measures,
        "within": within,
        "ceilings": dict(found.ceilings),
        "alternatives": len(found.alternatives),
    }
    result = Result.of(found, record)
    return deliver(result, f"{scenario.name}_negotiation", out, json, begun)
