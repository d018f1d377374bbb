"""Ranges and alternatives: by hand, against brute force, and what must hold whatever the scenario."""

import numpy as np
import pytest
from scipy.optimize import linprog

from model.language.faults import UsageError
from model.questions.negotiation.result import MONEY, negotiation_range
from model.solve.extremes import Region, burden_of, near, spending_by_field
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.scenarios import random_scenario, scenario, tiny_scenario

pytestmark = pytest.mark.slow


def twins():
    """Two members alike, each able to provide the five tanks required, at 2 a tank."""
    return scenario(
        {"East": {}, "West": {}},
        {"tank": {"unit": "tank"}},
        {"attack": (1.0, None)},
        {"defend": ("attack", 1.0)},
        {("defend", "tank", None): 5.0},
    )


def ranges(found):
    return {(r.member, r.what): (r.least, r.plan, r.most) for r in found.ranges}


def test_by_hand_all_is_settled_in_the_tiny_alliance():
    """Every tank that can be had is needed: nothing is open."""
    found = negotiation_range(tiny_scenario(), within=0.0)
    assert ranges(found)["Northland", MONEY] == pytest.approx((10.0, 10.0, 10.0), rel=1e-4)
    assert ranges(found)["Southland", MONEY] == pytest.approx((4.0, 4.0, 4.0), rel=1e-4)
    assert ranges(found)["Northland", "tank"] == pytest.approx((7.0, 7.0, 7.0), rel=1e-4)
    assert found.table["settled"].all()
    assert found.alternatives == ()


def test_by_hand_a_tenth_of_risk_and_cost_is_open():
    """Risk 0.22 lets 0.2 tanks go: Southland's at 4 each, or Northland's at 2; budgets cap both from above."""
    found = ranges(negotiation_range(tiny_scenario(), within=0.1, alternatives=0))
    assert found["Southland", MONEY] == pytest.approx((3.2, 4.0, 4.0), rel=1e-6)
    assert found["Northland", MONEY] == pytest.approx((9.6, 10.0, 10.0), rel=1e-6)
    assert found["Northland", "tank"] == pytest.approx((6.8, 7.0, 7.0), rel=1e-6)


def test_twins_have_the_full_range_open():
    found = negotiation_range(twins(), within=0.0)
    for member in ("East", "West"):
        assert ranges(found)[member, MONEY] == pytest.approx((0.0, 5.0, 10.0), abs=1e-4)
        assert ranges(found)[member, "tank"] == pytest.approx((0.0, 2.5, 5.0), abs=1e-4)
    assert not found.table["settled"].any()


def test_by_hand_the_most_different_plans_of_twins_are_the_two_ends():
    found = negotiation_range(twins(), within=0.0, alternatives=2)
    assert [a.difference for a in found.alternatives] == pytest.approx([0.5, 0.5], abs=1e-4)
    assert found.alternatives[1].nearest == pytest.approx(0.5, abs=1e-4)
    east = [a.changes["East", "tank"][1] for a in found.alternatives]
    assert sorted(east) == pytest.approx([0.0, 10.0], abs=1e-3)


