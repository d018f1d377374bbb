"""An error between the rules and the arrays never comes out as a plan: the certificate reads the scenario itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model.solve import linear, steps
from model.solve.engine import LADDER
from model.solve.lp import LP
from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.formulation.ash_and_birch import ash_and_birch
from tests.scenarios import tiny_scenario

pytestmark = pytest.mark.slow

SCENARIO = ash_and_birch(consensus=False)
OBJECTIVES = ("risk", "cost")
ALWAYS = [name for name, block in Problem(SCENARIO).lp.rows.items() if block.keys and not block.supports]
TRUE = Problem(SCENARIO).solve(OBJECTIVES)


def swapped(lp: LP, rule: str) -> LP:
    """Every row of a rule the wrong way round."""
    places = lp.rows[rule].places
    lower, upper = lp.row_lower.copy(), lp.row_upper.copy()
    one_sided = np.isinf(lower[places]) | np.isinf(upper[places])
    was_lower, was_upper = lower[places].copy(), upper[places].copy()
    lower[places] = np.where(one_sided & np.isfinite(was_upper), was_upper, -np.inf)
    upper[places] = np.where(one_sided & np.isfinite(was_lower), was_lower, np.inf)
    return replace(lp, row_lower=lower, row_upper=upper)


def missing(lp: LP, rule: str) -> LP:
    """A rule forgotten."""
    lower, upper = lp.row_lower.copy(), lp.row_upper.copy()
    lower[lp.rows[rule].places], upper[lp.rows[rule].places] = -np.inf, np.inf
    return replace(lp, row_lower=lower, row_upper=upper)


def perturbed(lp: LP, rule: str) -> LP:
    """The coefficient that weighs most in each row of a rule one in a thousand too large."""
    matrix = lp.A.tocsr().copy()
    weighs = np.abs(matrix.data * TRUE.stages[0].x[matrix.indices])
    for place in range(lp.rows[rule].start, lp.rows[rule].stop):
        entries = slice(matrix.indptr[place], matrix.indptr[place + 1])
        matrix.data[entries.start + int(np.argmax(weighs[entries]))] *= 1.001
    return replace(lp, A=matrix.tocsc())


def solved_with(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[LP], LP]) -> Plan:
    compile_model = steps.compile_model
    monkeypatch.setattr(steps, "compile_model", lambda model, data: spoil(compile_model(model, data)))
    return Problem(SCENARIO).solve(OBJECTIVES)


BINDING = [rule for rule in ALWAYS if any(price > 1e-6 for price in TRUE.gains(rule).values())]


def test_enough_rules_bind_for_this_to_mean_something() -> None:
    assert TRUE.found
    assert len(BINDING) >= 9
    assert {"budget_is_respected", "requirement_is_met", "holdings_carry_over", "weakest_link_counts"} <= set(BINDING)


@pytest.mark.parametrize("spoil", [swapped, missing, perturbed], ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("rule", ALWAYS)
def test_a_spoilt_rule_gives_no_plan(
    rule: str, spoil: Callable[[LP, str], LP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where the rule does not matter to the optimum: then the plan is as good as the true one, and certified."""
    plan = solved_with(monkeypatch, lambda lp: spoil(lp, rule))
    assert not (plan.found and rule in BINDING)
    if plan.found:
        assert all(proof.passed for proof in plan.certificates)
        for measure in OBJECTIVES:
            assert plan.measures[measure] == pytest.approx(TRUE.measures[measure], rel=2e-6)
    else:
        assert plan.measures == {}


@pytest.mark.parametrize("measure", ["risk", "cost"])
def test_a_spoilt_measure_is_seen(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One coefficient of the objective counted twice."""

    def spoil(lp: LP) -> LP:
        rows, place = lp.K.tocsr().copy(), lp.measure(measure)
        entries = slice(rows.indptr[place], rows.indptr[place + 1])
        rows.data[entries] *= np.linspace(1, 3, entries.stop - entries.start)
        return replace(lp, K=rows)

    assert not solved_with(monkeypatch, spoil).found


def test_a_loosened_bound_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortfall allowed in the mildest band beyond its width."""

    def spoil(lp: LP) -> LP:
        upper = lp.upper.copy()
        upper[lp.columns["short"].places] *= 1.5
        return replace(lp, upper=upper)

    assert not solved_with(monkeypatch, spoil).found


def test_an_answer_that_fails_is_tried_again_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting of the ladder, and a message that says what is wrong."""
    tried: list[str] = []
    attempt = linear._Solve.attempt
    monkeypatch.setattr(
        linear._Solve, "attempt", lambda self, *given: (tried.append(given[0]), attempt(self, *given))[1]
    )
    plan = solved_with(monkeypatch, lambda lp: missing(lp, "budget_is_respected"))
    assert tried == [name for name, _ in LADDER]
    assert (plan.status, plan.measures) == ("numerical trouble", {})
    assert "certificate" in plan.message
    assert "breaks a rule" in plan.message


def test_a_certificate_stands_by_every_stage_and_the_final_plan() -> None:
    plan = Problem(tiny_scenario()).solve(("risk", "cost"))
    assert len(plan.certificates) == 3
    assert [proof.objective for proof in plan.certificates] == pytest.approx([0.2, 14.0, 14.0])
    assert [proof.bound for proof in plan.certificates] == pytest.approx([0.2, 14.0, 14.0])
