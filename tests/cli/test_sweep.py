"""The command `sweep` as its user meets it: exit codes, JSON, files, and going on after a stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = str(ROOT / "inputs" / "tutorial.xlsx")


@pytest.fixture
def sweep(run):
    """The command with its arguments; the exit code."""
    return lambda arguments: run(["sweep", *arguments])


def _json(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_grid_gives_a_row_a_run_in_every_file(sweep, tmp_path, capsys):
    asked = [TUTORIAL, "--set", "budget=0.9,1", "--set", "requirement=1,1.1", "--out", str(tmp_path), "--workers", "1"]
    assert sweep([*asked, "--json"]) == 0
    record = _json(capsys)
    assert record["runs"] == record["solved_now"] == 4
    assert record["statuses"] == {"optimal": 4}
    assert record["levers"] == ["budget", "requirement"]
    assert all(Path(path).exists() for path in [*record["outputs"], record["parquet"]])
    table = pd.read_parquet(record["parquet"])
    assert len(table) == len(record["tables"]["runs"]) == 4
    assert record["units"]["cost"] == "USD m"
    assert sweep(asked) == 0
    said = capsys.readouterr()
    assert "0 were solved now" in said.out
    assert "Risk runs from" in said.out


def test_a_sample_and_a_list(sweep, tmp_path, capsys):
    asked = [TUTORIAL, "--out", str(tmp_path), "--workers", "1", "--json"]
    assert sweep([*asked, "--set", "budget=0.8..1.2", "--sample", "5", "--seed", "3", "--latin"]) == 0
    assert _json(capsys)["design"] == "Latin hypercube of 5 draws with seed 3"
    assert sweep([*asked, "--set", "budget=0.8..1.2", "--sample", "4", "--sobol"]) == 0
    assert _json(capsys)["design"] == "Sobol sequence of 4 draws with seed 0"
    assert sweep([*asked, "--set", "budget=0.8..1.2", "--sample", "8", "--sobol"]) == 0
    longer = _json(capsys)
    assert (longer["found_solved"], longer["solved_now"]) == (4, 4)
    path = tmp_path / "runs.csv"
    path.write_text("budget,requirement\n0.9,\n,1.1\n")
    assert sweep([*asked, "--list", str(path)]) == 0
    rows = _json(capsys)["tables"]["runs"]
    assert [(row["budget"], row["requirement"]) for row in rows] == [(0.9, None), (None, 1.1)]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--set", "budget[Atlantis]=0.9,1"],
        ["--set", "budget=0.9,-1"],
        ["--set", "gravity=0.9,1"],
        ["--set", "budget=0.8..1.2"],
        ["--set", "budget=1", "--latin"],
        ["--set", "budget=1", "--sobol"],
        ["--set", "budget=0.8..1.2", "--sample", "4", "--sobol", "--latin"],
        ["--set", "budget=1", "--list", "runs.csv"],
        ["--list", "nowhere.csv"],
        ["--set", "budget=0.8..1.2", "--sample", "0"],
        ["--set", "budget=1", "--objectives", "glory"],
        ["--set", "budget=1", "--workers", "0"],
        ["--set", "budget=1", "--workers", "2", "--cluster", "tcp://127.0.0.1:9"],
        ["--set", "budget=1", "--cluster", "nowhere"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(sweep, arguments, tmp_path, capsys):
    assert sweep([TUTORIAL, *arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_an_out_that_cannot_be_is_said(sweep, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert sweep([TUTORIAL, "--set", "budget=1", "--out", str(tmp_path / "file")]) == 2
    assert "could not be made" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(tmp_path):
    command = [sys.executable, "-m", "model", "sweep", TUTORIAL, "--set", "budget=0.8..1.2", "--sample", "40"]
    command += ["--workers", "2", "--out", str(tmp_path / "out"), "--json"]
    kwargs = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "stderr": subprocess.PIPE}
    kwargs["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background ignores it
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, **kwargs)
    begun = time.perf_counter()
    while not list(tmp_path.glob("out/*/part-*.jsonl")):
        assert time.perf_counter() - begun < 60
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everyone hears it
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **kwargs)
    record = json.loads(done.stdout)
    assert record["found_solved"] > 0
    assert record["found_solved"] + record["solved_now"] == 40
    assert record["statuses"] == {"optimal": 40}
