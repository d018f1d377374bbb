"""The wheel holds all that runs, under one name that nobody else has, and runs in a folder of people who use our names themselves."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from hatch_build import renamed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
THEIRS = ("model.py", "ui/__init__.py", "app.py", "tests/__init__.py", "inputs/__init__.py", "benchmarks.py", "run.py")
"""What people have in their folders: whoever imports one of these has taken it for ours."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder that the wheel is unpacked in."""
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


@pytest.fixture
def theirs(tmp_path):
    """A folder with people's own files of our names."""
    for name in THEIRS:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"raise RuntimeError('{name} is the user\\'s own')")
    return tmp_path


def run(command, folder, **variables):
    """A command in a folder, where Python finds only what stands in ``variables``."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    done = subprocess.run(
        command, cwd=folder, env={**clean, **variables}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_takes_one_name(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"alliance_model"}


def test_every_source_and_every_scenario_is_in_the_wheel(wheel):
    names = set(wheel.namelist())
    for folder, place in (("model", "alliance_model"), ("ui", "alliance_model/ui")):
        assert {
            f"{place}/{path.relative_to(ROOT / folder).as_posix()}" for path in (ROOT / folder).rglob("*.py")
        } <= names
    assert {f"alliance_model/inputs/{path.name}" for path in (ROOT / "inputs").glob("[!~.]*.xlsx")} == {
        name for name in names if name.endswith(".xlsx")
    }
    assert {"alliance_model/ui/geometry/countries.json", "alliance_model/ui/icon.png"} <= names
    assert "alliance_model/py.typed" in names  # type checkers read the annotations
    assert wheel.read("alliance_model/ui/config.toml") == (ROOT / ".streamlit" / "config.toml").read_bytes()
    assert not [name for name in names if "__pycache__" in name]


def test_nothing_in_the_wheel_names_a_package_of_the_checkout(wheel):
    """Imports are renamed; no other code may name `model` or `ui` (it asks `__name__`), for nobody would rename that."""
    ours = re.compile(r"(model|ui)(\.[a-z_]+)+")
    for name in [name for name in wheel.namelist() if name.endswith(".py")]:
        for node in ast.walk(ast.parse(wheel.read(name))):
            if isinstance(node, ast.Import):
                assert not {alias.name.partition(".")[0] for alias in node.names} & {"model", "ui"}, name
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                assert node.module.partition(".")[0] not in ("model", "ui"), name
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not ours.fullmatch(node.value), f"{name}: {node.value}"


@pytest.mark.parametrize(
    ("written", "installed_as"),
    [
        ("from model import load", "from alliance_model import load"),
        (
            "from ui import a; from ui.b import (\n    c,\n)",
            "from alliance_model.ui import a; from alliance_model.ui.b import (\n    c,\n)",
        ),
        ("'ö'; from model.language import x", "'ö'; from alliance_model.language import x"),
        ("def f():\n    from model.a import b", "def f():\n    from alliance_model.a import b"),
        ("from .model import x\nfrom models import y\nimport modelling", None),
        ("'''from model import x'''\nmodel = 1  # from model import x", None),
    ],
)  # fmt: skip
def test_imports_are_renamed_and_nothing_else(written, installed_as):
    assert renamed(written.encode(), "x.py").decode() == (installed_as or written)


@pytest.mark.parametrize(
    "written", ["import model", "import a, ui.pages", "from  model import x", "from \\\n model import x"]
)
def test_an_import_that_cannot_be_renamed_stops_the_build(written):
    with pytest.raises(ValueError, match=r"x\.py, line 1"):
        renamed(written.encode(), "x.py")


def test_it_solves_and_sweeps_in_a_folder_with_files_of_our_names(installed, theirs):
    alliance = [sys.executable, "-m", "alliance_model"]
    solved = json.loads(run([*alliance, "solve", "tutorial", "--json"], theirs, PYTHONPATH=str(installed)))
    here = [sys.executable, "-P", "-m", "model", "solve", "tutorial", "--json", "--out", "here"]
    assert solved["measures"] == json.loads(run(here, theirs, PYTHONPATH=str(ROOT)))["measures"]
    levers = ["--set", "budget=0.9,1.1", "--workers", "2", "--json"]
    swept = json.loads(run([*alliance, "sweep", "tutorial", *levers], theirs, PYTHONPATH=str(installed)))
    assert [row["status"] for row in swept["tables"]["runs"]] == ["optimal", "optimal"]


def test_it_is_used_from_python_next_to_files_of_our_names(installed, theirs):
    code = (
        "import pickle, sys; from alliance_model import load, Problem; "
        f"scenario = load({str(ROOT / 'inputs' / 'tutorial.xlsx')!r}); "
        "plan = Problem(pickle.loads(pickle.dumps(scenario))).solve(); "
        "print(plan.status, *(name for name in ('model', 'ui') if name in sys.modules))"
    )
    assert run([sys.executable, "-c", code], theirs, PYTHONPATH=str(installed)).split() == ["optimal"]


DRAWN = """
import sys
from alliance_model.cli.front_end import entry
from streamlit.testing.v1 import AppTest
page = AppTest.from_file(entry(), default_timeout=60).run()
for name in ("members", "data"):
    assert page.metric and not page.exception
    page.switch_page(f"../pages/{name}.py").run()
assert not page.exception
print(*(name for name in ("model", "ui") if name in sys.modules))
"""


def test_its_front_end_is_drawn_next_to_files_of_our_names(installed, theirs):
    variables = {"PYTHONPATH": str(installed), "ALLIANCE_FIRST": "tutorial"}
    assert run([sys.executable, "-c", DRAWN], theirs, **variables).split() == []


def test_a_checkout_has_the_installed_name_too(theirs):
    code = "import alliance_model, model; assert alliance_model.load is model.load; assert alliance_model.main is model.main"
    run([sys.executable, "-P", "-c", code], theirs, PYTHONPATH=str(ROOT))
    assert "solve" in run([sys.executable, "-P", "-m", "alliance_model", "--help"], theirs, PYTHONPATH=str(ROOT))


@pytest.mark.skipif(not os.environ.get("CI"), reason="downloads packages, in CI only")
@pytest.mark.parametrize("releases", ["newest", "lowest"])
def test_it_works_with_the_newest_and_the_lowest_releases_it_allows(wheel, releases, tmp_path):
    """Installed by pip without a lock file, in an empty folder; what it prints with --json is JSON alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = map(Requirement, project["dependencies"] + project["optional-dependencies"]["app"])
    lowest = [f"{one.name}=={bound.version}" for one in declared for bound in one.specifier if bound.operator == ">="]
    limits, folder = tmp_path / "limits.txt", tmp_path / "empty"
    limits.write_text("\n".join(lowest) if releases == "lowest" else "")
    folder.mkdir()
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = ["install", "--quiet", "--no-compile", "--constraint", str(limits), f"{wheel.filename}[app]"]
    run([str(programs / "python"), "-m", "pip", *install], tmp_path)
    solved = json.loads(run([str(programs / "alliance"), "solve", "tutorial", "--json"], folder))
    assert (solved["status"], solved["certificate"]["passed"]) == ("optimal", True)
    assert run([str(programs / "python"), "-c", DRAWN], folder, ALLIANCE_FIRST="tutorial").split() == []
