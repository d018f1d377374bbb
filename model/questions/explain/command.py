"""The command `alliance explain`: why a member holds what it holds of a capability in a year."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook

if TYPE_CHECKING:
    from model.questions.explain.case import Explanation

Member = Annotated[str, typer.Argument(help="A member, in any case, or a part of its name.", show_default=False)]
Capability = Annotated[
    str, typer.Argument(help="A capability, or a part that several have: each is explained.", show_default=False)
]
Year = Annotated[int, typer.Argument(help="A year of the plan.", show_default=False)]
StageOption = Annotated[
    str | None,
    typer.Option(help="The measure whose prices are used; by default the first objective.", show_default=False),
]


def explain(
    workbook: Workbook,
    member: Member,
    capability: Capability,
    year: Year,
    stage: StageOption = None,
    time_limit: Limit = None,
    out: Out = Path("outputs"),
    json: AsJson = False,
) -> int:
    """Explain one number of the apportionment: where it comes from, what limits it, what one more unit would bring."""
    import pandas as pd

    from model.questions.explain.result import explain as explained
    from model.questions.matching import all_named, named, period_of
    from model.solve.problem import Problem

    begun = time.perf_counter()
    scenario = scenario_of(workbook)
    who = named("member", member, scenario.sets["member"])  # a misspelling is told before a solve, not after
    what = all_named("capability", capability, scenario.sets["capability"])
    first = period_of(scenario, year)
    plan = solved(Problem(scenario), Watch(time_limit))
    found = [explained(plan, who, each, year, stage) for each in what]
    title = f"Why {who} holds what it does of {' and of '.join(what) if len(what) < 3 else capability} in {first}"
    says = [sentence for each in found for sentence in each.says]
    record = {"member": who, "year": first, "explanations": [_record(each) for each in found]}
    return deliver(
        Result(title, says, {"sums": pd.concat([each.table for each in found])}, record), "explain", out, json, begun
    )


def _record(found: Explanation) -> dict[str, Any]:
    return {
        "capability": found.capability, "stage": found.measure, "held": found.held, "unit": found.unit,
        "ordered_in": found.order, "gain_of_one_more": found.gain,
        "totals": {section.name: section.total for section in found.sections},
    }  # fmt: skip
