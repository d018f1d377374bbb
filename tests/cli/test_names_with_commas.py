"""Names that hold commas, brackets and the word Total, wherever the command line takes names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

EGYPT, IRAN, TOTAL = "Egypt, Arab Rep.", "Iran (Islamic Republic of)", "Total"
NEW = {"Norland": EGYPT, "Southmark": IRAN, "NA": TOTAL, "Armoured brigade": "Infantry, mech.", "Early warning": "Total",
       "Evacuate": "Stop, and hold"}  # fmt: skip


@pytest.fixture
def workbook(tmp_path) -> Path:
    renamed = {title: [[NEW.get(str(cell), cell) for cell in row] for row in rows] for title, rows in small().items()}
    return write_workbook(tmp_path / "commas.xlsx", renamed)


def called(run, capsys, *arguments: object) -> dict:
    assert run([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("written", [f"budget({EGYPT})=0.9", f"budget[{EGYPT}]=0.9", f'budget["{EGYPT}"]=0.9'])
def test_what_if(run, workbook, tmp_path, capsys, written):
    record = called(run, capsys, "what-if", workbook, "--set", written, "--out", tmp_path)
    assert record["edits"] == [f"budget[{EGYPT}]=0.9"]


def test_withdrawal_takes_lists_of_such_names(run, workbook, tmp_path, capsys):
    arguments = ("withdrawal", workbook, "--no-hold", "--out", tmp_path, "--members", f"{EGYPT}, {TOTAL}", "--group")
    assert called(run, capsys, *arguments, f'"{EGYPT}"; {IRAN}')["status"] == "optimal"


def test_negotiation_takes_lists_of_such_names(run, workbook, tmp_path, capsys):
    arguments = ("--members", f"{EGYPT},{TOTAL}", "--capabilities", "Infantry, mech.,Total", "--out", tmp_path)
    called(run, capsys, "negotiation", workbook, *arguments)


def test_a_name_there_is_not_is_refused(run, workbook, tmp_path, capsys):
    assert run(["withdrawal", str(workbook), "--members", "Egypt", "--out", str(tmp_path)]) == 2
    assert "Egypt" in capsys.readouterr().err


def test_the_solution_is_written(run, workbook, tmp_path, capsys):
    record = called(run, capsys, "solve", workbook, "--out", tmp_path, "--tables")
    assert record["status"] == "optimal"
