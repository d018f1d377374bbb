"""The command `explain` as its user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.cli.app import app
from model.language.faults import UsageError

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


def run(*arguments: str) -> int:
    """`alliance explain` with its errors as they are raised."""
    return app(args=["explain", *arguments], standalone_mode=False)


def test_explains_in_sentences_and_writes_files(tmp_path, capsys):
    assert run(TUTORIAL, "northland", "air defence", "2031", "--out", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert "Northland holds 6 of Air defence battery" in said
    assert "Together " in said
    assert (tmp_path / "explain.xlsx").exists()
    assert (tmp_path / "explain_sums.csv").exists()


def test_one_json_object(tmp_path, capsys):
    assert run(TUTORIAL, "Southland", "Brigade", "2030", "--stage", "cost", "--json", "--out", str(tmp_path)) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"member", "year", "explanations", "says", "tables", "outputs"} <= set(record)
    (found,) = record["explanations"]
    assert (found["capability"], found["stage"]) == ("Brigade", "cost")
    assert found["gain_of_one_more"] == pytest.approx(-1200)
    for name, total in found["totals"].items():
        lines = [row["value"] for row in record["tables"]["sums"] if row["section"] == name]
        assert sum(lines) == pytest.approx(total, abs=1e-9 * max(map(abs, [1, *lines])))


def test_a_part_that_several_capabilities_have_explains_each(tmp_path, capsys):
    assert run(TUTORIAL, "Northland", "a", "2030", "--json", "--out", str(tmp_path)) == 0
    record = json.loads(capsys.readouterr().out)
    assert [found["capability"] for found in record["explanations"]] == [
        "Brigade",
        "Air defence battery",
        "Patrol ship",
    ]
    assert {row["capability"] for row in record["tables"]["sums"]} == {"Brigade", "Air defence battery"}
    assert any("Northland holds no Patrol ship" in said for said in record["says"])


@pytest.mark.parametrize(
    "arguments",
    [("Norlthand", "Brigade", "2030"), ("Northland", "submarine", "2030"), ("Northland", "Brigade", "1999")],
)
def test_wrong_use_is_said(arguments, tmp_path):
    with pytest.raises(UsageError):
        run(TUTORIAL, *arguments, "--out", str(tmp_path))
    with pytest.raises(UsageError):
        run(TUTORIAL, "Northland", "Brigade", "2030", "--stage", "glory", "--out", str(tmp_path))
