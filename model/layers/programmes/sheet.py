"""The sheet Programmes and what the Summary says of joint programmes: which are opened, what that changes, who gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.language.registry import PARTS
from model.layers.programmes.tables import verdicts_of
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.solve.plan import Plan, Verdict
from model.wording import words
from model.workbook.write.excel_writer import Header

AFTER, BESIDE = "Schedule", "burden"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


_LITTLE = 1e-6
_NAMED = 4


def programmes(plan: Plan) -> Page:
    """The sheet Programmes."""
    says = (
        "Joint programmes: participants share the development and then pay less for each unit. For each, the plan with it opened "
        "and with it closed, all other programmes as decided. Money is discounted."
    )
    told = [Paragraph(sentence) for sentence in (*sentences(plan), *proof(plan))]
    return Page("Programmes", "Joint programmes", says, (*told, table(plan), members(plan)))


def table(plan: Plan) -> Grid:
    """A row a programme."""
    money, first = words.currency_of(plan.scenario), _first(plan)
    unit = words.currency_of(plan.scenario) if PARTS[first].unit == "money" else PARTS[first].unit
    name = words.capital(first.replace("_", " "))
    headers = (
        Header("Programme", style="text"),
        Header("Delivers", style="text"),
        Header("Decision", style="text"),
        Header("Decided by", style="text"),
        Header("Opened in the relaxation", "%", "share", width=13),
        Header("Units ordered through it", "units", "two_decimals", width=13),
        Header("Development", money, "money"),
        Header("Saved by the discount", money, "money"),
        Header(f"{name} if opened", unit, "number", width=13),
        Header(f"{name} if closed", unit, "number", width=13),
        Header("Cost if opened", money, "money"),
        Header("Cost if closed", money, "money"),
    )
    columns = (
        "programme", "capability", "decision", "decided_by", "opened_in_part", "units", "development", "savings", "when_open",
        "when_closed", "cost_when_open", "cost_when_closed",
    )  # fmt: skip
    says = "Blank where no plan satisfies the policies with that decision."
    return Grid("programmes", "Opened or closed", headers, rows(list(plan.records("programmes").pick(*columns))), says)


def members(plan: Plan) -> Grid:
    """A row a programme and member that takes part, or for which opening changes anything."""
    money = words.currency_of(plan.scenario)
    headers = (
        Header("Programme", style="text"),
        Header("Member", style="text"),
        Header("Part of development", "%", "share_two", width=13),
        Header("Development", money, "money"),
        Header("Units ordered through it", "units", "two_decimals", width=13),
        Header("Change of its burden if opened", money, "money", width=15),
        Header("Change of the risk it perceives", "fraction of 1", "four_decimals", width=15),
    )
    columns = (
        "programme", "member", "development_share", "development", "units", "burden_change", "perceived_risk_change",
    )  # fmt: skip
    records = list(plan.records("programme_members").pick(*columns))
    return Grid("programme members", "What they mean for each member", headers, rows(records))


def sentences(plan: Plan) -> list[str]:
    """One sentence or two for each programme."""
    return [_said(plan, verdict) for verdict in verdicts_of(plan)]


def proof(plan: Plan) -> list[str]:
    """What is proved about the choice of programmes."""
    decisions = plan.programmes
    if decisions is None or not decisions.free:
        return []
    first = _first(plan)
    relaxed = decisions.relaxed[first]
    said = (
        "Which programmes are opened was decided by branch and bound, the first objective first"
        if len(plan.stages) > 1
        else "Which programmes are opened was decided by branch and bound"
    )
    if first in decisions.bounds:
        said += f": no other choice brings {_name(first)} below {_figure(plan, first, decisions.bounds[first])}"
    return [
        f"{said}. If programmes could be opened in part, {_name(first)} could be {_figure(plan, first, relaxed)}. "
        "Under this choice the plan is the best of a linear programme, and its certificate as usual."
    ]


def brief(plan: Plan) -> list[Item]:
    """The section of the Summary; nothing where there are no programmes."""
    if plan.programmes is None:
        return []
    points = [Paragraph(said, "point") for said in sentences(plan)]
    return [heading("Joint programmes"), *points, *(Paragraph(said, "quiet") for said in proof(plan))]


def _record(plan: Plan) -> dict[str, Any] | None:
    """Everything about joint programmes for run.json; None where there are none."""
    decisions = plan.programmes
    if decisions is None or not plan.found:
        return None
    verdicts = [
        {
            "programme": v.programme, "opened": v.opened, "decided_by": "the plan" if v.free else "the workbook",
            "when_open": _plain(v.when_open), "when_closed": _plain(v.when_closed), "units": v.units,
            "development": v.development, "savings": v.savings, "burden_change": dict(v.burdens),
            "perceived_risk_change": dict(v.risks), "settled": v.settled,
        }
        for v in verdicts_of(plan)
    ]  # fmt: skip
    return {
        "verdicts": verdicts,
        "relaxation": {"measures": dict(decisions.relaxed), "opened": dict(decisions.relaxed_opened)},
        "bounds": dict(decisions.bounds),
    }


def _plain(found: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if found is None else dict(found)


def _said(plan: Plan, v: Verdict) -> str:
    """Opened or closed, by whom, what the other decision would do, and who gains."""
    capability = plan.data.programme_capability[v.programme]
    decided = "is" if v.free else "is, as the workbook says,"
    said = f"{v.programme} ({capability}) {decided} {'opened' if v.opened else 'not opened'}"
    if plan.alternatives is None:
        return f"{said}."
    if not v.settled:
        return f"{said}; what the other decision would do was not settled within the time limit."
    here, there = (v.when_open, v.when_closed) if v.opened else (v.when_closed, v.when_open)
    if here is None or there is None:
        return f"{said}: {'closed' if v.opened else 'opened'}, no plan would satisfy the policies."
    said += f": {_compared(plan, here, there, 'closed' if v.opened else 'opened')}."
    currency = words.currency_of(plan.scenario)
    if v.units > _LITTLE:
        said += (
            f" {'Its' if v.opened else 'Opened, its'} participants order {words.amount(v.units, plan.scenario, capability)} through it; "
            f"development costs {words.money(v.development, currency)} and the discount saves {words.money(v.savings, currency)}."
        )
    else:
        said += f" Development costs {words.money(v.development, currency)}, and nobody orders anything through it."
    return f"{said}{_gains(v)}"


def _compared(plan: Plan, here: Mapping[str, float], there: Mapping[str, float], other: str) -> str:
    """The first measure that differs, here and with the other decision."""
    aims = [name for stage in plan.stages for name in stage.weights]
    for name in aims:
        if abs(here[name] - there[name]) > _LITTLE * max(abs(here[name]), abs(there[name])):
            return f"{_name(name)} is {_figure(plan, name, here[name])}; {other}, it would be {_figure(plan, name, there[name])}"
    return f"{other}, every objective would be the same"


def _gains(v: Verdict) -> str:
    """Whose perceived risk opening lowers most, and whose burden it raises most."""
    eased = sorted((m for m, change in v.risks.items() if change < -_LITTLE), key=lambda m: v.risks[m])
    worse = sorted((m for m, change in v.risks.items() if change > _LITTLE), key=lambda m: -v.risks[m])
    said = ""
    if eased:
        said += f" Opening it lowers the risk that {words.joined(eased[:_NAMED])} {'perceives' if len(eased) == 1 else 'perceive'} most."
    if worse:
        said += f" It raises that of {words.joined(worse[:_NAMED])}."
    return said


def _first(plan: Plan) -> str:
    return plan.stages[0].measure if len(plan.stages[0].weights) == 1 else "risk"


def _name(measure: str) -> str:
    return measure.replace("_", " ")


def _figure(plan: Plan, measure: str, value: float) -> str:
    if PARTS[measure].unit == "money":
        return words.money(value, words.currency_of(plan.scenario))
    return words.percent(max(value, 0.0), 2)


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, where there are any."""
    return [programmes(plan)] if plan.programmes else []


def record(plan: Plan) -> dict[str, Any]:
    """What the run's record says of them."""
    found = _record(plan)
    return {"programmes": found} if found else {}
