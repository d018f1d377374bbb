"""Same input, same plan, to the last bit; and ties broken by the published rule."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.scenario.scenario import Scenario
from model.solve import linear
from model.solve.engine import Engine, Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.stages import in_order
from tests.formulation.ash_and_birch import ash_and_birch
from tests.scenarios import scenario
from tests.solve.variants import varied

pytestmark = pytest.mark.slow

FLAT = {1.0: 1.0}


def shuffled(s: Scenario, seed: int) -> Scenario:
    """The same content in another order of rows, columns and sheets; levels stand in their own order."""
    draw = random.Random(seed)

    def mixed(items: Any) -> Any:
        return draw.sample(list(items), len(items))

    sets = {name: names if name == "level" else tuple(mixed(names)) for name, names in s.sets.items()}
    values = {name: dict(mixed(column.items())) for name, column in mixed(s.values.items())}
    return replace(s, sets=sets, values=values, settings=dict(mixed(s.settings.items())))


def digest(seed: int) -> str:
    """The plan's numbers, to the last bit."""
    plan = Problem(varied(seed)).solve()
    assert plan.x is not None
    return hashlib.sha256(plan.x.tobytes()).hexdigest()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_plan_twice(seed: int) -> None:
    assert digest(seed) == digest(seed)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_plan_in_any_order_of_rows(seed: int) -> None:
    s = varied(seed, consensus=seed == 3)
    first, second = (Problem(one).solve() for one in (s, shuffled(s, seed)))
    assert first.found
    assert np.array_equal(first.x, second.x)
    assert first.scenario.hash == second.scenario.hash


@pytest.mark.parametrize("seed", range(4))
def test_the_same_plan_from_a_warm_start(seed: int) -> None:
    """A second solve starts from the first one's basis: the same plan up to rounding."""
    problem = Problem(varied(seed))
    first, second = problem.solve(), problem.solve()
    assert second.iterations <= first.iterations
    assert second.x == pytest.approx(first.x, rel=1e-7, abs=1e-7)


def test_the_same_plan_under_another_hash_seed() -> None:
    """Python orders sets by hashes that differ from run to run."""
    command = [sys.executable, "-c", "from tests.solve.test_determinism import digest; print(digest(1))"]
    environment = {**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=100)
    assert found.stdout.strip() == digest(1)


