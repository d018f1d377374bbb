"""The file that is planned is the file that is named: a path, or the bare name of a shipped scenario, never a guess."""

import hashlib
import json
import shutil

import pytest

from model.cli import app
from model.language.faults import WorkbookError
from model.scenario.shipped import shipped_scenarios
from model.workbook.read.load import load
from tests.workbooks import write_workbook

TUTORIAL = next(path for path in shipped_scenarios() if path.stem == "tutorial")
COMMANDS = {
    "solve": [],
    "check": [],
    "what-if": ["--set", "budget=0.9"],
    "sweep": ["--set", "budget=0.9"],
    "accession": ["--joiner", "Southland"],
    "burden": [],
    "explain": ["Northland", "brigade", "2030"],
    "whole-units": [],
}
NOT_THERE = [
    "tutorial.xlsx", "./tutorial", "./tutorial.xlsx", "Tutorial", "tutorial.XLSX", "inputs/tutorial", "tutorial/", "tutorial.", "", "-"
]  # fmt: skip


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("named", NOT_THERE)
def test_what_is_not_there_is_not_replaced(named, capsys, tmp_path):
    assert app.run(["solve", "--", named]) == 2
    said = capsys.readouterr()
    assert "there is no file" in said.err
    assert said.out == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_replaces_a_missing_file(command, capsys):
    assert app.run([command, "tutorial.xlsx", *COMMANDS[command]]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_nor_does_compare_or_burden_for_the_other_workbook(capsys):
    assert app.run(["compare", "tutorial", "tutorial.xlsx"]) == 2
    assert app.run(["burden", "tutorial", "--before", "tutorial.xlsx"]) == 2
    assert capsys.readouterr().err.count("there is no file") == 2


def test_a_folder_is_no_workbook_also_where_it_is_called_like_a_shipped_one(capsys, tmp_path):
    (tmp_path / "tutorial").mkdir()
    (tmp_path / "nato_2035.xlsx").mkdir()
    for named in ("tutorial", "nato_2035.xlsx", "."):
        assert app.run(["check", named]) == 2
        assert "folder" in capsys.readouterr().err


def test_a_shipped_one_is_said_and_recorded(capsys, tmp_path):
    assert app.run(["solve", "tutorial", "--json"]) == 0
    said = capsys.readouterr()
    assert "ships with this program" in said.err
    for record in (json.loads(said.out), json.loads((tmp_path / "outputs" / "tutorial_run.json").read_bytes())):
        assert record["workbook"] == {
            "path": str(TUTORIAL),
            "sha256": hashlib.sha256(TUTORIAL.read_bytes()).hexdigest(),
            "shipped": "tutorial",
        }


def test_a_file_of_that_very_name_is_the_file(capsys, tmp_path):
    write_workbook(tmp_path / "mine.xlsx")
    shutil.move(tmp_path / "mine.xlsx", tmp_path / "tutorial")
    assert app.run(["what-if", "tutorial", "--set", "budget=0.9", "--json"]) == 0
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert "ships" not in said.err
    assert record["workbook"]["path"] == str(tmp_path / "tutorial")
    assert record["workbook"]["shipped"] == ""
    assert load("tutorial").hash == load(tmp_path / "tutorial").hash != load(TUTORIAL).hash


def test_from_python_it_is_the_same():
    assert load("tutorial").hash == load(TUTORIAL).hash
    assert load("tutorial").source.shipped == "tutorial"
    for named in ("tutorial.xlsx", "./tutorial", "Tutorial", "inputs/tutorial", "", "a\0b"):
        with pytest.raises(WorkbookError):
            load(named)


def test_a_name_that_is_no_text_is_read_all_the_same(capsys, tmp_path):
    path = write_workbook(tmp_path / "plain.xlsx")
    strange = tmp_path / b"caf\xe9.xlsx".decode("utf-8", "surrogateescape")
    try:
        shutil.move(path, strange)
    except (OSError, UnicodeError):
        pytest.skip("this system has no such names")
    assert app.run(["solve", str(strange), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"
