"""What a person typed survives another sheet, another page, a reload, another scenario, a solve and the way back; what cannot be
read stays where it was typed and is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from model.language.faults import UsageError
from model.scenario.levers.edits import parse_edit
from tests.ui.sessions import app, session_of, sound, unbroken
from tests.ui.test_data_page import drop, edit, finished, named_workbook, opened, table_with
from ui import state, visitor
from ui.draft import Tables, plain_tables
from ui.solved import solved_shipped

pytestmark = pytest.mark.slow


def now(at: AppTest) -> Tables:
    """The tables as they stand."""
    draft = session_of(at).draft
    assert draft is not None
    return draft.now


def page(at: AppTest, name: str) -> AppTest:
    return unbroken(at.switch_page(f"ui/pages/{name}.py").run())


def solved(at: AppTest) -> AppTest:
    return finished(at.button(key="solve tables").click().run())


@pytest.mark.parametrize(
    ("sheet", "row", "column", "typed"),
    [("Members", 0, "gdp", "1.200,5"), ("Settings", 5, "value", "2,5 %"), ("Requirements", 0, "task", "Nowhere"),
     ("Members", 1, "gdp", "1,200"), ("Commonality", 0, "Midland", ",4")],
)  # fmt: skip
def test_edits_survive_another_page_and_a_reload(sheet: str, row: int, column: str, typed: str) -> None:
    at = opened()
    before = plain_tables(session_of(at).opened)
    edit(at, sheet, {row: {column: typed}})
    edited = now(at)
    assert edited != before
    page(page(at, "timeline"), "data")
    assert now(at) == edited
    edit(at, "Levels", {0: {"effectiveness": "0,4"}})  # a further edit in the editor that took the first one's place
    edited = now(at)
    again = opened(session_of(at).token)
    assert now(again) == edited
    assert not again.button(key="solve tables").disabled
    unbroken(again.button(key="undo edit").click().run())
    unbroken(again.button(key="undo edit").click().run())
    assert now(again) == before


@pytest.mark.parametrize(
    ("typed", "meant"), [("5,6", 5.6), ("0,25", 0.25), ("1.200,5", 1200.5), (".5", 0.5), ("1 200", 1200.0)]
)
def test_a_number_typed_is_the_number_meant(typed: str, meant: float) -> None:
    at = opened()
    edit(at, "Members", {0: {"population": typed}})
    assert now(at)["Members"][0]["population"] == meant


@pytest.mark.parametrize("typed", ["1,200", "1.200", "5 m", "lots", "5 %"])
def test_what_has_no_one_reading_stays_and_is_refused_at_its_cell(typed: str) -> None:
    at = opened()
    edit(at, "Members", {0: {"population": typed}})
    assert now(at)["Members"][0]["population"] == typed
    fault = table_with(at, "What to do").iloc[0]
    assert (fault["Sheet"], fault["Cell"], fault["Row"], fault["Column"]) == (
        "Members",
        "D2",
        "Northland",
        "population",
    )
    assert typed in fault["Found"]
    assert fault["What to do"]
    before = session_of(at).solved
    unbroken(at.button(key="solve tables").click().run())
    assert session_of(at).solved is before
    assert len(table_with(at, "What to do")) == 1  # told once
    edit(at, "Members", {0: {"population": "1200"}})
    assert not [table for table in at.dataframe if "What to do" in table.value]


def test_a_pasted_name_is_taken_as_it_is_spelt_or_told() -> None:
    at = opened()
    edit(at, "Requirements", {0: {"task": " guard THE cities", "quantity": "1,5"}, 1: {"task": "Guard the citys"}})
    assert now(at)["Requirements"][0]["task"] == "Guard the cities"
    assert now(at)["Requirements"][1]["task"] == "Guard the citys"
    fault = table_with(at, "What to do").iloc[0]
    assert fault["Cell"] == "A3"
    assert "Guard the cities" in fault["What to do"]


def test_edits_levers_and_solved_tables_of_a_scenario_are_there_when_one_comes_back() -> None:
    at = opened()
    edit(at, "Members", {0: {"gdp": "2000000"}})
    solved(at)
    session_of(at).pull(parse_edit("budget=0.9"))
    edit(at, "Members", {1: {"gdp": "600 000"}})
    edited, base = now(at), session_of(at).solved
    unbroken(at.selectbox(key="scenario chosen").select("france_uk").run())
    assert session_of(at).source == "france_uk"
    assert now(at) == plain_tables(session_of(at).opened)
    assert not session_of(at).is_changed
    unbroken(at.selectbox(key="scenario chosen").select("tutorial").run())
    assert session_of(at).source == "tutorial"
    assert now(at) == edited
    assert session_of(at).solved is base
    assert [one.text for one in session_of(at).edits] == ["budget=0.9"]


def test_plans_of_many_scenarios_left_are_given_up_and_what_was_typed_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MOST_SOLVED_LEFT", 1)
    at = opened()
    edit(at, "Members", {0: {"gdp": "2000000"}})
    solved(at)
    session = session_of(at)
    for name in ("france_uk", "us_japan", "tutorial"):
        session.open(name, solved_shipped(name))
    assert session.draft is not None
    assert session.draft.now["Members"][0]["gdp"] == 2000000
    page(at, "data")
    assert not at.button(key="solve tables").disabled  # to be solved again


def test_what_is_typed_while_the_tables_are_solved_stays() -> None:
    at = opened()
    edit(at, "Members", {0: {"gdp": "2000000"}})
    at.button(key="solve tables").click().run()
    edit(at, "Members", {0: {"gdp": "2000000"}, 1: {"gdp": "700000"}})
    finished(at)
    assert session_of(at).solved.scenario.gdp["Northland"] == 2000000
    assert now(at)["Members"][1]["gdp"] == 700000


def test_the_way_back_can_be_taken_back() -> None:
    at = opened()
    edit(at, "Members", {0: {"gdp": "2000000"}})
    solved(at)
    edit(at, "Members", {1: {"gdp": "700000"}})
    edited = now(at)
    unbroken(at.button(key="undo tables").click().run())
    assert now(at) == plain_tables(session_of(at).opened)
    unbroken(at.button(key="undo edit").click().run())
    assert now(at) == edited


def test_a_list_of_the_panel_takes_every_choice() -> None:
    at = sound(app().run())
    for member in ("Midland", "Southland", "Midland"):
        at.selectbox(key="levers of member").select(member).run()
        assert session_of(at).looked_at["member"] == member
        assert at.selectbox(key="levers of member").value == member


def test_kept_what_ifs_are_neither_replaced_nor_dropped() -> None:
    at = sound(app().run())
    session = session_of(at)
    for _ in range(state.MOST_KEPT):
        session.keep("same")
    assert len(session.kept) == state.MOST_KEPT
    with pytest.raises(UsageError):
        session.keep("one more")
    at.text_input(key="keep name").input("one more")
    unbroken(next(one for one in at.button if one.label == "Keep").click().run())
    assert at.text_input(key="keep name").value == "one more"
    assert at.error
    at.selectbox(key="what-if to forget").select("same (2)")
    unbroken(at.button(key="forget what-if").click().run())
    unbroken(next(one for one in at.button if one.label == "Keep").click().run())
    assert "one more" in session.kept
    assert at.text_input(key="keep name").value == ""


def test_a_reload_in_the_same_browser_brings_everything_back_and_another_browser_only_what_is_on_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = ["first"]
    monkeypatch.setattr(state, "browser", lambda: who[0])
    at = opened()
    edit(at, "Members", {0: {"gdp": "2000000"}})
    drop(at, "draft.xlsx", b"no workbook")
    finished(drop(at, "ours.xlsx", named_workbook("Ours")))
    reloaded = session_of(opened(session_of(at).token))
    assert set(reloaded.uploads) == {"draft.xlsx", "ours.xlsx"}
    assert "tutorial" in reloaded.left
    who[0] = "second"
    sent = session_of(opened(reloaded.token))
    assert set(sent.uploads) == {"ours.xlsx"}
    assert not sent.left


@pytest.mark.parametrize("word", ["abc", ""])
def test_a_browser_is_known_by_its_word(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr(visitor.st, "context", SimpleNamespace(cookies={visitor.COOKIE: word} if word else {}))
    assert visitor.browser() == word


def test_numbers_beside_the_tables_are_read_the_same_way() -> None:
    at = sound(app().run())
    at.selectbox(key="another lever").select("budget").run()
    at.text_input(key="another value").input("0,9")
    sound(at.button(key="pull another").click().run())
    assert [one.value for one in session_of(at).edits] == [0.9]
    at.text_input(key="another value").input("1,200")
    unbroken(at.button(key="pull another").click().run())
    assert at.error
    assert [one.value for one in session_of(at).edits] == [0.9]
    page(at, "cost_sharing")
    at.text_input(key="game value").input("1.200")
    unbroken(at.run())
    assert any("1200" in one.value for one in at.error)
