"""Ties between equally good plans, broken by a published rule and never by chance.

Of all plans that are as good in every objective, take the one whose burdens are closest to fair shares (least unfairness);
of these, the one that asks members for least beyond their fair share of each requirement; of these, the one that fixed
weights drawn from names pick.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from model.language.shown import Shown
from model.solve.answers import BASIC, LOWER, UPPER, Answer, Basis
from model.solve.engine import Engine
from model.solve.lp import LP, Array, Key, said
from model.solve.stages import HOLD, Stage
from model.solve.watch import Watch

RULE = (
    "Of all plans equally good in every objective, the one whose burdens are closest to fair shares was taken; of these, the one "
    "that asks members for least beyond their fair share of each requirement; of these, the one picked by fixed weights drawn from names."
)

_BEYOND, _NAMED = 0.1, 1e-4
"""Weights of the second and third aim against the first, which is unfairness as the solver sees it: in thousandths."""

_SHARP = 100.0
"""What makes the smallest of these differences large beside the solver's tolerances."""

_IN_UNITS = (
    "ordered", "held", "lifted", "contributed", "short", "commonly_ordered", "commonly_held", "commonly_contributed",
    "lent",
)  # fmt: skip

_MONEY = ("burden", "overburden", "paid", "researched")

_ZERO = 1e-9
_PRICED = 1e-6
"""A multiplier below this, for a row or a column of its own size, is rounding: objectives are in thousandths, times a thousand and more."""
_HELD = 1e-7
_SMALL = 1e-6


@dataclass(frozen=True, eq=False)
class TieRule(Shown):
    """What the rule needs, by column of ``contributed``: the fair share of the requirement and the requirement, in effective
    units; and for every column of the LP its fixed weight. ``aim`` is the measure that says how far burdens are from fair;
    ``likely`` how much each column of ``contributed`` counts, where there are several cases."""

    share: Array
    required: Array
    weights: Array
    aim: str = "unfairness"
    likely: Array | float = 1.0

    def known(self, lp: LP) -> dict[str, tuple[tuple[Key, ...], Array]]:
        """Keys and weights by variable of the problem this rule was made for."""
        return {name: (block.keys, self.weights[block.places]) for name, block in lp.columns.items()}


def named_weights(lp: LP, known: Mapping[str, tuple[tuple[Key, ...], Array]] | None = None) -> Array:
    """One weight between 1 and 2 a column, from its name; the same in any order of rows and on any machine.

    ``known``: keys and weights by variable (:meth:`TieRule.known`) of a problem that may have the same columns.
    """
    parts, known = [], known or {}
    for name, block in lp.columns.items():
        keys, weights = known.get(name, ((), np.zeros(0)))
        if keys != block.keys or not keys:
            fractions = (_fraction(said(block.name, key)) for key in block.keys)
            weights = 1.0 + np.fromiter(fractions, dtype=float, count=len(block.keys))
        parts.append(weights)
    return np.concatenate(parts)


def _fraction(name: str) -> float:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def break_ties(
    engine: Engine, lp: LP, final: Answer, held: Sequence[Stage], rule: TieRule, watch: Watch
) -> tuple[Array, bool]:
    """The plan the rule picks, over all columns, and True; the given one and False where time ran out or the face did not hold.

    ``final`` is the optimal answer of ``lp`` with its multipliers; ``held`` the stages whose objectives must not move.
    """
    sizes = _sizes(lp, rule)
    face = _face(lp, final, held, sizes)
    columns = _free_contributions(face)
    split, beyond = _split_at_fair_share(face, columns, rule)
    named = rule.weights * _per_size(lp, rule)
    named = np.r_[named, named[columns]]
    extra = _SHARP * (_BEYOND * beyond + _NAMED * named)
    start = _start(final, columns, split.upper[columns])
    sizes = np.r_[sizes, sizes[columns]]
    alike = _in_sizes(split, sizes)
    answer = engine.solve(
        alike, {rule.aim: _SHARP}, start, extra=extra * sizes, watch=watch, settings="tight tolerances"
    )
    if answer.status != "optimal":
        return final.x, False
    found = answer.x * sizes
    x = found[: lp.A.shape[1]].copy()
    x[columns] += found[lp.A.shape[1] :]
    holds = all(_holds(lp, stage, final.x, x) for stage in held)
    return (x, True) if holds else (final.x, False)


def _start(final: Answer, columns: Array, share: Array) -> Basis | None:
    """The basis of the given answer, with the split columns: what was basic and is beyond its fair share stays so by its second part."""
    if final.basis is None:
        return None
    whole, second = final.basis.columns.copy(), final.basis.columns[columns]
    basic = second == BASIC
    beyond = basic & (final.x[columns] > share)
    whole[columns[beyond]] = UPPER
    second[basic & ~beyond] = LOWER
    return Basis(np.r_[whole, second], final.basis.rows)


def _per_size(lp: LP, rule: TieRule) -> Array:
    """What brings each column to parts of the largest requirement; nothing for money, which the decisions settle."""
    size = float(rule.required.max(initial=0.0)) or 1.0
    found = np.zeros(lp.A.shape[1])
    for name in _IN_UNITS:
        found[lp.columns[name].places] = 1.0 / size
    found[lp.columns["gap"].places] = 1.0
    return found


