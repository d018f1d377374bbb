"""What the result says of joint programmes: in its sheet, its tables, the Summary and run.json; nothing where there are none."""

from __future__ import annotations

import json

import pytest

from model.layers.programmes.sheet import proof, sentences
from model.questions.cost_sharing.coalitions import AllianceGame, left_out
from model.report.brief import plain_text
from model.report.export import export_tables, run_bytes
from model.report.workbook_out import pages, write_solution
from model.scenario.scenario import Scenario
from model.solve.engine import Watch
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.scenarios import random_scenario, tiny_scenario
from tests.solve.test_programmes import joint


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Opened: 13/3 tanks through it, risk 1/6 instead of 0.2, 2 for development, 8/3 saved (worked out in tests/solve)."""
    return asked(joint())


def asked(s: Scenario, time_limit: float | None = None) -> Plan:
    """The best plan, with what the other decision about each programme would do."""
    problem = Problem(s)
    return problem.with_alternatives(problem.solve(), Watch(time_limit))


def test_the_summary_says_whether_and_why(plan: Plan) -> None:
    (said,) = sentences(plan)
    assert said.startswith("next (tank) is opened: risk is 16.67 %; closed, it would be 20.00 %.")
    assert (
        "Its participants order 4.3 (tank) through it; development costs 2 m USD and the discount saves 2.67 m USD."
        in said
    )
    assert said.endswith("Opening it lowers the risk that Northland and Southland perceive most.")
    assert said in plain_text(plan)
    (proved,) = proof(plan)
    assert "no other choice brings risk below 16.67 %" in proved
    assert "in part, risk could be 10.42 %" in proved
    assert "and with these joint programmes does better" in plain_text(plan)


def test_closed_is_explained_too() -> None:
    (said,) = sentences(asked(joint(development_cost=3.0)))
    assert said.startswith(
        "next (tank) is not opened: risk is 20.00 %; opened, it would be 21.67 %. Opened, its participants order"
    )
    (forced,) = sentences(asked(joint(decision="open")))
    assert forced.startswith("next (tank) is, as the workbook says, opened: ")
    (never,) = sentences(asked(joint(min_units=14.0)))
    assert never == "next (tank) is not opened: opened, no plan would satisfy the policies."


def test_the_tables_and_the_record_have_the_figures(plan: Plan) -> None:
    row = plan.table("programmes").iloc[0]
    assert (row["decision"], row["decided_by"], row["measure"]) == ("opened", "the plan", "risk")
    assert (row["units"], row["development"], row["savings"]) == pytest.approx((13 / 3, 2.0, 8 / 3))
    assert (row["when_open"], row["when_closed"], row["opened_in_part"]) == pytest.approx((1 / 6, 0.2, 3 / 8))
    members = plan.table("programme_members").set_index("member")
    assert members["development"].to_dict() == pytest.approx({"Northland": 1.0, "Southland": 1.0})
    assert members["units"].to_dict() == pytest.approx({"Northland": 10 / 3, "Southland": 1.0})
    orders = plan.table("orders").set_index("member")
    assert orders["value"].to_dict() == pytest.approx({"Northland": 10 / 3, "Southland": 1.0})
    assert orders["cost"].to_dict() == pytest.approx({"Northland": 5 / 3, "Southland": 1.0})
    spending = plan.table("spending").set_index("member")
    assert spending["joint_programmes"].to_dict() == pytest.approx({"Northland": 8 / 3, "Southland": 2.0})
    kinds = ["acquisition", "upgrades", "sustainment", "exercises", "joint_programmes"]
    assert spending[kinds].sum(axis=1).to_dict() == pytest.approx(spending["spent"].to_dict())
    found = json.loads(run_bytes(plan))["programmes"]
    assert found["verdicts"][0]["when_closed"]["risk"] == pytest.approx(0.2)
    assert found["bounds"]["risk"] == pytest.approx(1 / 6, rel=1e-6)
    assert found["relaxation"]["opened"]["next"] == pytest.approx(3 / 8)


@pytest.mark.slow
def test_everything_can_be_written(plan: Plan, tmp_path) -> None:
    large = Problem(random_scenario(1, joint=2, pooling=True)).solve()
    for i, one in enumerate((plan, large)):
        names = [page.name for page in pages(one)]
        assert names.index("Programmes") > names.index("Schedule")
        assert write_solution(one, tmp_path / f"{i}.xlsx").stat().st_size > 10_000
        export_tables(one, tmp_path / f"tables {i}")
        assert (tmp_path / f"tables {i}" / "programmes.csv").exists()


def test_a_plan_without_the_layer_says_nothing_of_it() -> None:
    plain = Problem(tiny_scenario()).solve()
    assert "Programmes" not in [page.name for page in pages(plain)]
    assert not [name for name in names_of(plain) if name.startswith("programme")]
    assert "programmes" not in json.loads(run_bytes(plain))
    assert "joint programme" not in plain_text(plain).lower()


def test_the_game_of_groups_leaves_out_programmes_and_says_so() -> None:
    assert left_out(joint()) == ["joint programmes"]
    assert AllianceGame(joint()).costs().keys() == AllianceGame(tiny_scenario()).costs().keys()


def test_suppliers_are_shown_what_is_ordered_through_programmes(plan: Plan) -> None:
    """A yard that makes half of every tank makes half of the 13/3, and gets half of the 5/3 and 1 paid for them."""
    s = (
        joint()
        .with_values("work_share", {("tank", "Yard"): 0.5})
        .with_values("supplier_limit", {("tank", "Yard"): None})
    )
    found = Problem(s.with_values("jobs_per_million", {("tank", "Yard"): None})).solve()
    row = found.table("suppliers").iloc[0]
    assert (row["value"], row["sold"]) == pytest.approx((13 / 6, 4 / 3))
    assert found.table("returns").set_index("member")["paid"].to_dict() == pytest.approx(
        {"Northland": 5 / 3, "Southland": 1.0}
    )


def test_what_the_plan_chose_itself_is_no_policy_that_binds(plan: Plan) -> None:
    """Kept open by the workbook for 3, it costs risk; left free, nobody is told that the plan's own choice binds."""
    forced = Problem(joint(development_cost=3.0, decision="open")).solve()
    assert forced.gains("programme_goes_ahead")["next",] > 0
    for one in (plan, Problem(joint(development_cost=3.0)).solve()):
        assert one.gains("programme_goes_ahead")["next",] == 0
        assert one.gains("programme_stays_closed")["next",] == 0
        assert "Programme goes ahead" not in plain_text(one)


def test_verdicts_keep_the_time_limit_and_say_so() -> None:
    assert sentences(asked(joint(), 1e-9)) == [
        "next (tank) is opened; what the other decision would do was not settled within the time limit."
    ]


def test_nothing_is_said_of_a_decision_that_was_not_asked_about() -> None:
    assert sentences(Problem(joint()).solve()) == ["next (tank) is opened."]
