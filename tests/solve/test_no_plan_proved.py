""" "No plan exists" is said only with a proof from the certificate's own reading, and then it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.certificate import Cells, Stage, read, refute
from model.scenario.scenario import Scenario
from model.solve import linear, steps, voice
from model.solve.dissent import Dissent
from model.solve.engine import LADDER
from model.solve.lp import LP
from model.solve.problem import Problem
from model.solve.proof import refuted_by
from tests.formulation.ash_and_birch import ash_and_birch, helped
from tests.random_layers import with_layers
from tests.scenarios import scenario
from tests.solve.test_by_hand import free, member, solo
from tests.solve.variants import varied

pytestmark = pytest.mark.slow

SOLVABLE = ash_and_birch(consensus=False)
PLEDGED = SOLVABLE.with_values("min_stock", {("Ash", "tank", None): 1.0, ("Birch", "tank", None): 1.0})


def spoilt(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[LP], LP], s: Scenario, **more: Any) -> Any:
    compile_model = steps.compile_model
    monkeypatch.setattr(steps, "compile_model", lambda model, data: spoil(compile_model(model, data)))
    return Problem(s, **more).solve(("risk", "cost"), ties=False)


def turned(rule: str) -> Callable[[LP], LP]:
    """Every coefficient of a rule with the other sign."""

    def spoil(lp: LP) -> LP:
        matrix, places = lp.A.tocsr().copy(), lp.rows[rule].places
        matrix.data[matrix.indptr[places.start] : matrix.indptr[places.stop]] *= -1.0
        return replace(lp, A=matrix.tocsc())

    return spoil


def limited(rule: str, by: float, extra: float = 0.0) -> Callable[[LP], LP]:
    """Limits of a rule multiplied, and more of it asked for."""

    def spoil(lp: LP) -> LP:
        places, lower, upper = lp.rows[rule].places, lp.row_lower.copy(), lp.row_upper.copy()
        lower[places], upper[places] = by * lower[places] + extra, by * upper[places] - extra
        return replace(lp, row_lower=lower, row_upper=upper)

    return spoil


def forced(variable: str, least: float) -> Callable[[LP], LP]:
    """A variable that can no longer be nothing."""

    def spoil(lp: LP) -> LP:
        lower = lp.lower.copy()
        lower[lp.columns[variable].places] = least
        return replace(lp, lower=lower, upper=np.maximum(lp.upper, lower))

    return spoil


SPOILT: dict[str, Callable[[LP], LP]] = {
    "budget below nothing": limited("budget_is_respected", -1.0),
    "a budget asked for": limited("budget_is_respected", 1.0, 1e6),
    "pledges a hundred times": limited("pledge_is_kept", 100.0),
    "stocks that are less than nothing": limited("holdings_carry_over", 1.0, 1e3),
    "pledges turned round": turned("pledge_is_kept"),
    "requirements turned round": turned("requirement_is_met"),
    "requirements a hundred times": limited("requirement_is_met", 100.0),
    "holdings out of nothing": forced("held", 1e3),
    "contributions out of nothing": forced("contributed", 1e3),
    "shortfalls that cannot be": forced("short", 1e3),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_an_error_in_the_rules_never_says_that_no_plan_exists(
    spoil: Callable[[LP], LP], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Problem(PLEDGED).solve(("risk", "cost"), ties=False).found
    plan = spoilt(monkeypatch, spoil, PLEDGED)
    assert plan.status == "numerical trouble"
    assert plan.diagnosis is None
    assert "certificate" in plan.message


def test_every_setting_is_tried_before_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    attempt = linear._Solve.attempt
    monkeypatch.setattr(
        linear._Solve, "attempt", lambda self, *given: (tried.append(given[0]), attempt(self, *given))[1]
    )
    plan = spoilt(monkeypatch, SPOILT["pledges a hundred times"], PLEDGED)
    assert "could not confirm from the scenario that there is none" in plan.message
    assert tried == [name for name, _ in LADDER]


IMPOSSIBLE: dict[str, Callable[[Scenario, int], tuple[Scenario, dict[str, float]]]] = {
    "a ceiling on risk": lambda s, seed: (s, {"risk": 1e-4}),
    "a ceiling on risk and one on money": lambda s, seed: (s, {"risk": 0.05, "cost": 1e-3}),
    "a ceiling on the tail": lambda s, seed: (s, {"tail_risk": 1e-4}),
    "a ceiling on perceived risk": lambda s, seed: (s, {"worst_perceived_risk": 1e-4}),
    "a ceiling on dependence": lambda s, seed: (s, {"dependence": 0.01, "risk": 0.2}),
    "a ceiling on unfairness": lambda s, seed: (s, {"unfairness": 0.0, "risk": 0.01}),
    "pledges beyond all budgets": lambda s, seed: (_pledged(s, 1e4), {}),
    "more and less pledged": lambda s, seed: (_pledged(s, 3.0).with_values("max_stock", _pledges(s, 1.0)), {}),
    "an industry too slow": lambda s, seed: (_pledged(s, 50.0).with_values("build_limit", _each(s, 0.01)), {}),
    "a band that pledges break": lambda s, seed: (_pledged(s, 8.0, 1).with_settings(fairness_band=0.0), {}),
    "a little too much pledged": lambda s, seed: (
        _pledged(s, 3.0 + 3e-5).with_values("max_stock", _pledges(s, 3.0)),
        {},
    ),
}


def _pledges(s: Scenario, amount: float, count: int | None = None) -> dict[Any, float]:
    return {(m, s.sets["capability"][0], None): amount for m in s.sets["member"][:count]}


def _pledged(s: Scenario, amount: float, count: int | None = None) -> Scenario:
    kept = dict.fromkeys(_pledges(s, 0.0))
    return s.with_values("min_stock", _pledges(s, amount, count)).with_values("max_stock", kept)


def _each(s: Scenario, amount: float) -> dict[Any, float]:
    return dict.fromkeys(s.sets["capability"], amount)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("make", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_proved(
    make: Callable[[Scenario, int], tuple[Scenario, dict[str, float]]], seed: int
) -> None:
    s, ceilings = make(with_layers(varied(seed, pooling=seed % 2 == 1), seed), seed)
    plan = Problem(s, ceilings).solve(ties=False)
    assert plan.status in ("infeasible", "optimal"), plan.message  # some seeds can after all
    if plan.status == "infeasible":
        assert plan.diagnosis is not None
        assert plan.diagnosis.proof is not None
        assert plan.diagnosis.proof.passed
        assert plan.diagnosis.proof.margin > 1e-7
        assert plan.message.endswith("is proved from the scenario's own figures.")
        assert plan.diagnosis.ways_out


def test_the_ray_of_the_solver_proves_it_as_well() -> None:
    """Where the prices of the least stretch do not: here they are not looked at."""
    problem_ = Problem(solo({None: 4.0}, budget=5.0, pledges={("Solo", "tank", None): (8.0, None)}))
    proof = refuted_by(problem_.reading, problem_.lp, problem_.engine.ray(problem_.lp))
    assert proof.passed
    # 8 tanks at 1 each against 5 of money: 3 too much, of 13 in all.
    assert proof.margin == pytest.approx(3 / 13)


def guests(needed: float, **changed: Any) -> Scenario:
    """Two members like Guest lead when alone, and their 10 tanks do all; beside Host, with nothing in common, they count half."""
    return scenario(
        {"Guest": member(1.0), "Other": member(1.0), "Host": member(1.0)},
        {"tank": free()},
        {"attack": (1.0, "Host")},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 10.0},
        holding={("Guest", "tank"): 10.0, ("Other", "tank"): 8.0},
        cost_factor={},
        levels={"apart": (0.5, 0.0, 0.0)},
        commonality={(m, "Host"): 0.0 for m in ("Guest", "Other")},
        bands={1.0: 1.0},
        consensus=True,
        consensus_voice=needed,
        **changed,
    )


@pytest.mark.parametrize("needed", [1.0, 0.9, 0.7, 0.6])
def test_by_voice_every_vote_is_proved_to_have_no_plan(needed: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they cover 9 of 10 tanks: Guest, alone without risk, does not agree; from two thirds of the voice down it is outvoted."""
    plan = Problem(guests(needed)).solve()
    if needed < 2 / 3:
        assert plan.dissent.outvoted == {"Guest"}
        monkeypatch.setattr(voice, "dissent", lambda *given: Dissent())  # as if the search had found no vote
        unproved = Problem(guests(needed)).solve()
        assert (unproved.status, unproved.refutation) == ("numerical trouble", None)
    else:
        assert plan.status == "infeasible"
        assert plan.refutation is not None
        assert plan.refutation.passed


