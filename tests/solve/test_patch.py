"""A problem changed by an edit is the problem of the edited scenario: same labels, same numbers, whatever was edited."""

from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from model import load
from model.core.data import Data
from model.formulation.changes import goes_by
from model.language.columns import DIMENSIONS
from model.language.faults import UsageError
from model.language.registry import PARTS
from model.scenario.levers.edits import LEVERS, apply_edits
from model.scenario.schema import SHEETS
from model.solve import steps
from model.solve.compile import compile_data
from model.solve.problem import Problem
from tests.data.test_levers import SCENARIO as EVERYTHING
from tests.data.test_levers import sample
from tests.random_layers import with_layers
from tests.scenarios import random_scenario

NUMBERS = sorted(
    column.key
    for sheet in SHEETS
    if sheet.form != "settings"
    for column in sheet.columns
    if column.kind in ("number", "factor") and column.name not in sheet.keys
)
"""Every column of figures, of whatever layer: where a scenario has none, scaling it must change nothing."""

SETTINGS = {
    "challenge": [None, 1.3],
    "discount_rate": [0.07],
    "cvar_level": [0.5],
    "voice": ["gdp"],
    "burden_key": ["population", "equal"],
    "weakest_link_weight": [0.9],
    "fairness_band": [None, 0.4],
    "equipment_floor": [None, 0.2],
    "delivery_level": ["level 2"],
}


def _agrees(base, edited):
    problem = Problem(base)
    assert problem.lp is not None
    changed = problem.changed(edited)
    fresh = compile_data(Data(edited))
    assert changed.lp.equals(fresh)
    assert changed.lp.scale == pytest.approx(fresh.scale, rel=1e-12)
    assert changed.lp.whole == pytest.approx(fresh.whole, rel=1e-12)
    return changed


@pytest.mark.slow
@pytest.mark.parametrize("column", NUMBERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_edited_column(column, seed):
    base = random_scenario(seed, challenge=2.0, fairness_band=0.9, equipment_floor=0.05)
    base = with_layers(base, seed) if seed == 2 else base
    _agrees(base, base.scale(column, 0.93))
    pooled = random_scenario(seed, fairness_band=0.9, equipment_floor=0.05, pooling=True, joint=2)
    _agrees(pooled, pooled.scale(column, 0.93))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in LEVERS if name != "rule"])
def test_every_lever(name):
    """On the tutorial, where it has what the lever needs, and on a scenario with every layer."""
    edited = [(EVERYTHING, apply_edits(EVERYTHING, [sample(name)]).scenario)]
    tutorial = load("inputs/tutorial.xlsx")
    names = {**{one: tutorial.named(one)[:1] for one in DIMENSIONS}, "other": tutorial.sets["member"][1:2]}
    targets = [names[target] for target in LEVERS[name].targets]
    if all(targets):
        edit = replace(sample(name), targets=tuple(one for (one,) in targets))
        with suppress(UsageError):  # the tutorial has no such row, or no such level
            edited.append((tutorial, apply_edits(tutorial, [edit]).scenario))
    for base, after in edited:
        problem = Problem(base)
        assert problem.lp is not None
        assert problem.changed(after).lp.equals(Problem(after).lp)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SETTINGS.items() for value in values])
def test_an_edited_setting(name, value):
    base = random_scenario(3, challenge=2.0, fairness_band=0.9, equipment_floor=0.05)
    if name == "delivery_level":
        value = base.sets["level"][-1]
    _agrees(base, base.with_settings(**{name: value}))


@pytest.mark.parametrize("key", ["population", "equal", "un"])
def test_another_key_of_common_funding(key):
    base = random_scenario(3, pooling=True)
    assert _agrees(
        base, base.with_values("common_key", dict.fromkeys(base.common_key, key))
    ).compiled.stated.is_restated


@pytest.mark.parametrize("decision", ["open", "closed"])
def test_a_decision_about_programmes(decision):
    base = random_scenario(3, joint=2)
    assert _agrees(
        base, base.with_values("decision", dict.fromkeys(base.decision, decision))
    ).compiled.stated.is_restated


