"""What binds partners from outside: payments and loans, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import ABSENT, Columns
from model.certificate.figures import Figures
from model.certificate.partner_figures import payment_limit
from model.certificate.rows import Given, Rule, entries, rows

POLICIES = (
    "loan_is_limited",
    "members_bear_their_part",
    "members_provide_their_part",
    "partner_money_suffices",
)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Every rule of this layer."""
    yield from _payments(f, x)
    yield from _loans(f, x)


def _payments(f: Figures, x: Columns) -> Iterator[Rule]:
    """Payments follow contributions, are for what is needed, and stay within the money there is."""
    names, rate = f.partners.names, payment_limit(f)
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
