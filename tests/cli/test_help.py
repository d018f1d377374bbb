"""What `--help` promises is so: every command has its place and an example that works, versions are said, shells complete."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model.cli.app import COMMANDS, app, run
from model.version import __version__

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {
    command.name: command.epilog.removeprefix("Example: alliance ")
    for command in app.registered_commands
    if not command.hidden
}
SERVES = "app"
"""It runs until it is ended (tests/cli/test_app_command.py)."""


def test_commands_stand_under_their_purpose(capsys):
    assert run(["--help"]) == 0
    sections = dict(part.split(":\n", 1) for part in capsys.readouterr().out.split("\n\n") if ":\n" in part)
    for purpose, commands in COMMANDS.items():
        assert [line.split()[0] for line in sections[purpose].splitlines()] == list(commands)
    assert sorted(EXAMPLES) == sorted(name for commands in COMMANDS.values() for name in commands)


def test_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"alliance {__version__}\n"


@pytest.mark.parametrize("name", EXAMPLES)
def test_help_has_an_example_and_a_short_name(name, capsys):
    assert run([name, "-h"]) == 0
    said = capsys.readouterr().out
    assert said.rstrip().splitlines()[-1].strip() == f"Example: alliance {EXAMPLES[name]}"
    assert EXAMPLES[name].startswith(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != SERVES])
def test_example_works(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if name == "check":
        shutil.copy(ROOT / "inputs" / "tutorial.xlsx", "mine.xlsx")
    assert run(shlex.split(EXAMPLES[name])) == 0
    assert capsys.readouterr().out


def completed(*words):
    """What bash offers for the last of these words."""
    asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_ALLIANCE_COMPLETE": "complete_bash"}
    return alliance([], **asked).stdout.split()


def alliance(arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "model", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_shells_complete_commands_options_and_workbooks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("natural.xlsx", "na$(x).xlsx", "na.csv"):
        (tmp_path / name).touch()
    assert completed("alliance", "so") == ["solve"]
    assert completed("alliance", "solve", "--obj") == ["--objectives"]
    for command in ("solve", "compare"):
        assert completed("alliance", command, "na") == ["nato_2035", "nato_2035_extended", "natural.xlsx"]
    assert completed("alliance", "solve", "nothing_fits") == []


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_takes_the_completion_that_is_installed(tmp_path):
    program = tmp_path / "alliance"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m model "$@"\n')
    program.chmod(0o755)
    script = tmp_path / ".bash_completions" / "alliance.sh"
    ask = (
        f'PATH="{tmp_path}:$PATH"; alliance --install-completion && . "{script}" && '
        'COMP_WORDS=(alliance solve tut) COMP_CWORD=2 && _alliance_completion alliance && echo "${COMPREPLY[@]}"'
    )
    variables = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", ask], env=variables, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["tutorial"], done.stdout + done.stderr
    assert str(script) in (tmp_path / ".bashrc").read_text()


def test_completion_that_cannot_be_installed_is_said(tmp_path):
    (tmp_path / "file").touch()
    done = alliance(["--install-completion"], HOME=str(tmp_path / "file"))
    assert done.returncode == 2
    assert "--show-completion" in done.stderr or "bash, zsh, fish and PowerShell" in done.stderr


def test_completion_in_an_unknown_shell_is_wrong_use(monkeypatch, capsys):
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: None)
    assert run(["--show-completion"]) == 2
    assert "bash, zsh, fish and PowerShell" in capsys.readouterr().err
