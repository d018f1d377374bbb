"""The command's streams as shells and pipes set them up: other code pages, closed, full, nobody reading; libraries that print."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.console import streams
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"Norland": "Türkiye", "Southmark": "日本", "NA": "Ελλάς"}
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    tables = {sheet: [[NAMES.get(cell, cell) for cell in row] for row in rows] for sheet, rows in small().items()}
    tables["Settings"][1][1] = "Łódź − “Ελλάς”"
    return write_workbook(tmp_path_factory.mktemp("in") / "names.xlsx", tables)


def alliance(*arguments, encoding="utf-8", shell="", before=""):
    """The command in a process of its own; ``shell`` is what a shell is told after it, ``before`` Python that is run first."""
    code = f"{before}\nfrom model.cli import main; main({[str(one) for one in arguments]!r})"
    command = [sys.executable, "-c", code]
    if shell:
        command = ["bash", "-c", f'"$0" -c "$1" {shell}', sys.executable, code]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=300)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp932", "ascii", "utf-16", "cp866", "cp1253", "cp864"])
def test_any_code_page_will_do(encoding, workbook, tmp_path):
    done = alliance("solve", workbook, "--out", tmp_path, encoding=encoding)
    assert done.returncode == 0
    assert len(done.stdout.decode(encoding)) > 100
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "names_solution.xlsx").exists()
    done = alliance("what-if", workbook, "--set", "budget=1.1", "--json", "--out", tmp_path, encoding=encoding)
    said = json.loads(done.stdout.decode(encoding))
    assert "日本" in json.dumps(said, ensure_ascii=False)


def test_faults_in_any_code_page(tmp_path):
    tables = small()
    tables["Members"][1][:2] = ["日本", "−5"]
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    done = alliance("check", path, encoding="ascii")
    assert done.returncode == 1
    assert b"'-5'" in done.stderr + done.stdout


def test_marks_that_carry_meaning_keep_a_plain_form():
    error = UnicodeEncodeError("ascii", "a−…Ł≤\udcff", 1, 6, "")
    assert streams.replaced(error) == ("-...?<=?", 6)


@full
@posix
@pytest.mark.parametrize(
    "asked", [["check", "tutorial"], ["check", "tutorial", "--json"], ["levers"], ["--help"]], ids=" ".join
)
def test_a_full_disk_behind_stdout_is_said(asked):
    done = alliance(*asked, shell=">/dev/full")
    assert done.returncode == 5
    assert b"disk is full" in done.stderr
    assert b"defect" not in done.stderr
    assert b"Exception" not in done.stderr


@posix
@pytest.mark.parametrize("shell", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "| true; exit ${PIPESTATUS[0]}"])
def test_a_closed_stream_ends_quietly(shell, workbook, tmp_path):
    done = alliance("solve", workbook, "--out", tmp_path, shell=shell)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert (tmp_path / "names_solution.xlsx").read_bytes().startswith(b"PK")
    assert json.loads((tmp_path / "names_run.json").read_bytes())["status"] == "optimal"


@full
@posix
def test_a_full_disk_behind_stderr_changes_no_exit_code(tmp_path):
    assert alliance("check", tmp_path / "none.xlsx", shell="2>/dev/full").returncode == 2
    assert alliance("check", "tutorial", shell="2>/dev/full").returncode == 0


NOISY = """
import os, model.solve.problem as problem
real = problem.Problem.solve
def noisy(*arguments, **named):
    os.write(1, b"a banner from C\\n")
    print("a banner from Python")
    import logging, warnings, threading
    logging.getLogger("library").error("a log")
    warnings.warn("a warning")
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return real(*arguments, **named)
problem.Problem.solve = noisy
"""


@pytest.mark.parametrize(
    "command", [["solve"], ["burden"], ["explain", "Ελλάς", "Fighter", "2030"]], ids=lambda one: one[0]
)
def test_whatever_a_library_prints_json_is_alone(command, workbook, tmp_path):
    first, *rest = command
    done = alliance(first, workbook, *rest, "--json", "--out", tmp_path, before=NOISY)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] if first != "explain" else json.loads(done.stdout)
    assert b"a banner from C" in done.stderr
    assert b"a banner from Python" in done.stderr
    for unwanted in (b"Traceback", b"a log", b"a warning"):
        assert unwanted not in done.stderr
