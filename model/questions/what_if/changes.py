"""Two plans compared, as tidy tables: measures, what changed most, which policies newly bind or release, which limits moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from model.language.columns import MEASURES
from model.language.faults import UsageError
from model.language.registry import PARTS, parts
from model.report.figures import room
from model.solve.lp import Key
from model.solve.plan import Plan

MOST = 10
"""How many of each kind of change are listed."""
TINY = 1e-6
"""Relative differences up to this are the solver's, not the world's."""
_PRICED = 1e-10
"""Gains times room below this are noise: parts of a measure between 0 and 1."""
_STATES = {(False, True): "newly binds", (True, False): "released", (True, True): "binds in both"}

Facts = dict[tuple[str, str, str], tuple[float, str, float]]
"""By member, task and capability ("" where it has none): a value, its unit, and what one unit of it weighs in ranking."""


def measures_of(base: Plan, changed: Plan) -> pd.DataFrame:
    """Every measure of both plans, their difference, absolute and relative, and the unit; nan where there is no plan."""
    records = []
    for name in MEASURES:
        if base.scenario.lacks(name) and changed.scenario.lacks(name):
            continue
        old, new = (plan.measures.get(name, float("nan")) for plan in (base, changed))
        records.append((name, *_compared(old, new), changed.unit_said(PARTS[name].unit)))
    return pd.DataFrame(records, columns=["measure", "base", "changed", "difference", "relative", "unit"])


def changes_between(base: Plan, changed: Plan) -> pd.DataFrame:
    """What changed most, by ``what`` (spending, holdings, coverage), largest first, at most ``MOST`` of each.

    *Spending* is a member's burden over the horizon, discounted. *Holdings* are the alliance's units of a capability, their
    mean over the periods, ranked by what they cost. *Coverage* is the part of a requirement that is met, mean over the
    periods. A member or requirement that only one plan has counts as 0 in the other.
    """
    columns = ["what", "rank", "member", "task", "capability", "base", "changed", "difference", "relative", "unit"]
    kinds: dict[str, Callable[[Plan], Facts]] = {"spending": _spending, "holdings": _holdings, "coverage": _coverage}
    records = []
    for what, facts in kinds.items() if base.found and changed.found else ():
        old, new = facts(base), facts(changed)
        found = []
        for key in dict.fromkeys((*old, *new)):
            (one, unit, weight), (other, *_) = (
                old.get(key, (0.0, *new.get(key, (0, "", 0))[1:])),
                new.get(key, (0.0, "", 0)),
            )
            if abs(other - one) > TINY * max(abs(one), abs(other), 1e-3):
                found.append((abs(other - one) * weight, key, (*_compared(one, other), unit)))
        found.sort(key=lambda row: (-row[0], row[1]))
        records += [(what, rank, *key, *row) for rank, (_, key, row) in enumerate(found[:MOST], 1)]
    return pd.DataFrame.from_records(records, columns=columns)


def policies_between(base: Plan, changed: Plan) -> pd.DataFrame:
    """Every policy that binds in either plan, by member (or capability where it has no member), largest change first.

    ``base_places`` and ``changed_places`` count where it binds with a price (periods, tasks …). ``base`` and ``changed``
    are what it costs at the margin: by how much the first objective would fall for one per cent more room everywhere it
    binds. ``state`` is "newly binds", "released" or "binds in both".
    """
    columns = [
        "policy", "member", "capability", "state", "base_places", "changed_places", "base", "changed", "difference", "unit",
    ]  # fmt: skip
    if not (base.found and changed.found):
        return pd.DataFrame(columns=columns)
    measure = base.stage().measure
    records = []
    for part in parts("constraint", "bound", among=base.parts):
        if not part.may_bend or part.asks:
            continue
        old, new = _worth(base, part.name, measure), _worth(changed, part.name, measure)
        for member, capability in dict.fromkeys((*old, *new)):
            (before, was), (after, now) = (
                old.get((member, capability), (0, 0.0)),
                new.get((member, capability), (0, 0.0)),
            )
            state = _STATES[before > 0, after > 0]
            unit = f"{measure} per 1 % more room"
            records.append((part.name, member, capability, state, before, after, was, now, now - was, unit))
    table = pd.DataFrame.from_records(records, columns=columns)
    order = table["difference"].abs().round(12).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def limits_moved(base: Plan, changed: Plan) -> pd.DataFrame:
    """What edits moved the limits of policies by, and what that alone does to the first objective at the base plan's prices.

    ``policy``, ``member``, ``capability``, ``room`` (how much wider the limits are, all places together), ``room_unit``,
    ``value`` (the estimated change of the measure; a rise where room was taken away), ``unit``. Largest first. Prices hold
    for small changes: an estimate, which in a large one understates what is lost and overstates what is gained. Empty where
    the edits changed more than limits (a member leaves, a requirement or a price changes): then it would be half the truth.
    """
    columns = ["policy", "member", "capability", "room", "room_unit", "value", "unit"]
    if not (base.found and changed.found and _only_limits_differ(base, changed)):
        return pd.DataFrame(columns=columns)
    measure = base.stage().measure
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    for part in parts("constraint", "bound", among=base.parts):
        if part.may_bend and not part.asks and part.room is None:  # room of forces is the plan's, and moves with it
            for key, gain in _gains(base, part.name, measure).items():
                wider = _limit(changed, part.name, key) - _limit(base, part.name, key)
                if abs(wider) > 0:
                    group = part.name, *_group(part.index, key)
                    room, value = found.get(group, (0.0, 0.0))
                    found[group] = room + wider, value - gain * wider
    unit = base.unit_said(PARTS[measure].unit)
    records = [
        (*group, room, base.unit_said(base.parts[group[0]].unit), value, unit) for group, (room, value) in found.items()
    ]
    records.sort(key=lambda row: (-abs(row[5]), row[:3]))
    return pd.DataFrame.from_records(records, columns=columns)


def _only_limits_differ(base: Plan, changed: Plan) -> bool:
    """Whether the same rules hold with the same coefficients for the same measures."""
    one, other = base.lp, changed.lp
    if one.columns != other.columns or one.rows != other.rows:
        return False
    return all((a != b).nnz == 0 for a, b in ((one.A, other.A), (one.K, other.K)))


def _limit(plan: Plan, rule: str, key: Key) -> float:
    """A policy's limit at one place, so that more of it is more room; nan where the plan has no such place."""
    lp = plan.lp
    if rule in lp.bounds:
        place = lp.columns[lp.bound_blocks[rule].name].at.get(key)
        return float("nan") if place is None else float(lp.bounds[rule][place])
    place = lp.rows[rule].at.get(key) if rule in lp.rows else None
    if place is None:
        return float("nan")
    lower = float(lp.row_lower[place])
    return -lower if lower > -float("inf") else float(lp.row_upper[place])


