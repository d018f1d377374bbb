"""What-if: the changed plan is the plan of the changed scenario, by hand and against fresh solves, for every lever."""

import math

import pytest

from model.language.faults import UsageError
from model.questions.what_if.result import what_if
from model.scenario.levers.edits import LEVERS, Edit, apply_edits, parse_edit
from model.solve.problem import Problem
from tests.data.test_levers import SCENARIO, sample
from tests.scenarios import random_scenario, scenario, tiny_scenario

pytestmark = pytest.mark.slow


def test_less_money_by_hand():
    """Northland at 0.8 of its budget has 8: 4 to keep its tanks, 2 more at 2 each. It holds 6, Southland 1: 7 of 10."""
    answer = what_if(Problem(tiny_scenario()), [parse_edit("budget[northland]=0.8")], again=True)
    rows = answer.table.set_index("measure")
    assert (rows.base["risk"], rows.changed["risk"]) == (pytest.approx(0.2), pytest.approx(0.3))
    assert (rows.base["cost"], rows.changed["cost"]) == (pytest.approx(14.0), pytest.approx(12.0))
    assert rows.difference["cost"] == pytest.approx(-2.0)
    assert rows.relative["risk"] == pytest.approx(0.5)
    spending = answer.changes[answer.changes.what == "spending"].set_index("member")
    assert spending.difference.to_dict() == {"Northland": pytest.approx(-2.0)}
    assert answer.changes[answer.changes.what == "holdings"].difference.tolist() == [pytest.approx(-1.0)]
    assert answer.changes[answer.changes.what == "coverage"].changed.tolist() == [pytest.approx(0.7)]
    assert answer.path == "hot"
    assert all(seconds is not None and seconds > 0 for seconds in answer.seconds.values())
    # two units of money fewer, each worth half a tank of ten
    assert answer.limits.set_index("policy").room.to_dict() == {"budget_is_respected": pytest.approx(-2.0)}
    assert answer.limits.value.tolist() == [pytest.approx(0.1)]
    assert "Risk rises from 20.00 % to 30.00 % (+10.00 points)." in answer.says


def test_why_by_hand():
    """With three times the money all ten tanks can be had: no budget binds any more, and none has a price."""
    answer = what_if(Problem(tiny_scenario()), [parse_edit("budget=3")])
    assert answer.changed.measures["risk"] == pytest.approx(0.0, abs=1e-9)
    budgets = answer.reasons[answer.reasons.policy == "budget_is_respected"].set_index("member")
    assert set(budgets.state) == {"released"}
    # Northland: half a tank a unit of money, 0.05 less risk, of ten units; Southland a quarter, of four.
    assert budgets.base.to_dict() == {
        "Northland": pytest.approx(0.01 * 0.05 * 10),
        "Southland": pytest.approx(0.01 * 0.025 * 4),
    }
    assert any(text.startswith("No longer binding") and "Northland" in text for text in answer.says)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("factor", [0.7, 0.999, 1.001, 1.5])
def test_prices_understate_what_is_lost_and_overstate_what_is_gained(seed, factor):
    """Risk is convex in the limits: its change is never below the estimate at the base plan's prices, and near it if small."""
    answer = what_if(Problem(random_scenario(seed)), [Edit("budget", (), factor)])
    change = answer.changed.measures["risk"] - answer.base.measures["risk"]
    estimate = answer.limits.value.sum()
    assert set(answer.limits.policy) == {"budget_is_respected"}
    assert change >= estimate - 1e-8
    if abs(factor - 1) < 0.01:
        assert change == pytest.approx(estimate, rel=0.2, abs=1e-7)


@pytest.mark.parametrize("name", LEVERS)
def test_the_changed_plan_is_that_of_a_fresh_solve(name):
    edits = [sample(name)]
    answer = what_if(Problem(SCENARIO), edits)
    edited = apply_edits(SCENARIO, edits)
    fresh = Problem(edited.scenario, off=edited.off).solve()
    assert answer.changed.status == fresh.status
    for measure, value in fresh.measures.items():
        assert answer.changed.measures[measure] == pytest.approx(value, rel=1e-6, abs=1e-9), measure
    before = Problem(SCENARIO.without(*edited.joined)).solve()
    for measure, value in before.measures.items():
        assert answer.base.measures[measure] == pytest.approx(value, rel=1e-6, abs=1e-9), measure


