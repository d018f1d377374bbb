"""Plans there are already, compared without solving again."""

from __future__ import annotations

import pytest

from model.language.faults import UsageError
from model.questions.compare.plans import compare_plans, rules_differ
from model.questions.compare.result import compare
from model.scenario.levers.edits import edit_scenario
from model.scenario.shipped import shipped_scenarios
from model.solve.problem import Problem
from model.workbook.read.load import load


@pytest.fixture(scope="module")
def plans():
    scenario = load(next(path for path in shipped_scenarios() if path.stem == "tutorial"))
    less = edit_scenario(scenario, "budget", 0.8, "Midland")
    problem = Problem(scenario)
    return {
        "base": problem.solve(),
        "less": problem.changed(scenario=less).solve(),
        "free": problem.changed(off=["share_is_limited"]).solve(),
    }


def test_it_says_what_compare_says(plans):
    ours = compare_plans({"base": plans["base"], "less": plans["less"]}, "base")
    theirs = compare([plans["base"].scenario, plans["less"].scenario])
    names = ["about", "item", "figure"]
    mine = ours.table[ours.table["scenario"] == "less"].set_index(names)["absolute"]
    other = theirs.table[theirs.table["scenario"] == theirs.items[1].label].set_index(names)["absolute"]
    assert mine.to_dict() == pytest.approx(other.to_dict(), abs=1e-4)
    assert ours.inputs_table["cell"].tolist() == ["Members!H3"]


def test_a_policy_switched_off_is_no_cell_but_is_told(plans):
    found = compare_plans({"base": plans["base"], "free": plans["free"]}, "base")
    assert found.inputs_table.empty
    assert rules_differ(plans["base"], plans["free"]) == ("the policy share is limited is switched off",)
    assert rules_differ(plans["free"], plans["base"]) == ("the policy share is limited is switched on",)
    assert rules_differ(plans["base"], plans["less"]) == ()


def test_it_takes_two_and_a_baseline_among_them(plans):
    with pytest.raises(UsageError, match="two plans"):
        compare_plans({"base": plans["base"]}, "base")
    with pytest.raises(UsageError, match="no plan called 'other'"):
        compare_plans({"base": plans["base"], "less": plans["less"]}, "other")
