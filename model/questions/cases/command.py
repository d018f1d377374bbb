"""The command that plans for all cases of a workbook at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, without_plan
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.questions.sweep.command import At, Workers, executor_of

if TYPE_CHECKING:
    from model.questions.cases.result import CasesResult

Aim = Annotated[
    str,
    typer.Option(
        help='What to make of the first objective over cases: "expected" (its mean), "cvar" (the mean of its worst part, at '
        'cvar_level) or "worst" (its worst case).'
    ),
]

Parts = Annotated[
    bool,
    typer.Option(
        "--parts",
        help="Find the plan in parts, each case by itself, where all cases at once outgrow the machine; --workers or --cluster "
        "say where, and imply it.",
    ),
]


def cases(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    aim: Aim = "expected",
    parts: Parts = False,
    workers: Workers = None,
    cluster: At = None,
    time_limit: Limit = None,
) -> int:
    """One plan for all cases of a workbook, what knowing the case in advance would be worth, and what is regretted."""
    from model.questions.cases.work import cases as over_cases

    begun, scenario = time.perf_counter(), scenario_of(workbook)
    spread = parts or workers is not None or cluster is not None
    with progress() as tell:
        where = executor_of(workers, cluster, len(scenario.values["case_probability"])) if spread else None
        found = over_cases(scenario, aim, tell=tell, watch=Watch(time_limit, tell), parts=where)
    if not found.found:
        return without_plan(found.plan.status, "\n".join(found.says))
    result = Result.of(found, record(found))
    return deliver(result, f"{scenario.name}_cases", out, json, begun)


def record(found: CasesResult) -> dict[str, Any]:
    """What JSON says beside sentences and tables."""
    return {
        "status": found.plan.status,
        "aim": found.aim,
        "measure": found.measure,
        "cases": found.uncertain.likely,
        "measures": found.plan.measures,
        "answers": {name: answer.value for name, answer in found.answers.items()},
        "value_of_perfect_information": found.perfect_information,
        "value_of_stochastic_solution": found.stochastic_solution,
        "certificate": {
            "passed": all(proof.passed for proof in found.plan.certificates),
            "gap": max(proof.gap for proof in found.plan.certificates),
            "measures_recomputed": dict(found.plan.certificates[-1].measures),
        },
        "size": dict(zip(("rows", "columns"), found.plan.linked.lp.A.shape, strict=True)),
        "rounds": found.plan.rounds,
        "seconds": found.plan.seconds,
    }
