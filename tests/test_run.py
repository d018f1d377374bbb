"""`run.py`: what it installs for what, where, and that it runs ours wherever it is called from."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("arguments", "need"),
    [
        (["solve", "x.xlsx"], ""),
        ([], ""),
        (["solve", "test"], ""),
        (["app", "--help"], ""),
        (["app", "--port", "8600"], "app"),
        (["test", "-x"], "test"),
        (["test", "--quick"], "test"),
        (["docs"], "test"),
        (["mypy"], "test"),
        (["sweep", "x", "--cluster=tcp://a:1"], "extras"),
        (["sensitivity", "x", "--morris", "4"], "extras"),
    ],
)
def test_what_is_needed_for_what(arguments, need):
    assert run.needed(arguments) == need


@pytest.fixture
def called(monkeypatch):
    """Commands that `run.py` would have run."""
    commands = []
    monkeypatch.setattr(run, "environment", lambda need: "bin/python")
    monkeypatch.setattr(run, "bring_browser", lambda: commands.append(["browser"]))
    monkeypatch.setattr(run, "_wait", lambda command, **_: commands.append(command) or 0)
    return commands


def test_all_tests_run_or_those_that_are_quick(called):
    pytest_command = ["bin/python", "-m", "pytest", "-n", "auto"]
    run.main(["test", "tests/solve", "-x"])
    assert called == [["browser"], [*pytest_command, "tests/solve", "-x"]]
    called.clear()
    run.main(["test", "-x", "--quick", "tests/solve"])
    assert called == [[*pytest_command, "-m", "not slow and not browser", "-x", "tests/solve"]]


def test_tools_run_as_they_are_and_documents_with_warnings_as_errors(called):
    run.main(["ruff", "check", "."])
    run.main(["docs", "-q"])
    assert called[0][1:] == ["check", "."]
    assert Path(called[0][0]) == Path("bin/ruff")
    assert called[1][3:] == ["--fail-on-warning", "-q", "docs", "outputs/site"]


@pytest.fixture
def made(monkeypatch, tmp_path):
    """A checkout without an environment: what is created and installed is written down, not done."""
    steps = []
    for name in set(run.LOCKS.values()):
        (tmp_path / name).write_text(f"{name}: first")

    def create(home, uv):
        steps.append(f"new {home.name}")
        for path in (run._python(home), home / "made-from"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")

    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "_create", create)
    monkeypatch.setattr(run, "_call", lambda command: steps.append(Path(command[-1]).name))
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path / "elsewhere"))
    return steps


def test_the_environment_grows_with_what_is_asked(made):
    asked = ["", "", "app", "test", "app", "extras", ""]
    pythons = {run.environment(need) for need in asked}
    assert pythons == {str(run._python(run.HERE / ".venv"))}
    assert made == [
        "new .venv", "requirements.lock", "requirements-app.lock", "requirements-test.lock", "requirements-extras.lock",
    ]  # fmt: skip


def test_a_lock_that_changes_is_installed_and_the_first_makes_all_anew(made):
    run.environment("app")
    (run.HERE / "requirements-app.lock").write_text("second")
    run.environment("app")
    run.environment("")
    assert made == ["new .venv", "requirements-app.lock", "requirements-app.lock"]
    (run.HERE / "requirements.lock").write_text("second")
    run.environment("")
    run.environment("app")
    assert made[3:] == ["new .venv", "requirements.lock", "requirements-app.lock"]


def test_a_checkout_that_cannot_be_written_has_its_environment_elsewhere(made, monkeypatch):
    there = run.environment("")
    monkeypatch.setattr(run.os, "access", lambda path, how: False)
    assert run.environment("") == there
    elsewhere = Path(run.environment("app"))
    assert run.HERE / "elsewhere" in elsewhere.parents
    assert made[2:] == [f"new {elsewhere.parents[1].name}", "requirements-app.lock"]


def test_no_place_for_the_environment_is_said_with_what_to_do(made, monkeypatch):
    monkeypatch.setattr(run.os, "access", lambda path, how: False)
    (run.HERE / "elsewhere").write_text("a file")
    with pytest.raises(SystemExit, match="ALLIANCE_HOME"):
        run.environment("")


def test_a_python_that_makes_no_environments_is_said(monkeypatch, tmp_path):
    def create(*_, **__):
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.setattr("venv.create", create)
    with pytest.raises(SystemExit, match="python3-venv"):
        run._create(tmp_path, None)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a shell script stands for Python")
def test_it_runs_ours_in_a_folder_with_files_of_our_names(tmp_path):
    """Also where the environment is in the folder that ALLIANCE_HOME names."""
    wanted = [f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}" for name in set(run.LOCKS.values())]
    home = tmp_path / "homes" / hashlib.sha256(str(ROOT).encode()).hexdigest()[:16]
    python = home / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (home / "made-from").write_text("\n".join(wanted))
    theirs = tmp_path / "theirs"
    (theirs / "ui").mkdir(parents=True)
    for name in ("model.py", "ui/__init__.py", "typer.py", "subprocess.py"):
        (theirs / name).write_text("raise RuntimeError('the user\\'s own')")
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "solve", "tutorial", "--json"],
        cwd=theirs, env={**os.environ, "ALLIANCE_HOME": str(tmp_path / "homes")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "optimal"
    assert (theirs / "outputs" / "tutorial_solution.xlsx").is_file()


@pytest.mark.parametrize("ci", [True, False])
def test_a_machine_without_a_browser_is_told_and_fails_in_ci(ci, monkeypatch, capsys):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("CI", "true" if ci else "")
    if ci:
        with pytest.raises(SystemExit, match="need Chromium"):
            run.bring_browser()
    else:
        run.bring_browser()
        assert "need Chromium" in capsys.readouterr().err


def test_the_lock_files_hold_what_is_declared_in_the_same_releases():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = declared["optional-dependencies"]
    everything = locked("requirements-test.lock")
    for name, wanted in {
        "requirements.lock": [],
        "requirements-app.lock": extras["app"],
        "requirements-extras.lock": extras["cluster"] + extras["sensitivity"],
        "requirements-test.lock": extras["dev"] + extras["app"],
    }.items():
        lock = locked(name)
        assert lock.items() <= everything.items()
        for requirement in map(Requirement, declared["dependencies"] + wanted):
            if requirement.name != declared["name"]:
                assert all(release in requirement.specifier for release in lock[canonicalize_name(requirement.name)])


def locked(name):
    """Every package of a lock file with its releases (another Python may have another one)."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in " #":
            package, _, rest = line.partition("==")
            found.setdefault(package, set()).add(rest.split()[0])
    return found
