"""A misspelt figure, decision or column is found by mypy, by way of the plug-in that asks the registry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

RIGHT = """from model.core.data import Data
from model.core.decisions import Decisions
from model.scenario.scenario import Scenario


def right(m: Decisions, d: Data, s: Scenario, member: str, period: int) -> float:
    m.spend[member, period], m.widest_gap, m.sum([]), m.ordered.get((member, "tank", period))
    d.gdp[member], d.shares_in_steps, d.tasks_of, d.keys, d.settings["first_year"], d.scenario.domain
    s.gdp, s.kinds, s.sets
    return d.budget[member, period] + d.step
"""

WRONG = {
    "d.budgt[member, period]": '"Data" has no attribute "budgt"; maybe "budget"?',
    "d.scenario.gpd": '"Scenario" has no attribute "gpd"; maybe "gdp"?',
    "s.unit_csot": '"Scenario" has no attribute "unit_csot"; maybe "unit_cost"?',
    "m.spnd": '"Decisions" has no attribute "spnd"; maybe "spend"?',
    "m.budget": '"Decisions" has no attribute "budget"',
    "d.spend": '"Data" has no attribute "spend"',
    "d.budget[member]": 'Invalid index type "str"',
    "d.step.upper()": '"int" has no attribute "upper"',
}


@pytest.mark.slow
def test_a_misspelt_name_is_an_error(tmp_path: Path) -> None:
    body = "".join(f"    {line}\n" for line in WRONG)
    wrong = f"\n\ndef wrong(m: Decisions, d: Data, s: Scenario, member: str, period: int) -> None:\n{body}"
    (path := tmp_path / "snippet.py").write_text(RIGHT + wrong, encoding="utf-8")
    command = [
        sys.executable,
        "-P",
        "-m",
        "mypy",
        "--config-file",
        "pyproject.toml",
        "--cache-dir",
        str(tmp_path / "cache"),
        str(path),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    found = re.findall(r"snippet\.py:(\d+): error: (.*?)  \[", run.stdout)
    first = RIGHT.count("\n") + 4
    assert [int(line) - first for line, _ in found] == list(range(len(WRONG))), run.stdout
    for (_, said), expected in zip(found, WRONG.values(), strict=True):
        assert expected in said
