"""Every page and every lever of the front end, without a browser: drawn, answered, in words, and in nobody else's format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model.scenario.levers.edits import LEVERS, parse_edit
from model.scenario.scenario import Scenario
from tests.data.test_levers import SCENARIO, sample
from tests.ui.sessions import app
from ui import panel, solved, start, state

pytestmark = pytest.mark.slow

PAGES = {name: title for named in start.PAGES.values() for name, (title, _) in named.items()}
NO_PLAN = "budget[Midland]=0"
"""On the tutorial no plan has it: who must pledge cannot spend everything on equipment."""

HOSTILE = "![x](https://example.org/x.png)"
TEXTS = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success")
"""Elements whose text the browser formats."""


def opened(name: str, edits: tuple[str, ...] = ()) -> AppTest:
    """A page of a session of its own, after levers were pulled."""
    at = app().run()
    at.session_state["session"].pull(*map(parse_edit, edits))
    return at.run() if name == "overview" else at.switch_page(f"ui/pages/{name}.py").run()


def texts(at: AppTest) -> list[str]:
    """Everything the browser would format."""
    found = [str(element.value) for kind in TEXTS for element in at.get(kind)]
    return found + [str(element.label) for kind in ("button", "metric", "toggle", "slider") for element in at.get(kind)]


@pytest.mark.parametrize("name", PAGES)
def test_page_answers_its_question(name: str) -> None:
    at = opened(name)
    assert not at.exception, [error.message for error in at.exception]
    assert not at.error, [error.value for error in at.error]
    assert len(at.header) == 1
    assert at.header[0].value.endswith("?")
    answer = next(text.value for text in at.main.markdown if text.value.startswith("**"))
    assert len(answer) > 20
    assert "nan" not in answer.lower().split()
    assert "None" not in answer


@pytest.mark.parametrize("name", PAGES)
def test_page_stands_with_levers_pulled_and_a_member_gone(name: str) -> None:
    at = opened(name, ("budget=0.8", "withdraw=Southland"))
    assert not at.exception, [error.message for error in at.exception]
    assert not at.error, [error.value for error in at.error]
    assert len(at.header) == 1
    assert any("budget=0.8" in text.value.replace("\\", "") for text in at.sidebar.caption)


@pytest.mark.parametrize("name", PAGES)
def test_page_says_so_where_no_plan_exists(name: str) -> None:
    at = opened(name, (NO_PLAN,))
    assert not at.exception, [error.message for error in at.exception]
    assert [error.value for error in at.sidebar.error] == ["No plan satisfies these policies."]
    if name not in start.NEED_NO_PLAN:
        assert at.header[0].value == "Is there a plan?"
        assert any(button.label.startswith("See the plan without") for button in at.main.button)


def test_way_out_leads_to_a_plan() -> None:
    at = opened("overview", (NO_PLAN,))
    next(button for button in at.main.button if button.label.startswith("See the plan without")).click().run()
    assert not at.exception
    assert at.session_state["session"].plan.found
    assert at.header[0].value != "Is there a plan?"


def test_a_page_may_move_a_lever_of_the_panel() -> None:
    at = app().run()
    at.selectbox(key="levers of member").set_value("").run()
    session = at.session_state["session"]
    session.pull(parse_edit("budget=0.8"))
    assert at.run().slider(key="lever budget ()").value == 80
    session.pull(parse_edit("budget=2.255"))
    assert at.run().slider(key="lever budget ()").value == 226
    assert [edit.text for edit in session.edits] == ["budget=2.255"]
    session.release()
    assert at.run().slider(key="lever budget ()").value == 100
    assert not session.edits


def test_last_change_is_taken_back() -> None:
    at = opened("overview", ("budget=0.9", NO_PLAN))
    at.button(key="take back").click().run()
    assert [edit.text for edit in at.session_state["session"].edits] == ["budget=0.9"]
    assert at.session_state["session"].plan.found


@pytest.fixture(scope="module")
def session_of_all_levers() -> Iterator[AppTest]:
    """One session, in which each lever is pulled alone: of the scenario in which every lever has something to move."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "FIRST", "tutorial")
        at = app().run()
        at.session_state["session"].open("made up", solved.solve(SCENARIO))
        yield at.run()


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_gives_a_plan_or_says_why_not(session_of_all_levers: AppTest, name: str) -> None:
    at = session_of_all_levers
    session = at.session_state["session"]
    session.release()
    session.pull(sample(name))
    at.run()
    assert not at.exception, [error.message for error in at.exception]
    assert session.is_changed
    if session.plan.found:
        assert at.header[0].value.startswith("Are we covered")
        assert session.plan.certificates
        assert all(certificate.passed for certificate in session.plan.certificates)
    else:
        assert at.header[0].value == "Is there a plan?"
        assert session.plan.diagnosis is not None
        assert session.plan.diagnosis.ways_out


