"""What binds industry: what suppliers can make, and what must come back to members' own, as rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.certificate.columns import ABSENT, Columns, by_anybody
from model.certificate.figures import Figures
from model.certificate.rows import Given, Rule, entries, rows

POLICIES = (
    "industry_gets_its_return",
    "supplier_keeps_up",
)
"""What somebody decided, and may be switched off."""


def rules(f: Figures, x: Columns, given: Given) -> Iterator[Rule]:
    """Both rules."""
    yield _limits(f, x)
    yield _returns(f, x)


def _limits(f: Figures, x: Columns) -> Rule:
    """Each supplier's part of all orders of a capability in a period is at most what it can make."""
    made, of = f.industry.part, f.joint.capability
    anything = by_anybody(f, *(column != ABSENT for column in (x.ordered, x.commonly_ordered, x.jointly_ordered)))
    limited = (made > 0) & np.isfinite(f.industry.limit)
    there = limited[:, :, None] & anything[:, None]
    keeps_up = rows("supplier_keeps_up", there, f.capabilities, f.industry.suppliers, f.periods)
    return keeps_up.rule(
        "<=",
        f.years * f.industry.limit[:, :, None],
        entries(keeps_up.at[None], x.ordered[:, :, None], made[:, :, None]),
        entries(keeps_up.at, x.commonly_ordered[:, None], made[:, :, None]),
        entries(keeps_up.at[of][:, None], x.jointly_ordered[:, :, None], made[of][:, None, :, None]),
    )


def _returns(f: Figures, x: Columns) -> Rule:
    """What a member's industry earns of everybody's orders, less the part of its own spending on them that must come back."""
    industry, paid_by = f.industry, f.common.paid_by
    returned = rows("industry_gets_its_return", ~np.isnan(industry.back), f.members)
    at = returned.at[:, None, None, None]
    earns = industry.is_of @ industry.part.T  # member, capability: the member's own industry's part of every order
    price = f.money.acquisition
    everybody = earns[:, None, :, None] * price[None, :, :, None]
    own = (industry.home - industry.back[:, None]) * price
    of = f.joint.capability
    joint = f.joint.price_left[:, None] * price.T[of]  # programme, buyer
    joint_own = (industry.home - industry.back[:, None]).T[of] * joint
    common = (earns + (industry.home - industry.back[:, None]) * paid_by) * f.common.price
    return returned.rule(
        ">=",
        0.0,
        entries(at, x.ordered[None], everybody),
        entries(returned.at[:, None, None], x.ordered, own[:, :, None]),
        entries(returned.at[:, None, None], x.commonly_ordered[None], common[:, :, None]),
        entries(at, x.jointly_ordered[None], (earns[:, of][:, :, None] * joint)[..., None]),
        entries(returned.at[None, :, None], x.jointly_ordered, joint_own[:, :, None]),
    )
