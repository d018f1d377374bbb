"""The command that says how far prices hold, which lever moves the result most, and what would change an apportionment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from model.report.pages import Chart
    from model.solve.plan import Plan
    from model.solve.problem import Problem

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
        parts: list[tuple[str, Callable[[], Part]]] = [("price ranges", lambda: _ranges(problem, plan, watch))]
        if tornado:
            parts.append(("tornado", lambda: _tornado(problem, plan, by, levers, tell, watch)))
        if member is not None and capability is not None:
            parts.append(("turning points", lambda: _tipping(problem, plan, member, capability, tell, watch)))
        if morris:
            parts.append(("screening", lambda: _morris(problem, plan, by, levers, morris, tell, watch)))
        whole = _whole(parts, watch)
    record: dict[str, Any] = {"status": plan.status, "measures": plan.measures, "by": by}
    result = Result(f"Sensitivity of {scenario.name}", whole.says, whole.tables, record, whole.charts, whole.stopped)
    return deliver(result, f"{scenario.name}_sensitivity", out, json, begun)


@dataclass
class Part:
    """What one of the analyses, or all together, have to say; ``stopped`` is what the time limit left undone."""

    says: list[str]
    tables: dict[str, pd.DataFrame]
    charts: list[Chart]
    stopped: str = ""


def _whole(parts: Sequence[tuple[str, Callable[[], Part]]], watch: Watch) -> Part:
    """One analysis after the other; what the time limit leaves undone is said, and what is finished stays."""
    from model.questions.time_limit import finished

    done = finished(watch, [make for _, make in parts], lambda make: make(), keeps_parts=True)
    tables = {name: table for part in done for name, table in part.tables.items()}
    undone = [f"The time limit was reached before the {name} could be found." for name, _ in parts[len(done) :]]
    blocks = [line for part in done for line in ["", *part.says]][1:]
    stopped = " ".join([*(part.stopped for part in done if part.stopped), *undone])
    return Part([*blocks, *undone], tables, [chart for part in done for chart in part.charts], stopped)


def _check(scenario: Any, levers: list[str] | None, member: str | None, capability: str | None) -> None:
    """Names are wrong before the solve, not after."""
    from model.questions.sensitivity.tornado import expanded

    expanded(scenario, levers or ())
    for what, name in (("member", member), ("capability", capability)):
        if name is not None and name not in scenario.sets[what]:
            raise UsageError(f"there is no {what} called {name!r}; there are {', '.join(scenario.sets[what])}")


def _ranges(problem: Problem, plan: Plan, watch: Watch) -> Part:
    from model.questions.sensitivity.result import sensitivity as ranges_of

    ranges = ranges_of(problem, plan, watch=watch)
    return Part(list(ranges.says), {"price ranges": ranges.table}, [])


def _tornado(problem: Problem, plan: Plan, by: float, levers: list[str] | None, tell: Any, watch: Watch) -> Part:
    from model.questions.sensitivity.tornado import tornado as pull_all
    from model.report.pages import Chart

    found = pull_all(problem, plan, by, levers, tell, watch)
    first = next(iter(plan.stages[0].weights))
    chart = Chart(
        f"Change of {first} with each lever {by:.0%} lower and higher", "bar", "tornado", (1, 2), "lever", f"change of {first}",
        stacked=True,
    )  # fmt: skip
    return Part(list(found.says), {"tornado": found.swings, "all measures": found.table}, [chart], found.stopped)


def _tipping(problem: Problem, plan: Plan, member: str, capability: str, tell: Any, watch: Watch) -> Part:
    from model.questions.sensitivity.tipping import tipping

    found = tipping(problem, plan, member, capability, tell=tell, watch=watch)
    return Part(list(found.says), {"turning points": found.table}, [], found.stopped)


def _morris(
    problem: Problem, plan: Plan, by: float, levers: list[str] | None, count: int, tell: Any, watch: Watch
) -> Part:
    from model.questions.sensitivity.morris import morris

    found = morris(problem, plan, by, levers, count, tell=tell, watch=watch)
    return Part(list(found.says), {"morris": found.table}, [])
