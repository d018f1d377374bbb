"""Which variables exist, under which names and keys, and up to what bound: section 4 of FORMULATION.md, read again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from model.certificate.figures import Array, Figures, Truth, Whole
from model.language.shown import Shown

Key = tuple[Any, ...]

ABSENT = -1
"""Stands in index arrays where there is no such column or row."""

ON_DEMAND = (
    "burden", "overburden", "task_loss", "tail_threshold", "tail_excess", "perceived_by_worst", "risk_of_worst_kind", "largest_part",
    "widest_gap",
)  # fmt: skip
"""Variables that exist for the sake of a measure or a policy, and are ignored by stages that need neither."""


POLICIES = ("challenge_is_reasonable", "share_is_limited")
"""What somebody decided, and may be switched off."""


def number(exists: Truth, start: int = 0) -> Whole:
    """Consecutive numbers from ``start`` where something exists, ABSENT elsewhere."""
    return np.where(exists, start + np.cumsum(exists.ravel()).reshape(exists.shape) - 1, ABSENT)


def keys_of(exists: Truth, axes: Sequence[Sequence[Any]]) -> tuple[Key, ...]:
    """The labels of every place where something exists, in the order :func:`number` counts them; the same again for the same."""
    return _keys(exists.tobytes(), exists.shape, tuple(map(tuple, axes)))


@lru_cache(maxsize=96)
def _keys(exists: bytes, shape: tuple[int, ...], axes: tuple[tuple[Any, ...], ...]) -> tuple[Key, ...]:
    there = np.frombuffer(exists, dtype=bool).reshape(shape)
    if not axes:
        return ((),) if there else ()
    labels = []
    for places, axis in zip(np.nonzero(there), axes, strict=True):
        named = np.empty(len(axis), dtype=object)
        named[:] = axis
        labels.append(named[places].tolist())
    return tuple(zip(*labels, strict=True))


@dataclass(frozen=True, eq=False)
class Layout(Shown):
    """The columns of x by name: ``keys`` and ``start`` by variable, ``upper`` the stated bounds, inf where there is none.

    ``reach`` is the natural size of a column, known from the data alone: what is required or held of the capability, all
    money offered, or 1.
    """

    keys: dict[str, tuple[Key, ...]]
    start: dict[str, int]
    upper: Array
    reach: Array

    @property
    def on_demand(self) -> tuple[str, ...]:
        """The variables that exist for the sake of a measure or a policy."""
        return ON_DEMAND

    @property
    def size(self) -> int:
        return len(self.upper)

    def name(self, column: int) -> str:
        """The variable and its key in words, such as ``held[Norland, tanks, 0, 2026]``."""
        variable = max((v for v in self.start if self.start[v] <= column and self.keys[v]), key=self.start.__getitem__)
        return label(variable, self.keys[variable][column - self.start[variable]])


@dataclass(frozen=True, eq=False)
class Columns(Layout):
    """Index arrays into x, one per variable (ABSENT where there is none), and what is known of every column.

    ``held`` answers for every level: at or below a member's floor it names the column of level 0.
    """

    ordered: Whole
    held: Whole
    lifted: Whole
    contributed: Whole
    commonly_ordered: Whole
    commonly_held: Whole
    commonly_contributed: Whole
    opened: Whole
    jointly_ordered: Whole
    short: Whole
    gap: Whole
    burden: Whole
    overburden: Whole
    task_loss: Whole
    excess: Whole
    tail_threshold: Whole
    tail_excess: Whole
    perceived_by_worst: Whole
    risk_of_worst_kind: Whole
    largest_part: Whole
    paid: Whole
    lent: Whole
    researched: Whole
    raised: Whole
    widest_gap: Whole


def label(name: str, key: Key) -> str:
    """A name with its key, as messages print it."""
    return f"{name}[{', '.join(map(str, key))}]" if key else name


def columns(f: Figures, off: Collection[str]) -> Columns:
    """All variables of a scenario, with their bounds; ``off`` matters to bounds that are policies."""
    where = _existing(f)
    where |= _of_partners(f, where["contributed"][0])
    anybody = (where[name][0] for name in ("ordered", "commonly_ordered", "jointly_ordered"))
    where |= _of_technology(f, by_anybody(f, *anybody))
    index: dict[str, Whole] = {}
    keys: dict[str, tuple[Key, ...]] = {}
    start: dict[str, int] = {}
    size = 0
    for name, (exists, axes) in where.items():
        index[name], keys[name], start[name] = number(exists, size), keys_of(exists, axes), size
        size += len(keys[name])
    held = index["held"]
    merged = (np.arange(len(f.levels)) <= f.forces.floor[:, None])[:, None, :, None]
    index["held"] = np.where(merged, held[:, :, :1], held)
    upper, reach = np.full(size, np.inf), np.ones(size)
    _bound(f, off, index, upper)
    _measure(f, index, reach)
    return Columns(**index, keys=keys, start=start, upper=upper, reach=reach)


def _existing(f: Figures) -> dict[str, tuple[Truth, tuple[Sequence[Any], ...]]]:
    """Where each variable exists, and what its axes are called."""
    members, capabilities, periods = f.members, f.capabilities, f.periods
    time = np.arange(len(periods))
    ripe = f.technology.ripe(periods)
    arrives = time + f.forces.delay[:, None] < len(periods)
    above = np.arange(len(f.levels)) > f.forces.floor[:, None]
    field = f.forces.is_field[:, :, None, None] & np.ones(len(periods), dtype=bool)
    needed = f.needs.required > 0
    wanted: Truth = np.any(needed, axis=(0, 2))
    owes = (f.needs.owed > 0)[..., None] | ~f.needs.weakest
    gives = f.forces.is_field[:, None] & owes & f.needs.part[..., None] & (f.needs.released > 0)
    forbearing = bool(f.settings["consensus"]) and f.settings["consensus_excess"] is not None
    bands = range(len(f.needs.band_width))

    def every(*axes: Sequence[Any]) -> tuple[Truth, tuple[Sequence[Any], ...]]:
        return np.ones([len(axis) for axis in axes], dtype=bool), axes

    return {
        "ordered": (f.forces.may_order[:, :, None] & ripe & arrives, (members, capabilities, periods)),
        "held": (
            field & (above | (np.array(f.levels) == 0))[:, None, :, None],
            (members, capabilities, f.levels, periods),
        ),
        "lifted": (field & above[:, None, :, None], (members, capabilities, f.levels, periods)),
        "contributed": (gives[..., None] & needed, (members, f.tasks, capabilities, periods)),
        **_common(f, arrives & ripe, needed),
        **_joint(f, arrives & ripe & wanted[:, None]),
        "short": (needed[..., None] & np.ones(len(bands), dtype=bool), (f.tasks, capabilities, periods, bands)),
        "gap": (needed & f.needs.weakest[:, None], (f.tasks, capabilities, periods)),
        "burden": every(members),
        "overburden": every(members),
        "task_loss": every(f.tasks),
        "excess": (np.full(len(members), forbearing), (members,)),
        "tail_threshold": every(),
        "tail_excess": every(f.situations),
        "perceived_by_worst": every(),
        "risk_of_worst_kind": every(),
        "largest_part": every(),
    }


def _common(f: Figures, arrives: Truth, needed: Truth) -> dict[str, tuple[Truth, tuple[Sequence[Any], ...]]]:
    """Where the alliance may own, order and send something itself."""
    owned, axes = f.common.owned[:, None], (f.capabilities, f.periods)
    may_order = np.array(f.periods) >= f.common.since[:, None]
    return {
        "commonly_ordered": (owned & may_order & arrives & bool(f.settings["new_orders"]), axes),
        "commonly_held": (owned & np.ones(len(f.periods), dtype=bool), axes),
        "commonly_contributed": (needed & owned, (f.tasks, *axes)),
    }


def _of_partners(f: Figures, contributed: Truth) -> dict[str, tuple[Truth, tuple[Sequence[Any], ...]]]:
    """The same of what partners pay and lend."""
    met = (f.needs.required > 0) & ~f.needs.weakest[:, None]  # what is required, and met by the sum
    paid, names = contributed & (f.partners.payment_limit(f.years) > 0)[:, None], f.partners.names
    return {
        "paid": (paid, (names, f.members, f.tasks, f.capabilities, f.periods)),
        "lent": (f.partners.lends & met, (names, f.tasks, f.capabilities, f.periods)),
    }


def _joint(f: Figures, in_time: Truth) -> dict[str, tuple[Truth, tuple[Sequence[Any], ...]]]:
    """Where programmes may be opened, and who may order through them when; what cannot be deployed, or no task needs, is of no use."""
    j = f.joint
    useful = j.takes_part & (f.forces.deployable.T[j.capability] > 0)
    when = in_time[j.capability] & (np.array(f.periods) >= j.since[:, None])
    return {
        "opened": (np.ones(len(j.names), dtype=bool), (j.names,)),
        "jointly_ordered": (useful[:, :, None] & when[:, None], (j.names, f.members, f.periods)),
    }


def by_anybody(f: Figures, ordered: Truth, commonly: Truth, jointly: Truth) -> Truth:
    """By capability and period: whether a member, the alliance or a programme's participant orders, from where each does."""
    found: Truth = ordered.any(axis=0) | commonly
    for g, c in enumerate(f.joint.capability):
        found[c] |= jointly[g].any(axis=0)
    return found


