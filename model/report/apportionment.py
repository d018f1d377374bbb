"""Capability targets: what each member is asked to hold and when, against its holdings, its fair share and what is reasonable."""

from __future__ import annotations

from model.report.pages import Grid, Page, Scale, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header, Marked

_NOTHING = 1e-6
_LIMIT = 1 - 1e-6


def targets(plan: Plan) -> Grid:
    """A row for each member and capability with anything held, ordered or contributed."""
    d, step = plan.data, plan.data.step
    periods = d.sets["period"]
    headers = (
        Header("Member", style="text"),
        Header("Capability", style="text"),
        Header("Unit", style="text"),
        Header("Held at the start", "units", "one_decimal", width=12),
        *(Header(f"Target {words.period(t, step)}", "units", "one_decimal", width=12) for t in periods),
        Header("Change, first to last target", "units", "one_decimal", width=13),
        Header("Orders in all", "units", "one_decimal", width=11),
        Header(f"Asked in {words.period(periods[-1], step)}", "times its fair share", "two_decimals", width=14),
        Header("Most asked in any year", "times its fair share", "two_decimals", width=14),
        Header("Reasonable challenge", style="text", width=26),
    )
    found = [
        _row(plan, m, c)
        for m in plan.scenario.sets["member"]
        for c in plan.scenario.sets["capability"]
        if _matters(plan, m, c)
    ]
    says = "Only pairs with something held or ordered."
    return Grid("targets", "", headers, rows(found), says)


def _matters(plan: Plan, member: str, capability: str) -> bool:
    d = plan.data
    if (member, capability) not in d.deployable:
        return False
    held = (plan.values["held"][member, capability, 0, t] for t in d.sets["period"])
    ordered = [_ordered(plan, member, capability)]
    return max(d.initial[member, capability], *held, *ordered) > _NOTHING


def _row(plan: Plan, member: str, capability: str) -> tuple[object, ...]:
    d = plan.data
    held = [plan.values["held"][member, capability, 0, t] for t in d.sets["period"]]
    ordered = _ordered(plan, member, capability)
    asked = asked_in(plan, member, capability, d.sets["period"][-1])
    most, label = challenge(plan, member, capability)
    start = d.initial[member, capability]
    return (
        member,
        capability,
        words.unit_of(plan.scenario, capability),
        start,
        *held,
        held[-1] - held[0],
        ordered,
        asked,
        most,
        label,
    )


def _ordered(plan: Plan, member: str, capability: str) -> float:
    """Units ordered over the horizon, by itself and through joint programmes."""
    d = plan.data
    own = (plan.values["ordered"].get((member, capability, t), 0.0) for t in d.sets["period"])
    through = d.programmes_of.get((member, capability), ())
    joint = (plan.values["jointly_ordered"].get((g, member, t), 0.0) for g in through for t in d.sets["period"])
    return float(sum(own) + sum(joint))


def asked_in(plan: Plan, member: str, capability: str, year: int) -> float | None:
    """Its part of all that is required of a capability in a year, over its fair share; None where nothing is required or owed."""
    d, sent = plan.data, plan.values["contributed"]
    keys = [key for key in d.required if key[1] == capability and key[2] == year]
    required = sum(d.required[key] for key in keys)
    if required <= 0 or d.fair_share[member] <= 0:
        return None
    return float(sum(sent.get((member, *key), 0.0) for key in keys) / required / d.fair_share[member])


def challenge(plan: Plan, member: str, capability: str) -> tuple[float | None, object]:
    """The most asked of the member for any requirement, in fair shares, and whether that is within what is reasonable."""
    d, sent = plan.data, plan.values["contributed"]
    if d.fair_share[member] <= 0:
        return None, "no fair share"
    of = {key: sent.get((member, *key), 0.0) / need for key, need in d.required.items() if key[1] == capability}
    parts = list(of.values())
    most = max((part / share for key, part in of.items() if (share := d.task_share[member, key[0]]) > 0), default=0.0)
    if d.sharing[capability] == "weakest link":
        return most, "owes its fair share"
    limit = d.settings["challenge"]
    if max(parts, default=0.0) >= _LIMIT * d.capability_max_share[capability] < 1:
        return most, Marked(f"at the share limit, {words.percent(d.capability_max_share[capability])}", "warning")
    if limit is None:
        return most, "no challenge set"
    if most > limit * (2 - _LIMIT):
        return most, Marked(f"beyond {words.number(limit)} × fair share", "bad")
    if most >= limit * _LIMIT:
        return most, Marked(f"at the limit, {words.number(limit)} ×", "warning")
    return most, f"within {words.number(limit)} ×"


def apportionment(plan: Plan) -> Page:
    """The Apportionment sheet."""
    key = str(plan.scenario.settings["burden_key"])
    says = (
        "Units each member is asked to hold, by period. 'Times its fair share' compares the member's part "
        "of what all tasks require of the capability with its "
        f"part of the burden key ({key}): 1 is exactly its fair share. Pairs with nothing held or ordered "
        "are left out. Fractions of units are averages to be rounded in staff work."
    )
    return Page("Apportionment", "Capability targets by member", says, (targets(plan),))


def target_matrix(plan: Plan) -> Page:
    """Targets of the last period, member by capability."""
    last = plan.data.sets["period"][-1]
    capabilities = plan.scenario.sets["capability"]
    held = plan.values["held"]
    headers = (
        Header("Member", style="text"),
        *(Header(c, words.unit_of(plan.scenario, c), "one_decimal", width=7.5, upright=True) for c in capabilities),
    )
    records = [(m, *(_shown(held.get((m, c, 0, last))) for c in capabilities)) for m in plan.scenario.sets["member"]]
    total = (
        "All members",
        *(sum(v for (_, k, level, t), v in held.items() if (k, level, t) == (c, 0, last)) for c in capabilities),
    )
    scales = tuple(Scale((at,), rows_left_out=1) for at in range(1, len(capabilities) + 1))
    years = words.period(last, plan.data.step)
    grid = Grid("target matrix", "", headers, rows([*records, total]), scales=scales)
    says = f"Units each member is asked to hold in {years}; colours compare members within a capability. Blank: nothing held."
    return Page("Target matrix", f"Capability targets, {years}", says, (grid,))


def _shown(value: float | None) -> float | None:
    return value if value is not None and value > _NOTHING else None
