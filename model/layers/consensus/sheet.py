"""The sheet Consensus and what the Summary says of it: who agrees to the plan, against what, and who is outvoted."""

from __future__ import annotations

from typing import Any

from model.layers.threats.tables import AGREES
from model.report.pages import Grid, Item, Page, Paragraph, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header, Marked

AFTER, BESIDE = "Schedule", "dependence"
"""Behind which sheet of the report its own stands, and beside which section of the Summary what it says."""


_CLOSE = 1e-6


def used(plan: Plan) -> bool:
    """Whether members have to agree."""
    return bool(plan.records("consents").records)


def consensus(plan: Plan) -> Page:
    """The sheet Consensus: member by member, what it perceives under the plan, alone and with today's forces."""
    told = [Paragraph(sentence) for sentence in sentences(plan)]
    return Page("Consensus", "Who agrees to this plan", _asked(plan), (*told, grid(plan)))


def brief(plan: Plan) -> list[Item]:
    """The section of the Summary; nothing where nobody has to agree."""
    if not used(plan):
        return []
    said = [Paragraph(sentence, "point") for sentence in sentences(plan)]
    return [heading("Who agrees to this plan"), Paragraph(_asked(plan)), *said]


def _asked(plan: Plan) -> str:
    settings = plan.scenario.settings
    against = (
        "it would face alone"
        if settings["consensus_against"] == "alone"
        else "in the status quo (today's forces, nothing new)"
    )
    if settings["consensus_excess"] is not None:
        most = words.percent(settings["consensus_excess"])
        return f"Members may perceive no more risk than {against}, or together, added up by voice, {most} more."
    if settings["consensus_voice"] < 1:
        part = words.percent(settings["consensus_voice"])
        return f"Members with {part} of the voice must perceive no more risk than {against}."
    return f"Every member must perceive no more risk than {against}."


def sentences(plan: Plan) -> list[str]:
    """Who agrees, who does not, for whom the rule binds, and what was left open."""
    table = plan.records("consents").by("member")
    agreeing = [m for m in table if table[m]["verdict"] == AGREES]
    voice = sum(table[m]["voice"] for m in agreeing)
    said = [
        f"{words.capital(words.count(len(agreeing), 'member'))} of {len(table)} agree, with {words.percent(voice)} of the voice."
    ]
    for m in (m for m in table if m not in agreeing):
        seen, accepted = (words.percent(table[m][name], 1) for name in ("value", "accepted"))
        said.append(f"{m} {table[m]['verdict']}: it perceives a risk of {seen} and compares with {accepted}.")
    bound = [m for m in agreeing if table[m]["value"] >= table[m]["accepted"] - _CLOSE]
    if bound:
        said.append(f"No better off than what it compares with: {words.joined(bound, 6)}.")
    return [*said, *([plan.dissent.says] if plan.dissent.says else [])]


def grid(plan: Plan) -> Grid:
    """A row a member."""
    headers = (
        Header("Member", style="text"),
        Header("Voice", "%", "share", width=12),
        Header("Risk it perceives", "fraction of 1", "four_decimals", width=14),
        Header("Alone", "fraction of 1", "four_decimals", width=14),
        Header("Status quo", "fraction of 1", "four_decimals", width=14),
        Header("Compared with", "fraction of 1", "four_decimals", width=14),
        Header("Verdict", style="text", width=38),
    )
    names = ("member", "voice", "value", "alone", "status_quo", "accepted", "verdict")
    order = {m: i for i, m in enumerate(plan.scenario.sets["member"])}
    records = sorted(plan.records("consents").pick(*names), key=lambda row: order[row[0]])
    marked = [(*row[:-1], row[-1] if row[-1] == AGREES else Marked(row[-1], "warning")) for row in records]
    return Grid("consents", "Member by member", headers, rows(marked))


def pages_of(plan: Plan) -> list[Page]:
    """The sheet, under consensus."""
    return [consensus(plan)] if used(plan) else []


def record(plan: Plan) -> dict[str, Any]:
    """What the run's record says of it."""
    return {"consensus": consent_record(plan)}


def consent_record(plan: Plan) -> dict[str, Any]:
    """What members compared the plan with, and who is outvoted; empty without consensus."""
    if not plan.accepted:
        return {}
    return {
        "against": plan.scenario.settings["consensus_against"],
        "accepted": dict(plan.accepted),
        "outvoted": sorted(plan.dissent.outvoted),
        "left_open": plan.dissent.says,
    }
