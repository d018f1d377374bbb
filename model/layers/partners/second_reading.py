"""Partners from outside read a second time: what they offer, and what binds payments and loans, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Array, Figures, Truth
from model.certificate.rows import Given, Rule, entries, rows
from model.scenario.scenario import Scenario

POLICIES = (
    "loan_is_limited",
    "members_bear_their_part",
    "members_provide_their_part",
    "partner_money_suffices",
)
"""What somebody decided, and may be switched off."""


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

    def payment_limit(self, years: int) -> Array:
        """What an effective unit contributed through a period of so many years brings, by partner, task, capability and period."""
        return years * self.rate[..., None] * self.helps[:, None, None, :]

    @property
    def lends(self) -> Truth:
        """Where a loan is on offer, by partner, task, capability and period."""
        offered: Truth = (self.loan > 0)[..., None] & self.helps[:, None, None, :]
        return offered


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


FIGURES = (("partners", partners),)
"""What the certificate reads of this layer's sheets, and how."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Every rule of this layer."""
    yield from _payments(f, x)
    yield from _loans(f, x)


def _payments(f: Figures, x: Columns) -> Iterator[Rule]:
    """Payments follow contributions, are for what is needed, and stay within the money there is."""
    names, rate = f.partners.names, f.partners.payment_limit(f.years)
    follows = rows(
        "payment_follows_contribution", x.paid != ABSENT, names, f.members, f.tasks, f.capabilities, f.periods
    )
    yield follows.rule(
        "<=", 0.0, entries(follows.at, x.paid, 1.0), entries(follows.at, x.contributed[None], -rate[:, None])
    )
    part = (1 - f.partners.own)[:, None, None, None] * rate
    bear = rows(
        "members_bear_their_part", (rate > 0) & (f.needs.required > 0), names, f.tasks, f.capabilities, f.periods
    )
    lent = np.moveaxis(x.lent, 0, -1)[None]
    yield bear.rule(
        "<=",
        part * f.needs.required,
        entries(bear.at[:, None], x.paid, 1.0),
        entries(bear.at[..., None], x.short[None], part[..., None]),
        entries(bear.at[..., None], lent, part[..., None]),
        entries(bear.at, x.commonly_contributed[None], part),
    )
    pays = (x.paid != ABSENT).any(axis=(1, 2, 3))
    suffices = rows("partner_money_suffices", pays & np.isfinite(f.partners.money)[:, None], names, f.periods)
    limit = f.years * f.partners.money[:, None]
    yield suffices.rule("<=", limit, entries(suffices.at[:, None, None, None, :], x.paid, 1.0))


def _loans(f: Figures, x: Columns) -> Iterator[Rule]:
    """Loans are for what is needed, less the members' own part."""
    part = (1 - f.partners.own)[:, None, None, None]
    needed = rows("members_provide_their_part", x.lent != ABSENT, f.partners.names, f.tasks, f.capabilities, f.periods)
    yield needed.rule(
        "<=",
        part * f.needs.required,
        entries(needed.at, x.lent, 1.0),
        entries(needed.at[..., None], x.short[None], part[..., None]),
    )
