"""`game` as its user meets it: exit codes, JSON, files."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


def test_one_json_object_and_files(run, tmp_path, capsys):
    assert run(["cost-sharing", TUTORIAL, "--out", str(tmp_path), "--json", "--value", "12000"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"status", "total", "value_of_risk_1", "says", "tables", "outputs", "least_transfer"} <= set(record)
    assert set(record["tables"]) == {"charges", "core", "payments", "groups"}
    assert len(record["tables"]["groups"]) == 7
    core = {row["method"]: row for row in record["tables"]["core"]}
    assert core["as the plan falls"]["in_the_core"] == "no"
    assert core["as the plan falls"]["it_would_gain_by_leaving"] == pytest.approx(record["least_transfer"], rel=1e-3)
    assert core["nucleolus"]["in_the_core"] == "yes"
    for row in record["tables"]["charges"]:
        assert row["spends"] + row["own_loss"] == pytest.approx(row["as the plan falls"])
    paid = sum(row["Shapley value"] for row in record["tables"]["charges"])
    assert paid == pytest.approx(record["total"])
    assert all(Path(path).exists() for path in record["outputs"])


def test_the_workbook_has_sentences_charts_and_a_sheet_a_table(run, tmp_path, capsys):
    assert run(["cost-sharing", TUTORIAL, "--out", str(tmp_path)]) == 0
    book = load_workbook(tmp_path / "tutorial_cost_sharing.xlsx")
    assert {"Summary", "charges", "core", "payments", "groups"} <= set(book.sheetnames)
    assert len(book["Summary"]._charts) == 2
    said = capsys.readouterr()
    assert "Each alone, they would pay" in said.out
    assert "Traceback" not in said.out + said.err


def test_whose_the_value_is_can_be_chosen(run, tmp_path, capsys):
    charged = []
    for voice in ("gdp", "equal"):
        assert run(["cost-sharing", TUTORIAL, "--out", str(tmp_path), "--json", "--voice", voice]) == 0
        record = json.loads(capsys.readouterr().out)
        charged.append([row["Shapley value"] for row in record["tables"]["charges"]])
    assert charged[0] != pytest.approx(charged[1], rel=1e-3)


def test_the_game_of_a_changed_workbook_is_played(run, tmp_path, capsys):
    """Two members have three groups; a policy that is off is off for all of them, so each alone pays no more than with it."""
    changes = ["--set", "withdraw=Southland"], ["--set", "withdraw=Southland", "--set", "rule[budget_is_respected]=off"]
    alone = []
    for sets in changes:
        assert run(["cost-sharing", TUTORIAL, "--out", str(tmp_path), "--json", *sets]) == 0
        record = json.loads(capsys.readouterr().out)
        assert len(record["tables"]["groups"]) == 3
        alone.append(sum(row["alone"] for row in record["tables"]["charges"]))
    assert alone[1] < alone[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["cost-sharing", "nowhere.xlsx"],
        ["cost-sharing", TUTORIAL, "--set", "withdraw=Atlantis"],
        ["cost-sharing", TUTORIAL, "--value", "-5"],
        ["cost-sharing", TUTORIAL, "--value", "0"],
        ["cost-sharing", TUTORIAL, "--value", "much"],
        ["cost-sharing", TUTORIAL, "--voice", "loudest"],
        ["cost-sharing", TUTORIAL, "--workers", "0"],
        ["cost-sharing", TUTORIAL, "--samples", "1"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(run, arguments, tmp_path, capsys):
    assert run([*arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_no_time_ends_with_4(run, tmp_path, capsys):
    assert run(["cost-sharing", TUTORIAL, "--out", str(tmp_path), "--time-limit", "0"]) == 4
    assert "no plan for everybody" in capsys.readouterr().err


def test_faults_end_with_1(run, tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = "lots"
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    assert run(["cost-sharing", str(path), "--out", str(tmp_path)]) == 1
    assert "Members!B2" in capsys.readouterr().err
