"""The command line as its user meets it: exit codes, what goes to stdout and what to stderr, and no traceback ever."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.cli import main
from model.cli.app import run
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workbook(tmp_path):
    return write_workbook(tmp_path / "small.xlsx")


def _json(capsys):
    return json.loads(capsys.readouterr().out)


def test_solve_gives_one_json_object_with_all_it_promises(workbook, tmp_path, capsys):
    assert run(["solve", str(workbook), "--out", str(tmp_path / "out"), "--json"]) == 0
    record = _json(capsys)
    assert record["status"] == "optimal"
    assert {"risk", "tail_risk", "cost", "unfairness", "worst_perceived_risk", "dependence"} <= set(record["measures"])
    assert [set(stage) >= {"measure", "value"} for stage in record["stages"]] == [True, True]
    assert record["certificate"]["passed"] is True
    assert {"rows", "columns", "nonzeros"} <= set(record["size"])
    assert {"read", "build", "compile", "solve", "write"} <= set(record["seconds"])
    assert isinstance(record["defaults"], int)
    assert record["versions"]
    assert all(Path(path).exists() for path in record["outputs"])


def test_solve_speaks_to_a_person(workbook, tmp_path, capsys):
    assert run(["solve", str(workbook), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "small_solution.xlsx" in said.out
    assert "Traceback" not in said.out + said.err


def test_faults_end_with_1_and_say_sheet_and_cell(tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = "lots"
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    assert run(["solve", str(path), "--out", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "Members!B2" in said.err
    assert said.out == ""
    assert run(["check", str(path), "--json"]) == 1
    faults = _json(capsys)["faults"]
    assert {"sheet", "cell", "severity", "found", "message", "remedy"} == set(faults[0])


def test_check_annotates_a_copy(tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = -5
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    before = path.read_bytes()
    assert run(["check", str(path), "--annotate", str(tmp_path / "marked.xlsx")]) == 1
    assert (tmp_path / "marked.xlsx").exists()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["solve"],
        ["solve", "nowhere.xlsx"],
        ["solve", "inputs"],
        ["check", "nowhere.xlsx"],
        ["template", "x.txt"],
        ["scenarios", "atlantis"],
        ["solve", "tutorial", "--objectives", "glory"],
        ["solve", "tutorial", "--off", "gravity_is_respected"],
        ["solve", "tutorial", "--off", "holdings_carry_over"],
        ["solve", "tutorial", "--ceiling", "risk"],
        ["solve", "tutorial", "--ceiling", "risk=nan"],
        ["solve", "tutorial", "--weights", "risk=much"],
        ["solve", "tutorial", "--time-limit", "soon"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_a_plan_that_cannot_be_ends_with_3_and_says_why(workbook, tmp_path, capsys):
    assert (
        run(
            [
                "solve",
                str(workbook),
                "--out",
                str(tmp_path),
                "--ceiling",
                "cost=1",
                "--ceiling",
                "risk=0.0001",
                "--json",
            ]
        )
        == 3
    )
    said = capsys.readouterr()
    assert json.loads(said.out)["status"] == "infeasible"
    assert "ceiling" in said.err


def test_a_time_limit_ends_with_4(tmp_path, capsys):
    assert (
        run(["solve", str(ROOT / "inputs" / "tutorial.xlsx"), "--out", str(tmp_path), "--time-limit", "0", "--json"])
        == 4
    )
    assert _json(capsys)["status"] == "time limit"


def test_shipped_scenarios_are_listed_and_copied(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["scenarios", "--json"]) == 0
    assert {"tutorial", "nato_2035"} <= {record["name"] for record in _json(capsys)["scenarios"]}
    assert run(["scenarios", "tutorial"]) == 0
    assert run(["check", "tutorial.xlsx"]) == 0
    assert run(["scenarios", "tutorial"]) == 2  # never over a file that is there


def test_template_is_written_once(tmp_path, capsys):
    path = tmp_path / "mine.xlsx"
    assert run(["template", str(path)]) == 0
    assert run(["check", str(path)]) == 0
    assert run(["template", str(path)]) == 2


def test_equations_are_printed(capsys):
    assert run(["equations"]) == 0
    assert "budget_is_respected" in capsys.readouterr().out


def test_interrupting_ends_with_130(monkeypatch, capsys):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.solve.problem.Problem.solve", stop)
    assert run(["solve", str(ROOT / "inputs" / "tutorial.xlsx")]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_python_m_model_is_the_same_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "model", "scenarios"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "tutorial" in done.stdout


def _wait_until_busy_for(process, seconds):
    """Until a process has used so much processor time, however busy the machine is; four seconds where nobody can say."""
    stat = Path(f"/proc/{process.pid}/stat")
    until = time.monotonic() + (120 if stat.exists() else 4)
    while time.monotonic() < until:
        time.sleep(0.1)
        if stat.exists() and int(stat.read_text().rpartition(")")[2].split()[11]) / os.sysconf("SC_CLK_TCK") > seconds:
            return


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_cleanly_within_a_moment(tmp_path):
    """In the middle of a solve."""
    command = [sys.executable, "-m", "model", "solve", "inputs/nato_2035.xlsx", "--out", str(tmp_path)]
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # a job in the background ignores it
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard)
    _wait_until_busy_for(process, 2.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert not list(tmp_path.iterdir())


def test_ctrl_c_while_everything_is_still_being_loaded(monkeypatch):
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.cli.app.run", stop)
    with pytest.raises(SystemExit) as leaving:
        main([])
    assert leaving.value.code == 130
