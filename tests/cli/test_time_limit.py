"""`--time-limit` of the analyses as their user meets it: exit code 4, a sentence, and what is finished on disk."""

import json
from pathlib import Path

import pytest

from model.cli import app
from tests.questions.patience import Patience

pytestmark = pytest.mark.slow

COMMANDS = {
    "what-if": ["--set", "budget=0.9"],
    "trade-off": [],
    "sensitivity": [],
    "withdrawal": [],
    "accession": ["--joiner", "Southland"],
    "negotiation": [],
    "explain": ["Northland", "brigade", "2030"],
    "whole-units": [],
    "sweep": ["--set", "budget=0.9,1", "--workers", "1"],
    "burden": [],
    "cost-sharing": [],
    "solve": [],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_time_at_all_ends_with_4_and_a_sentence(command, tmp_path, capsys):
    arguments = [command, "tutorial", *COMMANDS[command], "--time-limit", "0", "--out", str(tmp_path)]
    assert app.run(arguments) == 4
    said = capsys.readouterr()
    assert "time limit" in said.err
    assert "Traceback" not in said.err
    assert "defect" not in said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_time_enough_changes_nothing(command, tmp_path, capsys):
    arguments = [command, "tutorial", *COMMANDS[command], "--json", "--out", str(tmp_path)]
    if command == "sensitivity":
        arguments += ["--levers", "budget"]
    assert app.run([*arguments, "--time-limit", "600"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record.get("stopped", "") == ""


@pytest.mark.parametrize(
    ("command", "module", "table"),
    [
        ("withdrawal", "withdrawal", "departures"),
        ("negotiation", "negotiation", "money"),
        ("sensitivity", "sensitivity", "tornado"),
    ],
)
def test_finished_work_is_delivered(command, module, table, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(f"model.questions.{module}.command.Watch", lambda limit: Patience(looks=25))
    assert app.run([command, "tutorial", "--time-limit", "1", "--json", "--out", str(tmp_path)]) == 4
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert "time limit was reached" in record["stopped"]
    assert record["stopped"] in said.err
    assert record["tables"][table]
    assert all(Path(path).exists() for path in record["outputs"])


@pytest.mark.parametrize(("command", "module"), [("withdrawal", "withdrawal"), ("negotiation", "negotiation")])
def test_nothing_but_the_base_plan_in_time_is_delivered_too(command, module, tmp_path, capsys, monkeypatch):
    for looks in range(1, 30):
        monkeypatch.setattr(f"model.questions.{module}.command.Watch", lambda limit, looks=looks: Patience(looks=looks))
        assert app.run([command, "tutorial", "--time-limit", "1", "--json", "--out", str(tmp_path)]) == 4
        said = capsys.readouterr()
        assert "defect" not in said.err
        if said.out and "0 of" in json.loads(said.out)["stopped"]:
            return
    pytest.fail("no limit fell just after the base plan")


def test_a_negative_limit_is_wrong_use(tmp_path, capsys):
    assert app.run(["withdrawal", "tutorial", "--time-limit", "-1", "--out", str(tmp_path)]) == 2
    assert "time-limit" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("limit", ["nan", "inf", "-0.1"])
def test_what_is_no_number_of_seconds_is_wrong_use(command, limit, tmp_path, capsys):
    arguments = [command, "tutorial", *COMMANDS[command], "--time-limit", limit, "--out", str(tmp_path / "out")]
    assert app.run(arguments) == 2
    assert "time-limit" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments", [["sensitivity", "tutorial", "--by", "nan"], ["negotiation", "tutorial", "--within", "nan"],
                  ["cost-sharing", "tutorial", "--value", "nan"], ["emphasis", "tutorial", "--factor", "nan"]], ids=" ".join
)  # fmt: skip
def test_nor_does_any_other_option_take_what_is_no_number(arguments, tmp_path, capsys):
    assert app.run([*arguments, "--out", str(tmp_path)]) == 2
    assert "defect" not in capsys.readouterr().err
