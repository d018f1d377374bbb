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
    names, count = (aimed("worst", measure), aimed("cvar", measure)), len(likely)
    columns, rows = _blocks(lp, measure, tuple(likely))
    A, K = _matrices(lp, measure, likely, level)
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


def _blocks(lp: LP, measure: str, cases: tuple[str, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The labels of the columns and rows of a worst case and a tail."""
    worst, tail, beyond = f"worst_{measure}_of_cases", f"tail_{measure}_of_cases", f"{measure}_beyond_tail"
    for_worst, for_tail = (aimed("worst", measure),), (aimed("cvar", measure),)
    (height, width), each = lp.A.shape, tuple((case,) for case in cases)
    columns = (
        Block(worst, (), ((),), width, supports=for_worst),
        Block(tail, (), ((),), width + 1, supports=for_tail),
        Block(beyond, ("case",), each, width + 2, supports=for_tail),
    )
    rows = (
        Block(f"{worst}_counts", ("case",), each, height, supports=for_worst),
        Block(f"{tail}_counts", ("case",), each, height + len(each), supports=for_tail),
    )
    return columns, rows


def _matrices(lp: LP, measure: str, likely: Mapping[str, float], level: float) -> tuple[sp.csc_array, sp.csr_array]:
    """Rules and measures with those of a worst case and a tail."""
    count = len(likely)
    each = lp.K[[lp.measure(in_case(measure, case)) for case in likely]]
    ones, none, excess = np.ones((count, 1)), np.zeros((count, 1)), sp.eye_array(count) * float(level < 1)
    worst, tail = sp.hstack([ones, none, 0.0 * excess]), sp.hstack([none, ones, excess])
    A = sp.block_array([[lp.A, None], [-each, worst], [-each, tail]], format="csc")
    A.eliminate_zeros()
    shares = np.array(list(likely.values())) / (1 - level) if level < 1 else np.zeros(count)
    more = sp.csr_array(np.array([[1.0, 0.0, *np.zeros(count)], [0.0, 1.0, *shares]]))
    return A, sp.block_array([[lp.K, None], [None, more]], format="csr")


def _longer(values: Array, value: float, by: int) -> Array:
    return np.r_[values, np.full(by, value)]