@pytest.mark.parametrize("seed", range(6))
def test_several_edits_at_once_are_those_of_a_fresh_solve(seed):
    base = random_scenario(seed, members=5)
    edits = [
        parse_edit(t)
        for t in ("budget[member 0]=0.8", "withdraw=member 4", "unit_cost=1.1", "rule[industry keeps up]=off")
    ]
    answer = what_if(Problem(base), edits)
    changed = base.scale("alliance_share", 0.8, "member 0").without("member 4").scale("unit_cost", 1.1)
    fresh = Problem(changed, off=("industry_keeps_up",)).solve()
    assert answer.changed.measures == pytest.approx(fresh.measures, rel=1e-6, abs=1e-9)


def test_nothing_changed_says_so():
    answer = what_if(Problem(SCENARIO), [parse_edit("budget=1")])
    assert answer.path == "hot"
    assert answer.changes.empty
    assert answer.table.difference.abs().max() < 1e-6
    assert any(text.startswith("Unchanged") and "risk" in text for text in answer.says)


def test_a_changed_problem_without_a_plan_is_an_answer():
    pledged = scenario(
        {"A": {}}, {"tank": {}}, {"war": (1.0, None)}, {"hold": ("war", 1.0)}, {("hold", "tank", None): 10.0},
        pledges={("A", "tank", None): (4.0, None)},
    )  # fmt: skip
    answer = what_if(Problem(pledged), [parse_edit("budget=0.1")], again=True)
    assert answer.base.found
    assert answer.changed.status == "infeasible"
    assert not answer.found
    assert answer.table.changed.isna().all()
    assert answer.changes.empty
    assert answer.seconds["again"] is None
    assert any("infeasible" in text for text in answer.says)
    released = what_if(
        Problem(edited := apply_edits(pledged, [parse_edit("budget=0.1")]).scenario),
        [parse_edit("rule[pledge_is_kept]=off")],
    )
    assert (released.base.status, released.changed.status) == ("infeasible", "optimal")
    assert edited.hash != pledged.hash


def test_rules_and_ceilings_of_the_problem_stay():
    problem = Problem(SCENARIO, {"cost": 500.0}, off=("challenge_is_reasonable",))
    same = what_if(problem, [parse_edit("budget=1")])
    assert same.changed.measures["cost"] <= 500.0 * (1 + 1e-6)
    assert "challenge_is_reasonable" in same.changed.lp.off
    back = what_if(problem, [parse_edit("rule[challenge is reasonable]=on")])
    fresh = Problem(SCENARIO, {"cost": 500.0}).solve()
    assert back.changed.measures == pytest.approx(fresh.measures, rel=1e-6, abs=1e-9)


def test_a_plan_at_hand_is_not_solved_again():
    problem = Problem(SCENARIO)
    base = problem.solve()
    answer = what_if(problem, [parse_edit("budget=1.1")], base=base)
    assert answer.base is base
    assert answer.path == "hot"


def test_wrong_edits_are_refused_before_anything_is_solved(monkeypatch):
    monkeypatch.setattr(Problem, "solve", lambda *_, **__: pytest.fail("solved"))
    with pytest.raises(UsageError):
        what_if(Problem(SCENARIO), [Edit("budget", ("nobody",), 0.5)])
    with pytest.raises(UsageError):
        what_if(Problem(SCENARIO), [Edit("rule", ("gravity",), "off")])


def test_every_table_row_carries_its_unit_and_two_finite_figures():
    answer = what_if(Problem(SCENARIO), [parse_edit("withdraw=member 0")])
    for table in (answer.table, answer.changes, answer.reasons):
        assert len(table)
        assert (table.unit.str.len() > 0).all()
        assert all(math.isfinite(value) for value in [*table.base, *table.changed])
