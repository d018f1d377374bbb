"""Every measure that is shown is what its definition makes of the plan; an error in one that is no objective is seen as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.language.columns import MEASURES
from model.solve import linear, settle, steps, uncertain
from model.solve.answers import Answer
from model.solve.engine import LADDER, Engine
from model.solve.lp import LP, Array
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.uncertain import Uncertain
from tests.formulation.ash_and_birch import ash_and_birch, helped
from tests.random_layers import with_layers
from tests.solve.test_no_plan_without_certificate import missing
from tests.solve.variants import varied
from tests.uncertain import uncertain as some_cases

pytestmark = pytest.mark.slow

SCENARIO = helped().with_settings(consensus=False).with_values("technology", {"Ash": 0.9, "Birch": 0.6})
OBJECTIVES = ("risk", "cost")
DEFINED_BY = {
    "tail_risk": ("tail_excess_counts",),
    "unfairness": ("burden_adds_up", "overburden_counts"),
    "worst_perceived_risk": ("perception_counts", "task_loss_adds_up"),
    "worst_kind_risk": ("kind_counts", "task_loss_adds_up"),
    "technology_gap": ("gap_in_technology_counts",),
    "dependence": ("dependence_counts",),
}


def compiled_with(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[LP], LP]) -> None:
    compile_model = steps.compile_model
    monkeypatch.setattr(steps, "compile_model", lambda model, data: spoil(compile_model(model, data)))


def refused(plan: Plan) -> None:
    assert (plan.status, plan.measures, plan.x) == ("numerical trouble", {}, None)


def turned(lp: LP, rule: str) -> LP:
    """Every coefficient of a rule with the other sign."""
    matrix, places = lp.A.tocsr().copy(), lp.rows[rule].places
    matrix.data[matrix.indptr[places.start] : matrix.indptr[places.stop]] *= -1.0
    return replace(lp, A=matrix.tocsc())


def heavier(lp: LP, rule: str) -> LP:
    """Every other coefficient of a rule a thousandth too small."""
    matrix, places = lp.A.tocsr().copy(), lp.rows[rule].places
    entries = slice(matrix.indptr[places.start], matrix.indptr[places.stop])
    matrix.data[entries] *= np.where(np.arange(entries.stop - entries.start) % 2, 1.0, 0.999)
    return replace(lp, A=matrix.tocsc())


def test_there_is_something_to_get_wrong() -> None:
    found = Problem(SCENARIO).solve(OBJECTIVES)
    assert set(found.measures) == set(MEASURES)
    assert all(found.measures[name] > 1e-3 for name in DEFINED_BY)
    assert found.certificates[-1].measures == pytest.approx(found.measures, rel=1e-9)


@pytest.mark.parametrize("spoil", [missing, turned, heavier], ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("rule", sorted({rule for rules in DEFINED_BY.values() for rule in rules}))
def test_a_spoilt_definition_gives_no_plan(
    rule: str, spoil: Callable[[LP, str], LP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these rules says anything of the two objectives."""
    if spoil is turned and rule in ("burden_adds_up", "task_loss_adds_up"):
        return  # an equation says the same with all signs turned
    compiled_with(monkeypatch, lambda lp: spoil(lp, rule))
    refused(Problem(SCENARIO).solve(OBJECTIVES, ties=False))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_spoilt_measure_that_is_no_objective_gives_no_plan(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself counted a part in a hundred thousand too high."""

    def spoil(lp: LP) -> LP:
        rows, place = lp.K.tocsr().copy(), lp.measure(measure)
        rows.data[rows.indptr[place] : rows.indptr[place + 1]] *= 1 + 1e-5
        return replace(lp, K=rows)

    compiled_with(monkeypatch, spoil)
    objective = "cost" if measure == "risk" else "risk"
    refused(Problem(SCENARIO).solve((objective,), ties=False))


def untouched(engine: Engine, lp: LP, x: Array) -> Array:
    return x


def zeros(name: str) -> Callable[[Engine, LP, Array], Array]:
    """Settled, and then one helper set to nothing."""

    def spoilt(engine: Engine, lp: LP, x: Array) -> Array:
        found = settle.settle(engine, lp, x)
        found[lp.columns[name].places] = 0.0
        return found

    return spoilt


HELPERS = (
    "burden", "overburden", "task_loss", "tail_threshold", "perceived_by_worst", "risk_of_worst_kind", "largest_part",
    "widest_gap", "short",
)  # fmt: skip


@pytest.mark.parametrize("spoilt", [untouched, *map(zeros, HELPERS)], ids=("untouched", *HELPERS))
def test_helpers_that_are_not_settled_give_no_plan(
    spoilt: Callable[[Engine, LP, Array], Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear, "settle", spoilt)
    refused(Problem(SCENARIO).solve(OBJECTIVES, ties=False))


def test_a_settling_that_fails_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its sentence, after every setting was tried."""
    solve, tried = Engine.solve, []

    def unable(self: Engine, lp: LP, *args: Any, **more: Any) -> Answer:
        answer = solve(self, lp, *args, **more)
        if lp.columns:
            return answer
        tried.append(more["settings"])
        return replace(answer, status="iteration limit")

    monkeypatch.setattr(Engine, "solve", unable)
    plan = Problem(SCENARIO).solve(OBJECTIVES, ties=False)
    refused(plan)
    assert "could not be worked out" in plan.message
    assert set(tried) == {name for name, _ in LADDER}


@pytest.mark.parametrize("seed", range(9))
@pytest.mark.parametrize("objective", ["cost", "unfairness", "tail_risk", "dependence"])
def test_risk_is_true_where_nobody_minimised_it(seed: int, objective: str) -> None:
    """Shortfalls by their definition: what is required and not provided, the mildest bands first."""
    plan = Problem(with_layers(varied(seed, pooling=seed % 2 == 1), seed)).solve((objective,), ties=False)
    assert plan.found, plan.message
    d, short, provided = plan.data, plan.values["short"], plan.quantity("provided")
    for (k, c, t), required in d.required.items():
        if d.sharing[c] != "weakest link":
            lacking = max(0.0, required - provided[k, c, t])
            assert sum(short[k, c, t, b] for b in d.sets["band"]) == pytest.approx(lacking, abs=1e-9 * required)


def test_the_measures_of_cases_are_recomputed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    s = some_cases(2)
    found = Uncertain(s).solve("cvar")
    assert found.certificates[-1].measures == pytest.approx(found.measures, rel=1e-6, abs=1e-9)
    monkeypatch.setattr(uncertain, "settle", untouched)
    spoilt = Uncertain(s).solve("expected", ties=False)
    assert (spoilt.status, spoilt.measures) == ("numerical trouble", {})


def test_ash_and_birch_has_every_measure_recomputed() -> None:
    plan = Problem(ash_and_birch(consensus=False)).solve(("cost",))
    assert plan.certificates[-1].measures == pytest.approx(plan.certificates[-1].measures | plan.measures, rel=1e-9)
