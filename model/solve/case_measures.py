"""What is made of a measure that comes out differently in each case: its mean, its worst case, the mean of its worst part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum

import numpy as np
import scipy.sparse as sp

from model.solve.lp import LP, Array, Block

AIMS: dict[str, str] = {
    "expected": "on average over all cases",
    "cvar": "on average over the worst part of the cases",
    "worst": "in the worst case",
}
"""What may be aimed at, in words."""


def aimed(aim: str, measure: str) -> str:
    """The name of what is made of a measure over all cases: ``expected_risk``."""
    return f"{aim}_{measure}"


def in_case(measure: str, case: str) -> str:
    """The name of a measure as it comes out in one case."""
    return f"{measure} in {case}"


def over(aim: str, values: Sequence[float], likely: Sequence[float], level: float) -> float:
    """What an aim makes of one value a case."""
    if aim == "expected":
        return fsum(share * value for share, value in zip(likely, values, strict=True))
    if aim == "worst" or level >= 1:
        return max(values)
    left, found = 1 - level, 0.0
    for value, share in sorted(zip(values, likely, strict=True), reverse=True):
        taken = min(share, left)
        found, left = found + taken * value, left - taken
    return found / (1 - level)


def made_of(measure: str, cases: Iterable[str]) -> tuple[str, ...]:
    """Every measure of a linked problem that is made of one measure."""
    return (*(aimed(aim, measure) for aim in AIMS), *(in_case(measure, case) for case in cases))


def grade(lp: LP, measure: str, likely: Mapping[str, float], level: float, least: float = 0.0) -> LP:
    r"""A linked problem with two more measures: the worst case of one, and the mean of its worst part.

    .. math:: w \ge f_s, \qquad \eta + \frac{1}{1-\mathrm{level}} \sum_s \pi_s \xi_s, \quad \xi_s \ge f_s - \eta

    ``likely`` gives the cases' probabilities; ``least`` is a value the measure does not fall below (the smallest threshold).
    At level 1 the mean of the worst part is the worst case. Source: Rockafellar & Uryasev 2000.
    """
    worst, tail, beyond = f"worst_{measure}_of_cases", f"tail_{measure}_of_cases", f"{measure}_beyond_tail"
    names, cases = (aimed("worst", measure), aimed("cvar", measure)), tuple((case,) for case in likely)
    width, height, count = lp.A.shape[1], lp.A.shape[0], len(cases)
    columns = (
        Block(worst, (), ((),), width, supports=names[:1]),
        Block(tail, (), ((),), width + 1, supports=names[1:]),
        Block(beyond, ("case",), cases, width + 2, supports=names[1:]),
    )
    rows = (
        Block(f"{worst}_counts", ("case",), cases, height, supports=names[:1]),
        Block(f"{tail}_counts", ("case",), cases, height + count, supports=names[1:]),
    )
    each = lp.K[[lp.measure(in_case(measure, case)) for case in likely]]
    ones, none, excess = np.ones((count, 1)), np.zeros((count, 1)), sp.eye_array(count) * float(level < 1)
    A = sp.block_array(
        [
            [lp.A, None],
            [-each, sp.hstack([ones, none, 0.0 * excess])],
            [-each, sp.hstack([none, ones, excess])],
        ],
        format="csc",
    )
    A.eliminate_zeros()
    shares = np.array(list(likely.values())) / (1 - level) if level < 1 else np.zeros(count)
    more = sp.csr_array(np.array([[1.0, 0.0, *np.zeros(count)], [0.0, 1.0, *shares]]))
    K = sp.block_array([[lp.K, None], [None, more]], format="csr")
    at = lp.measure(aimed("expected", measure))
    return replace(
        lp,
        columns={**lp.columns, **{block.name: block for block in columns}},
        rows={**lp.rows, **{block.name: block for block in rows}},
        measures=(*lp.measures, *names),
        A=A,
        K=K,
        lower=np.r_[lp.lower, least, least, np.zeros(count)],
        upper=np.r_[lp.upper, np.full(2 + count, np.inf)],
        row_lower=np.r_[lp.row_lower, np.zeros(2 * count)],
        row_upper=np.r_[lp.row_upper, np.full(2 * count, np.inf)],
        bounds={name: _longer(limit, np.inf, 2 + count) for name, limit in lp.bounds.items()},
        scale=_longer(lp.scale, lp.scale[at], 2),
        whole=_longer(lp.whole, lp.whole[at], 2),
        ceilings=_longer(lp.ceilings, np.inf, 2),
        floors=_longer(lp.floors, -np.inf, 2),
    )


def _longer(values: Array, value: float, by: int) -> Array:
    return np.r_[values, np.full(by, value)]
