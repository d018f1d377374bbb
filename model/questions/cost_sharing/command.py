"""The command about cost sharing: every way to share the alliance's cost side by side."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.registry import policies
from model.questions.what_if.command import Sets

if TYPE_CHECKING:
    from model.questions.cost_sharing.result import SideBySide
    from model.scenario.scenario import Scenario


Value = Annotated[
    float | None,
    typer.Option(
        help="What risk 1 (nothing of what is required is there) is worth to all members together, in the scenario's money; "
        "by default ten times all budgets.",
        show_default=False,
    ),
]


def cost_sharing(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    sets: Sets = None,
    value: Value = None,
    voice: Annotated[
        str, typer.Option(help="What a member's part in that value goes by: gdp, population or equal.")
    ] = "gdp",
    samples: Annotated[
        int,
        typer.Option(
            help="With more than 12 members: estimate the Shapley value from so many pairs of random orders.", min=0
        ),
    ] = 0,
    separable: Annotated[
        bool, typer.Option("--separable", help="With more than 12 members: also separable costs-remaining benefits.")
    ] = False,
    seconds: Annotated[
        float,
        typer.Option(
            help="With more than 12 members: seconds to look for a group that would leave, for each way to share.",
            min=0.0,
        ),
    ] = 30.0,
    workers: Annotated[int, typer.Option(help="Groups solved at the same time.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="Seed of the random orders.")] = 0,
    time_limit: Limit = None,
) -> int:
    """Cost sharing: what each way to share charges each member, and which groups would rather go alone."""
    from model.questions.cost_sharing.work import side_by_side

    begun, watch = time.perf_counter(), Watch(time_limit)
    scenario, off = _edited(scenario_of(workbook), sets or [])
    with progress() as tell:
        found = side_by_side(scenario, value, voice, samples, separable, seconds, workers, tell, watch, seed, off)
    result = Result.of(found, _record(found))
    return deliver(result, f"{scenario.name}_cost_sharing", out, json, begun)


def _edited(scenario: Scenario, sets: list[str]) -> tuple[Scenario, list[str]]:
    """The scenario after the changes, and the policies they switch off."""
    from model.scenario.levers.edits import apply_edits

    edited = apply_edits(scenario, sets, policies(scenario.rules))
    return edited.scenario, sorted(edited.off)


def _record(found: SideBySide) -> dict[str, Any]:
    """What JSON adds to the tables; money of the scenario."""
    game = found.game
    return {
        "status": game.plan.status,
        "measures": game.plan.measures,
        "value_of_risk_1": game.value,
        "voice": game.voice,
        "total": game.total,
        "worth_of_going_together": sum(found.alone.values()) - game.total
        if set(found.alone) == set(game.members)
        else None,
        "solves": game.solves,
        "margins": dict(found.sampled.margin) if found.sampled else None,
        "least_transfer": found.transfer.moved if found.transfer else None,
        "least_transfer_is_at_least": found.transfer.least if found.transfer else None,
    }
