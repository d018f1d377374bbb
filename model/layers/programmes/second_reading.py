"""Joint programmes read a second time: who takes part and bears what, and what binds them, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures, Truth, Whole, array_of
from model.certificate.rows import Given, Line, Rule, written
from model.certificate.shares import fair_shares
from model.language.names import listed, normalised
from model.scenario.scenario import Scenario

POLICIES = (
    "participation_suffices",
    "programme_goes_ahead",
    "programme_stays_closed",
)
"""What somebody decided, and may be switched off."""


@dataclass(frozen=True, eq=False)
class Joint:
    """By programme: its capability, who takes part (by member), which part of development each bears, what is due in each period,
    the part of a price that is left, the year from which units may be ordered, the units to be ordered, and the least and most
    it may be opened."""

    names: tuple[str, ...]
    capability: Whole
    takes_part: Truth
    share: Array
    due: Array
    price_left: Array
    since: Array
    least_units: Array
    least_opened: Array
    most_opened: Array

    def fields(self, capabilities: int) -> Truth:
        """Who may have a capability by way of a programme, by member and capability."""
        found = np.zeros((self.takes_part.shape[1], capabilities), dtype=bool)
        for g, c in enumerate(self.capability):
            found[:, c] |= self.takes_part[g]
        return found


def joint(s: Scenario) -> Joint:
    """Both sheets as arrays; a programme nobody takes part in is none, and so is any where nothing is ordered."""
    capabilities, members = {c: i for i, c in enumerate(s.sets["capability"])}, s.sets["member"]
    part = {g: _participants(s, g) for g in (s.sets["programme"] if s.settings["new_orders"] else ())}
    names = tuple(g for g in part if part[g].any())
    return Joint(
        names=names,
        capability=np.array([capabilities[s.programme_capability[g]] for g in names], dtype=np.int64),
        takes_part=np.array([part[g] for g in names], dtype=bool).reshape(len(names), len(members)),
        share=np.array([_shares(s, g, part[g]) for g in names]).reshape(len(names), len(members)),
        due=np.array([_due(s, g) for g in names]).reshape(len(names), len(s.periods)),
        price_left=1 - array_of(s.programme_discount, names),
        since=array_of(s.earliest_year, names, blank=-np.inf),
        least_units=array_of(s.min_units, names),
        least_opened=np.array([float(s.decision[g] == "open") for g in names]),
        most_opened=np.array([float(s.decision[g] != "closed") for g in names]),
    )


def _participants(s: Scenario, programme: str) -> Truth:
    """By member: named in the list, itself or by a group it is in."""
    wanted = {normalised(name) for name in listed(s.participants[programme] or "", s.sets["member"])}
    found = []
    for m in s.sets["member"]:
        groups = {normalised(word) for word in str(s.groups.get(m) or "").split(",") if word.strip()}
        found.append(bool(wanted & {normalised(m), *groups}))
    return np.array(found, dtype=bool)


def _shares(s: Scenario, programme: str, takes_part: Truth) -> Array:
    """The part of development each member bears."""
    weight = np.ones(len(takes_part))
    if s.development_sharing[programme] == "key":
        weight = fair_shares(s, s.programme_key[programme])
    elif s.development_sharing[programme] == "workshare":
        weight = np.array([s.workshare.get((programme, m), 0.0) for m in s.sets["member"]])
    weight = weight * takes_part
    total = weight.sum()
    found: Array = weight / total if total > 0 else takes_part / takes_part.sum()
    return found


def _due(s: Scenario, programme: str) -> Array:
    """Development money by period: each of its years that lies in the period brings an equal part."""
    begins = s.development_from[programme]
    begins = int(s.settings["first_year"]) if begins is None else begins
    years = range(begins, begins + int(s.development_years[programme]))
    length = int(s.settings["years_per_period"])
    within = [sum(t <= year < t + length for year in years) for t in s.periods]
    found: Array = s.development_cost[programme] * np.array(within) / len(years)
    return found


FIGURES = (("joint", joint),)
"""What the certificate reads of this layer's sheets, and how."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Orders need the programme, participation suffices, and decisions are kept."""
    j, need, suffices, decided = f.joint, list[Line](), list[Line](), list[Line]()
    worth, required = joint_effect(f), f.needs.required.sum(axis=(0, 2))
    for g, programme in enumerate(j.names):
        orders, opened = x.jointly_ordered[g], int(x.opened[g])
        for m, t in np.argwhere(orders != ABSENT).tolist():
            terms = [(orders[m, t], worth[g, m]), (opened, -required[j.capability[g]])]
            need.append(((programme, f.members[m], f.periods[t]), 0.0, terms))
        if j.least_units[g] > 0:
            units = [(order, 1.0) for order in orders.ravel()]
            suffices.append(((programme,), 0.0, [*units, (opened, -j.least_units[g])]))
        decided.append(((programme,), float(j.least_opened[g]), [(opened, 1.0)]))
    yield written("joint_orders_need_the_programme", "<=", need)
    yield written("participation_suffices", ">=", suffices)
    yield written("programme_goes_ahead", ">=", decided)


def joint_effect(f: Figures) -> Array:
    """What a unit counts for as it is delivered, where it counts least, by programme and member; at its best where that is nothing."""
    level = np.maximum(f.forces.floor, f.forces.delivery_level)
    delivered = f.forces.effect[np.arange(len(f.members)), :, level].min(axis=1)
    return (f.forces.deployable * np.where(delivered > 0, delivered, 1.0)[:, None]).T[f.joint.capability]
