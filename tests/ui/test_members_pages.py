"""Apportionment, members, burden and interoperability: what their widgets do, on the tutorial."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from model.scenario.levers.edits import Edit
from tests.ui.sessions import opened

pytestmark = pytest.mark.slow


def said(at: AppTest) -> str:
    """All the text of the page, without the signs that keep it from being formatted."""
    parts = [*at.main.markdown, *at.main.caption, *at.main.subheader, *at.main.header]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def worked(at: AppTest, button: str) -> AppTest:
    """Presses the button of long work and looks again until its result is there."""
    next(one for one in at.main.button if one.label.replace("\\", "").startswith(button)).click().run()
    session = at.session_state["session"]
    for _ in range(200):
        at.run()
        if not session.tasks:
            break
        for task in list(session.tasks.values()):
            task.stop.wait(0.05)
    assert not at.exception, [error.message for error in at.exception]
    assert not session.tasks
    return at


class TestApportionment:
    def test_why_is_told_of_where_the_most_is_bought_and_of_what_is_chosen(self) -> None:
        at = opened("apportionment")
        assert at.selectbox(key="why member").value == "Northland"
        assert "Northland holds 6.76 of Brigade (brigade) in 2030" in said(at)
        at.selectbox(key="why member").select("Midland").run()
        at.selectbox(key="why capability").select("Air defence battery").run()
        assert "Midland holds 2 of Air defence battery" in said(at)
        assert "So it just pays" in said(at)

    def test_a_click_moves_the_lists_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        point = {"member": "Midland", "capability": "Patrol ship"}
        clicked = SimpleNamespace(selection={"cell": [point]})
        monkeypatch.setattr(st, "altair_chart", lambda *args, **named: clicked)
        at = opened("apportionment")
        assert at.selectbox(key="why member").value == "Midland"
        assert "of Patrol ship (ship)" in said(at)
        at.selectbox(key="why member").select("Southland").run()
        assert at.selectbox(key="why member").value == "Southland"

    def test_years_and_colours(self) -> None:
        at = opened("apportionment")
        at.main.get("button_group")[0].set_value("2026–2027").run()
        assert "Northland holds 4 of Brigade (brigade) in 2026, all of it left of what it held at the start." in said(
            at
        )
        values = at.main.get("button_group")[1]
        assert "Change from the base" not in values.options
        values.set_value("Against fair share").run()
        assert "1 is exactly its fair share" in said(at)

    def test_with_levers_pulled_the_base_can_be_compared(self) -> None:
        at = opened("apportionment", "budget=0.8")
        at.main.get("button_group")[1].set_value("Change from the base").run()
        assert not at.exception
        assert "against the plan without the levers" in said(at)


class TestMembers:
    def test_another_member_is_shown(self) -> None:
        at = opened("members")
        assert at.header[0].value == "What does Northland give, get and pay?"
        at.selectbox(key="member shown").select("Midland").run()
        assert at.header[0].value == "What does Midland give, get and pay?"
        assert "Midland bears 3.89 bn USD" in said(at)
        assert "from 70 % alone" not in said(at)

    def test_why_one_bears_more_multiplies(self) -> None:
        at = opened("members")
        at.selectbox(key="member compared").select("Southland").run()
        text = said(at)
        assert "Northland bears 8.62 bn USD, Southland 2.31 bn USD: 3.72 times as much" in text
        assert "4 × 0.8 × 1.16 = 3.72" in text

    def test_the_alliance_without_it(self) -> None:
        at = worked(opened("members"), "Work it out without Northland")
        assert "Without Northland, risk goes from" in said(at)
        assert "Who makes it up" in [tab.label for tab in at.main.tabs]

    def test_difference_to_the_base_is_shown(self) -> None:
        plain, changed = opened("members"), opened("members", "budget=0.7")
        assert not any(metric.delta for metric in plain.main.metric)
        assert any(metric.delta.startswith("-") for metric in changed.main.metric)


class TestBurden:
    def test_keys_and_table_have_every_key_there_are_figures_for(self) -> None:
        at = opened("burden")
        assert at.multiselect(key="burden keys").value == ["gdp", "population", "equal"]
        at.multiselect(key="burden keys").set_value(["exposure"]).run()
        assert not at.exception
        table = at.main.dataframe[-1].value
        assert {"key: gdp", "key: population", "key: equal"} <= set(table.columns)
        assert next(iter(table["member"])) == "Northland"

    def test_lorenz_over_another_weight(self) -> None:
        at = opened("burden", "budget[Northland]=0.5")
        assert "Gini coefficient (this plan:" in said(at)
        assert "base plan:" in said(at)
        at.main.get("button_group")[0].set_value("members").run()
        assert "in proportion to members" in said(at)

    def test_fall_of_risk_is_worked_out_for_each(self) -> None:
        at = worked(opened("burden"), "Work out what each would face alone")
        session = at.session_state["session"]
        falls = session.known("falls")
        assert set(falls) == {"Northland", "Midland", "Southland"}
        assert all(fall > 0.01 for fall in falls.values())
        assert not [one for one in at.main.button if one.label.startswith("Work out")]


class TestInteroperability:
    def test_a_pair_can_be_made_common(self, monkeypatch: pytest.MonkeyPatch) -> None:
        point = {"member": "Midland", "partner": "Northland"}
        clicked = SimpleNamespace(selection={"pair": [point]})
        monkeypatch.setattr(st, "altair_chart", lambda *args, **named: clicked)
        at = opened("interoperability")
        assert "They have 50 % in common" in said(at)
        assert "basic 80 % and joint 100 % of a full one" in said(at)
        at.button(key="pull commonality").click().run()
        assert at.session_state["session"].edits == (Edit("commonality", ("Midland", "Northland"), 1.0),)
        assert "They have 100 % in common" in said(at)

    def test_a_step_is_solved_and_made_the_plan(self) -> None:
        at = worked(opened("interoperability"), "Work it out")
        assert (
            "All members have everything in common: risk falls by 0.13 points and the plan costs 436 m USD less."
            in said(at)
        )
        at.button(key="pull standard").click().run()
        assert not at.exception
        assert [edit.text for edit in at.session_state["session"].edits] == ["commonality=1"]
        assert "in the base plan 1.7 %" in said(at)

    def test_where_standardising_would_pay(self) -> None:
        assert "Most for Midland in Attack in the north (lead: Northland)" in said(opened("interoperability"))

    def test_one_member_by_itself(self) -> None:
        at = opened("interoperability", "withdraw=Northland", "withdraw=Southland")
        assert "There is nobody to have anything in common with." in said(at)
