"""What binds joint programmes, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures
from model.certificate.rows import Given, Rule, entries, rows

POLICIES = (
    "participation_suffices",
    "programme_goes_ahead",
    "programme_stays_closed",
)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Orders need the programme, participation suffices, and decisions are kept."""
    j, order, names = f.joint, x.jointly_ordered, f.joint.names
    need = rows("joint_orders_need_the_programme", order != ABSENT, names, f.members, f.periods)
    worth = entries(need.at, order, joint_effect(f)[:, :, None])
    most = -f.needs.required.sum(axis=(0, 2))[j.capability]
    yield need.rule("<=", 0.0, worth, entries(need.at, x.opened[:, None, None], most[:, None, None]))
    suffices = rows("participation_suffices", j.least_units > 0, names)
    orders = entries(suffices.at[:, None, None], order, 1.0)
    yield suffices.rule(">=", 0.0, orders, entries(suffices.at, x.opened, -j.least_units))
    decided = rows("programme_goes_ahead", x.opened != ABSENT, names)
    yield decided.rule(">=", j.least_opened, entries(decided.at, x.opened, 1.0))


def joint_effect(f: Figures) -> Array:
    """What a unit counts for as it is delivered, where it counts least, by programme and member; at its best where that is nothing."""
    level = np.maximum(f.forces.floor, f.forces.delivery_level)
    delivered = f.forces.effect[np.arange(len(f.members)), :, level].min(axis=1)
    return (f.forces.deployable * np.where(delivered > 0, delivered, 1.0)[:, None]).T[f.joint.capability]
