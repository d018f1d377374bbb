"""The overview says how well each kind of threat is covered, where tasks are tagged, and nothing where they are not."""

from __future__ import annotations

import pytest

from model.scenario.levers.edits import parse_edit
from tests.questions.test_emphasis import three_kinds
from tests.ui.sessions import app, session_of, sound
from ui import solved, state


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "FIRST", "tutorial")


@pytest.mark.slow
def test_each_kind_has_its_figure_the_least_covered_first_and_its_change() -> None:
    at = app().run()
    session = session_of(at)
    session.open("three kinds", solved.solve(three_kinds()))
    sound(at.run())
    shown = {metric.label: metric.value for metric in at.metric}
    assert [label for label in shown if label in ("Disaster", "Cyber", "Conventional")] == [
        "Disaster",
        "Cyber",
        "Conventional",
    ]
    assert (shown["Disaster"], shown["Cyber"], shown["Conventional"]) == ("0 %", "75 %", "100 %")
    at.session_state["session"].pull(parse_edit("emphasis[disaster]=2"))
    sound(at.run())
    changes = {metric.label: metric.delta for metric in at.metric}
    assert changes["Disaster"] == "+75 points"
    assert changes["Conventional"] == "-25 points"
    assert not changes["Cyber"]


def test_without_kinds_there_is_no_figure_of_one() -> None:
    at = sound(app().run())
    assert len(at.metric) >= 4
    assert not any("points" in str(metric.delta) for metric in at.metric)
