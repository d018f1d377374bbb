"""What a command leaves: every warning with the result, one record a run, and no earlier result lost."""

import errno
import json
import os
from pathlib import Path

import openpyxl
import pytest

from model.cli import app
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

COMMANDS = {
    "solve": [],
    "what-if": ["--set", "budget=0.9"],
    "burden": [],
    "sweep": ["--set", "budget=0.9,1", "--workers", "1"],
    "trade-off": ["--points", "2"],
    "explain": ["Norland", "Fighter", "2030"],
    "withdrawal": ["--members", "NA"],
    "negotiation": ["--alternatives", "0"],
    "cost-sharing": [],
}


@pytest.fixture
def odd(tmp_path):
    """A workbook with one warning: a hidden sheet."""
    path = write_workbook(tmp_path / "odd.xlsx")
    book = openpyxl.load_workbook(path)
    book["Holdings"].sheet_state = "hidden"
    book.save(path)
    return str(path)


def asked(arguments, capsys):
    """The exit code, the JSON on stdout, and what was said on stderr."""
    capsys.readouterr()
    code = app.run([*arguments, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_warnings_and_the_file_reach_json_and_the_record_of_the_run(command, odd, tmp_path, capsys):
    code, record, said = asked([command, odd, *COMMANDS[command], "--out", str(tmp_path / "out")], capsys)
    assert code == 0, said
    _, checked, _ = asked(["check", odd], capsys)
    assert [fault["severity"] for fault in checked["faults"]] == ["warning"]
    kept = json.loads(Path(next(path for path in record["outputs"] if path.endswith("_run.json"))).read_bytes())
    for one in (record, kept):
        assert one["warnings"] == checked["faults"]
        assert one["workbook"]["path"] == odd
        assert one["command"] == command
    assert "hidden" in said


def test_warnings_reach_json_where_there_is_no_plan(odd, tmp_path, capsys):
    for arguments in (
        ["solve", odd, "--ceiling", "cost=1", "--ceiling", "risk=0.0001"],
        ["burden", odd, "--time-limit", "0"],
    ):
        code, record, _ = asked([*arguments, "--out", str(tmp_path / "out")], capsys)
        assert code in (3, 4)
        assert record["warnings"]
        assert record["status"] in ("infeasible", "time limit")


@pytest.mark.parametrize("command", COMMANDS)
def test_faults_reach_json_of_every_command(command, tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = "lots"
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    code, record, _ = asked([command, str(path), *COMMANDS[command], "--out", str(tmp_path / "out")], capsys)
    assert code == 1
    assert record["faults"][0]["cell"] == "B2"


def test_comparing_says_whose_each_warning_is(odd, tmp_path, capsys):
    other = str(write_workbook(tmp_path / "other.xlsx"))
    code, record, _ = asked(["compare", other, odd, "--no-solve", "--out", str(tmp_path / "out")], capsys)
    assert code == 0
    assert [one["path"] for one in record["workbooks"]] == [other, odd]
    assert [one["workbook"] for one in record["warnings"]] == [odd]


@pytest.mark.parametrize(("command", "name"), [("solve", "odd_solution.xlsx"), ("what-if", "odd_what_if.xlsx"),
                                               ("sweep", "odd_sweep/runs.parquet")])  # fmt: skip
def test_what_was_typed_into_a_result_is_kept(command, name, odd, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = [command, odd, *COMMANDS[command], "--out", str(out)]
    asked(arguments, capsys)
    _, again, said = asked(arguments, capsys)
    assert "earlier" not in again
    assert not (out / "earlier").exists()
    typed = (out / name).read_bytes() + b"typed"
    (out / name).write_bytes(typed)
    _, record, said = asked(arguments, capsys)
    assert (Path(record["earlier"]) / name).read_bytes() == typed
    assert record["earlier"] in said
    assert (out / name).read_bytes() != typed


def test_another_result_is_kept(odd, tmp_path, capsys):
    arguments = ["--out", str(tmp_path / "out")]
    asked(["what-if", odd, "--set", "budget=0.9", *arguments], capsys)
    _, record, _ = asked(["what-if", odd, "--set", "budget=0.8", *arguments], capsys)
    old = json.loads((Path(record["earlier"]) / "odd_what_if_run.json").read_bytes())
    assert old["edits"] == ["budget=0.9"]


def test_a_corrected_annotated_copy_is_kept(tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = -5
    path, marked = write_workbook(tmp_path / "bad.xlsx", tables), tmp_path / "marked.xlsx"
    assert app.run(["check", str(path), "--annotate", str(marked)]) == 1
    typed = marked.read_bytes() + b"typed"
    marked.write_bytes(typed)
    assert app.run(["check", str(path), "--annotate", str(marked)]) == 1
    assert [one.read_bytes() for one in (tmp_path / "earlier").rglob("marked.xlsx")] == [typed]


@pytest.mark.parametrize("count", range(1, 6))
def test_a_file_that_is_open_elsewhere_leaves_every_file_as_it_was(count, odd, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out"
    arguments = ["solve", odd, "--out", str(out)]
    asked(arguments, capsys)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    real, calls = os.replace, []

    def refused(*paths):
        calls.append(paths)
        if len(calls) == count:
            raise PermissionError(13, "open elsewhere")
        return real(*paths)

    monkeypatch.setattr(os, "replace", refused)
    assert app.run([*arguments, "--off", "budget_is_respected"]) == 2
    assert "No file was changed." in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("command", ["solve", "burden", "sweep"])
def test_a_full_disk_has_an_exit_code_of_its_own(command, odd, tmp_path, capsys, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("model.files.atomic.os.fsync", full)
    assert app.run([command, odd, *COMMANDS[command], "--out", str(tmp_path / "out")]) == 5
    said = capsys.readouterr().err
    assert "the disk is full" in said
    assert "defect" not in said
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_solved(odd, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("model.report.run_files.os.access", lambda *_: False)
    monkeypatch.setattr("model.solve.problem.Problem.solve", lambda *_, **__: pytest.fail("it was solved"))
    for command, arguments in COMMANDS.items():
        assert app.run([command, odd, *arguments, "--out", str(tmp_path / "out")]) == 2
        assert "--out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
