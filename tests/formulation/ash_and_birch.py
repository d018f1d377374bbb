"""The smallest scenario in which every rule has something to say, in round figures, for reading and for units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from model.core.parameters import Data
from model.language.registry import Part
from model.scenario.scenario import Scenario
from tests.scenarios import scenario

ALONE = {"Ash": 0.5, "Birch": 0.75}
"""Risk alone, made up: what consensus compares with."""


def ash_and_birch(**changed: Any) -> Scenario:
    """Two members, a capability of each kind of sharing, two periods of two years, three levels, every policy on.

    *Money.* Ash offers 2 years x 300 x 0.1 x 0.5 = 30, then 45 (its share is half way from 0.1 to 0.2 after two of
    four years). Birch offers 2 x 100 x 0.1 = 20, then 2 x 121 x 0.1 = 24.2. A later period weighs 1.25^-2 = 0.64. Fair
    shares by GDP are 0.75 and 0.25.

    *Prices.* Ash pays the list: tanks 10, scans 4, wards 2. Birch pays double, for tanks three times as much, 30; it
    cannot order scans. Keeping costs 1, 0.5 and 0.25 a year before that.

    *Effect.* Ash is at the delivery level "joint", which is its floor; Birch starts "apart". Beside Ash (attack) an Ash
    unit counts 1; a Birch unit, half in common, 0.6, 0.8, 1 by level. Without a lead (crisis) Ash is a quarter like the
    others: 0.7 at "joint", 1 at "as one"; Birch again 0.6, 0.8, 1. Deployable: half of what Ash holds, all of
    what Birch holds, and of tanks 0.8 of that.

    *Weights.* Situations weigh 3 and 1; what matters is voiced by GDP: defend 3 x (0.75 x 1 + 0.25 x 2) = 3.75,
    patrol 3, rescue 0.75 x 0.5 + 0.25 x 1.5 = 0.75. Over importance (tanks and wards 1, scans 2) and periods these are
    3.75 x 6 + 3 x 2 + 0.75 x 2 = 30, of which 28.5 are conventional and 1.5 disaster relief. The first half missing hurts
    0.5, the second 1.5, a mean of 1.
    """
    return scenario(
        {
            "Ash": {
                "gdp": 300.0,
                "population": 30.0,
                "target_share": 0.2,
                "target_year": 2030,
                "alliance_share": 0.5,
                "member_availability": 0.5,
                "member_level": "joint",
            },
            "Birch": {"gdp_growth": 0.1, "population": 10.0, "price_level": 2.0, "member_level": "apart"},
        },
        {
            "tank": {
                "unit_cost": 10.0,
                "capability_availability": 0.8,
                "capability_max_share": 0.6,
                "build_limit": 1.0,
            },
            "scan": {
                "unit_cost": 4.0,
                "sustainment_cost": 0.5,
                "life": 4.0,
                "lead_time": 1.5,
                "importance": 2.0,
                "sharing": "non-rival",
            },
            "ward": {"unit_cost": 2.0, "sustainment_cost": 0.25, "life": 20.0, "sharing": "weakest link"},
        },
        {"attack": (3.0, "Ash"), "crisis": (1.0, None)},
        {"defend": ("attack", 1.0), "patrol": ("attack", 1.0), "rescue": ("crisis", 1.0)},
        {
            ("defend", "tank", None): 8.0,
            ("defend", "tank", 2028): 10.0,
            ("defend", "scan", None): 4.0,
            ("patrol", "tank", None): 2.0,
            ("rescue", "ward", None): 4.0,
        },
        holding={("Ash", "tank"): 5.0, ("Birch", "tank"): 2.0, ("Birch", "scan"): 1.0, ("Ash", "ward"): 1.0},
        cost_factor={
            ("Ash", "tank"): 1.0,
            ("Ash", "scan"): 1.0,
            ("Ash", "ward"): 1.0,
            ("Birch", "tank"): 1.5,
            ("Birch", "ward"): 1.0,
        },
        levels={"apart": (0.2, 0.0, 0.01), "joint": (0.6, 0.1, 0.02), "as one": (1.0, 0.2, 0.05)},
        commonality={("Ash", "Birch"): 0.25, ("Birch", "Ash"): 0.5},
        priority={("Birch", "defend"): 2.0, ("Ash", "rescue"): 0.5, ("Birch", "rescue"): 1.5},
        max_fraction={("Birch", "defend", "tank"): 0.5, ("Birch", "rescue", None): 0.25},
        pledges={("Birch", "tank", None): (1.0, None), ("Birch", "tank", 2028): (None, 5.0)},
        bands={0.5: 0.5, 1.0: 1.5},
        kinds={"defend": "conventional", "patrol": "conventional", "rescue": "disaster"},
        name="Ash and Birch",
        **{
            "last_year": 2029,
            "years_per_period": 2,
            "discount_rate": 0.25,
            "cvar_level": 0.5,
            "voice": "gdp",
            "delivery_level": "joint",
            "challenge": 2.0,
            "fairness_band": 0.5,
            "equipment_floor": 0.2,
            "consensus": True,
            **changed,
        },
    )


_POOLED: dict[str, dict[str, Any]] = {
    "tank": {"common_holding": 1.0, "common_max_stock": 3.0, "common_cost_factor": 0.5, "common_from_year": 2028},
    "scan": {"common_cost_factor": 0.75, "common_key": "equal"},
}


def delivered_at_once(**changed: Any) -> Scenario:
    """Ash and Birch without a lead time."""
    made = ash_and_birch(**changed)
    return made.with_values("lead_time", dict.fromkeys(made.lead_time, 0.0))


def pooled() -> Scenario:
    """Ash and Birch, who may own tanks and scans together.

    *Common funding.* Tanks: one is there, at most three, at half the list price: 5 to buy, 0.5 a year to keep; ordered from
    2028 on; paid by GDP, 0.75 and 0.25; 0.8 of them can be deployed. Scans: none yet, at 0.75 of the list price: 3 to buy,
    0.375 a year to keep; paid in equal parts; an order takes a period.
    """
    return ash_and_birch(common_funding=_POOLED)


def forbearing() -> Scenario:
    """Ash and Birch, who put up with 0.1 more risk than alone, added up by voice: 0.75 and 0.25."""
    return ash_and_birch(consensus_excess=0.1)


def helped() -> Scenario:
    """Ash and Birch, who have a partner.

    *Partners.* The League helps in both periods with at most 6 a year (12 a period), and leaves a quarter to the members.
    It pays 0.5 a year for each effective scan in the defence, 1 a year for tanks on patrol, and lends up to 1.5 tanks to
    each task but the patrol, to which it lends half a tank at 0.25 a year: 0.5 a period, 0.375 of it borne by Ash.
    """
    rows: dict[str, dict[Any, Any]] = {
        "partner_money": {"League": 6.0},
        "partner_from": {"League": None},
        "partner_to": {"League": 2028},
        "members_part": {"League": 0.25},
        "reimbursement": {
            ("League", "scan", "defend"): 0.5,
            ("League", "tank", "patrol"): 1.0,
            ("League", "tank", None): None,
            ("League", "ward", None): 0.125,
        },
        "lendable": {
            ("League", "scan", "defend"): None,
            ("League", "tank", "patrol"): 0.5,
            ("League", "tank", None): 1.5,
            ("League", "ward", None): None,
        },
        "lending_price": {
            ("League", "scan", "defend"): 0.0,
            ("League", "tank", "patrol"): 0.25,
            ("League", "tank", None): 0.0,
            ("League", "ward", None): 0.0,
        },
    }
    plain = ash_and_birch()
    filled = plain
    for column, cells in rows.items():
        filled = filled.with_values(column, cells)
    return replace(filled, sets={**plain.sets, "partner": ("League",)})


def supplied() -> Scenario:
    """Ash and Birch, whose industry makes a part of what they order.

    *Industry.* Of every tank Ash makes a half and a foreign yard a quarter, at most 0.25 of its units a year (0.5 a period), and
    a quarter stays in the buyer's country; of every scan Birch makes a half. A million gives 8 job-years in Ash's tanks. Half of
    what Birch spends must come back to it; a million that Ash earns adds 1.5 to its GDP. The two may also own tanks and scans
    together, as when pooled, and scans are delivered at once, so that something is sold of everything in both periods.
    """
    return delivered_at_once(
        common_funding=_POOLED,
        optional={
            "work_share": {("tank", "ash"): 0.5, ("tank", "Yard"): 0.25, ("scan", "Birch"): 0.5},
            "supplier_limit": {("tank", "ash"): None, ("tank", "Yard"): 0.25, ("scan", "Birch"): 2.0},
            "jobs_per_million": {("tank", "ash"): 8.0, ("tank", "Yard"): None, ("scan", "Birch"): None},
            "juste_retour": {"Ash": None, "Birch": 0.5},
            "multiplier": {"Ash": 1.5, "Birch": None},
        },
    )


def ripening() -> Scenario:
    """Ash and Birch, for whom not everything is ripe.

    *Technology.* Tanks can be ordered from 2028 on. Scans need joint research of 10, all of which would allow 1.5 a year, 3 a
    period: 0.3 for each unit of money. Ash is at 0.9, Birch half below it at 0.4; raising it by 1 would cost 20, of which Ash
    pays 0.75 x 20 = 15. In the end nobody may be further behind than 0.25. They may also own tanks and scans together. Here scans
    are delivered at once: what would be ripe in the second period would else arrive too late to be offered.
    """
    return delivered_at_once(
        common_funding=_POOLED,
        technology_limit=0.25,
        optional={
            "available_from": {"tank": 2028, "scan": None},
            "research_cost": {"tank": None, "scan": 10.0},
            "early_orders": {"tank": None, "scan": 1.5},
            "technology": {"Ash": 0.9, "Birch": 0.4},
            "transfer_cost": {"Ash": None, "Birch": 20.0},
        },
    )


def joint() -> Scenario:
    """Ash and Birch, who may develop a tank together, and a scan that it is decided to open and a ward decided to stay closed.

    *Tank.* Development costs 12, a third a year from 2027 on, so a third in the first period and two in the second; by
    workshare 3 : 1. A unit costs 0.8 of what each pays by itself, 10 and 30; from 2028 on; at least half a tank if opened. Delivered
    "joint", an Ash unit counts least in a crisis, 0.7, of which 0.4 can be deployed: 0.28; a Birch unit 0.8 x 0.8 = 0.64. All tasks of
    both periods require 8 + 10 + 2 + 2 = 22.
    *Scan.* Birch cannot order it by itself: through the programme it pays twice 4, less nothing. Paid in equal parts, 2 in 2026.
    """
    tank = {
        "programme_capability": "tank", "participants": "Ash, Birch", "development_cost": 12.0, "development_sharing": "workshare",
        "development_from": 2027, "development_years": 3, "earliest_year": 2028, "programme_discount": 0.2, "min_units": 0.5,
    }  # fmt: skip
    scan = {
        "programme_capability": "scan", "participants": "Ash, Birch", "development_cost": 2.0, "development_sharing": "equal",
        "decision": "open",
    }  # fmt: skip
    ward = {"programme_capability": "ward", "participants": "Ash", "development_sharing": "equal", "decision": "closed"}
    return ash_and_birch(
        programmes={"tank": tank, "scan": scan, "ward": ward}, workshare={("tank", "Ash"): 3.0, ("tank", "Birch"): 1.0}
    )


JOINT = (
    "opened", "jointly_ordered", "joint_", "development", "all_that_is_required", "least_units", "least_opened", "most_opened",
    "participation_suffices", "programme_",
)  # fmt: skip
"""How names of parts that belong to joint programmes begin."""


LAYERS: dict[str, Callable[[], Scenario]] = {
    "common": pooled, "partners": helped, "industry": supplied, "technology": ripening, "consensus": forbearing, "joint": joint,
}  # fmt: skip
"""Ash and Birch with one optional sheet or two, by the layer's name."""


def data(layer: str = "") -> Data:
    """The scenario as the rules see it, with a layer of its own where one is named."""
    return Data(LAYERS.get(layer, ash_and_birch)(), ALONE)


def layer_of(part: Part) -> str:
    """The layer a part belongs to; "" for the core, whose texts no layer changes."""
    if part.topic in ("industry", "technology"):
        return part.topic
    if part.name == "technology_spending":
        return "technology"
    if part.topic == "partners" or part.name == "payment_is_no_profit":
        return "partners"
    if part.name.startswith("common"):
        return "common"
    if part.name in ("excess", "excess_is_limited"):
        return "consensus"
    return "joint" if part.name.startswith(JOINT) else ""
