"""Random scenarios of any size whose proportions are those of the NATO workbook."""

from __future__ import annotations

from model.scenario.scenario import Scenario
from tests.scenarios import random_scenario


def instance(members: int, capabilities: int, periods: int, seed: int = 0) -> Scenario:
    """A scenario with eight tasks in five situations, three levels and a reasonable challenge."""
    return random_scenario(
        seed,
        members=members,
        capabilities=capabilities,
        tasks=8,
        situations=5,
        periods=periods,
        levels=3,
        challenge=4.0,
    )
