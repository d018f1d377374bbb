"""The parts of the page Burden and the page Cost sharing: what they say and what their widgets do, on the tutorial."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from model.layers.burden_keys.keys import fair_shares
from model.questions.burden.result import burdens
from tests.ui.sessions import answer, app, opened, session_of, sound
from tests.ui.test_every_page import HOSTILE, renamed, texts
from tests.ui.test_members_pages import said, worked
from ui import cost_sharing, solved

pytestmark = pytest.mark.slow

VIEWS = ("Shares", "A key, step by step", "Measures and tests", "What fairness costs", "What could be agreed")


def viewed(at: AppTest, view: str) -> AppTest:
    """The page Burden with one of its parts open."""
    at.session_state["burden view"] = view
    return sound(at.run())


def table(at: AppTest, *columns: str) -> pd.DataFrame:
    """The first table on the page that has these columns."""
    return next(one.value for one in at.main.dataframe if set(columns) <= set(one.value.columns))


@pytest.fixture(scope="module")
def hostile() -> solved.Solved:
    """The tutorial with names that would call out of a Markdown reader."""
    return solved.solve(renamed(solved.solved_shipped("tutorial").scenario))


class TestEveryView:
    @pytest.mark.parametrize("view", VIEWS)
    def test_it_stands_with_levers_pulled_and_a_member_gone(self, view: str) -> None:
        viewed(opened("burden", "budget=0.8", "withdraw=Southland"), view)

    @pytest.mark.parametrize("view", VIEWS)
    def test_names_in_a_workbook_format_nothing(self, view: str, hostile: solved.Solved) -> None:
        at = app().run()
        session_of(at).open(HOSTILE, hostile)
        at = viewed(at.switch_page("ui/pages/burden.py").run(), view)
        assert [text for text in texts(at) if HOSTILE in text] == []


class TestSteps:
    def test_a_key_opens_as_its_fold(self) -> None:
        at = viewed(opened("burden"), "A key, step by step")
        sound(at.selectbox(key="key opened").set_value("un").run())
        shown = table(at, "after step 6").set_index("member")
        steps = shown[[f"after step {place}" for place in range(1, 7)]]
        assert steps.sum().tolist() == pytest.approx([100.0] * 6, abs=0.01)
        last = {m: 100 * share for m, share in fair_shares(session_of(at).scenario, "un").items()}
        assert dict(steps["after step 6"]) == pytest.approx(last, abs=0.001)
        assert "4. Nobody pays less than 0.001 %" in said(at)
        assert "custom (key)" in said(at)


class TestMeasures:
    def test_with_levers_pulled_base_and_plan_stand_side_by_side(self) -> None:
        at = viewed(opened("burden", "budget[Northland]=0.5"), "Measures and tests")
        session, shown = session_of(at), table(at, "this plan", "base plan").set_index("index")
        found = burdens(session.plan, session.base).indices.set_index(["effort", "index"])["value"]
        for column, effort in (("this plan", "burden of the plan"), ("base plan", "burden of the plan before")):
            assert shown.loc["Gini", column] == pytest.approx(found[effort, "Gini"], abs=0.001)
        assert shown.loc["Gini", "this plan"] != shown.loc["Gini", "base plan"]
        members = table(at, "burden, base plan").set_index("member")
        assert members.loc["Northland", "burden"] < members.loc["Northland", "burden, base plan"]

    def test_the_ratio_test_comes_with_its_warning_and_the_way_around_it(self) -> None:
        at = viewed(opened("burden"), "Measures and tests")
        assert "fragile" in at.main.warning[0].value
        tests = table(at, "p, two-sided")
        assert {"Spearman", "Kendall", "Wilcoxon", "Elasticity (least squares)"} <= set(tests["test"])
        assert set(tests["members"]) == {3}
        assert "Sample: members of Tutorial" in said(at)
        assert "base plan" not in table(at, "this plan").columns

    def test_guidelines_by_member_and_year(self) -> None:
        """Midland, a GDP of 500 bn and 2 % for defence, lacks 1.5 % to a guideline of 3.5 %: 7.5 bn in the first year."""
        at = viewed(opened("burden"), "Measures and tests")
        scenario = session_of(at).scenario
        sound(at.main.get("button_group")[1].set_value("3.5 % of GDP").run())
        shown = next(one.value for one in at.main.dataframe if list(one.value.columns)[:2] == ["member", "2026"])
        gap = scenario.gdp["Midland"] * (0.035 - scenario.defence_share["Midland"]) / 1000
        assert shown.set_index("member").loc["Midland", "2026"] == pytest.approx(gap, abs=0.01)


class TestFairness:
    def test_limits_are_kept_and_never_lower_risk(self) -> None:
        at = viewed(opened("burden"), "What fairness costs")
        sound(at.multiselect(key="fairness keys").set_value(["gdp", "population"]).run())
        shown = table(at, "risk added")
        assert set(shown["key"]) == {"gdp", "population"}
        assert (shown["risk added"].dropna() >= -1e-4).all()
        least = shown[(shown["key"] == "gdp") & (shown["limit"] == "unfairness at most 0 % of what it was")]
        assert least["unfairness"].iloc[0] == pytest.approx(0.0, abs=1e-3)
        assert "By the key population" in said(at)

    def test_no_key_is_asked_for(self) -> None:
        at = viewed(opened("burden"), "What fairness costs")
        sound(at.multiselect(key="fairness keys").set_value([]).run())
        assert "Choose a burden key." in said(at)


class TestAgreement:
    def test_every_member_has_a_vote_and_the_nash_plan_its_error(self) -> None:
        at = viewed(opened("burden"), "What could be agreed")
        plans, votes = table(at, "votes"), table(at, "would vote for")
        assert list(plans["plan"]) == ["plain", "max-min", "Nash"]
        assert plans["votes"].sum() == len(votes) == 3
        counted = votes["would vote for"].value_counts()
        assert {row["plan"]: row["votes"] for _, row in plans.iterrows() if row["votes"]} == dict(counted)
        assert (votes["at its own ideal"] <= votes["perceived risk, plain"] + 1e-3).all()
        assert "The Nash bargain misses at most" in said(at)


class TestWhoShouldPay:
    def test_ways_to_share_stand_side_by_side(self) -> None:
        at = opened("cost_sharing")
        assert answer(at).startswith(
            "Going together is worth 59 bn USD to the members, 64 % of what they would pay alone"
        )
        charges = table(at, "alone", "Owen charges", "Shapley value", "nucleolus").set_index("member")
        total = charges["as the plan falls"].sum()
        for name in ("Owen charges", "Shapley value", "nucleolus", "tau value", "least core (a point of it)"):
            assert charges[name].sum() == pytest.approx(total, abs=0.05), name
        assert set(table(at, "in the core")["in the core"]) == {"yes"}
        assert len(table(at, "saved against each alone")) == 7

    def test_a_smaller_value_makes_a_group_leave_and_says_what_would_keep_it(self) -> None:
        """The figures of docs/analyses/cost_sharing.md: with risk 1 worth 12 bn, 197 m have to go from Midland to Northland."""
        at = opened("cost_sharing")
        sound(at.text_input(key="game value").input("12").run())
        core = table(at, "in the core").set_index("way to share")
        assert core.loc["as the plan falls", "in the core"] == "no"
        assert core.loc["as the plan falls", "group treated worst"] == "Northland, Southland"
        assert "Northland, Southland would gain 197 m USD by leaving together" in said(at)
        assert "some group would" in answer(at)
        at.selectbox(key="game method").set_value("least transfer into the core").run()
        assert "least transfer into the core: no group would gain by leaving" in said(at).lower()

    def test_whose_the_value_is_and_in_which_measure_can_be_chosen(self) -> None:
        at = opened("cost_sharing")
        before = table(at, "alone", "Owen charges")["alone"].tolist()
        at.session_state["game voice"] = "equal"
        sound(at.run())
        assert table(at, "alone", "Owen charges")["alone"].tolist() != before
        at.session_state["game scale"] = "part of what it would pay alone"
        sound(at.run())

    def test_many_members_get_a_button_progress_and_their_result(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cost_sharing, "AT_ONCE", 0)
        at = opened("cost_sharing", "budget=0.95")
        assert answer(at).startswith("As the plan falls, each member bears what it spends, Northland most")
        at = worked(at, "Work out how to share the cost")
        assert answer(at).startswith("Going together is worth")

    def test_a_policy_that_is_off_is_off_for_every_group(self) -> None:
        with_rule = answer(opened("cost_sharing", "budget=0.9"))
        without = opened("cost_sharing", "budget=0.9", "rule[budget_is_respected]=off")
        assert answer(without) != with_rule

    def test_one_member_pays_by_itself(self) -> None:
        at = opened("cost_sharing", "withdraw=Southland", "withdraw=Midland")
        assert answer(at) == "There is one member only: it pays."
