"""The wheel holds all that runs: the package, the front end with its pages and settings, and the scenarios that ship."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_source_and_every_scenario_is_in_the_wheel(wheel):
    names = set(wheel.namelist())
    sources = {
        str(path.relative_to(ROOT).as_posix()) for folder in ("model", "ui") for path in (ROOT / folder).rglob("*.py")
    }
    assert sources <= names
    shipped = {
        f"model/inputs/{path.name}" for path in (ROOT / "inputs").glob("*.xlsx") if f"inputs/{path.name}" in FORCED
    }
    assert shipped == {to for to in FORCED.values() if to.endswith(".xlsx")}
    assert shipped <= names
    assert {"ui/config.toml", "ui/entry/app.py", "ui/geometry/countries.json"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "outputs/", "benchmarks/"))]


def test_settings_in_the_wheel_are_those_of_the_checkout(wheel):
    assert wheel.read("ui/config.toml") == (ROOT / ".streamlit" / "config.toml").read_bytes()


def test_every_scenario_of_the_checkout_is_forced_into_the_wheel():
    assert {f"inputs/{path.name}" for path in (ROOT / "inputs").glob("*.xlsx")} == {
        source for source in FORCED if source.endswith(".xlsx")
    }


FORCED: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
    "targets"
]["wheel"]["force-include"]
