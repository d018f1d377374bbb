"""Whatever a workbook holds, the command ends with an exit code it promises and a sentence; never with a traceback."""

import random

import pytest

from model.cli.app import run
from model.scenario.unfold import tables_of
from model.workbook.write.template import write_scenario_workbook
from tests.random_layers import with_layers, with_opt_outs
from tests.scenarios import random_scenario
from tests.workbooks import small, write_workbook

pytestmark = pytest.mark.slow

PROMISED = {0, 1, 3, 4}
ODD = [
    None,
    "",
    " ",
    "NA",
    "no",
    "yes",
    0,
    -1,
    1,
    35,
    1e-12,
    1e12,
    1e300,
    "=1+1",
    "#N/A",
    "Norland",
    "ünï",
    2026,
    2031,
    0.5,
    True,
]


@pytest.mark.parametrize("seed", range(40))
def test_spoiled_workbooks_end_well(seed, tmp_path, capsys):
    """A small workbook with one to four cells replaced by something odd."""
    draw, tables = random.Random(seed), small()
    for _ in range(draw.randint(1, 4)):
        rows = tables[draw.choice([name for name in tables if len(tables[name]) > 1])]
        row = draw.choice(rows[1:] if draw.random() < 0.9 else rows)
        row[draw.randrange(len(row))] = draw.choice(ODD)
    path = write_workbook(tmp_path / "spoiled.xlsx", tables)
    _ends_well(path, tmp_path, capsys)


@pytest.mark.parametrize("seed", range(16))
def test_random_workbooks_end_well(seed, tmp_path, capsys):
    """Scenarios with every sheet and every policy; most have a plan, some have none."""
    options = {"fairness_band": 0.5, "equipment_floor": 0.1, "consensus": True, "challenge": 1.5}
    chosen = {name: value for i, (name, value) in enumerate(options.items()) if seed >> i & 1}
    scenario = random_scenario(seed, pooling=seed % 2 == 1, joint=seed % 3, **chosen)
    path = write_scenario_workbook(tmp_path / "random.xlsx", tables_of(scenario))
    _ends_well(path, tmp_path, capsys)


CONSENSUS = (
    {"consensus_voice": 0.6},
    {"consensus_against": "status quo"},
    {"consensus_against": "status quo", "consensus_voice": 0.5, "voice": "gdp"},
    {"consensus_excess": 0.02},
    {"new_orders": False, "consensus_against": "status quo"},
    {"consensus_voice": 0.75, "objectives": ("worst_kind_risk", "cost")},
)


@pytest.mark.parametrize("seed", range(12))
def test_random_workbooks_of_every_layer_end_well(seed, tmp_path, capsys):
    """Every rule of consensus in turn, with opt-outs, kinds of threat, partners, industry, common funding and programmes."""
    scenario = random_scenario(seed, pooling=True, joint=seed % 2, consensus=True, **CONSENSUS[seed % len(CONSENSUS)])
    scenario = with_opt_outs(with_layers(scenario, seed), seed)
    path = write_scenario_workbook(tmp_path / "random.xlsx", tables_of(scenario))
    _ends_well(path, tmp_path, capsys)


def _ends_well(path, folder, capsys):
    code = run(["solve", str(path), "--out", str(folder / "out"), "--time-limit", "20"])
    said = capsys.readouterr()
    assert code in PROMISED, said.err
    assert "Traceback" not in said.err
    assert "defect" not in said.err
    assert (code == 0) == (folder / "out" / f"{path.stem}_solution.xlsx").exists()
    if code:
        assert said.err.strip()