@cache
def every_layer() -> solved.Solved:
    """The plan of the scenario in which every lever has something to move."""
    return solved.solve(SCENARIO)


@pytest.mark.parametrize("name", PAGES)
def test_page_stands_with_every_layer(name: str) -> None:
    """Partners, industry, technology, common funding and programmes, all at once."""
    at = app().run()
    at.session_state["session"].open("made up", every_layer())
    at.run() if name == "overview" else at.switch_page(f"ui/pages/{name}.py").run()
    assert not at.exception, [error.message for error in at.exception]
    assert not at.error, [error.value for error in at.error]
    assert at.header[0].value.endswith("?")


LEVERS_IN_VIEW = [
    ("budget", "member", "Midland"),
    ("holding", "member", "Northland"),
    ("requirement", "task", "Hold the border"),
    ("consequence", "task", "Hold the border"),
    ("requirement", "capability", "Patrol ship"),
    ("unit_cost", "capability", "Patrol ship"),
]


@pytest.mark.parametrize("everybody", [False, True])
@pytest.mark.parametrize(("lever", "dimension", "name"), LEVERS_IN_VIEW)
def test_slider_moves_the_plan_and_back(lever: str, dimension: str, name: str, everybody: bool) -> None:
    at = app().run()
    at.selectbox(key=f"levers of {dimension}").set_value("" if everybody else name).run()
    key = f"lever {lever} {() if everybody else (name,)}"
    if everybody and lever in panel.OF_ONE:
        assert key not in [slider.key for slider in at.slider]
        return
    at.slider(key=key).set_value(80).run()
    session = at.session_state["session"]
    assert [edit.text for edit in session.edits] == [f"{lever}=0.8" if everybody else f"{lever}[{name}]=0.8"]
    assert session.plan.measures != session.base.measures
    at.button(key="release all").click().run()
    assert not session.edits
    assert session.plan is session.base
    assert at.slider(key=key).value == 100


def test_levers_in_view_are_at_first_where_the_plan_has_most() -> None:
    at = app().run()
    base = at.session_state["session"].base
    orders = base.table("orders")
    most = {dimension: orders.groupby(dimension).cost.sum().idxmax() for dimension in ("member", "capability")}
    most["task"] = base.table("risks").groupby("task").part_of_risk.sum().idxmax()
    for dimension, lever in (("member", "budget"), ("task", "consequence"), ("capability", "unit_cost")):
        assert at.selectbox(key=f"levers of {dimension}").value == most[dimension]
        assert at.slider(key=f"lever {lever} {(most[dimension],)}").value == 100


def test_what_was_changed_for_one_member_stays_in_view_with_another_chosen() -> None:
    at = app().run()
    at.selectbox(key="levers of member").set_value("Midland").run()
    at.slider(key="lever budget ('Midland',)").set_value(90).run()
    at.selectbox(key="levers of member").set_value("Southland").run()
    at.slider(key="lever budget ('Southland',)").set_value(110).run()
    assert at.slider(key="lever budget ('Midland',)").value == 90
    session = at.session_state["session"]
    assert [edit.text for edit in session.edits] == ["budget[Midland]=0.9", "budget[Southland]=1.1"]
    at.slider(key="lever budget ('Midland',)").set_value(100).run()
    assert [edit.text for edit in session.edits] == ["budget[Southland]=1.1"]


