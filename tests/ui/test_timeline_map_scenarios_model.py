"""The pages Timeline, Map, Scenarios and Model on the tutorial: they answer, and their widgets do what they say."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from model.report import geography
from model.scenario.levers.edits import parse_edit
from model.scenario.shipped import shipped_scenarios
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.ui.sessions import answer, opened, sound
from ui import places

pytestmark = pytest.mark.slow


def metric(at: AppTest, label: str) -> Any:
    return next(one for one in at.main.metric if one.label == label)


def charts(at: AppTest) -> list[dict[str, Any]]:
    """The Vega-Lite specifications of the charts on the page."""
    return [json.loads(one.proto.spec) for one in at.main.get("vega_lite_chart")]


# ---------------------------------------------------------------- timeline


def test_timeline_says_when_most_is_ordered_and_what_arrives() -> None:
    at = opened("timeline")
    assert "Most is ordered in" in answer(at)
    assert "The largest delivery is" in answer(at)
    assert "is spent" in answer(at)
    assert "Part of the offer used" in [one.label for one in at.main.metric]


def test_timeline_of_one_member_is_less_than_that_of_all() -> None:
    at = opened("timeline")
    plan = at.session_state["session"].plan
    mine = sum(spent for member, spent in plan.records("spending").pick("member", "spent") if member == "Midland")
    sound(at.multiselect(key="timeline members").set_value(["Midland"]).run())
    assert metric(at, "Spent").value == show_money(plan, mine)


def test_timeline_of_one_capability_is_in_its_units_and_has_no_offer() -> None:
    at = opened("timeline")
    sound(at.multiselect(key="timeline capabilities").set_value(["Brigade"]).run())
    sound(at.radio(key="timeline shown").set_value("Orders").run())
    assert "Part of the offer used" not in [one.label for one in at.main.metric]
    assert "Brigade (brigade)" in json.dumps(charts(at)[0])


@pytest.mark.parametrize("what", ["Spending", "Orders", "Deliveries", "Holdings by level"])
def test_timeline_draws_each_of_its_pictures(what: str) -> None:
    at = opened("timeline")
    sound(at.radio(key="timeline shown").set_value(what).run())
    assert len(charts(at)) == 1


def test_timeline_shows_the_difference_to_the_base() -> None:
    at = opened("timeline", "budget=0.8")
    assert metric(at, "Spent").delta.startswith("-")


def show_money(plan: Any, value: float) -> str:
    from model.wording import words

    return words.money(value, words.currency_of(plan.scenario))


# ---------------------------------------------------------------- map


def test_map_without_countries_says_so_and_keeps_the_table() -> None:
    at = opened("map")
    assert "Northland" in answer(at)
    assert not charts(at)
    assert any("No member is a country" in str(note.value) for note in at.caption)
    assert len(at.dataframe[0].value) == 3


def test_map_shows_a_member_that_is_chosen_with_its_difference_to_the_base() -> None:
    at = opened("map", "budget[Midland]=0.8")
    sound(at.selectbox(key="map member").set_value("Midland").run())
    assert metric(at, "Spending").delta.startswith("-")


def test_map_of_contributions_to_a_task() -> None:
    at = opened("map")
    sound(at.selectbox(key="map measure").set_value("Contribution to a task").run())
    task = at.selectbox(key="map task").value
    assert task in answer(at)
    assert "all members together provide" in answer(at)


@pytest.mark.parametrize(
    ("north", "middle", "large", "tiny"),
    [("Indonesia", "Singapore", ["Northland"], ["Midland"]), ("Japan", "United States", ["Northland", "Midland"], [])],
)
def test_map_of_real_countries_is_drawn_with_every_member(
    north: str, middle: str, large: list[str], tiny: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names, known = {"Northland": north, "Midland": middle}, places.country_of
    monkeypatch.setattr(places, "country_of", lambda name: known(names.get(name, name)))
    at = opened("map")
    drawn = at.main.get("vega_lite_chart")[0].proto
    shapes = json.loads(drawn.spec)["datasets"]
    assert [one["member"] for one in shapes["members"]] == large
    tables = {one.name: pa.ipc.open_stream(one.data.data).read_pandas() for one in drawn.datasets}
    assert list(tables["dots"]["member"] if tiny else ()) == tiny
    assert any("Not on the map: Southland" in str(note.value).replace("\\", "") for note in at.caption)


# ---------------------------------------------------------------- scenarios


def test_scenarios_without_a_change_says_what_to_do() -> None:
    at = opened("scenarios")
    assert "not yet two plans" in answer(at)
    assert at.info


def test_scenarios_compares_what_is_on_screen_with_the_base_by_cell() -> None:
    at = opened("scenarios", "budget[Midland]=0.8", "rule[share_is_limited]=off")
    assert "On screen: risk" in answer(at)
    results, inputs = (frame.value for frame in at.dataframe[:2])
    assert set(results["plan"]) == {"On screen"}
    assert inputs["cell"].tolist() == ["Members!H3"]
    assert inputs["relative"].tolist() == pytest.approx([-20.0])
    assert any("share is limited is switched off" in str(text.value).replace("\\", "") for text in at.main.markdown)


def test_scenarios_leaves_blank_what_only_one_plan_has() -> None:
    at = opened("scenarios", "withdraw=Southland")
    inputs = at.dataframe[1].value
    gone = inputs[inputs["kind"] == "removed"]
    assert len(gone)
    assert set(gone["value"]) == {""}


def test_scenarios_compares_what_was_kept_and_takes_any_baseline() -> None:
    at = opened("scenarios", "budget=0.9")
    session = at.session_state["session"]
    session.keep("less money")
    session.pull(parse_edit("budget=0.8"))
    sound(at.run())
    assert {"On screen", "Base", "“less money”"} <= set(at.main.multiselect[0].value)
    baseline = next(box for box in at.main.selectbox if box.label == "Baseline")
    sound(baseline.set_value("“less money”").run())
    assert "against" in answer(at)
    assert "of “less money”" in answer(at)


def test_scenarios_compares_another_shipped_scenario() -> None:
    at = opened("scenarios")
    others = [name for name in at.main.multiselect[0].options if name.endswith("as shipped")]
    assert len(others) == len(shipped_scenarios()) - 1


@pytest.mark.parametrize(
    "about", ["Burdens of members", "Coverage of capabilities", "Coverage of tasks", "Stocks of capabilities"]
)
def test_scenarios_shows_each_kind_of_result(about: str) -> None:
    at = opened("scenarios", "budget=0.8")
    sound(at.radio(key="compare about").set_value(about).run())
    assert len(charts(at)) == 1
    assert len(at.dataframe[0].value)


def test_scenarios_gives_a_link_that_opens_the_same_plan() -> None:
    at = opened("scenarios", "budget[Midland]=0.8", "rule[share_is_limited]=off")
    address = at.code[0].value
    assert "scenario=tutorial" in address
    from urllib.parse import parse_qs, urlsplit

    again = opened("model", **parse_qs(urlsplit(address).query))
    assert again.session_state["session"].key == at.session_state["session"].key


def test_link_with_what_there_is_not_opens_with_a_message() -> None:
    at = opened("overview", scenario="tutorial", set=["budget[Nowhere]=2", "no lever", "budget=0.9"], ceiling="luck=1")
    told = " ".join(str(one.value) for one in at.warning).replace("\\", "")
    assert all(text in told for text in ("Nowhere", "no lever", "luck=1"))
    assert [edit.text for edit in at.session_state["session"].edits] == ["budget=0.9"]
    sound(at.button(key="dismiss notices").click().run())
    assert not at.warning


def test_link_to_an_unknown_scenario_opens_the_first() -> None:
    at = opened("overview", scenario="atlantis", set="budget=0.9")
    assert "atlantis" in str(at.warning[0].value)
    assert at.session_state["session"].source == "tutorial"
    assert not at.session_state["session"].edits


def test_link_with_a_ceiling_keeps_it() -> None:
    at = opened("overview", scenario="tutorial", ceiling="cost=12000")
    assert at.session_state["session"].plan.measures["cost"] <= 12000 * (1 + 1e-6)


# ---------------------------------------------------------------- model


def test_model_switches_a_policy_off_and_on() -> None:
    at = opened("model")
    session = at.session_state["session"]
    assert "in force" in answer(at)
    sound(at.toggle(key="policy share_is_limited").set_value(False).run())
    assert [edit.text for edit in session.edits] == ["rule[share_is_limited]=off"]
    assert "1 switched off (Share is limited)" in answer(at)
    sound(at.toggle(key="policy share_is_limited").set_value(True).run())
    assert not session.edits


def test_model_follows_levers_pulled_elsewhere() -> None:
    at = opened("model", "rule[share_is_limited]=off")
    assert at.toggle(key="policy share_is_limited").value is False
    at.session_state["session"].release()
    sound(at.run())
    assert at.toggle(key="policy share_is_limited").value is True


def test_model_counts_where_policies_bind() -> None:
    at = opened("model")
    plan = at.session_state["session"].plan
    table = at.dataframe[0].value.set_index("policy")
    binds = sum(value > 1e-15 for value in plan.gains("budget_is_respected", "risk").values())
    assert table.at["Budget is respected", "binds at"] == binds
    assert table.at["Budget is respected", "places"] == len(plan.lp.rows["budget_is_respected"].keys)


def test_model_shows_every_equation_and_finds_words() -> None:
    from model.language.registry import PARTS

    at = opened("model")
    sound(at.selectbox(key="model topic").set_value("Everything").run())
    assert len(at.latex) == sum(bool(part.equation) for part in PARTS.values())
    sound(at.text_input(key="model search").set_value("caveat").run())
    assert 0 < len(at.latex) < 6
    sound(at.text_input(key="model search").set_value("zebra").run())
    assert at.info


def test_model_stands_without_a_plan() -> None:
    at = opened("model")
    at.session_state["session"].pull(parse_edit("budget[Midland]=0"))
    at.run()
    assert not at.exception
    assert "no plan satisfies them" in answer(at)
    assert at.toggle(key="policy pledge_is_kept").value is True


# ---------------------------------------------------------------- figures behind the pages


def test_contributions_to_a_task_add_up_to_no_more_than_it_requires() -> None:
    plan = Problem(load(next(path for path in shipped_scenarios() if path.stem == "tutorial"))).solve()
    for task in plan.scenario.sets["task"]:
        given = geography.gives(plan, task)
        assert (given >= 0).all()
        assert given.sum() > 0
