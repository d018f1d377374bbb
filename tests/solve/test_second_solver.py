"""A second, unrelated solver finds the same optima in the compiled arrays."""

from __future__ import annotations

from typing import Any

import pytest

from model.solve.problem import Problem
from tests.formulation.ash_and_birch import ash_and_birch
from tests.random_layers import with_layers, with_opt_outs
from tests.solve.second_solver import glpk_optimum
from tests.solve.variants import varied

pytestmark = pytest.mark.slow

SAME = {"rel": 1e-6, "abs": 1e-9}
LATER = ("unfairness", "tail_risk", "worst_perceived_risk", "worst_kind_risk", "dependence")


@pytest.mark.parametrize("seed", range(36))
def test_risk_and_then_cost_agree(seed: int) -> None:
    """Risk at its best; then the least cost at the risk the plan has."""
    problem = Problem(varied(seed))
    plan = problem.solve(("risk", "cost"))
    assert plan.found, plan.message
    assert plan.stage("risk").value == pytest.approx(glpk_optimum(problem.lp, "risk"), **SAME)
    held = plan.stage("cost").ceilings
    assert plan.measures["risk"] == pytest.approx(held["risk"], **SAME)
    assert plan.measures["cost"] == pytest.approx(glpk_optimum(problem.lp, "cost", dict(held)), **SAME)


@pytest.mark.parametrize("measure", LATER)
@pytest.mark.parametrize("seed", range(3))
def test_every_measure_agrees_as_a_second_objective(seed: int, measure: str) -> None:
    problem = Problem(varied(seed))
    plan = problem.solve(("risk", measure))
    assert plan.found, plan.message
    held = dict(plan.stage(measure).ceilings)
    assert plan.measures[measure] == pytest.approx(glpk_optimum(problem.lp, measure, held), **SAME)


def test_consensus_agrees() -> None:
    """Every policy on; no plan need exist for figures made up for reading, so budgets are ample."""
    problem = Problem(ash_and_birch(fairness_band=None, equipment_floor=None))
    plan = problem.solve(("risk",))
    assert plan.found, plan.message
    assert plan.measures["risk"] == pytest.approx(glpk_optimum(problem.lp, "risk"), **SAME)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rule", [{"consensus_excess": 0.05}, {"consensus_against": "status quo"}], ids=str)
def test_consensus_and_opt_outs_agree(seed: int, rule: dict[str, Any]) -> None:
    """Where there is a plan: what members compare with depends on the figures, and so does whether they can agree."""
    s = with_opt_outs(varied(seed, consensus=True, **rule), seed).with_values("min_stock", {})
    problem = Problem(s)
    plan = problem.solve(("risk",))
    assert plan.found or "consensus_against" not in rule, plan.message
    if plan.found:
        assert plan.measures["risk"] == pytest.approx(glpk_optimum(problem.lp, "risk"), **SAME)


@pytest.mark.parametrize("seed", range(9))
def test_with_layers_risk_and_then_cost_agree(seed: int) -> None:
    """Partners pay and lend; and the certificate's bound holds for any prices whatever."""
    problem = Problem(with_layers(varied(seed, pooling=seed % 2 == 1), seed))
    plan = problem.solve(("risk", "cost"))
    assert plan.found, plan.message
    assert all(certificate.rigorous for certificate in plan.certificates)
    assert plan.stage("risk").value == pytest.approx(glpk_optimum(problem.lp, "risk"), **SAME)
    assert plan.measures["cost"] == pytest.approx(
        glpk_optimum(problem.lp, "cost", dict(plan.stage("cost").ceilings)), **SAME
    )
