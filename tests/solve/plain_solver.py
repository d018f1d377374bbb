"""Solves the certificate's own programme with scipy, to have plans and prices to judge without the model's solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from model.certificate import Reading, Stage, programme

Labelled = dict[str, dict[tuple, float]]


@dataclass(frozen=True)
class Plan:
    """Values by variable and key, prices by rule and key, as a certificate takes them."""

    objective: float
    values: Labelled
    duals: Labelled


def solved(reading: Reading, stage: Stage) -> Plan:
    """The best plan of a stage. Fails if there is none."""
    p = programme(reading, stage)
    equal = p.side == 0
    sign = np.where(p.side < 0, -1.0, 1.0)[~equal]
    result = linprog(
        p.cost,
        A_ub=sparse.diags(sign) @ p.matrix[~equal],
        b_ub=sign * p.right[~equal],
        A_eq=p.matrix[equal],
        b_eq=p.right[equal],
        bounds=np.column_stack([np.zeros_like(p.upper), p.upper]),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
    )
    assert result.status == 0, result.message
    prices = np.zeros(len(p.right))
    prices[~equal], prices[equal] = sign * result.ineqlin.marginals, result.eqlin.marginals
    return Plan(
        float(result.fun),
        labelled(list(reading.columns.keys.items()), result.x),
        labelled(list(p.blocks), prices),
    )


def labelled(blocks: list[tuple[str, list[tuple]]], numbers: np.ndarray) -> Labelled:
    """Numbers by name and key."""
    found: Labelled = {}
    first = 0
    for name, keys in blocks:
        found[name] = dict(zip(keys, numbers[first : first + len(keys)].tolist(), strict=True))
        first += len(keys)
    return found