def test_a_stock_that_serves_two_situations_counts_once():
    """Solo can pay for five tanks, all of them wanted in either of two situations: it could hold five, not ten."""
    given = scenario(
        {"Solo": {}}, {"tank": {"unit": "tank"}}, {"attack": (0.5, None), "raid": (0.5, None)},
        {"defend": ("attack", 1.0), "repel": ("raid", 1.0)},
        {("defend", "tank", None): 10.0, ("repel", "tank", None): 10.0},
    )  # fmt: skip
    assert ranges(negotiation_range(given, within=0.0))["Solo", "tank"] == pytest.approx((5.0, 5.0, 5.0), rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_ranges_are_those_of_another_solver(seed):
    """The compiled rules and two ceilings, handed to SciPy as they are."""
    problem = Problem(random_scenario(seed, members=3, capabilities=3, tasks=3, periods=2))
    plan = problem.solve()
    ceilings = near(plan, 0.02)
    region = Region(problem, ceilings)
    for member in plan.scenario.sets["member"]:
        aim = burden_of(problem, member)
        assert aim @ plan.x == pytest.approx(plan.quantity("discounted_spend")[member], rel=1e-9, abs=1e-9)
        for found, sign in ((region.least(aim), 1.0), (region.most(aim), -1.0)):
            assert found.value == pytest.approx(sign * _by_scipy(region.lp, sign * aim), rel=1e-5, abs=1e-5)


def _by_scipy(lp, aim):
    A = lp.A.toarray()
    limits = {n: lp.ceilings[i] for i, n in enumerate(lp.measures) if np.isfinite(lp.ceilings[i])}
    rows = [
        A[np.isfinite(lp.row_upper)],
        -A[np.isfinite(lp.row_lower)],
        *(lp.K.toarray()[[lp.measure(n)]] for n in limits),
    ]
    right = [lp.row_upper[np.isfinite(lp.row_upper)], -lp.row_lower[np.isfinite(lp.row_lower)], list(limits.values())]
    sides = np.column_stack([lp.lower, lp.upper_bounds()])
    done = linprog(aim, A_ub=np.vstack(rows), b_ub=np.concatenate(right), bounds=sides, method="highs-ipm")
    assert done.status == 0
    return done.fun


@pytest.mark.parametrize("seed", range(5))
def test_the_plan_lies_within_and_more_slack_opens_more(seed):
    made = random_scenario(seed)
    problem = Problem(made)
    narrow, wide = (negotiation_range(made, w, alternatives=0, problem=problem) for w in (0.0, 0.05))
    money = problem.solve().measures["cost"]
    for one, two in zip(narrow.ranges, wide.ranges, strict=True):
        assert one.least <= one.plan <= one.most
        assert two.least <= two.plan <= two.most
        size = money if one.what == MONEY else max(1.0, two.most)
        assert two.least <= one.least + 1e-6 * size
        assert two.most >= one.most - 1e-6 * size


@pytest.mark.parametrize("seed", range(4))
def test_alternatives_keep_every_rule_and_limit_and_differ(seed):
    made = random_scenario(seed)
    found = negotiation_range(made, 0.05, alternatives=3)
    problem = Problem(made)
    problem.solve()
    fields, spending = spending_by_field(problem)
    assert found.alternatives
    spent = [spending @ found.plan.x]
    for a in found.alternatives:
        assert a.broken < 1e-6
        assert all(a.measures[name] <= limit * (1 + 1e-6) for name, limit in found.ceilings.items())
        spent.append(spending @ a.x)
        apart = [np.abs(spent[-1] - other).sum() / 2 / spent[0].sum() for other in spent[:-1]]
        assert a.difference == pytest.approx(apart[0])
        assert a.nearest == pytest.approx(min(apart))
        assert a.nearest > 1e-4
    assert sum(spent[0]) == pytest.approx(found.plan.measures["cost"])
    assert len(fields) == len(spent[0])


def test_no_single_member_shift_beats_the_first_alternative():
    """The first alternative is at least as different as the plan with any member's least or most burden."""
    made = load("inputs/tutorial.xlsx")
    problem = Problem(made)
    found = negotiation_range(made, 0.01, alternatives=1, problem=problem)
    _, spending = spending_by_field(problem)
    region = Region(problem, found.ceilings)
    for member in made.sets["member"]:
        aim = burden_of(problem, member)
        for end in (region.least(aim), region.most(aim)):
            apart = np.abs(spending @ end.x - spending @ found.plan.x).sum() / 2 / found.plan.measures["cost"]
            assert found.alternatives[0].difference >= apart * (1 - 1e-6)


def test_policies_and_ceilings_of_the_problem_hold_in_every_range():
    made = tiny_scenario()
    problem = Problem(made, ceilings={"cost": 12.0})
    found = negotiation_range(made, 0.5, alternatives=0, problem=problem)
    assert max(r.most for r in found.ranges if r.what == MONEY) <= 10.0 + 1e-6
    assert sum(r.least for r in found.ranges if r.what == MONEY) <= 12.0


def test_what_is_said_names_members_and_money():
    found = negotiation_range(load("inputs/tutorial.xlsx"), 0.01, members=["Midland"], alternatives=1)
    said = " ".join(found.says)
    assert "Midland could bear anything from" in said
    assert "Alternative 1 spends" in said
    assert {r.member for r in found.ranges} == {"Midland"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"within": -0.1},
        {"within": float("nan")},
        {"members": ["Atlantis"]},
        {"capabilities": ["Death star"]},
        {"alternatives": -1},
    ],
    ids=str,
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(UsageError):
        negotiation_range(tiny_scenario(), **arguments)
