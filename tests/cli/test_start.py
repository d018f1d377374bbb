"""The command line is there at once: what only calculating needs is loaded by what calculates."""

import subprocess
import sys
from pathlib import Path

import pytest

from model.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
LATER = ("altair", "distributed", "highspy", "numpy", "openpyxl", "pandas", "pyarrow", "pyomo", "scipy", "streamlit")
COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]


@pytest.mark.slow
@pytest.mark.parametrize("asked", [["--help"], ["solve", "--help"], ["solve", "--nonsense"], []], ids=" ".join)
def test_help_and_wrong_use_load_nothing_that_calculates(asked):
    assert _loaded_after(f"run({asked!r})") == ""


@pytest.mark.slow
def test_help_of_no_command_loads_anything_that_calculates():
    assert len(COMMANDS) > 15
    assert _loaded_after(f"[run([name, '--help']) for name in {COMMANDS!r}]") == ""


def _loaded_after(doing):
    """Which of the slow packages a new Python has loaded after it."""
    code = (
        "import sys; from model.cli.app import run; " + doing + "; "
        f"print(*(name for name in {LATER!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stderr.splitlines()[-1]
