"""A session of the front end without a browser: opened on a page, looked at, and found sound."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from model.scenario.levers.edits import parse_edit
from ui import state

ROOT = Path(__file__).resolve().parents[2]


def app(**query: str | list[str]) -> AppTest:
    """The front end, not yet run, opened by a link with these query parameters."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in query.items():
        at.query_params[key] = value
    return at


def opened(name: str, *edits: str, **query: str | list[str]) -> AppTest:
    """A page of a session of its own, from a link, after levers were pulled."""
    at = app(**query).run()
    session_of(at).pull(*map(parse_edit, edits))
    return sound(at.run() if name == "overview" else at.switch_page(f"ui/pages/{name}.py").run())


def session_of(at: AppTest) -> state.Session:
    """What the page works on."""
    found = at.session_state["session"]
    assert isinstance(found, state.Session)
    return found


def unbroken(at: AppTest) -> AppTest:
    """The same, once nothing went wrong; a page may still say that something cannot be."""
    assert not at.exception, [error.message for error in at.exception]
    return at


def sound(at: AppTest) -> AppTest:
    """The same, once nothing went wrong and nothing is said to be wrong."""
    unbroken(at)
    assert not at.error, [error.value for error in at.error]
    return at


def answer(at: AppTest) -> str:
    """The sentence under the title, its escapes taken away."""
    bold = next(str(text.value) for text in at.main.markdown if text.value.startswith("**"))
    return bold.replace("\\", "").strip("*")
