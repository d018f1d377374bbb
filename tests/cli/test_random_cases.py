"""Whatever a workbook says of cases, `cases` ends with an exit code it promises and a sentence; with every layer it is proved."""

import random

import pytest

from model.scenario.unfold import tables_of
from model.solve.uncertain import Uncertain
from model.workbook.write.template import write_scenario_workbook
from tests.cli.test_random_workbooks import ODD
from tests.data.test_cases_sheet import cased
from tests.random_layers import with_layers, with_opt_outs
from tests.scenarios import random_scenario
from tests.solve.second_solver import glpk_optimum
from tests.uncertain import uncertain, with_cases
from tests.workbooks import write_workbook

pytestmark = pytest.mark.slow

WORDS = [*ODD, "requirement", "rule", "Norland, Evacuate", "*", "storm", -0.5, 1000, "on", "off"]


@pytest.mark.parametrize("seed", range(24))
def test_spoiled_cases_end_well(run, seed, tmp_path, capsys):
    """One to four cells of the sheets about cases replaced by something odd; two times in three of another sheet as well."""
    draw, tables = random.Random(seed), cased()
    tables = {name: [list(row) for row in rows] for name, rows in tables.items()}
    sheets = ["Cases", "Case factors"] * 2 + (["Members", "Requirements", "Tasks"] if seed % 3 else [])
    for _ in range(draw.randint(1, 4)):
        row = draw.choice(tables[draw.choice(sheets)][1:])
        row[draw.randrange(len(row))] = draw.choice(WORDS)
    path = str(write_workbook(tmp_path / "spoiled.xlsx", tables))
    code = run(["cases", path, "--out", str(tmp_path / "out"), "--time-limit", "20"])
    said = capsys.readouterr()
    assert code in {0, 1, 2, 3, 4}, said.err
    assert "Traceback" not in said.err
    assert "defect" not in said.err
    assert (code == 0) == (tmp_path / "out" / "spoiled_cases.xlsx").exists()
    if code:
        assert said.err.strip()


@pytest.mark.parametrize("seed", range(4))
def test_every_layer_with_cases_is_proved(run, seed, tmp_path, capsys):
    """Common funding, programmes, partners, industry, opt-outs and kinds of threat, in a workbook written and read again."""
    bare = random_scenario(seed, pooling=True, joint=seed % 2, consensus=seed % 2 == 0)
    scenario = with_opt_outs(with_layers(bare, seed), seed)
    cases = {
        "hard": {"probability": 0.4, "requirements": 1.3, "costs": 1.05},
        "easy": {"probability": 0.6, "requirements": 0.8},
    }
    path = write_scenario_workbook(tmp_path / "random.xlsx", tables_of(with_cases(scenario, cases)))
    code = run(["cases", str(path), "--out", str(tmp_path / "out")])
    assert code in {0, 3}, capsys.readouterr().err


@pytest.mark.parametrize("seed", range(4))
def test_every_layer_with_cases_agrees_with_a_second_solver(seed):
    scenario = with_opt_outs(with_layers(uncertain(seed, pooling=True), seed), seed)
    problem = Uncertain(scenario)
    plan = problem.solve("cvar")
    assert plan.status in ("optimal", "infeasible"), plan.message
    if plan.found:
        assert plan.stages[0].value == pytest.approx(glpk_optimum(problem.linked.lp, "cvar_risk"), rel=1e-6, abs=1e-9)
