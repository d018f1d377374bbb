"""Commands about changes: answer a what-if, and list the levers it can pull."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, code_of, deliver, scenario_of
from model.console.inputs import AsJson, Workbook
from model.console.printing import complain, progress, say, say_json
from model.language.faults import UsageError
from model.language.registry import policies

if TYPE_CHECKING:
    from model.questions.what_if.result import WhatIf

Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help='One change: "budget[Poland]=0.9", "withdraw=Canada" … May be repeated. `alliance levers` lists all.',
        show_default=False,
    ),
]


def what_if(
    workbook: Workbook,
    sets: Sets = None,
    json: AsJson = False,
    time_limit: Limit = None,
    out: Out = Path("outputs"),
) -> int:
    """Compare the plan with the one after some changes: what changes most, why, and how long the re-solve took."""
    from model.questions.what_if import result as analysis
    from model.scenario.levers.edits import apply_edits, as_edits
    from model.solve.problem import Problem

    begun = time.perf_counter()
    if not sets:
        raise UsageError('Say what to change: --set "budget[Poland]=0.9" (`alliance levers` lists what can be).')
    edits = as_edits(sets)
    scenario = scenario_of(workbook)
    apply_edits(scenario, edits, policies(scenario.rules))  # what is wrong is said before anything is solved
    with progress() as tell:
        tell("solving the base plan and the changed one", 0.0, 0)
        answer = analysis.what_if(Problem(scenario), edits, again=True, watch=Watch(time_limit, tell))
    code = deliver(Result.of(answer, _record(answer)), f"{scenario.name}_what_if", out, json, begun)
    possible = answer.changed.found and answer.base.status == "infeasible"  # by the change: that is an answer
    if code or answer.found or possible:
        return code
    lacking = answer.base if answer.changed.found else answer.changed
    complain(lacking.message)
    return code_of(lacking)


def levers(json: AsJson = False) -> int:
    """List every lever of what-if: how it is written, what it takes and what it means."""
    from model.scenario.levers.edits import LEVERS

    if json:
        names = ("name", "kind", "unit", "low", "high", "says")
        say_json(
            {
                "levers": [
                    {
                        **{name: getattr(lever, name) for name in names},
                        "targets": list(lever.targets),
                        "words": list(lever.words),
                        "form": lever.form,
                        "allowed": lever.allowed,
                    }
                    for lever in LEVERS.values()
                ]
            }
        )
        return 0
    for lever in LEVERS.values():
        say(f"{lever.form}\n    {lever.says}\n    Takes {lever.allowed}.")
    say("\nNames in brackets may be left out, or be *, for all; a factor may be written as a change, such as -10%.")
    return 0


def _record(answer: WhatIf) -> dict[str, Any]:
    return {
        "status": answer.changed.status,
        "edits": [edit.text for edit in answer.edits],
        "base": dict(answer.base.measures),
        "changed": dict(answer.changed.measures),
        "base_status": answer.base.status,
        "message": answer.changed.message or answer.base.message,
        "path": answer.path,
        "seconds": dict(answer.seconds),
    }