def test_an_edit_that_moves_places_is_stated_anew():
    """A requirement that disappears takes its rows and columns with it."""
    base = random_scenario(4)
    task, capability, _ = next(iter(base.quantity))
    gone = {key: 0.0 if key[:2] == (task, capability) else value for key, value in base.quantity.items()}
    assert not _agrees(base, base.with_values("quantity", gone)).compiled.stated.is_restated


def test_a_member_that_leaves():
    base = random_scenario(5)
    assert not _agrees(base, base.without(base.sets["member"][0])).compiled.stated.is_restated


def test_only_what_an_edit_touches_is_stated_again():
    base = random_scenario(6)
    problem = Problem(base)
    assert problem.lp is not None
    changed = problem.changed(base.scale("alliance_share", 0.9))
    assert changed.lp is not None
    kept = {name for name, found in changed.statement.relations.items() if found is problem.statement.relations[name]}
    assert set(problem.statement.relations) - kept == {"budget_is_respected"}


def test_what_a_rule_reads_is_noted_through_everything_it_uses():
    problem = Problem(random_scenario(6))
    budget, forces = (
        goes_by(problem.statement, problem.data, rule) for rule in ("budget_is_respected", "forces_are_used_once")
    )
    assert {"gdp", "gdp_growth", "alliance_share", "target_share", "years_per_period", "unit_cost"} <= budget
    assert {"commonality", "effectiveness", "lead", "member_availability"} <= forces
    assert "alliance_share" not in forces


def test_an_edit_reaches_a_rule_by_way_of_a_helper_in_any_room(monkeypatch):
    """What a rule reads is noted, wherever the code stands that reads it."""
    base = random_scenario(6)
    part = PARTS["discount"]
    helper = SimpleNamespace(weight=lambda scenario, member: scenario.population[member] or 1.0)
    rule = lambda d, period: part.rule(d, period) * helper.weight(d.scenario, d.sets["member"][0])  # noqa: E731
    rule.__name__ = "discount"
    monkeypatch.setitem(PARTS, "discount", replace(part, rule=rule))
    changed = _agrees(base, base.scale("population", 0.5))
    assert changed.compiled.stated.is_restated
    assert "population" in goes_by(changed.statement, changed.data, "cost")


@pytest.mark.parametrize("column", ["alliance_share", "quantity", "unit_cost"])
def test_a_patch_that_left_something_out_of_date_is_stated_anew(column, monkeypatch):
    """As if nothing had moved: the certificate refuses what comes of it, and the right plan comes from stating everything anew."""
    base = random_scenario(3)
    edited = base.scale(column, 0.7)
    fresh = Problem(edited).solve()
    problem = Problem(base)
    problem.solve()
    monkeypatch.setattr(steps, "Moved", lambda *_: lambda part: False)
    changed = problem.changed(edited)
    assert changed.compiled.stated.is_restated
    assert not changed.lp.equals(Problem(edited).lp)
    plan = changed.solve()
    assert plan.found
    assert all(proof.passed for proof in plan.certificates)
    assert plan.measures == pytest.approx(fresh.measures, rel=1e-6, abs=1e-8)
    assert changed.path == "rebuild"
    assert not changed.compiled.stated.is_restated
    assert changed.lp.equals(Problem(edited).lp)
    assert plan.settings == "as is"


def test_a_patch_out_of_date_says_of_no_scenario_that_it_has_no_plan(monkeypatch):
    """The budgets of before cannot keep a ceiling that those of now keep: that there is no plan is not proved, and not said."""
    rich = random_scenario(3)
    poor, ceiling = rich.scale("alliance_share", 0.3), {"risk": 1.01 * Problem(rich).solve().measures["risk"]}
    problem = Problem(poor)
    problem.solve()
    monkeypatch.setattr(steps, "Moved", lambda *_: lambda part: False)
    changed = problem.changed(rich, ceilings=ceiling)
    plan = changed.solve()
    assert plan.found
    assert (changed.path, plan.settings) == ("rebuild", "as is")
