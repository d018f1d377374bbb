"""`emphasis` as its user meets it: exit codes, JSON, files."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from model.scenario.unfold import tables_of
from model.workbook.write.template import write_scenario_workbook
from tests.questions.test_emphasis import three_kinds

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    return str(write_scenario_workbook(tmp_path / "three.xlsx", tables_of(three_kinds())))


def test_one_json_object_and_files(run, workbook, tmp_path, capsys):
    assert run(["emphasis", workbook, "--factor", "2", "--factor", "1.5", "--out", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"status", "measures", "verdicts", "says", "tables", "outputs"} <= set(record)
    verdicts = {(one["kind"], one["factor"]): one["verdict"] for one in record["verdicts"]}
    assert verdicts["disaster", 2.0] == "fragile"
    assert len(verdicts) == 6
    assert set(record["tables"]) == {"emphasis", "coverage"}
    assert {Path(path).name for path in record["outputs"]} == {
        "three_emphasis.xlsx", "three_emphasis_emphasis.csv", "three_emphasis_coverage.csv", "three_emphasis_run.json",
    }  # fmt: skip
    assert openpyxl.load_workbook(tmp_path / "three_emphasis.xlsx").sheetnames == ["Summary", "emphasis", "coverage"]


def test_it_speaks_to_a_person(run, workbook, tmp_path, capsys):
    assert run(["emphasis", workbook, "--kinds", "disaster", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "It is fragile (more than 5%) to more emphasis on disaster (2 times)." in said.out
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    "arguments",
    [["emphasis", TUTORIAL], ["emphasis", "nowhere.xlsx"], ["emphasis", TUTORIAL, "--factor", "many"]],
    ids=" ".join,
)
def test_wrong_use_is_said(run, arguments, tmp_path, capsys):
    assert run([*arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.out + said.err


def test_a_kind_or_a_factor_that_cannot_be(run, workbook, tmp_path, capsys):
    for wrong in (["--kinds", "piracy"], ["--factor", "0"], ["--factor", "-1"]):
        assert run(["emphasis", workbook, *wrong, "--out", str(tmp_path)]) == 2
    assert "there is no kind called 'piracy'" in capsys.readouterr().err
