"""Industry read a second time: who makes what is ordered, what suppliers can make, and what must come back to members' own, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.certificate.columns import ABSENT, Columns, by_anybody
from model.certificate.figures import Array, Figures, Truth
from model.certificate.rows import Given, Rule, entries, rows
from model.language.names import normalised
from model.scenario.scenario import Scenario

POLICIES = (
    "industry_gets_its_return",
    "supplier_keeps_up",
)
"""What somebody decided, and may be switched off."""


@dataclass(frozen=True, eq=False)
class Industry:
    """Parts of every order and limits a year (inf: none) by capability and supplier; ``home`` is what named suppliers leave.

    ``is_of`` says which supplier is the industry of which member, by member and supplier; ``back`` which part of what a member
    spends must come back to it (NaN: none).
    """

    suppliers: tuple[str, ...]
    part: Array
    limit: Array
    home: Array
    is_of: Truth
    back: Array


def industry(s: Scenario) -> Industry:
    """The sheet Industry and the column juste_retour as arrays."""
    capabilities, members = s.sets["capability"], s.sets["member"]
    suppliers = tuple(sorted({supplier for _, supplier in s.work_share}))
    part = np.zeros((len(capabilities), len(suppliers)))
    limit = np.full(part.shape, np.inf)
    for (capability, supplier), share in s.work_share.items():
        at = capabilities.index(capability), suppliers.index(supplier)
        part[at] = share
        most = s.supplier_limit[capability, supplier]
        limit[at] = np.inf if most is None else most
    same = [[normalised(member) == normalised(supplier) for supplier in suppliers] for member in members]
    back = [np.nan if (least := s.juste_retour.get(m)) is None else least for m in members]
    return Industry(
        suppliers=suppliers,
        part=part,
        limit=limit,
        home=np.maximum(0.0, 1.0 - part.sum(axis=1)),
        is_of=np.array(same, dtype=bool).reshape(len(members), len(suppliers)),
        back=np.array(back, dtype=float),
    )


FIGURES = (("industry", industry),)
"""What the certificate reads of this layer's sheets, and how."""


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
