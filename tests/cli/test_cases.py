"""`cases` as its user meets it: exit codes, JSON, files; and what `solve` says of a workbook with cases."""

import json
from pathlib import Path

import openpyxl
import pytest

from model.scenario.unfold import tables_of
from model.workbook.write.template import scenario_workbook
from tests.data.test_cases_sheet import cased
from tests.uncertain import guarded
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow


@pytest.fixture
def guns(tmp_path):
    path = tmp_path / "guarded.xlsx"
    path.write_bytes(scenario_workbook(tables_of(guarded())))
    return str(path)


def test_one_json_object_and_files(run, guns, tmp_path, capsys):
    assert run(["cases", guns, "--out", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["aim"] == "expected"
    assert record["certificate"]["passed"] is True
    assert record["cases"] == {"land": 0.75, "sea": 0.25}
    assert record["measures"]["expected_risk"] == pytest.approx(0.25)
    assert record["value_of_perfect_information"] == pytest.approx(0.25)
    assert record["value_of_stochastic_solution"] == pytest.approx(0.125)
    assert set(record["tables"]) == {"cases", "answers", "regret", "plans in cases", "orders"}
    assert all(Path(path).exists() for path in record["outputs"])


@pytest.mark.parametrize("where", [["--parts"], ["--workers", "1"]])
def test_in_parts_it_is_the_same(run, guns, tmp_path, capsys, where):
    assert run(["cases", guns, "--out", str(tmp_path), "--json", *where]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["rounds"] > 1
    assert record["certificate"]["passed"] is True
    assert record["measures"]["expected_risk"] == pytest.approx(0.25, rel=1e-5)


def test_workers_of_two_kinds_are_refused(run, guns, tmp_path, capsys):
    assert run(["cases", guns, "--workers", "2", "--cluster", "tcp://127.0.0.1:9", "--out", str(tmp_path)]) == 2
    assert "leave one of the two out" in capsys.readouterr().err


def test_the_workbook_has_sentences_charts_and_tables(run, guns, tmp_path, capsys):
    assert run(["cases", guns, "--out", str(tmp_path), "--aim", "worst"]) == 0
    assert "in the worst case, 0.5" in capsys.readouterr().out
    book = openpyxl.load_workbook(tmp_path / "guarded_cases.xlsx")
    assert book.sheetnames == ["Summary", "cases", "answers", "regret", "plans in cases", "orders"]
    assert len(book["Summary"]._charts) == 2


def test_a_workbook_without_cases_and_a_wrong_aim_end_with_2_and_a_sentence(run, guns, tmp_path, capsys):
    path = str(write_workbook(tmp_path / "small.xlsx", small()))
    assert run(["cases", path, "--out", str(tmp_path)]) == 2
    assert "add a sheet Cases" in capsys.readouterr().err
    assert run(["cases", guns, "--aim", "best", "--out", str(tmp_path)]) == 2
    assert "there are expected, cvar, worst" in capsys.readouterr().err


def test_no_plan_in_a_case_ends_with_3(run, tmp_path, capsys):
    """Norland's pledge of 3 brigades cannot be kept with a thousandth of its money."""
    tables = cased()
    tables["Cases"] = [["case", "probability", "budgets"], ["storm", 0.5, 0.001], ["calm", 0.5, 1]]
    path = str(write_workbook(tmp_path / "short.xlsx", tables))
    assert run(["cases", path, "--out", str(tmp_path)]) == 3
    said = capsys.readouterr()
    assert "In the case storm alone no plan satisfies all policies" in said.err
    assert "Traceback" not in said.err


def test_the_time_limit_ends_with_4(run, guns, tmp_path, capsys):
    assert run(["cases", guns, "--out", str(tmp_path), "--time-limit", "0"]) == 4
    assert "time limit" in capsys.readouterr().err


def test_solve_says_that_there_are_cases_and_what_answers_them(run, guns, tmp_path, capsys):
    assert run(["solve", guns, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "This plan is for the workbook as it stands" in said
    assert "2 cases that may come (land and sea)" in said
    assert "`alliance cases`" in said


def test_solve_says_nothing_of_cases_where_there_are_none(run, tmp_path, capsys):
    path = str(write_workbook(tmp_path / "small.xlsx", small()))
    assert run(["solve", path, "--out", str(tmp_path), "--no-tables"]) == 0
    assert "alliance cases" not in capsys.readouterr().out
