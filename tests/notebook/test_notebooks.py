"""The notebooks of the documentation run, and show what they say they show."""

import pytest

from tests.notebook.executed import FOLDER, NOTEBOOKS, executed, read

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_did(path):
    kept = read(path)
    assert texts(executed(kept)) == texts(kept), "renew them: python -m tests.notebook.executed"
    assert path.stat().st_size < 100_000


def texts(notebook):
    """What each cell prints and shows as text."""
    return [
        (output["output_type"], "".join(output.get("text", output.get("data", {}).get("text/plain", []))))
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
    ]


def test_there_are_three():
    assert {path.stem for path in NOTEBOOKS} == {"first_plan", "what_ifs_and_fronts", "a_rule_of_your_own"}
    how_to = (FOLDER.parent / "how-to.md").read_text(encoding="utf-8")
    assert all(f"notebooks/{path.name}" in how_to for path in NOTEBOOKS)
