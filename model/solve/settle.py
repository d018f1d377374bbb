"""Give the helpers of unused measures the values they would have: smallest, with every decision where the plan has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.solve.engine import Engine
from model.solve.lp import LP, Array


def settle(engine: Engine, lp: LP, x: Array) -> Array:
    """The same plan with every measure at its true value.

    A measure such as unfairness is a largest or an absolute value, written with helper variables that only the solver's
    wish to make it small pushes down. A solve that does not ask for the measure leaves them loose; here they are settled
    by minimising all measures over the helpers alone.
    """
    helper = np.zeros(len(x), dtype=bool)
    for block in lp.columns.values():
        helper[block.places] = bool(block.supports)
    supports = np.zeros(lp.A.shape[0], dtype=bool)
    for block in lp.rows.values():
        supports[block.places] = bool(block.supports)
    rows = lp.rows_apart[supports]
    decided = rows @ np.where(helper, 0.0, x)
    alone = replace(
        lp,
        columns={},
        rows={},
        A=rows[:, helper].tocsc(),
        K=lp.K[:, helper],
        lower=lp.lower[helper],
        upper=lp.upper[helper],
        bounds={},
        row_lower=lp.row_lower[supports] - decided,
        row_upper=lp.row_upper[supports] - decided,
        ceilings=np.full(len(lp.measures), np.inf),
        floors=np.full(len(lp.measures), -np.inf),
    )
    answer = engine.solve(alone, dict.fromkeys(lp.measures, 1.0))
    if answer.status != "optimal":
        return x
    settled = x.copy()
    settled[helper] = answer.x
    return settled
