"""`sensitivity` and `whole-units` as their user meets them: exit codes, JSON, files."""

import importlib.util
import json
from pathlib import Path

import pytest

TUTORIAL = str(Path(__file__).resolve().parents[2] / "inputs" / "tutorial.xlsx")


@pytest.mark.slow
def test_sensitivity_gives_one_json_object_and_files(run, tmp_path, capsys):
    asked = ["--levers", "budget", "--levers", "requirement", "--member", "Midland", "--capability", "Brigade"]
    assert run(["sensitivity", TUTORIAL, "--out", str(tmp_path), "--json", *asked]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"status", "measures", "by", "says", "tables", "outputs", "seconds_all"} <= set(record)
    assert set(record["tables"]) == {"price ranges", "tornado", "all measures", "turning points"}
    assert [row["lever"] for row in record["tables"]["tornado"]] == ["requirement", "budget"]
    assert all(Path(path).exists() for path in record["outputs"])


def test_sensitivity_speaks_to_a_person(run, tmp_path, capsys):
    assert run(["sensitivity", TUTORIAL, "--out", str(tmp_path), "--no-tornado"]) == 0
    said = capsys.readouterr()
    assert "budget of Midland in 2026 (now 2,000)" in said.out
    assert "Traceback" not in said.out + said.err


def test_whole_units_gives_one_json_object_and_files(run, tmp_path, capsys):
    assert run(["whole-units", TUTORIAL, "--out", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"status", "method", "gap", "linear", "whole", "says", "tables", "outputs"} <= set(record)
    assert set(record["tables"]) == {"targets", "losses", "close calls"}
    assert all(row["whole"] == int(row["whole"]) for row in record["tables"]["targets"])
    assert all(Path(path).exists() for path in record["outputs"])


def test_whole_units_speaks_to_a_person(run, tmp_path, capsys):
    asked = ["--capabilities", "Brigade", "--method", "rounding"]
    assert run(["whole-units", TUTORIAL, "--out", str(tmp_path), *asked]) == 0
    assert "Every policy is kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["sensitivity", "nowhere.xlsx"],
        ["sensitivity", TUTORIAL, "--by", "2"],
        ["sensitivity", TUTORIAL, "--levers", "glory"],
        ["sensitivity", TUTORIAL, "--levers", "withdraw"],
        ["sensitivity", TUTORIAL, "--member", "Midland"],
        ["sensitivity", TUTORIAL, "--member", "Atlantis", "--capability", "Brigade"],
        ["whole-units", TUTORIAL, "--capabilities", "dragon"],
        ["whole-units", TUTORIAL, "--method", "dice"],
        ["whole-units", TUTORIAL, "--time-limit", "soon"],
    ],
)
def test_wrong_use_ends_with_2(run, arguments, tmp_path, capsys):
    assert run([*arguments, "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert said.out == ""
    assert "Traceback" not in said.err


@pytest.mark.skipif(importlib.util.find_spec("SALib") is not None, reason="SALib is installed")
def test_morris_without_salib_says_what_to_install(run, tmp_path, capsys):
    asked = ["--no-tornado", "--morris", "2", "--levers", "budget", "--levers", "requirement"]
    assert run(["sensitivity", TUTORIAL, "--out", str(tmp_path), *asked]) == 2
    assert "SALib" in capsys.readouterr().err
