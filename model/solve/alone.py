"""What members compare an alliance's plan with: each by itself, and all of them with today's forces."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from model.language.columns import Sheet
from model.layers.common_funding.sheets import COMMON_FUNDING
from model.layers.programmes.sheets import PROGRAMMES, WORKSHARES
from model.scenario.scenario import Scenario


def alone(scenario: Scenario, member: str) -> Scenario:
    """The scenario of one member on its own: its own forces, its own budget, itself the lead of every situation.

    Requirements, caveats, pledges, prices and industry stay; the rules that divide a burden among several members
    (largest share, reasonable challenge, fairness band, consensus), and the part of its money that must come back to its industry,
    mean nothing for one and are off. What the alliance owns
    together is not there, nor are joint programmes and its partners. The member stays out of nothing that it counts: alone there
    is nobody to leave a task to. What it no longer counts has no priority.
    """
    only = scenario.restricted(member)
    only = only.with_settings(
        challenge=None, fairness_band=None, consensus=False, burden_key="equal", voice="equal", objectives=("risk",)
    )
    only = only.with_values("lead", MappingProxyType(dict.fromkeys(scenario.lead, member)))
    only = _without(only, COMMON_FUNDING, PROGRAMMES, WORKSHARES)
    for help_from_outside in ("reimbursement", "lendable"):
        only = only.with_values(help_from_outside, MappingProxyType({}))
    only = only.with_values("juste_retour", MappingProxyType({member: None}))
    only = only.with_values("capability_max_share", MappingProxyType(dict.fromkeys(scenario.capability_max_share, 1.0)))
    uncounted = {row: 0.0 for row, counts in only.still_counts.items() if not counts}
    return only.with_values("priority", {**only.priority, **uncounted}).with_values("still_counts", {})


def status_quo(scenario: Scenario) -> Scenario:
    """The alliance with today's forces as they age: nothing is ordered, nothing upgraded.

    Requirements, releases, caveats, opt-outs, shares, the challenge and budgets stay. Promises to hold more than there is, the
    equipment guideline, the fairness band and the limit on gaps in technology ask for money to be moved, and are off; so is
    consensus, which asks for this. Joint programmes have delivered nothing yet, and are not there.
    """
    still = scenario.with_settings(
        new_orders=False, consensus=False, fairness_band=None, equipment_floor=None, technology_limit=None
    )
    return _without(still.with_values("min_stock", dict.fromkeys(scenario.min_stock)), PROGRAMMES, WORKSHARES)


def _without(scenario: Scenario, *sheets: Sheet) -> Scenario:
    """The scenario as if these optional sheets had no rows."""
    for sheet in sheets:
        for column in (column for column in sheet.columns if column.name not in sheet.keys):
            scenario = scenario.with_values(column.key, MappingProxyType({}))
    introduced = {key for sheet in sheets for key in sheet.keys[:1] if len(sheet.keys) == 1 and key == "programme"}
    emptied = {name: () if name in introduced else names for name, names in scenario.sets.items()}
    return replace(scenario, sets=MappingProxyType(emptied))
