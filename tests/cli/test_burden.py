"""`burden` as its user meets it: exit codes, JSON, files."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from tests.workbooks import small, to_bytes, write_workbook

pytestmark = pytest.mark.slow

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


def test_everything_as_json_with_files(run, tmp_path, capsys):
    options = ["--alone", "--fairness", "--keys", "gdp, un", "--bargain", "--before", TUTORIAL]
    assert run(["burden", TUTORIAL, "--out", str(tmp_path), "--json", *options]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"status", "measures", "burden_key", "risk_lost_to_divergence", "says", "tables", "outputs"} <= set(record)
    assert {"burdens", "keys", "tests", "guidelines", "steps of keys", "fairness", "bargains", "votes"} <= set(
        record["tables"]
    )
    assert all(Path(path).exists() for path in record["outputs"])
    assert len(record["tables"]["fairness"]) == 24
    rows = {row["member"]: row for row in record["tables"]["burdens"]}
    assert rows["Northland"]["burden_before"] == pytest.approx(rows["Northland"]["burden"])
    assert sum(row["burden"] for row in rows.values()) == pytest.approx(record["measures"]["cost"])
    book = openpyxl.load_workbook(tmp_path / "tutorial_burden.xlsx")
    assert book.sheetnames[:3] == ["Summary", "burdens", "keys"]
    assert len(book["Summary"]._charts) == 4


def test_a_key_whose_name_is_a_formula_is_none_in_any_file(run, tmp_path):
    name = '=HYPERLINK("http://x.test","key")'
    sheets = small()
    sheets["Keys"] = [["key", "step", "rule", "by"], [name, 1, "start", "gdp"]]

    def as_text(book: openpyxl.Workbook) -> None:
        book["Keys"]["A2"].data_type = "s"

    book = tmp_path / "small.xlsx"
    book.write_bytes(to_bytes(sheets, as_text))
    assert run(["burden", str(book), "--out", str(tmp_path)]) == 0
    texts = [path.read_text(encoding="utf-8-sig") for path in tmp_path.glob("*.csv")]
    cells = [cell for text in texts for row in csv.reader(text.splitlines()) for cell in row]
    assert f"'{name}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "@"))] == []
    found = openpyxl.load_workbook(tmp_path / "small_burden.xlsx")
    assert name in [cell.value for sheet in found for row in sheet for cell in row]
    assert [cell for sheet in found for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink] == []


def test_a_change_stands_beside_the_workbook_as_it_is(run, tmp_path, capsys):
    """Before and after, by one number: Northland offers half, so it bears less than before and everything else is told twice."""
    options = ["--set", "budget[Northland]=0.5", "--set", "withdraw=Southland"]
    assert run(["burden", TUTORIAL, "--out", str(tmp_path / "changed"), "--json", *options]) == 0
    changed = json.loads(capsys.readouterr().out)
    assert run(["burden", TUTORIAL, "--out", str(tmp_path / "plain"), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    rows = {row["member"]: row for row in changed["tables"]["burdens"]}
    before = {row["member"]: row["burden"] for row in plain["tables"]["burdens"]}
    assert set(rows) == {"Northland", "Midland"}
    assert rows["Northland"]["burden_before"] == pytest.approx(before["Northland"])
    assert rows["Northland"]["burden"] < 0.6 * before["Northland"]
    efforts = {row["effort"] for row in changed["tables"]["indices"]}
    assert {"burden of the plan", "burden of the plan before"} <= efforts
    assert any("less than before" in text for text in changed["says"])


def test_it_speaks_to_a_person(run, tmp_path, capsys):
    assert run(["burden", TUTORIAL, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "Burden imbalance" in said.out
    assert "fragile test" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_workbook_with_keys_of_its_own(run, tmp_path, capsys):
    sheets = small()
    sheets["Settings"].append(["burden_key", "agreed"])
    sheets["Keys"] = [
        ["key", "step", "rule", "by", "amount"],
        ["agreed", 1, "start", "gdp", None],
        ["agreed", 2, "ceiling", None, 0.5],
    ]
    path = write_workbook(tmp_path / "own.xlsx", sheets)
    assert run(["burden", str(path), "--out", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["burden_key"] == "agreed"
    shares = {row["member"]: row["agreed"] for row in record["tables"]["keys"]}
    assert max(shares.values()) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.xlsx"],
        [TUTORIAL, "--keys", "gdp"],
        [TUTORIAL, "--fairness", "--keys", "beauty"],
        [TUTORIAL, "--fairness", "--keys", "border"],
        [TUTORIAL, "--set", "budget[Atlantis]=0.5"],
        [TUTORIAL, "--set", "budget=0.5", "--before", TUTORIAL],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(run, arguments, tmp_path, capsys):
    assert run(["burden", *arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_another_currency_cannot_be_compared(run, tmp_path, capsys):
    sheets = small()
    sheets["Settings"].append(["currency", "EUR m"])
    path = write_workbook(tmp_path / "euro.xlsx", sheets)
    assert run(["burden", TUTORIAL, "--before", str(path), "--out", str(tmp_path)]) == 2
    assert "EUR m" in capsys.readouterr().err


def test_faults_end_with_1(run, tmp_path, capsys):
    sheets = small()
    sheets["Settings"].append(["burden_key", "agreed"])
    path = write_workbook(tmp_path / "bad.xlsx", sheets)
    assert run(["burden", str(path), "--out", str(tmp_path)]) == 1
    assert "no burden key of this name" in capsys.readouterr().err