def test_prices_that_prove_nothing_are_refused() -> None:
    """None; of the wrong sign; too small a clash; of a rule that is off; not finite; against a problem that has a plan."""
    s = solo({None: 4.0}, budget=5.0, pledges={("Solo", "tank", None): (8.0, None)})
    budget, pledge = {("Solo", 2026): -1.0}, {("Solo", "tank", 2026): 1.0}
    carry = {("Solo", "tank", 2026): -1.0}
    right = {"budget_is_respected": budget, "pledge_is_kept": pledge, "holdings_carry_over": carry}
    assert refute(read(s), Stage({}), right).passed
    for wrong in (
        {},
        {**right, "pledge_is_kept": {("Solo", "tank", 2026): -1.0}},
        {**right, "pledge_is_kept": {("Solo", "tank", 2026): 0.6}},
        {**right, "budget_is_respected": {("Solo", 2026): float("nan")}},
        {name: Cells((), np.zeros(0)) for name in right},
    ):
        assert not refute(read(s), Stage({}), wrong).passed
    assert not refute(read(s, {"pledge_is_kept"}), Stage({}, off=frozenset({"pledge_is_kept"})), right).passed
    assert not refute(read(s), Stage({}, off=frozenset({"pledge_is_kept"})), right).passed
    possible = solo({None: 4.0}, budget=8.0, pledges={("Solo", "tank", None): (8.0, None)})
    assert not refute(read(possible), Stage({}), right).passed


@pytest.mark.parametrize("seed", range(3))
def test_random_prices_never_refute_what_has_a_plan(seed: int) -> None:
    s = helped().with_settings(consensus=False)
    reading, lp, rng = read(s), Problem(s).lp, np.random.default_rng(seed)
    for _ in range(40):
        duals = {
            name: Cells(block.keys, rng.normal(size=len(block.keys)) * (rng.random(len(block.keys)) < 0.3))
            for name, block in lp.rows.items()
        }
        assert not refute(reading, Stage({}), duals).passed
