"""Random scenarios with every optional policy on in some of them."""

from __future__ import annotations

from typing import Any

from model.scenario.scenario import Scenario
from tests.scenarios import random_scenario

VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"challenge": 2.0, "voice": "gdp"},
    {"fairness_band": 0.9, "burden_key": "population"},
    {"equipment_floor": 0.05, "burden_key": "custom", "voice": "population"},
    {"levels": 1, "years_per_period": 1, "max_share": 0.4, "burden_key": "equal"},
    {"levels": 4, "periods": 4, "situations": 3, "weakest_link_weight": 1.0, "members": 5},
    {"challenge": 1.5, "fairness_band": 0.8, "equipment_floor": 0.1, "voice": "gdp"},
    {"members": 1, "capabilities": 3, "tasks": 2},
    {"periods": 1, "situations": 1, "weakest_link_weight": 0.0, "capabilities": 6},
)


def varied(seed: int, **changed: Any) -> Scenario:
    """A random scenario; the policies in force change with the seed."""
    return random_scenario(seed, **{**VARIANTS[seed % len(VARIANTS)], **changed})