@pytest.mark.parametrize("method", ["interior point", "dual simplex", "primal simplex"])
@pytest.mark.parametrize("seed", [1, 6, 14])
def test_the_same_plan_whatever_the_method(seed: int, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's road to the optimum leaves no trace in the plan but rounding."""
    s = varied(seed)
    first = Problem(s).solve()

    def by(engine: Engine, lp: Any, objectives: Any, start: Any, usual: str, watch: Watch, settings: str) -> Any:
        return in_order(engine, lp, objectives, None, method, watch, settings)

    monkeypatch.setattr(linear, "in_order", by)
    assert Problem(s).solve().x == pytest.approx(first.x, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("seed", [4, 6, 9, 14, 15])
def test_the_same_plan_in_other_units(seed: int) -> None:
    """Money in thousandths of the unit, forces in quarters: plans with many ties, and the same choice among them."""
    s = varied(seed)
    dear = s.scale("gdp", 1000.0).scale("unit_cost", 1000.0).scale("sustainment_cost", 1000.0)
    many = s.scale("unit_cost", 0.25).scale("sustainment_cost", 0.25)
    for column in ("holding", "quantity", "build_limit", "min_stock", "max_stock"):
        many = many.scale(column, 4.0)
    first = forces(Problem(s).solve())
    assert forces(Problem(dear).solve()) == pytest.approx(first, rel=1e-6, abs=1e-6)
    assert forces(Problem(many).solve()) / 4 == pytest.approx(first, rel=1e-6, abs=1e-6)


def forces(plan: Plan) -> np.ndarray:
    """What is ordered, held, lifted, contributed and short."""
    assert plan.x is not None
    names = ("ordered", "held", "lifted", "contributed", "short")
    return np.concatenate([plan.x[plan.lp.columns[name].places] for name in names])


# ---------------------------------------------------------------- the rule for ties


def twins(gdp: tuple[float, float], held: float = 0.0, **more: Any) -> Scenario:
    """Two members that differ in nothing but GDP; both could do everything that is required, 8 tanks, alone."""
    return scenario(
        {name: {"gdp": size, "alliance_share": 1.0} for name, size in zip(("East", "West"), gdp, strict=True)},
        {"tank": {"sustainment_cost": 0.0}},
        {"attack": (1.0, None)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 8.0},
        holding={("East", "tank"): held, ("West", "tank"): held},
        bands=FLAT,
        **more,
    )


@pytest.mark.parametrize(("gdp", "parts"), [((100.0, 100.0), (4.0, 4.0)), ((300.0, 100.0), (6.0, 2.0))])
@pytest.mark.parametrize("held", [0.0, 10.0])
def test_twins_share_by_their_fair_shares(gdp: tuple[float, float], parts: tuple[float, float], held: float) -> None:
    """Whether tanks must be bought (burdens closest to fair shares) or are there (nobody beyond its fair share)."""
    problem = Problem(twins(gdp, held))
    plan = problem.solve()
    assert plan.found
    assert plan.ties_broken
    given = plan.values["contributed"]
    assert [given[name, "defend", "tank", 2026] for name in ("East", "West")] == pytest.approx(parts)
    assert plan.measures["unfairness"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_breaking_ties_costs_nothing(seed: int) -> None:
    """The plan is as good in every objective as the solver's own, and nowhere less fair."""
    objectives = ("risk", "cost")
    problem = Problem(varied(seed))
    plan = problem.solve(objectives)
    free = in_order(problem.engine, problem.lp, objectives, None, "dual simplex", Watch(), "as is").x
    assert plan.found
    assert free is not None
    for measure in objectives:
        at = problem.lp.measure(measure)
        assert plan.measures[measure] == pytest.approx(float((problem.lp.K @ free)[at]), rel=1e-6)


@pytest.mark.parametrize("objectives", [("risk", "cost", "unfairness"), ("dependence", "risk"), ("tail_risk",)])
@pytest.mark.parametrize("seed", range(3))
def test_breaking_ties_keeps_every_objective(seed: int, objectives: tuple[str, ...]) -> None:
    """Three in order, and measures that have rows of their own: the face they make must hold."""
    plan = Problem(varied(seed)).solve(objectives)
    assert plan.found, plan.message
    assert plan.settings == "as is"
    for stage in plan.stages:
        assert plan.measures[stage.measure] <= stage.value * (1 + 2e-6) + 1e-9


def test_what_is_left_is_picked_by_names() -> None:
    """4 tanks, two tasks that matter alike and want 4 each: one member, no fair share to tell, any split is as good.

    Weights drawn from names pick one corner: all to the same task, whatever the order of rows.
    """
    s = scenario(
        {"Solo": {"alliance_share": 0.0}},
        {"tank": {"sustainment_cost": 0.0}},
        {"attack": (1.0, None)},
        {"hold": ("attack", 1.0), "raid": ("attack", 1.0)},
        {("hold", "tank", None): 4.0, ("raid", "tank", None): 4.0},
        holding={("Solo", "tank"): 4.0},
        bands=FLAT,
    )
    plans = [Problem(one).solve() for one in (s, shuffled(s, 1), shuffled(s, 2))]
    given = [sorted(plan.values["contributed"].values()) for plan in plans]
    assert given == [pytest.approx([0.0, 4.0], abs=1e-9)] * 3
    assert all(np.array_equal(plan.x, plans[0].x) for plan in plans)


def test_many_policies_and_no_risk_left_are_settled_too() -> None:
    """Plenty of everything: risk is nil, and the plan is still one and the same."""
    rich = ash_and_birch(consensus=False).scale("gdp", 100.0)
    first, second = Problem(rich).solve(), Problem(shuffled(rich, 5)).solve()
    assert first.found, first.message
    assert np.array_equal(first.x, second.x)
