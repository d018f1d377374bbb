"""Commands about members leaving and joining."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved, without_plan
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.names import listed

if TYPE_CHECKING:
    pass


def names_in(text: str | None, known: Iterable[str]) -> list[str] | None:
    """Names between commas, those that are known and hold commas themselves found whole; None where nothing was said."""
    return None if text is None else list(listed(text, known))


def withdrawal(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    members: Annotated[
        str | None,
        typer.Option(help='Members that leave one at a time: "Canada, France"; by default all.', show_default=False),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(help='Members that leave together: "Canada, France". May be repeated.', show_default=False),
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Also every pair of these members.")] = False,
    top: Annotated[
        int | None,
        typer.Option(
            help="Pairs only among so many members, those whose leaving alone raises risk most.", show_default=False
        ),
    ] = None,
    hold: Annotated[bool, typer.Option(help="Also what it costs to hold risk where it was.")] = True,
    time_limit: Limit = None,
) -> int:
    """What is lost when members leave, who makes it up, and what it costs to hold risk where it was."""
    from model.questions.withdrawal.result import checked
    from model.questions.withdrawal.result import withdrawal as withdrawals
    from model.solve.problem import Problem

    begun, scenario = time.perf_counter(), scenario_of(workbook)
    known = scenario.sets["member"]
    who, groups = names_in(members, known), [names_in(text, known) or [] for text in group or []]
    if groups and who is None and not pairs:
        who = []
    checked(scenario, who, groups, top)
    problem, watch = Problem(scenario), Watch(time_limit)
    plan = solved(problem, watch)
    with progress() as tell:
        found = withdrawals(scenario, who, groups, pairs, top, hold, problem, plan, tell, watch)
    record = {"status": plan.status, "measures": plan.measures, "departures": len(found.departures)}
    result = Result.of(found, record)
    return deliver(result, f"{scenario.name}_withdrawal", out, json, begun)


def accession(
    workbook: Workbook,
    joiner: Annotated[
        str, typer.Option(help="The member that joins all others; described in the workbook.", show_default=False)
    ],
    out: Out = Path("outputs"),
    json: AsJson = False,
    time_limit: Limit = None,
) -> int:
    """What a member described in the workbook brings to all others when it joins."""
    from model.questions.withdrawal.accession import accession as joining
    from model.questions.withdrawal.result import checked
    from model.solve.problem import Problem

    begun, scenario = time.perf_counter(), scenario_of(workbook)
    checked(scenario, [joiner])
    problem, watch = Problem(scenario), Watch(time_limit)
    plan = solved(problem, watch)
    with progress() as tell:
        found = joining(scenario, joiner, problem, plan, tell, watch)
    if not found.found:
        return without_plan(found.without.status, "\n".join(found.says))
    record = {"status": plan.status, "joiner": joiner, "fall_in_risk": found.fall, "money_saved": found.saved}
    result = Result.of(found, record)
    return deliver(result, f"{scenario.name}_accession", out, json, begun)
