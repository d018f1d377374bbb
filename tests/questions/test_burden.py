"""Burdens and benefits of plans: figures by hand on the tutorial, and what must add up on any scenario."""

from __future__ import annotations

from math import ceil

import pytest

from model import load
from model.language.faults import SolverError
from model.questions.burden.exploitation import RATIO_WARNING
from model.questions.burden.result import Burdens, burdens
from model.solve.burdens import benefits, guideline_gaps
from model.solve.compared import risk_alone
from model.solve.problem import Problem
from tests.key_scenarios import with_keys
from tests.scenarios import random_scenario, tiny_scenario


@pytest.fixture(scope="module")
def tutorial() -> Burdens:
    return burdens(Problem(load("inputs/tutorial.xlsx")).solve())


@pytest.fixture(scope="module")
def varied() -> Burdens:
    """Six members with a key of their own, and the same before its fairness band."""
    s = with_keys(random_scenario(3, members=6), {"agreed": [("start", "nato"), ("mix", "equal", 0.2)]})
    s = s.with_settings(burden_key="agreed")
    before = Problem(s).solve()
    after = Problem(s.with_settings(fairness_band=0.6)).solve()
    assert before.found
    assert after.found
    return burdens(after, before)


def test_the_tiny_scenario_by_hand():
    """Northland bears 10 and Southland 4 of 14 (see ``tiny_scenario``), against two thirds and one third by GDP. Both see the
    one task alike: 2 of 10 are missing, so both perceive a risk of 0.2 and gain alike. Northland defends itself with 10 % of
    100, Southland with 8 % of 50: to 3.5 % nothing is missing, and of the plan's 10 Northland spends 3 on orders."""
    found = burdens(Problem(tiny_scenario()).solve())
    rows = found.table.set_index("member")
    assert rows["burden"].to_dict() == pytest.approx({"Northland": 10.0, "Southland": 4.0})
    assert rows["burden_of_gdp"].to_dict() == pytest.approx({"Northland": 0.1, "Southland": 0.08})
    assert rows["burden_per_head_and_year"].to_dict() == pytest.approx({"Northland": 10.0, "Southland": 4.0})
    assert rows["burden_over_fair_share"]["Northland"] == pytest.approx((10 / 14) / (2 / 3))
    assert rows["perceived_risk"].to_dict() == pytest.approx({"Northland": 0.2, "Southland": 0.2})
    assert rows["share_of_benefit"].to_dict() == pytest.approx({"Northland": 0.5, "Southland": 0.5})
    gaps = {(gap.guideline, gap.member): gap.missing for gap in guideline_gaps(found.plan)}
    assert gaps["3.5 % of GDP", "Northland"] == pytest.approx(3.5 - 10)
    assert gaps["2 % of GDP", "Southland"] == pytest.approx(1.0 - 4.0)
    assert gaps["20 % on equipment", "Northland"] == pytest.approx(2.0 - 3.0)


def test_benefit_against_being_alone():
    """Alone Northland has 7 of the 10 tanks required (risk 0.3) and Southland 1 (0.9); together 8. So the alliance takes 0.1
    off Northland's risk and 0.7 off Southland's: shares of 1/8 and 7/8."""
    s = tiny_scenario()
    alone = {m: risk_alone(s, m) for m in s.sets["member"]}
    found = benefits(Problem(s).solve(), alone)
    assert alone == pytest.approx({"Northland": 0.3, "Southland": 0.9})
    assert {m: gain.share for m, gain in found.items()} == pytest.approx({"Northland": 1 / 8, "Southland": 7 / 8})
    assert found["Southland"].beyond_alone == pytest.approx(0.7)


def test_shares_add_up_and_agree_with_the_plan(varied):
    for column in ("share_of_burden", "fair_share", "share_of_benefit"):
        assert varied.table[column].sum() == pytest.approx(1.0)
    assert varied.table["burden"].sum() == pytest.approx(varied.plan.measures["cost"])
    assert varied.table["burden_before"].sum() == pytest.approx(varied.before.measures["cost"])
    for key in varied.keys:
        assert varied.by_key[key].sum() == pytest.approx(1.0)
    moved = (
        (varied.table["share_of_burden"] - varied.table["fair_share"]).abs().sum() / 2 * varied.plan.measures["cost"]
    )
    assert moved == pytest.approx(varied.plan.measures["unfairness"], rel=1e-6)
    perceived = varied.plan.table("perceptions").set_index("member")["value"].to_dict()
    assert varied.table.set_index("member")["perceived_risk"].to_dict() == pytest.approx(perceived)


def test_observed_over_expected_is_the_ratio_of_two_columns(varied):
    rows, ratio = varied.by_key.set_index("member"), varied.ratios.set_index("member")
    for key in varied.keys:
        for m in varied.members:
            if rows[key][m] > 0:
                assert ratio[key][m] == pytest.approx(rows["share_of_burden"][m] / rows[key][m])


