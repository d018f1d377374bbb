"""What each member would face by itself: its own forces, its own budget, itself the lead of every situation."""

from __future__ import annotations

from types import MappingProxyType

from model.data.scenario import Scenario
from model.data.schema import COMMON_FUNDING


def alone(scenario: Scenario, member: str) -> Scenario:
    """The scenario of one member on its own.

    Requirements, caveats, pledges, prices and industry stay; the rules that divide a burden among several members
    (largest share, reasonable challenge, fairness band, consensus) mean nothing for one and are off. What the alliance owns
    together is not there, nor are its partners.
    """
    only = scenario.restricted(member)
    only = only.with_settings(
        challenge=None, fairness_band=None, consensus=False, burden_key="equal", voice="equal", objectives=("risk",)
    )
    only = only.with_values("lead", MappingProxyType(dict.fromkeys(scenario.lead, member)))
    for column in COMMON_FUNDING.columns:
        if column.name not in COMMON_FUNDING.keys:
            only = only.with_values(column.key, MappingProxyType({}))
    for help_from_outside in ("reimbursement", "lendable"):
        only = only.with_values(help_from_outside, MappingProxyType({}))
    return only.with_values("capability_max_share", MappingProxyType(dict.fromkeys(scenario.capability_max_share, 1.0)))
