"""Emphasis that shifts between kinds of threat: by hand, against fresh solves, and what must hold whatever the scenario."""

from __future__ import annotations

import pytest

from model.language.faults import SolverError, UsageError
from model.questions.emphasis.result import emphasis
from model.scenario.levers.edits import edit_scenario
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.problem import Problem
from tests.scenarios import random_scenario, scenario, tiny_scenario

pytestmark = pytest.mark.slow


def three_kinds(money: float = 15.0) -> Scenario:
    """One member with 15, and a task of each of three kinds that asks for 10 units of its own at 1 apiece.

    Weights are 4, 2 and 1 of 7. The first half of a requirement that is missing hurts 0.5, the second 1.5. So a unit of the first
    five of war is worth 4 x 1.5 = 6 (over 10), of cyber 3, of the quake 1.5; of the second five 2, 1 and 0.5. With 15 the
    plan takes the first fives of war and cyber and the second of war. Risk is (2 x 0.25 + 1 x 1) / 7 = 3/14.
    """
    kinds = {"fight": "conventional", "networks": "cyber", "rescue": "disaster"}
    return scenario(
        {"A": {"gdp": money, "defence_share": 1.0, "target_share": 1.0}},
        {c: {"sustainment_cost": 0.0} for c in ("brigade", "cell", "helicopter")},
        {"together": (1.0, None)},
        {"fight": ("together", 4.0), "networks": ("together", 2.0), "rescue": ("together", 1.0)},
        {(k, c, None): 10.0 for k, c in zip(kinds, ("brigade", "cell", "helicopter"), strict=True)},
        bands={0.5: 0.5, 1.0: 1.5},
        kinds=kinds,
        name="three kinds",
    )


def test_by_hand_where_the_plan_is_robust_and_where_not() -> None:
    """At twice the weight, war 8 of 11 or cyber 4 of 9 change nothing about what comes first.

    The quake at twice its weight is worth 3 for its first five units, more than war's second five: those go to it. Valued at 4, 2
    and 2 of 8, the standing plan has 2 x 0.25 + 2 = 2.5 of 8 missing, the best 0.25 of everything: a regret of 0.0625, a fifth.
    At one and a half times it is worth 2.25, still more than 2: 2 of 7.5 against 0.25, a regret of 1/60, a sixteenth.
    """
    found = emphasis(Problem(three_kinds()), (2.0, 1.5))
    assert found.standing.measures["risk"] == pytest.approx(3 / 14)
    rows = found.table.set_index(["kind", "factor"]).sort_index()
    assert rows["standing_risk"].to_dict() == pytest.approx(
        {
            ("conventional", 2.0): 1.5 / 11, ("conventional", 1.5): 1.5 / 9, ("cyber", 2.0): 2 / 9, ("cyber", 1.5): 1.75 / 8,
            ("disaster", 2.0): 2.5 / 8, ("disaster", 1.5): 2 / 7.5,
        }
    )  # fmt: skip
    regret = rows["regret"].to_dict()
    assert regret.pop(("disaster", 2.0)) == pytest.approx(0.0625)
    assert regret.pop(("disaster", 1.5)) == pytest.approx(1 / 60)
    assert all(value == pytest.approx(0.0, abs=1e-9) for value in regret.values())
    assert rows.loc[("disaster", 2.0), "regret_of_risk"] == pytest.approx(0.2)
    assert rows["verdict"].to_dict() == {
        (kind, factor): "fragile" if kind == "disaster" else "robust"
        for kind in ("conventional", "cyber", "disaster")
        for factor in (2.0, 1.5)
    }
    assert rows.loc[("disaster", 2.0), ["part_before", "part_after"]].tolist() == pytest.approx([1 / 7, 0.25])
    assert rows.loc[("disaster", 2.0), ["coverage_standing", "coverage_best"]].tolist() == pytest.approx([0.0, 0.75])
    assert rows.loc[("disaster", 2.0), "most_given_up"] == "conventional"
    cover = found.coverage.set_index(["emphasis_on", "factor", "kind"]).sort_index()["change"]
    assert cover["disaster", 2.0].to_dict() == pytest.approx(
        {"conventional": -0.25, "cyber": 0.0, "disaster": 0.75}, abs=1e-9
    )
    said = " ".join(found.says)
    assert "robust (at most 1% of its risk could be saved) to more emphasis on conventional (2 times)" in said
    assert "a regret of 6.25 points, 20.0% of the risk" in said
    assert (
        "covers 0.0 % of disaster, the best plan 75.0 %; of conventional the plan as it stands covers 100.0 %, the best plan 75.0 %"
        in said
    )


def test_objectives_that_do_not_put_risk_first_are_told() -> None:
    found = emphasis(Problem(three_kinds().with_settings(objectives=("cost", "risk"))), kinds=["Disaster "])
    assert found.reordered
    assert found.standing.measures["risk"] == pytest.approx(3 / 14)
    assert "puts risk first" in " ".join(found.says)
    assert [shift.kind for shift in found.shifts] == ["disaster"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_regret_is_that_of_fresh_solves_and_never_less_than_none(seed: int, factor: float) -> None:
    s = random_scenario(seed)
    found = emphasis(Problem(s), (factor,))
    assert [shift.kind for shift in found.shifts] == ["conventional", "cyber"]
    for shift in found.shifts:
        fresh = Problem(edit_scenario(s, "emphasis", factor, shift.kind)).solve()
        assert shift.best_risk == pytest.approx(fresh.measures["risk"], rel=1e-6, abs=1e-9)
        assert shift.regret >= -1e-6 * shift.standing_risk
        whole = sum(fresh.data.task_part[k] * fresh.data.span[k] for k in s.sets["task"])
        assert whole == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_emphasis_on_every_kind_changes_nothing(seed: int) -> None:
    """Only ratios between tasks count; so a factor of one on a single kind leaves no regret either."""
    s = random_scenario(seed)
    s = s.with_values("task_kind", {k: kind or "space" for k, kind in s.task_kind.items()})
    base, doubled = Problem(s).solve(), Problem(edit_scenario(s, "emphasis", 2.0)).solve()
    assert doubled.measures == pytest.approx(base.measures, rel=1e-5, abs=1e-8)
    for shift in emphasis(Problem(s), (1.0,)).shifts:
        assert shift.regret == pytest.approx(0.0, abs=1e-7)
        assert shift.verdict == "robust"


def test_what_cannot_be_tried_is_refused_before_anything_is_solved() -> None:
    problem = Problem(three_kinds())
    with pytest.raises(UsageError, match="no task has a kind"):
        emphasis(Problem(tiny_scenario()))
    with pytest.raises(UsageError, match="no kind called 'piracy'; there are conventional, cyber, disaster"):
        emphasis(problem, kinds=["piracy"])
    for factors in ((), (0.0,), (float("nan"),), (101.0,)):
        with pytest.raises(UsageError, match="above 0"):
            emphasis(problem, factors)


def test_without_a_plan_there_is_nothing_to_try() -> None:
    impossible = three_kinds().with_values("min_stock", {("A", "cell", None): 99.0}).with_values("max_stock", {})
    with pytest.raises(SolverError, match="no plan to try"):
        emphasis(Problem(impossible))


def test_time_that_is_up_leaves_a_sentence() -> None:
    problem = Problem(three_kinds())
    plan = problem.solve()
    found = emphasis(problem, plan=plan, watch=Watch(0.0))
    assert not found.shifts
    assert found.stopped == "The time limit was reached: 0 of 3 shifts are finished, and only these are shown."