def _sizes(lp: LP, rule: TieRule) -> Array:
    """How large each column may be: what is required, all money, or 1, as powers of two so that nothing is rounded. Measured so, the
    problem is the same to the solver whatever the units of forces and money."""
    found = np.ones(lp.A.shape[1])
    required, money = float(rule.required.max(initial=0.0)), float(lp.whole[lp.measure(rule.aim)])
    for names, size in ((_IN_UNITS, required), (_MONEY, money)):
        for name in names:
            found[lp.columns[name].places] = _power_of_two(np.array(size or 1.0))
    return found


def _power_of_two(size: Array) -> Array:
    """The nearest power of two."""
    found: Array = np.exp2(np.rint(np.log2(size)))
    return found


def _row_sizes(lp: LP, sizes: Array) -> Array:
    """The largest term of each row, as a power of two; 1 where it has none."""
    largest = abs(lp.A @ sp.diags_array(sizes)).max(axis=1).toarray().ravel()
    return _power_of_two(np.where(largest > 0, largest, 1.0))


def _in_sizes(lp: LP, sizes: Array) -> LP:
    """The same problem with columns as parts of their sizes and rows as parts of theirs."""
    rows, columns = _row_sizes(lp, sizes), sp.diags_array(sizes)
    return replace(
        lp,
        A=(sp.diags_array(1.0 / rows) @ lp.A @ columns).tocsc(),
        K=(lp.K @ columns).tocsr(),
        lower=lp.lower / sizes,
        upper=lp.upper / sizes,
        row_lower=lp.row_lower / rows,
        row_upper=lp.row_upper / rows,
    )


def _holds(lp: LP, stage: Stage, before: Array, after: Array) -> bool:
    """Whether an objective, in natural units, is no worse after than before, or than what it was held at meanwhile."""
    was, now = (
        sum(weight * (lp.K @ x)[lp.measure(name)] for name, weight in stage.weights.items()) for x in (before, after)
    )
    size = sum(abs(weight) * float(lp.whole[lp.measure(name)]) for name, weight in stage.weights.items())
    return bool(now - max(was, _held_at(lp, stage)) <= _HELD * max(abs(was), _SMALL * size))


def _held_at(lp: LP, stage: Stage) -> float:
    """The ceiling that held an earlier objective at its optimum while later ones were minimised; none is no excuse."""
    if stage.measure not in lp.measures:
        return -np.inf
    ceiling = float(lp.ceilings[lp.measure(stage.measure)])
    return ceiling if ceiling <= stage.value + 2 * HOLD * max(abs(stage.value), _ZERO) else -np.inf


def _face(lp: LP, answer: Answer, held: Sequence[Stage], sizes: Array) -> LP:
    """The plans as good as the answer: whatever has a multiplier stays where it is.

    Multipliers count by what a row or a column of its own ``sizes`` would change. The rows that make up the objectives' measures
    hold though the new aim does not ask for them.
    """
    asked = {name for stage in held for name, weight in stage.weights.items() if weight}
    fixed = np.abs(answer.reduced) * sizes > _PRICED
    tight = np.abs(answer.y) * _row_sizes(lp, sizes) > _PRICED
    at_lower, at_upper = np.isfinite(lp.row_lower), np.isfinite(lp.row_upper)
    return replace(
        lp,
        rows={
            name: replace(block, supports=()) if asked & set(block.supports) else block
            for name, block in lp.rows.items()
        },
        lower=np.where(fixed, answer.x, lp.lower),
        upper=np.where(fixed, answer.x, lp.upper_bounds()),
        bounds={},
        row_lower=np.where(tight & ~at_lower, lp.row_upper, lp.row_lower),
        row_upper=np.where(tight & ~at_upper, lp.row_lower, lp.row_upper),
        floors=np.where(np.abs(answer.ceiling_y) * lp.whole > _PRICED, lp.ceilings, lp.floors),
    )


def _free_contributions(face: LP) -> Array:
    places = face.columns["contributed"].places
    return places.start + np.flatnonzero(face.lower[places] < face.upper[places])


def _split_at_fair_share(face: LP, columns: Array, rule: TieRule) -> tuple[LP, Array]:
    """Each free contribution as two columns, up to the fair share and beyond; the second costs its part of the requirement."""
    within = columns - face.columns["contributed"].start
    share = np.maximum(rule.share[within], face.lower[columns])
    upper = face.upper.copy()
    beyond = np.maximum(upper[columns] - share, 0.0)
    upper[columns] = np.minimum(upper[columns], share)
    split = replace(
        face,
        A=sp.hstack([face.A, face.A[:, columns]], format="csc"),
        K=sp.hstack([face.K, face.K[:, columns]], format="csr"),
        lower=np.r_[face.lower, np.zeros(len(columns))],
        upper=np.r_[upper, beyond],
    )
    return split, np.r_[np.zeros(len(face.lower)), (rule.likely / rule.required)[within]]