def _of_technology(f: Figures, ordered: Truth) -> dict[str, tuple[Truth, tuple[Sequence[Any], ...]]]:
    """The same of research, where some later order waits for it, and of transfers."""
    early = f.technology.unripe(f.periods) & ordered
    waiting: Whole = np.flip(np.cumsum(np.flip(early, axis=1), axis=1), axis=1)
    rises = f.technology.lags[:, None] & np.ones(len(f.periods), dtype=bool)
    return {
        "researched": (waiting > early, (f.capabilities, f.periods)),
        "raised": (rises, (f.members, f.periods)),
        "widest_gap": (np.array(True), ()),
    }


def _put(values: Array, at: Whole, what: Array) -> None:
    """Writes what belongs to each column that exists."""
    there = at != ABSENT
    values[at[there]] = np.broadcast_to(what, at.shape)[there]


def _bound(f: Figures, off: Collection[str], index: dict[str, Whole], upper: Array) -> None:
    """Stated bounds: the share and the challenge where forces are pooled, the debt where the weakest link counts."""
    required, fair = f.needs.required, f.needs.owed[:, :, None, None]
    limit = np.full(index["contributed"].shape, np.inf)
    if "share_is_limited" not in off:
        limit = np.minimum(limit, f.needs.max_share[:, None] * required)
    if f.settings["challenge"] is not None and "challenge_is_reasonable" not in off:
        limit = np.minimum(limit, f.settings["challenge"] * fair * required)
    limit = np.where(f.needs.weakest[:, None], fair * required, limit)
    _put(upper, index["contributed"], limit)
    if "common_stock_is_limited" not in off:
        _put(upper, index["commonly_held"], f.common.most[:, None])
    _put(upper, index["opened"], np.array(1.0) if "programme_stays_closed" in off else f.joint.most_opened)
    _put(upper, index["short"], f.needs.band_width * required[..., None])
    _put(upper, index["gap"], np.array(1.0))
    _put(upper, index["raised"], np.where(f.technology.can_rise, np.inf, 0.0)[:, None])
    if "loan_is_limited" not in off:
        _put(upper, index["lent"], f.partners.loan[..., None])
    if not f.settings["new_orders"]:
        _put(upper, index["lifted"], np.array(0.0))


