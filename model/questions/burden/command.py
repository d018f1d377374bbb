"""The command `burden`: who bears what and gains what, against every burden key; what fairness costs; bargains between members."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError
from model.language.registry import policies
from model.questions.what_if.command import Sets
from model.questions.withdrawal.command import names_in

if TYPE_CHECKING:
    from model.questions.bargaining.result import Bargaining
    from model.questions.burden.result import Burdens
    from model.questions.fairness.result import PriceOfFairness
    from model.scenario.scenario import Scenario
    from model.solve.plan import Plan
    from model.solve.problem import Problem
    from model.solve.watch import Progress

BeforeWorkbook = Annotated[
    str | None,
    typer.Option(
        "--before", help="Another workbook: what its plan asks of each member stands beside.", show_default=False
    ),
]
Keys = Annotated[
    str | None,
    typer.Option(
        help='With --fairness: burden keys with commas between, such as "gdp, un", or all; by default the workbook\'s own.',
        show_default=False,
    ),
]
Alone = Annotated[bool, typer.Option("--alone", help="Benefit against what each member would face alone.")]
Fairness = Annotated[bool, typer.Option("--fairness", help="Also risk and cost as fair shares are enforced.")]
Bargain = Annotated[bool, typer.Option("--bargain", help="Also what differing priorities cost, and bargains.")]


def burden(
    workbook: Workbook,
    out: Out = Path("outputs"),
    json: AsJson = False,
    before: BeforeWorkbook = None,
    sets: Sets = None,
    alone: Alone = False,
    fairness: Fairness = False,
    keys: Keys = None,
    bargain: Bargain = False,
    time_limit: Limit = None,
) -> int:
    """Who bears what and gains what, against every burden key, guideline and test; what fairness costs on wish."""
    from model.layers.burden_keys.keys import key_names
    from model.questions.burden.result import burdens

    begun, watch = time.perf_counter(), Watch(time_limit)
    if keys is not None and not fairness:
        raise UsageError("--keys says under which burden keys --fairness is tried; add --fairness")
    if sets and before is not None:
        raise UsageError("--set stands the changed plan beside the workbook's own; leave out --before")
    base = scenario_of(workbook)
    chosen = names_in(keys, key_names(base))
    problem, plan, earlier = _plans(base, before, sets or [], chosen, watch)
    scenario = plan.scenario
    with progress() as tell:
        risks = _alone(scenario, watch, tell) if alone else None
        found = burdens(plan, earlier, risks)
        price = _fairness(problem, chosen, watch, tell) if fairness else None
        agreed = _bargaining(problem, plan, watch, tell) if bargain else None
    return deliver(_result(found, price, agreed), f"{scenario.name}_burden", out, json, begun)


def _plans(
    scenario: Scenario, before: str | None, sets: list[str], keys: list[str] | None, watch: Watch
) -> tuple[Problem, Plan, Plan | None]:
    """The problem and plan that are looked at, after the changes, and the plan to compare with, if any.

    What is wrong with changes, keys and the other workbook is said before anything is solved.
    """
    from model.questions.fairness.result import chosen_keys
    from model.questions.what_if.result import after_edits, before_edits
    from model.scenario.levers.edits import apply_edits, parse_edit
    from model.solve.problem import Problem

    edited = apply_edits(scenario, [parse_edit(text) for text in sets], policies(scenario.rules))
    chosen_keys(edited.scenario, keys)
    was = None if before is None else _comparable(scenario, scenario_of(before))
    if not sets:
        problem = Problem(scenario)
        plan = solved(problem, watch)
        return problem, plan, None if was is None else solved(Problem(was), watch)
    base = before_edits(Problem(scenario), edited)
    earlier = solved(base, watch)
    problem = after_edits(base, edited)
    return problem, solved(problem, watch), earlier


def _comparable(scenario: Scenario, other: Scenario) -> Scenario:
    """The scenario to compare with. Raises UsageError where its money is another."""
    if scenario.settings["currency"] != other.settings["currency"]:
        raise UsageError(
            f"Burdens in {other.settings['currency']} cannot be compared with burdens in {scenario.settings['currency']}; "
            "convert one of the workbooks"
        )
    return other


def _alone(scenario: Scenario, watch: Watch, tell: Progress) -> dict[str, float]:
    """Risk alone by member. Raises SolverError where the time does not suffice."""
    from model.solve.compared import risk_alone

    found = {}
    for m in scenario.sets["member"]:
        tell(f"what {m} would face alone", 0.0, 0)
        found[m] = risk_alone(scenario, m, watch)
    return found


def _fairness(problem: Problem, keys: list[str] | None, watch: Watch, tell: Progress) -> PriceOfFairness:
    from model.questions.fairness.result import price_of_fairness

    return price_of_fairness(problem, keys, watch, tell)


def _bargaining(problem: Problem, plan: Plan, watch: Watch, tell: Progress) -> Bargaining:
    from model.questions.bargaining.result import bargaining

    return bargaining(problem, plan, watch, tell)


def _result(found: Burdens, price: PriceOfFairness | None, agreed: Bargaining | None) -> Result:
    parts = [one for one in (found, price, agreed) if one is not None]
    stopped = [one.stopped for one in (price, agreed) if one is not None and one.stopped]
    record: dict[str, object] = {
        "status": found.plan.status, "measures": found.plan.measures, "burden_key": found.plan.scenario.settings["burden_key"],
    }  # fmt: skip
    if agreed is not None:
        record["risk_lost_to_divergence"] = agreed.divergence.lost
    says = [sentence for one in parts for sentence in one.says]
    tables = {name: table for one in parts for name, table in one.tables.items()}
    charts = [chart for one in parts for chart in one.charts]
    return Result(found.title, says, tables, record, charts, " ".join(stopped))
