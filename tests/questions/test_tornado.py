"""Pulling levers: every number of a tornado is that of a fresh solve."""

import pytest

from model.language.faults import UsageError
from model.questions.sensitivity.tipping import CHANGED, tipping
from model.questions.sensitivity.tornado import default_levers, expanded, pull, pulled, tornado
from model.scenario.levers.edits import LEVERS, apply_edits, parse_edit
from model.solve.problem import Problem
from tests.scenarios import random_scenario, scenario, tiny_scenario


def _solved(scenario):
    problem = Problem(scenario)
    return problem, problem.solve()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 4])
def test_every_number_is_that_of_a_fresh_solve(seed):
    scenario = random_scenario(seed)
    levers = ["budget", "unit_cost", "requirement", "budget[member 1]", "holding"]
    found = tornado(*_solved(scenario), by=0.2, levers=levers)
    assert set(found.table["lever"]) == set(levers)
    for row in found.table[found.table["measure"].isin(["risk", "cost"])].itertuples():
        edited = apply_edits(scenario, [parse_edit(f"{row.lever}={1 + row.lever_change}")])
        fresh = Problem(edited.scenario).solve()
        assert row.value == pytest.approx(fresh.measures[row.measure], rel=1e-5, abs=1e-7)
        assert row.change == pytest.approx(row.value - row.base)


def test_levers_that_set_a_value_are_pulled_target_by_target():
    scenario = random_scenario(1)
    found = tornado(*_solved(scenario), by=0.1, levers=["price_level"])
    lower = found.table[(found.table["measure"] == "risk") & (found.table["lever_change"] < 0)].iloc[0]
    assert lower["value"] == pytest.approx(
        Problem(scenario.scale("price_level", 0.9)).solve().measures["risk"], abs=1e-7
    )


def test_the_tiny_tornado_by_hand():
    """A tenth more money: Northland half a tank, Southland a tenth; a tenth more of what is required, one more tank is missing."""
    found = tornado(*_solved(tiny_scenario()), levers=["budget", "requirement"])
    rows = {row.lever: row for row in found.swings.itertuples()}
    assert rows["budget"].lever_up == pytest.approx(-0.06)
    assert rows["budget"].lever_down == pytest.approx(0.06)
    assert rows["requirement"].lever_up == pytest.approx(3 / 11 - 0.2)
    assert rows["budget"].swing == pytest.approx(0.12)
    assert found.solves == 4


def test_what_changes_nothing_is_a_swing_of_nothing():
    found = tornado(*_solved(tiny_scenario()), levers=["growth", "budget"])
    rows = {row.lever: row for row in found.swings.itertuples()}
    assert rows["growth"].swing == 0
    assert found.solves == 2


def test_default_levers_and_each():
    scenario = random_scenario(0)
    names = default_levers(scenario, members=2)
    assert "budget" in names
    assert "importance" not in names
    assert "target_year" not in names
    assert sum(name.startswith("budget[") for name in names) == 2
    assert expanded(scenario, ["importance[each]"]) == [f"importance[{c}]" for c in scenario.sets["capability"]]


@pytest.mark.parametrize(
    "lever", ["glory", "withdraw", "consensus", "requirement(each)", "requirement[each", "discount_rate[each]"]
)
def test_levers_that_cannot_be_pulled_are_refused_or_expanded(lever):
    scenario = tiny_scenario()
    if lever == "requirement(each)":
        assert expanded(scenario, [lever]) == ["requirement[defend]"]
        return
    with pytest.raises(UsageError):
        expanded(scenario, [lever])


def test_the_part_must_be_a_part():
    with pytest.raises(UsageError, match="between 0 and 1"):
        tornado(*_solved(tiny_scenario()), by=1.5)


def test_turning_points_by_hand():
    """With prices at f times theirs Northland's ten buy 5/f tanks kept and bought less two: a twentieth of a tank more at f = 0.9901."""
    found = tipping(*_solved(tiny_scenario()), "Northland", "tank", levers=["cost_factor[Northland, tank]"])
    lower = found.table.iloc[0]
    assert -0.01 <= lower["changed_at"] <= -(1 - 5 / 5.05)
    assert -(1 - 5 / 5.05) <= lower["same_at"] <= 0
    assert lower["becomes"] > lower["was"] == pytest.approx(7.0)


@pytest.mark.slow
def test_at_a_turning_point_the_apportionment_changes_and_before_it_does_not():
    problem, plan = _solved(random_scenario(2))
    found = tipping(problem, plan, "member 0", "capability 0")
    stocks = _stocks(plan)
    assert len(found.table) == 6
    for row in found.table.dropna(subset=["changed_at"]).itertuples():
        for part, changes in ((row.same_at, False), (row.changed_at, True)):
            after, _ = pulled(problem, row.lever, part) if part else (plan, "")
            now = _stocks(after)
            assert (max(abs(now[t] - stocks[t]) for t in stocks) > CHANGED) is changes


def _stocks(plan):
    return {
        t: v for (m, c, level, t), v in plan.values["held"].items() if (m, c, level) == ("member 0", "capability 0", 0)
    }


def test_unknown_names_are_refused():
    with pytest.raises(UsageError, match="no member"):
        tipping(*_solved(tiny_scenario()), "Atlantis", "tank")
    with pytest.raises(UsageError, match="no capability"):
        tipping(*_solved(tiny_scenario()), "Northland", "dragon")


def test_levers_of_sheets_that_are_not_there_are_left_out_unless_asked_for():
    plain = random_scenario(1, pooling=False)
    assert "common_cost" in LEVERS
    assert "common_cost" not in default_levers(plain)
    assert "common_cost" in default_levers(random_scenario(1, pooling=True))
    assert "requirement" in default_levers(plain)


def test_names_with_commas_are_pulled_alone():
    s = scenario({"Egypt, Arab Rep.": {}, "B": {}}, {"Infantry, mech.": {}}, {"war": (1.0, None)}, {"hold": ("war", 1.0)},
                 {("hold", "Infantry, mech.", None): 1.0})  # fmt: skip
    for name in ("price_level[Egypt, Arab Rep.]", "price_level(egypt, arab rep.)"):
        assert [edit.targets for edit in pull(s, name, 0.1).edits] == [("Egypt, Arab Rep.",)]
    assert expanded(s, ["life[each]"]) == ["life[Infantry, mech.]"]
    with pytest.raises(UsageError):
        pull(s, "price_level(USD m)", 0.1)
