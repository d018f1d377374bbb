"""Which cell of the workbook a policy's figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.scenario.scenario import Scenario

_PLEDGES = {"pledge_is_kept": "min_stock", "pledge_is_not_exceeded": "max_stock"}

_SETTINGS = {
    "burden_is_not_too_high": "fairness_band",
    "burden_is_not_too_low": "fairness_band",
    "equipment_is_renewed": "equipment_floor",
    "consensus_holds": "consensus",
    "challenge_is_reasonable": "challenge",
    "technology_gap_is_limited": "technology_limit",
}

_COLUMNS = {
    "budget_is_respected": ("alliance_share", "member"),
    "industry_keeps_up": ("build_limit", "capability"),
    "share_is_limited": ("capability_max_share", "capability"),
    "industry_gets_its_return": ("juste_retour", "member"),
    "common_stock_is_limited": ("common_max_stock", "capability"),
    "participation_suffices": ("min_units", "programme"),
    "programme_goes_ahead": ("decision", "programme"),
    "programme_stays_closed": ("decision", "programme"),
    "partner_money_suffices": ("partner_money", "partner"),
    "members_bear_their_part": ("members_part", "partner"),
    "members_provide_their_part": ("members_part", "partner"),
}


def cell_of(scenario: Scenario, rule: str, at: Mapping[str, Any]) -> str:
    """The cell, such as ``Pledges!C4``; "" where the figure is derived from several or the scenario has no workbook."""
    if rule in _PLEDGES:
        return _pledge(scenario, _PLEDGES[rule], at)
    if rule in _SETTINGS:
        return scenario.cells.get((_SETTINGS[rule], None), "")
    if rule in _COLUMNS:
        column, dimension = _COLUMNS[rule]
        return scenario.cells.get((column, at.get(dimension)), "")
    if rule == "caveat_is_respected":
        keys = [(at.get("member"), at.get("task"), c) for c in (at.get("capability"), None)]
        return next((scenario.cells[place] for key in keys if (place := ("max_fraction", key)) in scenario.cells), "")
    if rule == "supplier_keeps_up":
        return scenario.cells.get(("supplier_limit", (at.get("capability"), at.get("supplier"))), "")
    if rule == "loan_is_limited":
        rows = [(at.get("partner"), at.get("capability"), task) for task in (at.get("task"), None)]
        return next((scenario.cells[place] for row in rows if (place := ("lendable", row)) in scenario.cells), "")
    if rule == "requirement_is_met":
        return _latest(scenario, "quantity", (at.get("task"), at.get("capability")), at.get("period") or 0)
    return ""


def _pledge(scenario: Scenario, column: str, at: Mapping[str, Any]) -> str:
    return _latest(scenario, column, (at.get("member"), at.get("capability")), at.get("period") or 0)


def _latest(scenario: Scenario, column: str, pair: tuple[Any, Any], year: int) -> str:
    """The row in force in a year: the latest for the pair that states a value."""
    stated = [key for key, value in scenario.values[column].items() if key[:2] == pair and value is not None]
    in_force = sorted((key[2] or 0, str(key[2]), key) for key in stated if (key[2] or 0) <= year)
    return scenario.cells.get((column, in_force[-1][2]), "") if in_force else ""
