"""The command that says how far prices hold, which lever moves the result most, and what would change an apportionment."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError

if TYPE_CHECKING:
    from model.questions.answer import QuestionResult

    Parts = list[tuple[str, Callable[[], QuestionResult]]]

By = Annotated[float, typer.Option(help="Part by which each lever is pulled down and up: 0.1 is 10 %.")]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--levers",
        help='A lever without a value, such as "budget[Poland]"; "importance[each]" for one a target. May be repeated.',
        show_default=False,
    ),
]
Member = Annotated[
    str | None, typer.Option(help="Whose apportionment to find the turning points of.", show_default=False)
]
Capability = Annotated[str | None, typer.Option(help="Of which capability.", show_default=False)]
Morris = Annotated[
    int, typer.Option(help="Morris screening over the levers named, with this many trajectories (needs SALib).", min=0)
]
Pulls = Annotated[bool, typer.Option("--tornado/--no-tornado", help="Whether to pull levers at all.")]


def sensitivity(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    by: By = 0.1,
    levers: Levers = None,
    member: Member = None,
    capability: Capability = None,
    morris: Morris = 0,
    tornado: Pulls = True,
    time_limit: Limit = None,
) -> int:
    """Say how far prices hold, which lever moves the result most, and what would change a member's apportionment."""
    from model.questions.sensitivity.morris import morris as screen
    from model.questions.sensitivity.result import sensitivity as price_ranges
    from model.questions.sensitivity.tipping import tipping
    from model.questions.sensitivity.tornado import tornado as pull_all
    from model.solve.problem import Problem

    begun = time.perf_counter()
    if (member is None) != (capability is None):
        raise UsageError("--member and --capability go together: whose apportionment, and of what")
    if not 0 < by < 1:
        raise UsageError(f"--by is a part between 0 and 1, such as 0.1 for 10 %, not {by:g}")
    scenario = scenario_of(workbook)
    problem, watch = Problem(scenario), Watch(time_limit)
    _check(scenario, levers, member, capability)
    plan = solved(problem, watch)
    with progress() as tell:
        parts: Parts = [("price ranges", partial(price_ranges, problem, plan, watch=watch))]
        if tornado:
            parts.append(("tornado", partial(pull_all, problem, plan, by, levers, tell, watch)))
        if member is not None and capability is not None:
            turning = partial(tipping, problem, plan, member, capability, tell=tell, watch=watch)
            parts.append(("turning points", turning))
        if morris:
            parts.append(("screening", partial(screen, problem, plan, by, levers, morris, tell=tell, watch=watch)))
        record = {"status": plan.status, "measures": plan.measures, "by": by}
        result = _whole(f"Sensitivity of {scenario.name}", parts, record, watch)
    return deliver(result, f"{scenario.name}_sensitivity", out, json, begun)


def _whole(title: str, parts: Parts, record: Mapping[str, Any], watch: Watch) -> Result:
    """One analysis after the other; what the time limit leaves undone is said, and what is finished stays."""
    from model.questions.time_limit import finished

    done = [
        Result.of(part, {})
        for part in finished(watch, [make for _, make in parts], lambda make: make(), keeps_parts=True)
    ]
    tables = {name: table for part in done for name, table in part.tables.items()}
    undone = [f"The time limit was reached before the {name} could be found." for name, _ in parts[len(done) :]]
    blocks = [line for part in done for line in ["", *part.says]][1:]
    stopped = " ".join([*(part.stopped for part in done if part.stopped), *undone])
    charts = [chart for part in done for chart in part.charts]
    return Result(title, [*blocks, *undone], tables, record, charts, stopped)


def _check(scenario: Any, levers: list[str] | None, member: str | None, capability: str | None) -> None:
    """Names are wrong before the solve, not after."""
    from model.questions.sensitivity.tornado import expanded

    expanded(scenario, levers or ())
    for what, name in (("member", member), ("capability", capability)):
        if name is not None and name not in scenario.sets[what]:
            raise UsageError(f"there is no {what} called {name!r}; there are {', '.join(scenario.sets[what])}")