def test_what_is_given_in_kind_adds_up_to_what_is_provided(varied):
    given = varied.in_kind.groupby("capability")["contributed"].sum().to_dict()
    provided = varied.plan.table("contributions").groupby("capability")["value"].sum() / len(
        varied.plan.scenario.periods
    )
    assert given == pytest.approx(provided.to_dict())
    parts = varied.in_kind.groupby("capability")["part"].sum()
    assert all(value == pytest.approx(1.0) or value == 0 for value in parts)


def test_the_steps_of_every_key_end_in_its_shares(varied):
    last = varied.steps.groupby(["key", "member"])["share"].last()
    for key, shares in varied.keys.items():
        assert {m: last[key, m] for m in varied.members} == pytest.approx(dict(shares))
    assert next(iter(varied.keys)) == "agreed"
    assert set(varied.steps[varied.steps["key"] == "agreed"]["step"]) == {1, 2}


def test_before_and_after_are_told_apart(varied):
    efforts = list(dict.fromkeys(varied.indices["effort"]))
    assert efforts[-1] == "burden of the plan before"
    after, before = (
        varied.indices[varied.indices["effort"] == name].set_index("index")["value"]["Gini"]
        for name in ("burden of the plan", "burden of the plan before")
    )
    assert after != pytest.approx(before)
    assert any("than before" in text for text in varied.says)


def test_every_test_names_its_sample_and_both_sides(varied):
    assert set(varied.tests["n"]) <= set(range(7))
    assert all("members of" in sample for sample in varied.tests["sample"])
    made = varied.tests[varied.tests["statistic"].notna()]
    assert len(made) > 10
    assert made[["p_two_sided", "p_one_sided"]].notna().all().all()
    assert RATIO_WARNING in varied.says


def test_lorenz_curves_rise_from_nothing_to_all_below_equal_parts(varied):
    table = varied.lorenz
    for name in table.columns[1:-1]:
        assert table[name].iloc[0] == 0
        assert table[name].iloc[-1] == pytest.approx(1.0)
        assert (table[name].diff().dropna() >= -1e-12).all()
        assert (table[name] <= table["equal parts"] + 1e-12).all()
    area = (table["burden of the plan"] + table["burden of the plan"].shift(1)).dropna().sum() / 2 / len(varied.members)
    gini = varied.indices.set_index(["effort", "index"])["value"]["burden of the plan", "Gini"]
    assert 1 - 2 * area == pytest.approx(gini)


def test_guidelines_by_hand(tutorial):
    """Northland: GDP 1,000,000, 2 % of it spent. 3.5 % would be 35,000 a year: 15,000 are missing in every year."""
    rows = tutorial.guidelines.set_index(["guideline", "member", "year"])["missing"]
    assert [rows["3.5 % of GDP", "Northland", year] for year in (2026, 2028, 2030)] == pytest.approx([15000.0] * 3)
    assert rows["2 % of GDP", "Northland", 2026] == pytest.approx(0.0)
    spending = tutorial.plan.table("spending").set_index(["member", "year"])
    for m, year in spending.index:
        row = spending.loc[m, year]
        missing = 0.2 * row["spent"] - row["acquisition"] - row["upgrades"]
        leads = (
            lead for c, lead in tutorial.plan.scenario.lead_time.items() if (m, c) in tutorial.plan.scenario.cost_factor
        )
        in_time = any(year + 2 * ceil(lead / 2) < 2032 for lead in leads)
        asked = ("20 % on equipment", m, year) in rows.index
        assert asked == in_time
        if asked:
            assert rows["20 % on equipment", m, year] == pytest.approx(missing / 2)


def test_a_plan_that_keeps_the_equipment_rule_misses_nothing_of_that_guideline():
    """The plan's own rule and the table, common orders included: at a floor of 20 % nothing is missing to 20 %."""
    plan = Problem(random_scenario(2, members=3, pooling=True, equipment_floor=0.2)).solve()
    gaps = [gap for gap in guideline_gaps(plan) if gap.guideline.startswith("20 %")]
    assert max(gap.missing for gap in gaps) <= 1e-6 * max(gap.spent for gap in gaps)
    assert any(value > 0.1 for value in plan.quantity("common_acquisition").values())


def test_every_table_names_units_and_every_sentence_ends(tutorial):
    for name, table in tutorial.tables.items():
        assert "unit" in table.columns, name
        assert len(table), name
    assert all(text.endswith(".") for text in tutorial.says[:-2])
    assert "Keys left out" in tutorial.says[-1]


def test_without_a_plan_there_are_no_burdens():
    s = tiny_scenario()
    s = s.with_values("min_stock", {("Southland", "tank", None): 50.0}).with_values(
        "max_stock", {("Southland", "tank", None): None}
    )
    with pytest.raises(SolverError, match="there is none"):
        burdens(Problem(s).solve())
