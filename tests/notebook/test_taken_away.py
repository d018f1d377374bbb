"""Answers and plans as charts and workbooks: those of the commands, from Python."""

import json
import subprocess
import sys

import altair
import openpyxl
import pytest

from model.cli.app import run
from model.language.faults import UsageError
from model.questions.what_if.result import what_if
from model.report.analysis_out import analysis_bytes
from model.report.workbook_out import solution_bytes
from model.solve.problem import Problem
from model.workbook.read.load import load
from tests.notebook.every_answer import every_answer

pytestmark = pytest.mark.slow


def test_every_answer_is_written_and_drawn(tmp_path):
    drawn = set()
    for number, answer in enumerate(every_answer()):
        path = answer.to_excel(tmp_path / f"{number}.xlsx")
        sheets = openpyxl.load_workbook(path).sheetnames
        assert sheets == ["Summary", *(name[:31] for name in answer.tables)]
        assert answer.tables, type(answer)
        for at, chart in enumerate(answer.charts):
            picture = answer.plot(at)
            assert isinstance(picture, altair.Chart | altair.LayerChart)
            assert picture.to_dict()["title"]["text"] == chart.title
            drawn.add(type(answer).__name__)
        with pytest.raises(UsageError, match="There is no chart"):
            answer.plot(len(answer.charts))
    assert len(drawn) > 12


def test_a_workbook_from_python_is_that_of_the_command(tmp_path, capsys):
    assert run(["what-if", "tutorial", "--set", "budget[Midland]=0.5", "--out", str(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    answer = what_if(Problem(load("tutorial")), "budget[Midland]=0.5")
    assert said["says"][:-1] == list(answer.says)[:-1]  # the last says how long it took
    assert (
        analysis_bytes(answer.title, said["says"], answer.tables, answer.charts)
        == (tmp_path / "tutorial_what_if.xlsx").read_bytes()
    )


def test_a_plan_is_written_and_drawn(tmp_path):
    plan = Problem(load("tutorial")).solve()
    assert plan.to_excel(tmp_path / "plan.xlsx").read_bytes() == solution_bytes(plan)
    assert "Coverage" in plan.plot().to_dict()["title"]["text"]
    assert plan.plot(1).to_dict()["title"]["text"] == "Share of the cost against fair share"
    with pytest.raises(UsageError, match="0: Coverage of each task"):
        plan.plot(99)


def test_charts_ask_for_altair_where_it_is_missing():
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from model.workbook.read.load import load\n"
        "from model.solve.problem import Problem\n"
        "plan = Problem(load('tutorial')).solve()\n"
        "repr(plan), plan._repr_html_()\n"
        "try:\n    plan.plot()\n"
        "except ImportError as missing:\n    print(missing)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Charts are drawn with altair, which is not installed: pip install 'alliance-model[app]'\n"
