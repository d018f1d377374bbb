"""Plans the tests of the report share: one small and full of features, one read from the tutorial workbook."""

from __future__ import annotations

import pytest

from model.solve.plan import Plan
from model.solve.problem import Problem
from tests.scenarios import random_scenario


@pytest.fixture(scope="package")
def plan() -> Plan:
    """A random plan with every kind of sharing, caveats, pledges, levels and lead times."""
    found = Problem(random_scenario(3, members=5, challenge=2.0)).solve()
    assert found.found, found.message
    return found


@pytest.fixture(scope="package")
def tutorial() -> Plan:
    """The plan of the tutorial workbook."""
    from model import load

    return Problem(load("inputs/tutorial.xlsx")).solve()
