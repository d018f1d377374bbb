"""Random rows of the sheets Common funding and Programmes, for :func:`tests.scenarios.random_scenario`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Cells = dict[Any, Any]
Random = np.random.Generator


def random_common_funding(rng: Random, what: Mapping[str, Cells], first: int) -> Mapping[str, Cells]:
    """What the alliance may own: cheaper or dearer than what members buy, with and without a start, a limit and a key."""
    return {
        capability: {
            "common_holding": float(rng.uniform(0, 1)) if i % 2 else 0.0,
            "common_max_stock": float(rng.uniform(0.5, 2)) if i % 3 == 0 else None,
            "common_cost_factor": float(rng.uniform(0.6, 1.3)),
            "common_key": ("gdp", "equal")[i % 2],
            "common_from_year": first + 1 if i % 3 == 1 else None,
        }
        for i, (capability, row) in enumerate(what.items())
        if row["sharing"] != "weakest link"
    }


def random_programmes(
    rng: Random, members: list[str], what: Mapping[str, Cells], count: int, first: int
) -> Mapping[str, Cells]:
    """Programmes of very different worth, for two members or more."""
    return {
        f"programme {i}": {
            "programme_capability": list(what)[int(rng.integers(len(what)))],
            "participants": ", ".join(members[: int(rng.integers(min(2, len(members)), len(members) + 1))]),
            "development_cost": float(rng.uniform(0.2, 3)),
            "development_sharing": ("key", "equal")[i % 2],
            "development_from": None if i % 2 else first,
            "development_years": int(rng.integers(1, 4)),
            "earliest_year": first + 2 if i % 3 == 1 else None,
            "programme_discount": float(rng.uniform(0.1, 0.5)),
            "min_units": float(rng.uniform(0, 1)) if i % 2 else 0.0,
        }
        for i in range(count)
    }
