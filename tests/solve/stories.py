"""Published two-stage problems as labelled LPs, one for each case, as any problem can be handed to the linking code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp

from model.solve.cases import CaseLP
from model.solve.lp import LP, Block

Terms = Mapping[tuple[str, str], float]


def labelled(
    cost: Terms, rows: Mapping[str, tuple[Terms, float]], upper: Mapping[tuple[str, str], float] | None = None
) -> LP:
    """Minimise ``cost`` subject to rows ``terms <= limit``; columns are (variable, key), all at least 0."""
    names = list(dict.fromkeys(name for name, _ in cost))
    order = sorted(cost, key=lambda column: names.index(column[0]))
    at = {column: place for place, column in enumerate(order)}
    columns, start = {}, 0
    for name in names:
        keys = tuple((key,) for variable, key in order if variable == name)
        columns[name] = Block(name, ("what",), keys, start)
        start += len(keys)
    A = sp.lil_array((len(rows), len(order)))
    for row, (terms, _) in enumerate(rows.values()):
        for column, amount in terms.items():
            A[row, at[column]] = amount
    return LP(
        columns=columns,
        rows={name: Block(name, (), ((),), place) for place, name in enumerate(rows)},
        measures=("loss",),
        A=A.tocsc(),
        K=sp.csr_array(np.array([[cost[column] for column in order]])),
        lower=np.zeros(len(order)),
        upper=np.array([(upper or {}).get(column, np.inf) for column in order]),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=np.array([limit for _, limit in rows.values()]),
        bounds={},
        scale=np.ones(1),
        whole=np.ones(1),
        ceilings=np.full(1, np.inf),
        floors=np.full(1, -np.inf),
    )


def farmer(harvest: float = 1.0) -> LP:
    """The farmer's problem of Birge & Louveaux, *Introduction to Stochastic Programming*, chapter 1.1, for one harvest.

    500 acres for wheat, corn and sugar beets at 150, 230 and 260 an acre; usual yields 2.5, 3 and 20 tons. 200 tons of wheat and
    240 of corn feed the cattle; what lacks is bought at 238 and 210, what is over sells at 170 and 150. Beets sell at 36 up to
    6000 tons, at 10 beyond. ``harvest`` multiplies the yields.
    """
    sown, bought, sold = "sown", "bought", "sold"
    cost = {
        (sown, "wheat"): 150.0, (sown, "corn"): 230.0, (sown, "beets"): 260.0,
        (bought, "wheat"): 238.0, (bought, "corn"): 210.0,
        (sold, "wheat"): -170.0, (sold, "corn"): -150.0, (sold, "beets"): -36.0, (sold, "more beets"): -10.0,
    }  # fmt: skip
    rows: dict[str, tuple[Terms, float]] = {
        "land": ({(sown, crop): 1.0 for crop in ("wheat", "corn", "beets")}, 500.0),
        "wheat": ({(sown, "wheat"): -2.5 * harvest, (bought, "wheat"): -1.0, (sold, "wheat"): 1.0}, -200.0),
        "corn": ({(sown, "corn"): -3.0 * harvest, (bought, "corn"): -1.0, (sold, "corn"): 1.0}, -240.0),
        "beets": ({(sown, "beets"): -20.0 * harvest, (sold, "beets"): 1.0, (sold, "more beets"): 1.0}, 0.0),
    }
    return labelled(cost, rows, {(sold, "beets"): 6000.0})


def farmer_cases() -> list[CaseLP]:
    """Bad, usual and good harvests, equally likely."""
    return [CaseLP(name, 1 / 3, farmer(harvest)) for name, harvest in (("bad", 0.8), ("good", 1.2), ("usual", 1.0))]


def capacity(demand: Sequence[float], gain: Sequence[float]) -> LP:
    """Capacity for two products before demand is known: Birge & Louveaux, chapter 5.1, as StochasticPrograms.jl states it.

    Least 100 x1 + 150 x2 - gain of y with x1 + x2 <= 120, x1 >= 40, x2 >= 20, 6 y1 + 10 y2 <= 60 x1, 8 y1 + 5 y2 <= 80 x2,
    y within demand.
    """
    x, y = "capacity", "made"
    cost = {(x, "1"): 100.0, (x, "2"): 150.0, (y, "1"): -gain[0], (y, "2"): -gain[1]}
    rows: dict[str, tuple[Terms, float]] = {
        "room": ({(x, "1"): 1.0, (x, "2"): 1.0}, 120.0),
        "least 1": ({(x, "1"): -1.0}, -40.0),
        "least 2": ({(x, "2"): -1.0}, -20.0),
        "first": ({(y, "1"): 6.0, (y, "2"): 10.0, (x, "1"): -60.0}, 0.0),
        "second": ({(y, "1"): 8.0, (y, "2"): 5.0, (x, "2"): -80.0}, 0.0),
    }
    return labelled(cost, rows, {(y, "1"): demand[0], (y, "2"): demand[1]})


def capacity_cases() -> list[CaseLP]:
    """Demand 500 and 100 at gains 24 and 28 with probability 0.4; 300 and 300 at 28 and 32 with probability 0.6."""
    return [CaseLP("first", 0.4, capacity((500, 100), (24, 28))), CaseLP("second", 0.6, capacity((300, 300), (28, 32)))]
