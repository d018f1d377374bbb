"""A scenario written as a workbook and read again is the same scenario: nothing is lost on the way out or in."""

import pytest

from model.console.inputs import shipped_scenarios
from model.scenario.unfold import tables_of
from model.workbook.read.load import load
from model.workbook.write.template import write_scenario_workbook
from tests.scenarios import random_scenario

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_shipped_scenarios_come_back_the_same(path, tmp_path):
    scenario = load(path)
    again = load(write_scenario_workbook(tmp_path / "again.xlsx", tables_of(scenario)))
    assert again.hash == scenario.hash
    assert again.sources == scenario.sources


@pytest.mark.parametrize("seed", range(12))
def test_random_scenarios_come_back_the_same(seed, tmp_path):
    """Written twice, since a workbook keeps 16 digits of a number and a random scenario may have 17."""
    scenario = random_scenario(seed, challenge=2.0 if seed % 2 else None, fairness_band=0.9 if seed % 3 else None)
    once = load(write_scenario_workbook(tmp_path / "once.xlsx", tables_of(scenario)))
    twice = load(write_scenario_workbook(tmp_path / "twice.xlsx", tables_of(once)))
    assert twice.hash == once.hash
    assert dict(once.sets) == dict(scenario.sets)
    for name, column in scenario.values.items():
        again = once.values[name]
        assert list(again) == list(column) or set(again) == set(column)
        assert all(
            again[key] == (pytest.approx(value, rel=1e-15) if isinstance(value, float) else value)
            for key, value in column.items()
        )
