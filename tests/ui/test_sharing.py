"""What the address of a page carries: to its own browser everything, to anybody else what belongs to the workbook on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from model.scenario.levers.edits import parse_edit
from tests.ui.sessions import app, session_of
from ui import solved, state
from ui.state import Session
from ui.uploads import Upload

pytestmark = pytest.mark.slow

SECRET, SHOWN = "secret.xlsx", "plan.xlsx"


@pytest.fixture
def browse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says which browser asks."""
    return lambda word: monkeypatch.setattr(state, "browser", lambda: word)


def plan_of(name: str, title: str) -> solved.Solved:
    """A workbook of this name: the tutorial with another title."""
    scenario = solved.solved_shipped("tutorial").scenario
    return solved.solve(replace(scenario, name=name, settings={**scenario.settings, "title": title}))


@pytest.fixture
def sender(browse: Callable[[str], None]) -> Session:
    """Somebody who kept a what-if of a secret workbook, then one of another of the same name, and has a third on screen."""
    browse("sender")
    session = session_of(app().run())
    for source, workbook, kept in (
        (SECRET, plan_of("secret", "secret"), "secret what-if"),
        (SHOWN, plan_of("plan", "an earlier secret draft"), "what-if of the draft"),
        (SHOWN, plan_of("plan", "plan"), "what-if of the plan"),
    ):
        session.uploads[source] = Upload(source, b"bytes", workbook.scenario, ())
        session.open(source, workbook)
        session.pull(parse_edit("budget[Northland]=0.9"))
        session.keep(kept)
    session.looked_at["member"] = "Northland"
    session.notices = ("A change in the link was left out.",)
    return session


def everything(session: Session) -> set[str]:
    return {*session.kept, *session.uploads}


def test_somebody_else_gets_what_belongs_to_the_workbook_on_screen(
    sender: Session, browse: Callable[[str], None]
) -> None:
    for other in ("receiver", ""):
        browse(other)
        at = app(s=sender.token).run()
        found = session_of(at)
        assert everything(found) == {"what-if of the plan", SHOWN}
        assert not found.notices
        assert [edit.text for edit in found.edits] == ["budget[Northland]=0.9"]
        assert found.token != sender.token
        texts = [str(text.value) for kind in ("markdown", "caption") for text in at.get(kind)]
        texts += [button.label for button in at.button]
        assert not [text for text in texts if "secret" in text or "draft" in text]


def test_a_browser_gets_its_own_back_whole(sender: Session, browse: Callable[[str], None]) -> None:
    browse("sender")
    assert everything(session_of(app(s=sender.token).run())) == everything(sender)


def test_a_copy_of_a_copy_is_its_new_browsers(sender: Session, browse: Callable[[str], None]) -> None:
    browse("receiver")
    copied = session_of(app(s=sender.token).run())
    copied.open("tutorial", solved.solved_shipped("tutorial"))
    copied.keep("mine")
    browse("sender")
    assert everything(session_of(app(s=copied.token).run())) == {"mine"}
    browse("receiver")
    assert everything(session_of(app(s=copied.token).run())) == everything(copied)


def test_the_panel_offers_what_was_kept_of_this_workbook_alone(sender: Session, browse: Callable[[str], None]) -> None:
    browse("sender")
    at = app(s=sender.token).run()
    offered = [button.label for button in at.sidebar.button if button.label.startswith("Show")]
    assert offered == ["Show “what-if of the plan”"]


def test_a_closed_session_leaves_nothing_behind() -> None:
    at = app().run()
    at.session_state["annotated"] = ("an upload", b"bytes")
    at.button(key="close").click().run()
    assert not at.exception
    assert "annotated" not in at.session_state
