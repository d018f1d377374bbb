"""The project holds what it says of itself: layers, style, types, generated documents, files and functions kept small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from model.formulation.equations import book

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for folder in ("model", "ui", "inputs", "benchmarks") for path in (ROOT / folder).rglob("*.py"))


TOOLS = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", "--no-incremental"], ["lint-imports"])
"""Commands that must have nothing to say; before a commit the same programs run (`.pre-commit-config.yaml`)."""


@pytest.mark.slow
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: " ".join(tool[:2]))
def test_tool_is_content(tool):
    command = [str(Path(sys.executable).with_name(tool[0])), *tool[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno - f.lineno + 1 > 40}
    assert not long


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_says_what_it_is_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)


def test_printed_formulation_is_up_to_date():
    """`alliance equations --out docs/formulation.md` makes it again."""
    assert (ROOT / "docs" / "formulation.md").read_text(encoding="utf-8") == book()


def test_links_in_the_documents_lead_somewhere():
    import re

    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_tie_rule_stands_in_the_documents_as_it_is_printed():
    from model.solve.ties import RULE

    assert RULE in (ROOT / "docs" / "solving.md").read_text(encoding="utf-8")
