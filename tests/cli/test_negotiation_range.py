"""`negotiation` as its user meets it: exit codes, JSON, files."""

import json
from pathlib import Path

import pytest

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


def test_negotiation_gives_one_json_object_and_files(run, tmp_path, capsys):
    assert (
        run(["negotiation", TUTORIAL, "--out", str(tmp_path), "--json", "--within", "0.02", "--alternatives", "2"]) == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert {"status", "measures", "within", "ceilings", "alternatives", "says", "tables", "outputs"} <= set(record)
    assert record["alternatives"] == 2
    assert set(record["tables"]) == {"money", "holdings", "alternatives", "changes"}
    assert {"member", "what", "least", "plan", "most", "width", "settled", "unit"} == set(record["tables"]["money"][0])
    assert all(Path(path).exists() for path in record["outputs"])


def test_negotiation_speaks_to_a_person(run, tmp_path, capsys):
    arguments = ["--members", "Midland", "--capabilities", "Brigade", "--alternatives", "0"]
    assert run(["negotiation", TUTORIAL, "--out", str(tmp_path), *arguments]) == 0
    said = capsys.readouterr()
    assert "Midland" in said.out
    assert "Traceback" not in said.out + said.err


def test_members_that_can_give_nothing_of_it_leave_an_empty_table(run, tmp_path, capsys):
    arguments = ["--members", "Northland", "--capabilities", "Patrol ship", "--alternatives", "0", "--json"]
    assert run(["negotiation", TUTORIAL, "--out", str(tmp_path), *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["holdings"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--within", "-1"],
        ["--within", "nan"],
        ["--members", "Atlantis"],
        ["--capabilities", "Death star"],
        ["--alternatives", "-1"],
        ["--alternatives", "many"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(run, arguments, tmp_path, capsys):
    assert run(["negotiation", TUTORIAL, *arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err
