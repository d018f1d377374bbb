"""What a newcomer is told is so: rooms, commands, hooks, the site of the documentation, versions."""

import configparser
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import run
from model.cli.app import COMMANDS
from model.version import __version__
from tests.test_project import TOOLS

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TOLD = [CONTRIBUTING, *((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "SECURITY.md"))]
"""Texts that name commands."""


def test_map_names_every_room_in_the_order_that_imports_keep():
    named = re.findall(r"^\| `model/([a-z]+)/` \|", CONTRIBUTING, re.MULTILINE)
    kept = configparser.ConfigParser()
    kept.read(ROOT / ".importlinter")
    order = re.findall(r"[a-z_]+", kept["importlinter:contract:rooms"]["layers"])
    assert named == [room for room in order if (ROOT / "model" / room).is_dir()] + ["layers"]
    assert sorted(named) == sorted(path.parent.name for path in (ROOT / "model").glob("*/__init__.py"))


def test_paths_that_are_named_exist():
    for path in set(re.findall(r"`((?:model|tests|docs|ui|inputs|benchmarks)/[\w/.-]*)`", CONTRIBUTING)):
        assert (ROOT / path).exists(), path


def test_commands_that_are_named_exist():
    known = {name for commands in COMMANDS.values() for name in commands} | {"test", "docs", *run.TOOLS}
    for text in TOLD:
        assert set(re.findall(r"run\.py ([a-z][a-z-]*)", text)) <= known
        assert set(re.findall(r"`alliance ([a-z][a-z-]*)", text)) <= known


def test_imports_in_the_documents_work():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))]
    imports = {
        found
        for text in texts
        for found in re.findall(r"^from alliance_model([\w.]*) import ([\w, ]+)", text, re.MULTILINE)
    }
    assert len(imports) > 5
    for module, names in imports:
        for name in (named.partition(" as ")[0].strip() for named in names.split(",")):
            code = importlib.import_module(f"model{module}")
            assert hasattr(code, name) or importlib.util.find_spec(f"model{module}.{name}"), f"{module} {name}"


def test_hooks_are_the_projects_own_and_the_same_as_in_the_tests():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    for hook in config["repos"][0]["hooks"]:
        python, program, tool, *_ = hook["entry"].split()
        assert (python, program, hook["language"]) == ("python3", "run.py", "system")
        assert tool in run.TOOLS
        assert tool in {checked[0] for checked in TOOLS}, "a hook looks for more than the tests do"
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_citation_is_of_this_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)  # what the format requires
    assert str(cited["version"]) == __version__


def test_changelog_has_what_is_unreleased_first_and_then_versions():
    sections = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", section) for section in sections[1:])
    assert sections[1].startswith(f"{__version__} - ")


@pytest.mark.slow
def test_the_first_rule_works_as_it_is_told(tmp_path):
    """The edits of CONTRIBUTING.md, in a copy: the golden file comes out as shown, and both readings agree."""
    leave = shutil.ignore_patterns("__pycache__", ".*", "outputs")
    shutil.copytree(ROOT, tmp_path / "copy", ignore=leave)
    copy, clean = tmp_path / "copy", {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path), "PYTHONPATH": ""}

    def done(*command, **variables):
        ended = subprocess.run(
            command, cwd=copy, env={**clean, **variables}, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    for number, edit in enumerate(re.findall(r"^```diff\n(.*?)^```", CONTRIBUTING, re.MULTILINE | re.DOTALL)):
        (tmp_path / f"{number}.diff").write_text(edit, encoding="utf-8")
        done("git", "apply", "-C1", str(tmp_path / f"{number}.diff"))
    pytest_quickly = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", run.QUICK)
    done(*pytest_quickly, "tests/formulation/test_golden.py", REWRITE_GOLDEN="1")
    golden = (copy / "tests" / "golden" / "order_stays_within_pledge.txt").read_text(encoding="utf-8")
    assert f"```text\n{golden}```" in CONTRIBUTING
    book = done(sys.executable, "-m", "model", "equations")
    (copy / "docs" / "formulation.md").write_text(book, encoding="utf-8")
    done(*pytest_quickly, "tests/formulation", "tests/solve/test_two_readings.py", "tests/test_project.py")


@pytest.mark.slow
def test_documentation_becomes_a_site_that_loads_nothing_from_elsewhere(tmp_path):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sphinx", "--fail-on-warning", "--quiet", "docs", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "HTTPS_PROXY": "localhost:9", "HTTP_PROXY": "localhost:9"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    loads = re.compile(
        r"""<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//|url\(['"]?(?:https?:)?//|@import"""
    )
    for path in [*tmp_path.rglob("*.html"), *tmp_path.rglob("*.css")]:
        assert not loads.search(path.read_text(encoding="utf-8")), path.name
    reference = (tmp_path / "reference.html").read_text(encoding="utf-8")
    assert all(
        f'<span class="pre">{name}</span>' in reference for name in ("load", "Problem", "Plan", "Scenario", "what_if")
    )
    assert "<math" in (tmp_path / "formulation.html").read_text(encoding="utf-8")
