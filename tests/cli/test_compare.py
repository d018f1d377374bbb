"""The command `compare` as its user meets it."""

from __future__ import annotations

import json

import openpyxl
import pytest

from model.cli.app import app
from model.language.faults import UsageError, WorkbookError
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow


def run(*arguments: object) -> int:
    """The command line with its errors as they are raised."""
    return app(args=[str(argument) for argument in arguments], standalone_mode=False)


@pytest.fixture
def books(tmp_path):
    first, other = write_workbook(tmp_path / "base.xlsx"), small()
    other["Members"][2][6] = 0.35
    return first, write_workbook(tmp_path / "more.xlsx", other)


def test_says_what_differs_and_writes_files(books, tmp_path, capsys):
    out = tmp_path / "out"
    assert run("compare", *books, "--out", out) == 0
    said = capsys.readouterr().out
    assert "Members!G3, alliance_share of Southmark: 0.3 becomes 0.35 (+16.7 %)" in said
    names = {path.name for path in out.iterdir()}
    assert names == {
        "compare.xlsx",
        "compare_results.csv",
        "compare_inputs.csv",
        "compare_scenarios.csv",
        "compare_measures.csv",
        "compare_run.json",
    }
    assert {"results", "inputs", "scenarios", "measures"} <= set(
        openpyxl.load_workbook(out / "compare.xlsx").sheetnames
    )


def test_one_json_object_and_a_baseline(books, tmp_path, capsys):
    assert run("compare", *books, books[1], "--baseline", "base", "--json", "--out", tmp_path) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"baseline", "scenarios", "differing_inputs", "says", "tables", "outputs"} <= set(record)
    assert record["baseline"] == "base"
    assert record["differing_inputs"] == 2
    assert len({row["name"] for row in record["scenarios"]}) == 3
    risk = [row for row in record["tables"]["results"] if row["item"] == "risk" and row["scenario"] != "base"]
    assert all(row["absolute"] < 0 for row in risk)


def test_the_same_file_twice_without_solving(books, tmp_path, capsys):
    assert run("compare", books[0], books[0], "--no-solve", "--json", "--out", tmp_path) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["tables"] == {"results": [], "inputs": [], "scenarios": record["tables"]["scenarios"]}


def test_a_run_beside_a_workbook(books, tmp_path, capsys):
    assert run("solve", books[0], "--out", tmp_path) == 0
    assert run("compare", books[1], tmp_path / "base_run.json", "--json", "--out", tmp_path) == 0
    record = json.loads(capsys.readouterr().out.partition("\n{")[2].join(["{", ""]))
    assert [row["kind"] for row in record["scenarios"]] == ["scenario", "run"]


def test_wrong_use_and_faults(books, tmp_path, capsys):
    with pytest.raises(UsageError, match="two"):
        run("compare", books[0], "--out", tmp_path)
    with pytest.raises(UsageError, match="Did you mean 'more'"):
        run("compare", *books, "--baseline", "moer", "--out", tmp_path)
    with pytest.raises(UsageError):
        run("compare", books[0], tmp_path / "nowhere.xlsx")
    bad = small()
    bad["Members"][1][1] = "lots"
    with pytest.raises(WorkbookError):
        run("compare", books[0], write_workbook(tmp_path / "bad.xlsx", bad))
    assert "bad.xlsx" in capsys.readouterr().err
