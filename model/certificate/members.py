"""What binds members: stocks, levels, pledges, industry, money and burdens (section 5), as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.certificate.columns import ABSENT, Columns, by_anybody
from model.certificate.figures import Figures, Truth, Whole
from model.certificate.rows import Entries, Line, Rule, entries, joined, moved, rows, written

POLICIES = (
    "budget_is_respected",
    "burden_is_not_too_high",
    "burden_is_not_too_low",
    "equipment_is_renewed",
    "industry_keeps_up",
    "pledge_is_kept",
    "pledge_is_not_exceeded",
)
"""What somebody decided, and may be switched off."""


@dataclass(frozen=True, eq=False)
class Spending:
    """Terms of money; their rows number the pairs of member and period, periods fastest."""

    total: Entries
    renewal: Entries
    members: int
    periods: int

    @property
    def member(self) -> Whole:
        """The member of each pair."""
        return np.repeat(np.arange(self.members), self.periods)


def spending(f: Figures, x: Columns) -> Spending:
    """What every order, lift and unit held costs its member, its part of common funding and loans, less what partners pay it."""
    money, shape = f.money, (len(f.members), len(f.periods))
    pair = np.arange(shape[0] * shape[1]).reshape(shape)
    by_stock, by_level = pair[:, None], pair[:, None, None]
    price = money.acquisition
    step = np.diff(money.exercise, prepend=0.0)
    orders = entries(by_stock, x.ordered, price[:, :, None])
    lifts = entries(by_level, x.lifted, money.upgrade[:, None] * price[:, :, None, None])
    keeping = entries(by_stock, x.held[:, :, 0], f.years * money.sustainment[:, :, None])
    exercises = entries(by_level, x.held, f.years * step[:, None] * price[:, :, None, None])
    pooled = f.common.paid_by[:, :, None]
    common_orders = entries(by_stock, x.commonly_ordered, pooled * f.common.price[:, None])
    common_keeping = entries(by_stock, x.commonly_held, pooled * f.years * f.common.upkeep[:, None])
    fair, loans = f.needs.owed[:, None, :, None, None], f.years * f.partners.price[..., None]
    hires = entries(pair[:, None, None, None, :], x.lent[None], fair * loans)
    payments = entries(pair[None, :, None, None, :], x.paid, -1.0)
    research = entries(pair[:, None], x.researched[None], money.fair_share[:, None, None])
    transfers = entries(
        pair[:, None], x.raised[None], money.fair_share[:, None, None] * np.nan_to_num(f.technology.transfer)[:, None]
    )
    renewal = joined(orders, lifts, common_orders, *_programmes(f, x, pair))
    total = joined(renewal, keeping, exercises, common_keeping, hires, payments, research, transfers)
    return Spending(total, renewal, *shape)


def _programmes(f: Figures, x: Columns, pair: Whole) -> tuple[Entries, Entries]:
    """What participants of joint programmes pay for units and for development."""
    j = f.joint
    price = j.price_left[:, None] * f.money.acquisition.T[j.capability]
    development = j.share[:, :, None] * j.due[:, None]
    return (
        entries(pair, x.jointly_ordered, price[:, :, None]),
        entries(np.broadcast_to(pair, development.shape), x.opened[:, None, None], development),
    )


def member_rules(f: Figures, x: Columns, off: Collection[str]) -> Iterator[Rule]:
    """Every rule of this topic that is not switched off."""
    spent = spending(f, x)
    found = (
        *_stocks(f, x),
        *_promises(f, x),
        *_budgets(f, x, spent),
        *_burdens(f, x, spent, off),
    )
    return (rule for rule in found if rule.name not in off)


def _arriving(f: Figures, x: Columns) -> Whole:
    """The column of what is delivered, by member, capability and period of delivery."""
    arriving = np.full_like(x.ordered, ABSENT)
    for c, delay in enumerate(f.forces.delay):
        if delay < len(f.periods):
            arriving[:, c, delay:] = x.ordered[:, c, : len(f.periods) - delay]
    return arriving


def _before(index: Whole) -> Whole:
    """The same column one period earlier; ABSENT in the first."""
    return np.concatenate([np.full_like(index[..., :1], ABSENT), index[..., :-1]], axis=-1)


def _stocks(f: Figures, x: Columns) -> Iterator[Rule]:
    """Holdings and levels carry over, levels nest."""
    forces, axes = f.forces, (f.members, f.capabilities, f.periods)
    arriving, first = _arriving(f, x), np.arange(len(f.periods)) == 0
    everything, left = x.held[:, :, 0], forces.left
    carry = rows("holdings_carry_over", everything != ABSENT, *axes)
    yield carry.rule(
        "<=",
        np.where(first, forces.at_start[:, :, None], 0.0),
        entries(carry.at, everything, 1.0),
        entries(carry.at, _before(everything), -left[:, None]),
        entries(carry.at, arriving, -1.0),
        *_arrivals(f, x, carry.at, -1.0),
    )
    by_level = (f.members, f.capabilities, f.levels, f.periods)
    level = np.array(f.levels)
    had = np.where(forces.level[:, None, None] >= level, forces.at_start[:, :, None], 0.0)
    own_level = rows("level_carries_over", x.lifted != ABSENT, *by_level)
    yield own_level.rule(
        "<=",
        np.where(first, had[..., None], 0.0),
        entries(own_level.at, x.held, 1.0),
        entries(own_level.at, _before(x.held), -left[:, None, None]),
        entries(own_level.at, x.lifted, -1.0),
        entries(own_level.at, arriving[:, :, None], -1.0 * (level <= forces.delivery_level)[:, None]),
        *_arrivals(f, x, own_level.at, -1.0 * (level <= forces.delivery_level)[:, None]),
    )
    nest = rows("levels_nest", x.lifted != ABSENT, *by_level)
    below = np.concatenate([x.held[:, :, :1], x.held[:, :, :-1]], axis=2)
    yield nest.rule("<=", 0.0, entries(nest.at, x.held, 1.0), entries(nest.at, below, -1.0))


def _promises(f: Figures, x: Columns) -> Iterator[Rule]:
    """Pledges, and what industry can deliver."""
    forces, axes = f.forces, (f.members, f.capabilities, f.periods)
    kept = rows("pledge_is_kept", ~np.isnan(forces.least), *axes)
    yield kept.rule(">=", forces.least, entries(kept.at, x.held[:, :, 0], 1.0))
    not_exceeded = rows("pledge_is_not_exceeded", ~np.isnan(forces.most), *axes)
    yield not_exceeded.rule("<=", forces.most, entries(not_exceeded.at, x.held[:, :, 0], 1.0))
    anybody = by_anybody(f, *(column != ABSENT for column in (x.ordered, x.commonly_ordered, x.jointly_ordered)))
    limited: Truth = np.isfinite(forces.build_limit)[:, None] & anybody
    industry = rows("industry_keeps_up", limited, f.capabilities, f.periods)
    orders = (
        entries(industry.at, x.ordered, 1.0),
        entries(industry.at, x.commonly_ordered, 1.0),
        entries(industry.at[f.joint.capability][:, None], x.jointly_ordered, 1.0),
    )
    yield industry.rule("<=", forces.build_limit[:, None], *orders)


def _budgets(f: Figures, x: Columns, spent: Spending) -> Iterator[Rule]:
    """The budget, that partners pay nobody more than it spends, and the guideline on equipment where one is set."""
    everywhere = np.ones((len(f.members), len(f.periods)), dtype=bool)
    budget = rows("budget_is_respected", everywhere, f.members, f.periods)
    yield budget.rule("<=", f.money.budget, moved(spent.total, budget.at.ravel()))
    repaid = rows("payment_is_no_profit", (x.paid != ABSENT).any(axis=(0, 2, 3)), f.members, f.periods)
    yield repaid.rule(">=", 0.0, moved(spent.total, repaid.at.ravel()))
    floor = f.settings["equipment_floor"]
    if floor is not None:
        renewed = rows("equipment_is_renewed", _can_buy(f, x), f.members, f.periods)
        at = renewed.at.ravel()
        yield renewed.rule(">=", 0.0, moved(spent.renewal, at), moved(spent.total, at, -floor))


def _can_buy(f: Figures, x: Columns) -> Truth:
    """By member and period: whether it can order anything, or pays for what the alliance can order."""
    pays = (f.common.paid_by > 0)[:, :, None] & (x.commonly_ordered != ABSENT)
    found: Truth = (x.ordered != ABSENT).any(axis=1) | pays.any(axis=1)
    return found | (x.jointly_ordered != ABSENT).any(axis=0)


def _burdens(f: Figures, x: Columns, spent: Spending, off: Collection[str]) -> Iterator[Rule]:
    """Burdens, what exceeds the fair share, and the band around it where one is set."""
    everyone = np.ones(len(f.members), dtype=bool)
    band = f.settings["fairness_band"]
    banded = band is not None and not {"burden_is_not_too_high", "burden_is_not_too_low"} <= set(off)
    own = rows("burden_adds_up", everyone, f.members)
    discounted = moved(spent.total, own.at[spent.member], -np.tile(f.money.discount, len(f.members)))
    yield own.rule("=", 0.0, entries(own.at, x.burden, 1.0), discounted, serves=() if banded else ("unfairness",))

    over = (_beyond_part(f, x, m, -1.0, 1.0, (x.overburden[m], 1.0)) for m in range(len(f.members)))
    yield written("overburden_counts", ">=", over, serves=("unfairness",))
    if band is not None:
        high, low = (
            [_beyond_part(f, x, m, 1.0, -(1 + sign * band)) for m in range(len(f.members))] for sign in (1, -1)
        )
        yield written("burden_is_not_too_high", "<=", high)
        yield written("burden_is_not_too_low", ">=", low)


def _beyond_part(f: Figures, x: Columns, m: int, own: float, part: float, *more: tuple[int, float]) -> Line:
    """A member's burden times ``own``, and everybody's times ``part`` of its fair share."""
    share = part * f.money.fair_share[m]
    return (f.members[m],), 0.0, [*more, (x.burden[m], own), *((burden, share) for burden in x.burden)]


def _arrivals(f: Figures, x: Columns, at: Whole, coefficient: Any) -> Iterator[Entries]:
    """What programmes deliver, as terms of the rows ``at`` (member, capability, …, period)."""
    periods = len(f.periods)
    for g, c in enumerate(f.joint.capability):
        delay = int(f.forces.delay[c])
        arriving = np.full_like(x.jointly_ordered[g], ABSENT)
        arriving[:, delay:] = x.jointly_ordered[g][:, : max(0, periods - delay)]
        where = at[:, c]
        lifted = arriving if where.ndim == 2 else arriving[:, None]
        yield entries(where, lifted, coefficient)
