"""What binds technology: research before early orders, transfers up to the best, the widest gap, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import ABSENT, Columns, by_anybody
from model.certificate.figures import Figures
from model.certificate.rows import Given, Rule, entries, rows

POLICIES = ("technology_gap_is_limited",)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Every rule of this layer."""
    yield from _research(f, x)
    yield from _gaps(f, x)


def _research(f: Figures, x: Columns) -> Iterator[Rule]:
    """Early orders in proportion to what was paid before, and no more paid than there is to pay."""
    ordered = by_anybody(f, *(column != ABSENT for column in (x.ordered, x.commonly_ordered, x.jointly_ordered)))
    first = rows("research_comes_first", f.technology.unripe(f.periods) & ordered, f.capabilities, f.periods)
    allows = f.years * f.technology.early / np.where(f.technology.cost > 0, f.technology.cost, 1.0)
    earlier = np.tri(len(f.periods), k=-1)  # period of the order, period of the payment
    yield first.rule(
        "<=",
        0.0,
        entries(first.at, x.ordered, 1.0),
        entries(first.at, x.commonly_ordered, 1.0),
        entries(first.at[f.joint.capability][:, None], x.jointly_ordered, 1.0),
        entries(first.at[..., None], x.researched[:, None], -allows[:, None, None] * earlier),
    )
    once = rows("research_is_paid_once", (x.researched != ABSENT).any(axis=1), f.capabilities)
    yield once.rule("<=", np.nan_to_num(f.technology.cost), entries(once.at[:, None], x.researched, 1.0))


def _gaps(f: Figures, x: Columns) -> Iterator[Rule]:
    """How far transfers may go, and how far members stay behind."""
    behind, lags = f.technology.behind, f.technology.lags
    best = rows("best_is_the_limit", f.technology.can_rise, f.members)
    yield best.rule("<=", behind, entries(best.at[:, None], x.raised, 1.0))
    most = f.settings["technology_limit"]
    if most is not None:
        limited = rows("technology_gap_is_limited", lags, f.members)
        yield limited.rule("<=", most - behind, entries(limited.at[:, None], x.raised, -1.0))
    counts = rows("gap_in_technology_counts", lags, f.members)
    risen = entries(counts.at[:, None], x.raised, 1.0)
    yield counts.rule(">=", behind, entries(counts.at, x.widest_gap, 1.0), risen, serves=("technology_gap",))