def test_a_capability_called_like_a_task_has_levers_of_its_own() -> None:
    names = {"task": ("Air", "Sea"), "capability": ("Air", "Land")}
    session: Any = SimpleNamespace(solved=SimpleNamespace(scenario=SimpleNamespace(named=names.__getitem__)))
    asked = LEVERS["requirement"]
    assert panel._targets(session, asked, "capability", "Air") == ("*", "Air")
    assert panel._targets(session, asked, "capability", "Land") == ("Land",)
    assert panel._targets(session, asked, "capability", "") == ()


def test_several_members_leave_and_come_back() -> None:
    at = app().run()
    at.multiselect(key="members out").set_value(["Southland", "Midland"]).run()
    session = at.session_state["session"]
    assert {edit.value for edit in session.edits} == {"Southland", "Midland"}
    assert session.scenario.sets["member"] == ("Northland",)
    at.multiselect(key="members out").set_value(["Midland"]).run()
    assert session.scenario.sets["member"] == ("Northland", "Southland")
    at.multiselect(key="members out").set_value([]).run()
    assert session.plan is session.base


def test_policies_are_switched_off_and_on_from_the_panel() -> None:
    at = app().run()
    session = at.session_state["session"]
    choice = at.multiselect(key="policies off")
    assert "Budget is respected" in choice.options
    choice.set_value(["budget_is_respected"]).run()
    assert [edit.text for edit in session.edits] == ["rule[budget_is_respected]=off"]
    assert session.plan.measures["risk"] < session.base.measures["risk"]
    assert "budget_is_respected" in session.problem.off
    session.pull(parse_edit("rule[caveat_is_respected]=off"))
    assert set(at.run().multiselect(key="policies off").value) == {"budget_is_respected", "caveat_is_respected"}
    at.multiselect(key="policies off").set_value([]).run()
    assert session.plan is session.base


def test_everybody_cannot_leave() -> None:
    at = app().run()
    at.multiselect(key="members out").set_value(["Northland", "Southland", "Midland"]).run()
    assert not at.exception
    assert at.error
    assert at.session_state["session"].plan.found


@pytest.mark.parametrize(("lever", "typed"), [("growth", "0.02"), ("challenge", "2"), ("burden_key", "population")])
def test_another_lever_is_chosen_from_lists(lever: str, typed: str) -> None:
    at = app().run()
    at.selectbox(key="another lever").set_value(lever).run()
    at.text_input(key="another value").set_value(typed).run()
    at.button(key="pull another").click().run()
    assert not at.exception
    assert [edit.lever for edit in at.session_state["session"].edits] == [lever]


def test_a_value_no_lever_takes_is_refused_in_words() -> None:
    at = app().run()
    at.selectbox(key="another lever").set_value("growth").run()
    at.text_input(key="another value").set_value("7").run()
    at.button(key="pull another").click().run()
    assert not at.exception
    assert "growth takes a number from" in at.error[0].value.replace("\\", "")
    assert not at.session_state["session"].edits


def renamed(scenario: Scenario) -> Scenario:
    """The same scenario, in which a member, a capability and a task have names that would call out of a Markdown reader."""
    new = {"Midland": f"Midland {HOSTILE}", "Brigade": f"Brigade {HOSTILE}", "Hold the border": f"Border {HOSTILE}"}

    def swap(thing: Any) -> Any:
        if isinstance(thing, str):
            return new.get(thing, thing)
        return tuple(map(swap, thing)) if isinstance(thing, tuple) else thing

    values = {
        column: {swap(at): swap(value) for at, value in cells.items()} for column, cells in scenario.values.items()
    }
    values["task_kind"] = dict.fromkeys(values["task_kind"], f"Piracy {HOSTILE}")
    sets = {name: swap(members) for name, members in scenario.sets.items()}
    return replace(scenario, name=HOSTILE, sets=sets, values=values, sources=(), defaults=(), cells={})


@pytest.fixture(scope="module")
def hostile() -> solved.Solved:
    return solved.solve(renamed(solved.solved_shipped("tutorial").scenario))


@pytest.mark.parametrize("name", PAGES)
def test_names_in_a_workbook_format_nothing(name: str, hostile: solved.Solved) -> None:
    at = app().run()
    at.session_state["session"].open(HOSTILE, hostile)
    at = at.run() if name == "overview" else at.switch_page(f"ui/pages/{name}.py").run()
    assert not at.exception, [error.message for error in at.exception]
    assert [text for text in texts(at) if HOSTILE in text] == []