def _measure(f: Figures, index: dict[str, Whole], reach: Array) -> None:
    """The natural size of each column."""
    required, at_start = f.needs.required, f.forces.at_start
    most_required = required.max(axis=(0, 2)) if required.size else np.zeros(len(f.capabilities))
    forces = np.maximum(most_required, at_start.max(axis=0))
    forces = np.where(forces > 0, forces, 1.0)
    for name in ("ordered", "contributed", "commonly_ordered", "commonly_held", "commonly_contributed"):
        _put(reach, index[name], forces[:, None])
    _put(reach, index["jointly_ordered"], forces[f.joint.capability][:, None, None])
    for name in ("held", "lifted"):
        _put(reach, index[name], forces[:, None, None])
    _put(reach, index["short"], forces[:, None, None])
    for name in ("burden", "overburden"):
        _put(reach, index[name], np.array(f.money.offered or 1.0))
    _put(reach, index["paid"], (f.partners.payment_limit(f.years) * forces[:, None])[:, None])
    _put(reach, index["lent"], forces[:, None])
    _put(reach, index["researched"], f.technology.cost[:, None])
    weighed = ((required > 0) * f.needs.importance[:, None]).sum(axis=(1, 2))
    _put(reach, index["task_loss"], np.where(weighed > 0, weighed, 1.0))
