"""Random caveats and pledges, for :func:`tests.scenarios.random_scenario`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Cells = dict[Any, Any]
Random = np.random.Generator


def random_caveats(rng: Random, members: list[str], tasks: list[str], capabilities: list[str]) -> Cells:
    """About one pair of member and task in four: half a force, a part of one capability, or nothing of it."""
    found: Cells = {}
    for member in members:
        for task in tasks:
            if rng.random() < 0.25:
                capability = capabilities[int(rng.integers(len(capabilities)))]
                found[member, task, capability] = (0.0, 0.4)[int(rng.integers(2))]
                if rng.random() < 0.4:
                    found[member, task, None] = 0.5
    return found


def random_pledges(rng: Random, holding: Cells, what: Mapping[str, Cells], first: int, last: int) -> Cells:
    """Pledges to keep some of what is left at the end, to hold no more than three times as much later, or both."""
    found: Cells = {}
    for member, capability in list(holding)[::4]:
        left = max(0.0, 1 - (last - first + 1) / what[capability]["life"]) ** 2
        least, most = 0.3 * left * holding[member, capability], 3 * holding[member, capability]
        found[member, capability, None] = (least, None)
        if rng.random() < 0.6:
            found[member, capability, first + 2] = (None if rng.random() < 0.5 else 1.1 * least, most)
    return found
