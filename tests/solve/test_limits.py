"""A solve that is stopped, or cannot be, says so; nothing hangs and nothing comes out that is not a plan."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from model.language.faults import SolverError, UsageError
from model.scenario.scenario import Scenario
from model.solve import engine
from model.solve.engine import LADDER, Answer, Engine, Watch
from model.solve.lp import LP
from model.solve.problem import Problem
from tests.scenarios import random_scenario, tiny_scenario

NUMBERS = sorted(
    name
    for name, cells in random_scenario(1).values.items()
    if any(isinstance(cell, float) and not isinstance(cell, bool) for cell in cells.values())
)


@pytest.mark.parametrize("s", [tiny_scenario(), random_scenario(3)], ids=["tiny", "random"])
def test_no_time_at_all(s: Scenario) -> None:
    plan = Problem(s).solve(time_limit=0.0)
    assert plan.status == "time limit"
    assert plan.measures == {}
    assert plan.message.startswith("The time limit was reached")
    with pytest.raises(SolverError, match="time limit"):
        _ = plan.values


@pytest.mark.parametrize("s", [tiny_scenario(), random_scenario(3)], ids=["tiny", "random"])
def test_stopped_before_it_began(s: Scenario) -> None:
    stop = threading.Event()
    stop.set()
    plan = Problem(s).solve(watch=Watch(stop=stop))
    assert plan.status == "interrupted"
    assert plan.measures == {}
    assert plan.message.startswith("The solve was stopped")


@pytest.mark.slow
def test_the_solver_calls_back_now_and_then_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call waits for Python's lock: one an iteration, beside a thread busy in Python, would take minutes."""
    calls: list[float] = []
    heard = engine._Listener.__call__

    def count(self: Any, event: Any) -> None:
        calls.append(time.perf_counter())
        heard(self, event)

    monkeypatch.setattr(engine._Listener, "__call__", count)
    lp = Problem(random_scenario(1, members=14, capabilities=10, tasks=6, periods=4)).lp
    answer = Engine().solve(lp, {"risk": 1e4, "cost": 1.0}, method="dual simplex")
    assert answer.iterations > 1000
    assert len(calls) <= 3 * (1 + answer.seconds / engine.TICK)


@pytest.mark.slow
def test_a_run_may_be_limited_in_its_own_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What else the machine is busy with does not count: a hot start is not given up because others are at work."""
    monkeypatch.setattr(engine, "TICK", 0.001)
    lp = Problem(random_scenario(1, members=14, capabilities=10, tasks=6, periods=4)).lp
    aim = {"risk": 1e4, "cost": 1.0}
    assert Engine().solve(lp, aim, watch=Watch(processor_limit=0.01)).status == "time limit"
    assert Engine().solve(lp, aim, watch=Watch(processor_limit=600.0)).status == "optimal"


@pytest.mark.slow
def test_stopped_on_the_way() -> None:
    """Within a second, from another thread."""
    problem, stop, asked = (
        Problem(random_scenario(1, members=14, capabilities=10, tasks=6, periods=4)),
        threading.Event(),
        [0.0],
    )
    _ = problem.lp, problem.reading, problem.tie_rule

    def ask() -> None:
        asked[0] = time.perf_counter()
        stop.set()

    timer = threading.Timer(0.1, ask)
    timer.start()
    plan = problem.solve(watch=Watch(stop=stop))
    timer.join()
    assert plan.status == "interrupted"
    assert time.perf_counter() - asked[0] < 1.0


def test_the_limit_is_for_each_call_and_for_all_of_it() -> None:
    """Many calls on one engine do not eat up one another's time, and the stages of one call share its time."""
    problem = Problem(random_scenario(3, members=6, capabilities=6))
    begun = time.perf_counter()
    assert problem.solve().found
    once = time.perf_counter() - begun
    for _ in range(8):
        problem._last = None
        assert problem.solve(time_limit=4 * once + 0.5).found
    assert problem.engine._highs.getRunTime() > 0
    problem._last = None
    late = Watch(time_limit=0.5, begun=time.perf_counter() - 1.0)
    assert problem.solve(watch=late).status == "time limit"


def test_a_problem_can_be_solved_after_it_was_stopped() -> None:
    problem = Problem(tiny_scenario())
    assert problem.solve(time_limit=0.0).status == "time limit"
    assert problem.solve().measures["risk"] == pytest.approx(0.2)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("column", NUMBERS)
def test_a_figure_that_is_no_number_is_refused(column: str, bad: float) -> None:
    """By name, before anything is built."""
    s = random_scenario(1)
    key = next(key for key, cell in s.values[column].items() if cell is not None)
    with pytest.raises(SolverError, match=rf"^{column} of .* finite number"):
        Problem(s.with_values(column, {**s.values[column], key: bad}))


def test_a_setting_that_is_no_number_is_refused() -> None:
    with pytest.raises(SolverError, match="settings of challenge"):
        Problem(tiny_scenario(challenge=math.nan))


def test_figures_that_grow_out_of_all_proportion_are_refused() -> None:
    """Each is finite, their product is not."""
    s = tiny_scenario().scale("unit_cost", 1e200).scale("price_level", 1e200)
    with pytest.raises(SolverError, match="not a finite number"):
        Problem(s).solve()


class Doubting(Engine):
    """Finds the first objective's plan, and then says that there is none."""

    def solve(self, lp: LP, weights: Mapping[str, float], *given: Any, **named: Any) -> Answer:
        answer = super().solve(lp, weights, *given, **named)
        return answer if weights.get("risk") else replace(answer, status="infeasible")


def test_no_scenario_is_called_infeasible_once_a_plan_was_found() -> None:
    """Every setting is tried; a contradiction is the solver's trouble."""
    plan = Problem(tiny_scenario(), engine=Doubting()).solve(("risk", "cost", "dependence"))
    assert plan.status == "numerical trouble"
    assert plan.settings == LADDER[-1][0]


def test_an_unknown_measure_or_policy_is_refused() -> None:
    with pytest.raises(UsageError, match="'joy' is no measure"):
        Problem(tiny_scenario()).solve(("joy",))
    with pytest.raises(UsageError, match="'levels_nest' is no policy"):
        Problem(tiny_scenario(), off=["levels_nest"])
