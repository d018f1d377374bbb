"""Every measure reckoned by its definition from what is decided: stocks, orders, contributions, loans; no helper column is believed.

A helper (a burden, a largest value, a shortfall) is only pushed to its true value where the solver is asked for it. What is
printed must not depend on that, so it is worked out here once more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import FLOOR, Array, Figures, Truth, Whole
from model.certificate.rows import Entries
from model.certificate.tasks import loss_of_shortfalls, whole_losses


@dataclass(frozen=True)
class Measured:
    """Every measure by its definition. ``astray`` is how far the plan's own shortfalls, losses and burdens are from what its
    decisions make them, relative, and ``where`` that is."""

    measures: Mapping[str, float]
    astray: float = 0.0
    where: str = ""


def measured(f: Figures, c: Columns, off: Collection[str], spent: Entries, x: Array) -> Measured:
    """All measures of section 6 in natural units; ``spent`` are the terms of money by member and period."""
    missing = shortfalls(f, c, off, x)
    burden, loss = _burdens(f, spent, x), _losses(f, missing)
    total = f.needs.weight @ whole_losses(f)
    situations = f.needs.situation_of == np.arange(len(f.situations))[:, None]
    measures = {
        "risk": float(f.needs.weight @ loss / (total if total > 0 else 1.0)),
        "tail_risk": _tail(f, _felt(f, situations * f.needs.weight, loss)),
        "cost": float(burden.sum()),
        "unfairness": float(np.maximum(burden - f.money.fair_share * burden.sum(), 0.0).sum()),
        "worst_perceived_risk": float(_felt(f, f.needs.felt, loss).max(initial=0.0)),
        "worst_kind_risk": float(_felt(f, f.needs.of_kind * f.needs.weight, loss).max(initial=0.0)),
        "technology_gap": _widest_gap(f, c, x),
        "dependence": _largest_part(f, c, x),
    }
    helpers = (
        _off(c, "short", _at(c.short, x).sum(axis=-1), missing, f.needs.required),
        _off(c, "task_loss", _at(c.task_loss, x), loss, np.maximum(loss, FLOOR * whole_losses(f))),
        _off(c, "burden", _at(c.burden, x), burden, np.maximum(np.abs(burden), FLOOR * f.money.offered)),
    )
    return Measured(measures, *max(helpers))


def _off(c: Columns, name: str, said: Array, true: Array, size: Array) -> tuple[float, str]:
    """How far a helper is from its true value, of its size where it has one, and where that is furthest."""
    off_by = np.abs(said - true) / np.where(size > 0, size, 1.0)
    if not off_by.size:
        return 0.0, ""
    worst = int(off_by.argmax())
    place = np.unravel_index(worst, off_by.shape)
    column = int(getattr(c, name)[place].max()) if off_by.flat[worst] else ABSENT
    return float(off_by.flat[worst]), c.name(column) if column != ABSENT else ""


def shortfalls(f: Figures, c: Columns, off: Collection[str], x: Array) -> Array:
    """What is missing by task, capability and period: no more than is required, nothing where nobody asks for it."""
    required, given = f.needs.required, _at(c.contributed, x)
    everybody = given.sum(axis=0)
    pooled = required - everybody - _at(c.commonly_contributed, x) - _at(c.lent, x).sum(axis=0)
    weakest, worst = f.needs.weakest[:, None], f.settings["weakest_link_weight"]
    debt = f.needs.owed[:, :, None, None] * required
    behind = np.where(debt > 0, 1 - given / np.where(debt > 0, debt, 1.0), 0.0).max(axis=0, initial=0.0)
    linked = (1 - worst) * (required - everybody) + worst * required * np.maximum(behind, 0.0)
    linked = np.where((f.needs.owed.max(axis=0, initial=0.0) <= 0)[:, None, None], required, linked)
    missing = np.where(weakest, linked, pooled)
    asked = np.where(weakest, "weakest_link_counts" not in off, "requirement_is_met" not in off)
    missing_part: Array = np.clip(missing, 0.0, required) * asked
    return missing_part


def _at(index: Whole, x: Array) -> Array:
    """The values of columns, 0 where there is none."""
    found: Array = np.where(index != ABSENT, x[index], 0.0) if len(x) else np.zeros(index.shape)
    return found


def _burdens(f: Figures, spent: Entries, x: Array) -> Array:
    """Discounted spending by member."""
    row, column, amount = spent
    pairs = np.bincount(row, amount * x[column], minlength=len(f.members) * len(f.periods))
    burden: Array = (pairs.reshape(len(f.members), -1) * f.money.discount).sum(axis=1)
    return burden


def _losses(f: Figures, missing: Array) -> Array:
    """Graded loss of each task: what is missing fills the bands from the mildest."""
    width = f.needs.band_width * f.needs.required[..., None]
    before = np.cumsum(width, axis=-1) - width
    in_band = np.clip(missing[..., None] - before, 0.0, width)
    loss: Array = (loss_of_shortfalls(f) * in_band).sum(axis=(1, 2, 3))
    return loss


def _felt(f: Figures, weight: Array | Truth, loss: Array) -> Array:
    """Losses as whoever weighs them sees them, losing everything being 1; 0 for those who weigh nothing."""
    total = weight @ whole_losses(f)
    seen: Array = np.where(total > 0, weight @ loss / np.where(total > 0, total, 1.0), 0.0)
    return seen


def _tail(f: Figures, risk: Array) -> float:
    """The mean of situations' risks over the worst part of all probability."""
    total = float(f.needs.probability.sum())
    return tail_mean(risk, f.needs.probability / (total if total > 0 else 1.0), float(f.settings["cvar_level"]))


def tail_mean(values: Sequence[float] | Array, likely: Sequence[float] | Array, level: float) -> float:
    """The mean of the worst ``1 - level`` of all probability; at level 1 the worst that may come at all."""
    worst, parts = np.asarray(values, dtype=float), np.asarray(likely, dtype=float)
    if level >= 1:
        return float(worst.max(initial=0.0))
    order = np.argsort(-worst, kind="stable")
    reached = np.minimum(np.cumsum(parts[order]), 1 - level)
    return float(np.diff(reached, prepend=0.0) @ worst[order] / (1 - level))


def _widest_gap(f: Figures, c: Columns, x: Array) -> float:
    left = f.technology.behind - _at(c.raised, x).sum(axis=1)
    return float(np.where(f.technology.lags, left, 0.0).max(initial=0.0))


def _largest_part(f: Figures, c: Columns, x: Array) -> float:
    """The largest part of any pooled requirement that rests on one member."""
    pooled = (c.contributed != ABSENT) & ~f.needs.weakest[:, None]
    part = _at(c.contributed, x) / np.where(f.needs.required > 0, f.needs.required, 1.0)
    return float(np.where(pooled, part, 0.0).max(initial=0.0))
