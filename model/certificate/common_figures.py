"""The figures of what the alliance may own itself, derived from the sheet Common funding once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.certificate.shares import fair_shares
from model.scenario.scenario import Scenario

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Common:
    """By capability: whether the alliance may own it, from when it may order, what it has and may have, what a unit
    costs it, and the part of a unit that can be deployed.

    ``paid_by`` is every member's part of that, by member and capability.
    """

    owned: Truth
    since: Array
    at_start: Array
    most: Array
    price: Array
    upkeep: Array
    paid_by: Array
    deployable: Array


def common(s: Scenario) -> Common:
    """The sheet Common funding as arrays; what is a weakest link is nobody's to own for the others."""
    capabilities = s.sets["capability"]
    factor = _listed(s.common_cost_factor, capabilities)
    paid = np.zeros((len(s.sets["member"]), len(capabilities)))
    for i, c in enumerate(capabilities):
        if c in s.common_key:
            paid[:, i] = fair_shares(s, s.common_key[c])
    return Common(
        owned=np.array(
            [c in s.common_cost_factor and s.sharing[c] != "weakest link" for c in capabilities], dtype=bool
        ),
        since=_listed(s.common_from_year, capabilities, blank=-np.inf),
        at_start=_listed(s.common_holding, capabilities),
        most=_listed(s.common_max_stock, capabilities, blank=np.inf),
        price=factor * _listed(s.unit_cost, capabilities),
        upkeep=factor * _listed(s.sustainment_cost, capabilities),
        paid_by=paid,
        deployable=_listed(s.capability_availability, capabilities, blank=1.0),
    )


def _listed(values: Mapping[Any, Any], capabilities: tuple[str, ...], blank: float = 0.0) -> Array:
    """A column by capability; a blank or missing cell counts as ``blank``."""
    found = [values.get(c) for c in capabilities]
    return np.array([blank if value is None else value for value in found], dtype=float)
