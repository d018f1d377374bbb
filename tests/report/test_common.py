"""What the result says of common funding: in its sheet, its tables and the Summary, and nothing where there is none."""

from __future__ import annotations

import pytest

from model.layers.common_funding.sheet import common_funding, provided, sentences
from model.questions.cost_sharing.coalitions import AllianceGame, left_out
from model.report.brief import plain_text
from model.report.export import export_tables
from model.report.pages import Grid
from model.report.schedule import profile
from model.report.workbook_out import pages, write_solution
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.solve.tables import names_of
from tests.scenarios import random_scenario, tiny_scenario
from tests.solve.test_common_funding import pooling


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Six tanks in common for 7.2, Northland pays 4.8 and Southland 2.4 (worked out in test_common_funding)."""
    return Problem(pooling(tiny_scenario(), common_key="gdp")).solve()


def test_the_tables_say_what_is_owned_and_who_pays(plan: Plan) -> None:
    owned = plan.table("common_funding").iloc[0]
    assert (owned["value"], owned["ordered"], owned["cost"]) == pytest.approx((6.0, 6.0, 7.2))
    paid = plan.table("common_shares").set_index("member")
    assert paid["value"].to_dict() == pytest.approx({"Northland": 4.8, "Southland": 2.4})
    assert plan.table("common_contributions")["value"].sum() == pytest.approx(6)
    spending = plan.table("spending").set_index("member")
    assert spending["common_funding"].to_dict() == pytest.approx({"Northland": 4.8, "Southland": 2.4})
    kinds = ["acquisition", "upgrades", "sustainment", "exercises", "common_funding"]
    assert spending[kinds].sum(axis=1).to_dict() == pytest.approx(spending["spent"].to_dict())
    requirement = plan.table("requirements").iloc[0]
    assert (requirement["provided"], requirement["coverage"]) == pytest.approx((10.0, 1.0))


def test_the_summary_and_the_sheet_say_what_is_worth_pooling(plan: Plan) -> None:
    said = " ".join(sentences(plan))
    assert "It is worth owning together: tank: 6 (tank) in 2026, 60 % of what is required" in said
    assert "64 % of all spending" in said  # 7.2 of 11.2
    assert "Northland (67 %) and Southland (33 %)" in said
    assert said.split(". ")[0] in plain_text(plan)
    names = [page.name for page in pages(plan)]
    assert names.index("Common funding") == names.index("Schedule") + 1
    assert "Common contributions" in names
    payers = next(
        item for item in common_funding(plan).items if isinstance(item, Grid) and item.name == "common payers"
    )
    assert payers.rows[-1][1:3] == pytest.approx((7.2, 7.2))
    assert [header.name for header in profile(plan).headers][5] == "Common funding"


def test_what_is_not_worth_it_is_said_too() -> None:
    plan = Problem(pooling(tiny_scenario(), common_cost_factor=4.0)).solve()
    assert sentences(plan) == ["Not worth owning together under these policies: tank."]


def test_everything_can_be_written(plan: Plan, tmp_path) -> None:
    large = Problem(random_scenario(1, pooling=True)).solve()
    for i, one in enumerate((plan, large)):
        assert write_solution(one, tmp_path / f"{i}.xlsx").stat().st_size > 10_000
        export_tables(one, tmp_path / f"tables {i}")
        assert (tmp_path / f"tables {i}" / "common_funding.csv").exists()


def test_a_plan_without_the_layer_says_nothing_of_it(tmp_path) -> None:
    plain = Problem(tiny_scenario()).solve()
    assert not [page for page in pages(plain) if page.name.startswith("Common ")]
    assert not [name for name in names_of(plain) if name.startswith("common")]
    assert "owns itself" not in plain_text(plain)
    assert "common_funding" not in plain.table("spending").columns


def test_the_game_of_groups_leaves_out_what_all_own_and_says_so() -> None:
    assert left_out(pooling(tiny_scenario())) == ["what the alliance owns together"]
    assert left_out(tiny_scenario()) == []
    assert AllianceGame(pooling(tiny_scenario())).costs() == pytest.approx(AllianceGame(tiny_scenario()).costs())


def test_what_is_owned_together_is_said_of_the_period_in_which_it_is_most() -> None:
    """Two tanks owned at the start, for which nothing is required later: their part is not said beside none held."""
    given = pooling(tiny_scenario(last_year=2027))
    given = given.with_values("quantity", {("defend", "tank", None): 10.0, ("defend", "tank", 2027): 0.0})
    plan = Problem(given).solve()
    held = plan.values["commonly_held"]
    year = max((2026, 2027), key=lambda t: (held["tank", t], t))
    assert f" in {year}, " in sentences(plan)[0]
    sent = plan.values["commonly_contributed"]["defend", "tank", 2026]
    assert provided(plan, "tank", 2026) == pytest.approx(sent / 10.0)
