"""The figures of partners from outside as arrays, derived afresh from the scenario's cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from model.certificate.figures import Figures

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Partners:
    """Who helps when, with how much money a year (inf: no limit); rates, loans and their prices by partner, task and capability."""

    names: tuple[str, ...]
    helps: Truth
    money: Array
    own: Array
    rate: Array
    loan: Array
    price: Array


def partners(s: Scenario) -> Partners:
    """The figures of the sheets Partners and Partner support."""
    names = tuple(s.sets.get("partner", ()))
    years = np.array(s.periods)
    first = np.array([s.partner_from[j] or -np.inf for j in names])
    last = np.array([s.partner_to[j] or np.inf for j in names])
    money = [np.inf if s.partner_money[j] is None else s.partner_money[j] for j in names]
    return Partners(
        names=names,
        helps=(first[:, None] <= years) & (years <= last[:, None]),
        money=np.array(money, dtype=float),
        own=np.array([s.members_part[j] or 0.0 for j in names], dtype=float),
        rate=_offered(s, names, "reimbursement"),
        loan=_offered(s, names, "lendable"),
        price=_offered(s, names, "lending_price"),
    )


def _offered(s: Scenario, names: tuple[str, ...], column: str) -> Array:
    """A figure by partner, task and capability: rows for every task first, then those of one task in their place."""
    tasks, capabilities = tuple(s.sets["task"]), tuple(s.sets["capability"])
    found = np.zeros((len(names), len(tasks), len(capabilities)))
    rows: list[tuple[Any, float]] = sorted(s.values.get(column, {}).items(), key=lambda row: row[0][2] is not None)
    for (partner, capability, task), value in rows:
        which = slice(None) if task is None else tasks.index(task)
        found[names.index(partner), which, capabilities.index(capability)] = value or 0.0
    return found


def payment_limit(f: Figures) -> Array:
    """What an effective unit contributed through a period brings, by partner, task, capability and period."""
    return f.years * f.partners.rate[..., None] * f.partners.helps[:, None, None, :]


def loans_there(f: Figures) -> Truth:
    """Where a loan is on offer, for what is required and met by the sum."""
    offered = (f.partners.loan > 0)[..., None] & f.partners.helps[:, None, None, :]
    there: Truth = offered & (f.needs.required > 0) & ~f.needs.weakest[:, None]
    return there
