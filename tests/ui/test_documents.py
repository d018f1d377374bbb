"""The front end's document names every page with the question it answers, and has a picture of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.screenshots import SCHEMES
from ui.start import PAGES

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "front-end.md").read_text(encoding="utf-8")
NAMED = {name: title for named in PAGES.values() for name, (title, _) in named.items()}


@pytest.mark.parametrize("name", NAMED)
def test_page_stands_in_the_document(name: str) -> None:
    assert re.search(rf"^\| \*\*{re.escape(NAMED[name])}\*\* \| .*\?", DOC, re.MULTILINE)
    for scheme in SCHEMES:
        path = f"images/pages/{name}_{scheme}.png"
        assert path in DOC
        assert 10_000 < (ROOT / "docs" / path).stat().st_size <= 250_000


def test_document_names_no_page_there_is_not() -> None:
    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", DOC, re.MULTILINE)) == set(NAMED.values())


def test_settings_the_document_promises_are_those_that_ship() -> None:
    import tomllib

    shipped = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert shipped["server"]["maxUploadSize"] == 20
    assert shipped["server"]["address"] == "localhost"
    assert shipped["server"]["enableXsrfProtection"] is True
    assert shipped["browser"]["gatherUsageStats"] is False
    assert shipped["client"]["showErrorDetails"] == "none"
    assert {"light", "dark"} <= set(shipped["theme"])


def test_limits_in_the_document_are_those_of_the_program() -> None:
    from ui import state, uploads, work

    for said in (
        f"| one upload | {uploads.LARGEST_MEGABYTES} MB",
        f"| uploads kept in a session | {uploads.MOST_UPLOADS}, at most {uploads.MOST_MEGABYTES} MB |",
        f"| what-ifs kept in a session | {state.MOST_KEPT} |",
        f"| sessions remembered | {state.MOST_REMEMBERED};",
        f"| long analyses at a time, whole server | {work.AT_ONCE};",
    ):
        assert said in DOC
