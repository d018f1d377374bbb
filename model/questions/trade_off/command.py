"""The command `trade-off`: the front between two measures, a surface of three, and the ready-made prices of rules."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.console.analysis import Limit, Out, Result, Watch, deliver, scenario_of, solved, without_plan
from model.console.inputs import AsJson, Workbook
from model.console.printing import progress
from model.language.faults import UsageError
from model.solve.watch import Progress

if TYPE_CHECKING:
    from model.questions.trade_off.front import Effort
    from model.solve.problem import Problem

Between = Annotated[tuple[str, str], typer.Option(help="The two measures: what is bought and what is paid.")]
Points = Annotated[
    int | None,
    typer.Option(help="Points of the front (11), or points a side of a surface (5).", min=2, show_default=False),
]
Exact = Annotated[bool, typer.Option("--exact", help="Find every bend of the front exactly.")]
SurfaceOf = Annotated[
    str | None, typer.Option("--surface", help="A third measure: a surface over both others.", show_default=False)
]
Price = Annotated[
    str | None,
    typer.Option(
        help="A ready-made curve instead: fairness, consensus, share, challenge or interoperability.",
        show_default=False,
    ),
]
Solves = Annotated[int, typer.Option(help="With --exact: solves after which the search stops.", min=2)]


def trade_off(
    workbook: Workbook,
    between: Between = ("risk", "cost"),
    points: Points = None,
    exact: Exact = False,
    surface: SurfaceOf = None,
    price_of: Price = None,
    most_solves: Solves = 200,
    time_limit: Limit = None,
    out: Out = Path("outputs"),
    json: AsJson = False,
) -> int:
    """What one measure costs in another: where the front bends, what takes over there, and the price in words."""
    from model.solve.problem import Problem

    begun = time.perf_counter()
    if surface is not None and (exact or price_of is not None):
        raise UsageError("--surface is drawn by itself; leave out --exact and --price-of")
    if price_of is not None and exact:
        raise UsageError("--price-of has its own settings; leave out --exact")
    _known([*between, *([surface] if surface else [])], price_of)
    scenario = scenario_of(workbook)
    problem, watch = Problem(scenario), Watch(time_limit)
    if price_of is None:
        solved(problem, watch)
    with progress() as tell:
        effort = _effort(most_solves, watch, tell)
        if price_of is not None:
            result = _price(problem, price_of, effort)
        elif surface is not None:
            result = _surface(problem, (*between, surface), points or 5, effort)
        else:
            result = _front(problem, between, points or 11, exact, effort)
    kind = f"price_of_{price_of}" if price_of else "surface" if surface else "trade_off"
    return deliver(result, f"{scenario.name}_{kind}", out, json, begun)


def _known(measures: list[str], price_of: str | None) -> None:
    """Wrong words are said before anything is read or solved."""
    from model.language.columns import MEASURES
    from model.questions.price_of.result import CURVES

    for name in measures:
        if name not in MEASURES:
            raise UsageError(f"{name!r} is no measure; there are {', '.join(MEASURES)}")
    if len(set(measures)) < len(measures):
        raise UsageError(f"a trade-off is between different measures, not {', '.join(measures)}")
    if price_of is not None and price_of not in CURVES:
        raise UsageError(f"there is no ready-made price of {price_of!r}; there are {', '.join(CURVES)}")


def _effort(most_solves: int, watch: Watch, tell: Progress) -> Effort:
    from model.questions.trade_off.front import Effort

    return Effort(most_solves, None if watch.time_limit is None else watch.left, tell)


def _front(problem: Problem, between: tuple[str, str], points: int, exact: bool, effort: Effort) -> Result:
    from model.questions.trade_off.result import trade_off as analysis

    found = analysis(problem, between, points, exact, effort)
    record = {
        "between": list(found.measures),
        "complete": found.complete,
        "gap": found.gap,
        "solves": found.front.solves,
        "bends": len(found.bends),
    }
    return Result.of(found, record)


def _surface(problem: Problem, measures: tuple[str, str, str], points: int, effort: Effort) -> Result:
    from model.questions.trade_off.surface import surface as analysis

    found = analysis(problem, measures, points, effort)
    return Result.of(found, {"measures": list(measures), "points": len(found.spots)})


def _price(problem: Problem, what: str, effort: Effort) -> Result:
    from model.questions.price_of.result import price_of as analysis

    found = analysis(problem, what, effort)
    statuses = {step.status for step in found.steps}  # none where the time was up before the first
    if "optimal" not in statuses:
        status = "infeasible" if statuses == {"infeasible"} else next(iter(sorted(statuses)), "time limit")
        why = found.stopped or f"There is no plan under any setting of {what}: {', '.join(sorted(statuses))}."
        raise typer.Exit(without_plan(status, why))
    return Result.of(found, {"price_of": what})
