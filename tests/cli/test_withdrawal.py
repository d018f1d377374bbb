"""`withdrawal` and `accession` as their user meets them: exit codes, JSON, files."""

import json
from pathlib import Path

import pytest

from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


def test_withdrawal_gives_one_json_object_and_files(run, tmp_path, capsys):
    assert (
        run(["withdrawal", TUTORIAL, "--out", str(tmp_path), "--json", "--pairs", "--group", "Midland, Southland"]) == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert {"status", "measures", "departures", "says", "tables", "outputs", "seconds_all"} <= set(record)
    assert record["departures"] == 7
    assert set(record["tables"]) == {"departures", "resilience", "tasks", "makeup", "losses"}
    assert all(Path(path).exists() for path in record["outputs"])
    assert {Path(path).name for path in record["outputs"]} >= {
        "tutorial_withdrawal.xlsx",
        "tutorial_withdrawal_tasks.csv",
    }


def test_withdrawal_speaks_to_a_person(run, tmp_path, capsys):
    assert run(["withdrawal", TUTORIAL, "--out", str(tmp_path), "--members", "Midland", "--no-hold"]) == 0
    said = capsys.readouterr()
    assert "Without Midland, risk goes from" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_group_alone_is_all_that_leaves(run, tmp_path, capsys):
    assert run(["withdrawal", TUTORIAL, "--out", str(tmp_path), "--group", "Midland, Southland", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["departures"] == 1


def test_accession_gives_json_and_files(run, tmp_path, capsys):
    assert run(["accession", TUTORIAL, "--joiner", "Southland", "--out", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["joiner"] == "Southland"
    assert record["fall_in_risk"] > 0
    assert set(record["tables"]) == {"accession", "brings", "others"}
    assert all(Path(path).exists() for path in record["outputs"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["withdrawal", "nowhere.xlsx"],
        ["withdrawal", TUTORIAL, "--members", "Atlantis"],
        ["withdrawal", TUTORIAL, "--members", ""],
        ["withdrawal", TUTORIAL, "--group", "Northland, Midland, Southland"],
        ["withdrawal", TUTORIAL, "--pairs", "--top", "1"],
        ["accession", TUTORIAL],
        ["accession", TUTORIAL, "--joiner", "Atlantis"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(run, arguments, tmp_path, capsys):
    assert run([*arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_no_plan_without_the_joiner_ends_with_3_and_the_reason(run, tmp_path, capsys):
    """NA must hold brigades, and nobody may bear more than twice its fair share of what all bear. Norland bears much, Southmark
    offers next to nothing: without Norland NA would bear nearly all."""
    tables = small()
    tables["Settings"].append(["fairness_band", 1.0])
    tables["Members"][2][6] = 1e-6
    tables["Pledges"].append(["NA", "Armoured brigade", 2030, 0.1, None])
    path = str(write_workbook(tmp_path / "needed.xlsx", tables))
    assert run(["accession", path, "--joiner", "Southmark", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert run(["accession", path, "--joiner", "Norland", "--out", str(tmp_path)]) == 3
    said = capsys.readouterr()
    assert "Without Norland there is no plan" in said.err
    assert "Traceback" not in said.err


def test_faults_end_with_1(run, tmp_path, capsys):
    tables = small()
    tables["Members"][1][1] = "lots"
    path = write_workbook(tmp_path / "bad.xlsx", tables)
    assert run(["withdrawal", str(path), "--out", str(tmp_path)]) == 1
    assert "Members!B2" in capsys.readouterr().err
