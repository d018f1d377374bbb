"""The command `trade-off` as its user meets it: exit codes, JSON, files."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow


@pytest.fixture
def trade_off(run):
    """The command with its arguments; the exit code."""
    return lambda *arguments: run(["trade-off", *arguments])


def test_the_front_in_sentences_and_in_a_workbook(trade_off, tmp_path, capsys):
    assert trade_off("tutorial", "--out", str(tmp_path), "--points", "5") == 0
    said = capsys.readouterr().out
    assert "a point of risk costs" in said
    book = openpyxl.load_workbook(tmp_path / "tutorial_trade_off.xlsx")
    assert {"Summary", "Front", "Bends", "Curve"} <= set(book.sheetnames)


def test_json_has_what_it_promises(trade_off, tmp_path, capsys):
    assert trade_off("tutorial", "--between", "risk", "unfairness", "--exact", "--json", "--out", str(tmp_path)) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"between", "complete", "gap", "solves", "bends", "says", "tables", "outputs"} <= set(record)
    assert record["complete"] is True
    assert record["gap"] == 0
    assert {"point", "risk", "unfairness", "price_beyond", "unit"} <= set(record["tables"]["Front"][0])
    assert all(Path(path).exists() for path in record["outputs"])


def test_a_surface(trade_off, tmp_path, capsys):
    assert trade_off("tutorial", "--surface", "unfairness", "--points", "2", "--json", "--out", str(tmp_path)) == 0
    assert len(json.loads(capsys.readouterr().out)["tables"]["Surface"]) == 4


@pytest.mark.parametrize("what", ["fairness", "consensus", "share", "interoperability", "challenge"])
def test_every_ready_made_price(trade_off, tmp_path, capsys, what):
    assert trade_off("tutorial", "--price-of", what, "--json", "--out", str(tmp_path)) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["price_of"] == what
    assert len(record["tables"]["Settings"]) >= 2
    assert (tmp_path / f"tutorial_price_of_{what}.xlsx").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.xlsx"],
        ["tutorial", "--between", "risk", "glory"],
        ["tutorial", "--between", "risk", "risk"],
        ["tutorial", "--surface", "risk"],
        ["tutorial", "--price-of", "love"],
        ["tutorial", "--price-of", "share", "--exact"],
        ["tutorial", "--surface", "unfairness", "--exact"],
        ["tutorial", "--points", "1"],
        ["tutorial", "--between", "risk"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(trade_off, arguments, capsys, tmp_path):
    assert trade_off(*arguments, "--out", str(tmp_path)) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert "defect" not in said.err


def test_no_plan_ends_with_3(trade_off, tmp_path, capsys):
    tables = small()
    tables["Pledges"] = [["member", "capability", "min_stock", "year"], ["NA", "Armoured brigade", 500, 2026]]
    path = write_workbook(tmp_path / "impossible.xlsx", tables)
    assert trade_off(str(path), "--out", str(tmp_path)) == 3
    assert trade_off(str(path), "--price-of", "share", "--out", str(tmp_path)) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_no_time_ends_with_4(trade_off, tmp_path, capsys):
    assert trade_off("tutorial", "--time-limit", "0", "--out", str(tmp_path)) == 4
    assert trade_off("tutorial", "--price-of", "share", "--time-limit", "0", "--out", str(tmp_path)) == 4
