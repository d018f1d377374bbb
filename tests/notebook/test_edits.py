"""Levers as text or as objects, one or several: wherever Python takes them they mean the same."""

import pytest

from model.language.faults import UsageError
from model.questions.executor import Here
from model.questions.sweep.design import listed, runs_of
from model.questions.sweep.result import sweep
from model.questions.what_if.result import what_if
from model.scenario.levers.edits import Edit, apply_edits, as_edits
from model.solve.problem import Problem
from model.workbook.read.load import load

MADE = Edit("budget", ("Midland",), 0.9)
TYPED = "budget[Midland]=0.9"


def test_text_and_objects_are_alike():
    assert as_edits(TYPED) == as_edits(MADE) == as_edits([TYPED]) == as_edits(iter([MADE])) == (MADE,)
    assert as_edits([TYPED, Edit("withdraw", (), "Southland")])[1].text == "withdraw=Southland"
    assert as_edits([]) == ()
    with pytest.raises(UsageError, match="no edit"):
        as_edits("Midland")


def test_every_question_about_edits_takes_both():
    scenario = load("tutorial")
    assert apply_edits(scenario, TYPED).scenario.hash == apply_edits(scenario, [MADE]).scenario.hash
    problem = Problem(scenario)
    typed, made = what_if(problem, TYPED), what_if(problem, [MADE])
    assert typed.edits == made.edits
    assert typed.changed.measures == pytest.approx(made.changed.measures)
    first = sweep(scenario, [TYPED, [MADE, "requirement=1.1"], []], executor=Here())
    assert first.table["status"].tolist() == ["optimal"] * 3
    assert first.design.names == ("budget[Midland]", "requirement")


def test_runs_written_out_are_those_of_a_list(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("budget[Midland];requirement\n0.9;\n0.9;1.1\n", encoding="utf-8")
    assert runs_of([TYPED, [TYPED, "requirement=1.1"]]) == listed(path)