def _gains(plan: Plan, rule: str, measure: str) -> Mapping[Key, float]:
    try:
        return plan.gains(rule, measure)
    except UsageError:  # this problem has no such rule, or no such stage
        return {}


def _group(index: tuple[str, ...], key: Key) -> tuple[str, str]:
    """The member of a place, or its capability where it has no member."""
    at = dict(zip(index, key, strict=True))
    member = str(at.get("member", ""))
    return member, "" if member else str(at.get("capability", ""))


def _compared(old: float, new: float) -> tuple[float, float, float, float]:
    return old, new, new - old, (new - old) / abs(old) if old else float("nan")


def _spending(plan: Plan) -> Facts:
    unit = plan.unit_said("money")
    return {(member, "", ""): (burden, unit, 1.0) for member, burden in plan.quantity("discounted_spend").items()}


def _holdings(plan: Plan) -> Facts:
    periods = len(plan.data.sets["period"])
    found: Facts = {}
    held = plan.table("stocks").groupby("capability")["value"].sum()
    for capability, value in held.items():
        name = str(capability)
        unit = str(plan.scenario.unit.get(name) or "unit")
        found["", "", name] = (float(value) / periods, unit, float(plan.scenario.unit_cost[name]) or 1e-9)
    return found


def _coverage(plan: Plan) -> Facts:
    table = plan.table("requirements")
    sums = table.groupby(["task", "capability"])[["required", "shortfall"]].sum()
    return {
        ("", str(task), str(capability)): (1.0 - row.shortfall / row.required, "fraction of 1", 1.0)
        for (task, capability), row in zip(sums.index, sums.itertuples(), strict=True)
    }


def _worth(plan: Plan, rule: str, measure: str) -> Mapping[tuple[str, str], tuple[int, float]]:
    """By member and capability: at how many places the rule binds, and what one per cent more room there would gain."""
    found: dict[tuple[str, str], tuple[int, float]] = {}
    for key, gain in _gains(plan, rule, measure).items():
        worth = 0.01 * gain * (room(plan, rule, key) if gain > 0 else 0.0)
        if worth > _PRICED:
            group = _group(plan.parts[rule].index, key)
            places, total = found.get(group, (0, 0.0))
            found[group] = places + 1, total + worth
    return found
