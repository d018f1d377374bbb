"""The commands what-if and levers as their user meets them."""

import json
from pathlib import Path

import pytest

from model.scenario.levers.edits import LEVERS
from tests.workbooks import small, write_workbook

MEASURES = {"risk", "tail_risk", "cost", "unfairness", "worst_perceived_risk", "dependence"}


def _json(capsys):
    return json.loads(capsys.readouterr().out)


def test_one_json_object_with_all_it_promises(run, tmp_path, capsys):
    code = run(
        [
            "what-if", "tutorial", "--set", "budget[Midland]=0.9", "--set", "requirement[Hold the border, brigade]=1.2",
            "--json", "--out", str(tmp_path),
        ]
    )  # fmt: skip
    record = _json(capsys)
    assert code == 0
    assert set(record["base"]) == set(record["changed"]) == MEASURES
    assert record["changed"]["risk"] > record["base"]["risk"]
    assert record["path"] in ("hot", "rebuild")
    assert record["seconds"]["first"] > 0
    assert record["seconds"]["again"] > 0
    assert record["edits"] == ["budget[Midland]=0.9", "requirement[Hold the border, brigade]=1.2"]
    assert set(record["tables"]) == {"measures", "changes", "policies", "limits"}
    assert record["says"]
    assert all(Path(path).exists() for path in record["outputs"])


def test_it_speaks_to_a_person(run, tmp_path, capsys):
    assert run(["what-if", "tutorial", "--set", "withdraw=Southland", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "What if withdraw=Southland?" in said.out
    assert "The re-solve took" in said.out
    assert (tmp_path / "tutorial_what_if.xlsx").exists()


def test_no_changed_plan_ends_with_3_and_the_answer_is_there(run, tmp_path, capsys):
    code = run(["what-if", "tutorial", "--set", "budget=0", "--json", "--out", str(tmp_path)])
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert code == 3
    assert record["status"] == "infeasible"
    assert set(record["base"]) == MEASURES
    assert record["changed"] == {}
    assert said.err.strip()
    assert all(Path(path).exists() for path in record["outputs"])


@pytest.mark.parametrize(
    "edits",
    [
        [],
        ["budget[Atlantis]=0.9"],
        ["budget[Midland]=-2"],
        ["budgets=1"],
        ["withdraw=Atlantis"],
        ["rule[gravity]=off"],
        ["x"],
    ],
    ids=str,
)
def test_bad_edits_end_with_2_and_a_sentence(run, edits, tmp_path, capsys):
    arguments = [word for edit in edits for word in ("--set", edit)]
    assert run(["what-if", "tutorial", *arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert not list(tmp_path.iterdir())


def test_a_faulty_workbook_ends_with_1(run, tmp_path, capsys):
    path = write_workbook(tmp_path / "bad.xlsx", {"Tasks": small()["Tasks"]})
    assert run(["what-if", str(path), "--set", "budget=1.1", "--out", str(tmp_path)]) == 1
    assert "Members" in capsys.readouterr().err


def test_levers_lists_every_lever(run, capsys):
    assert run(["levers"]) == 0
    said = capsys.readouterr().out
    assert all(lever.form in said and lever.says in said for lever in LEVERS.values())
    assert run(["levers", "--json"]) == 0
    assert [lever["name"] for lever in _json(capsys)["levers"]] == list(LEVERS)
