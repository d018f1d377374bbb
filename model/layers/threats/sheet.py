"""Coverage by type of threat, for the Summary, the run's record and the front end."""

from __future__ import annotations

from typing import Any

from model.report.pages import Grid, Item, Paragraph, heading, rows
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

BESIDE = "coverage"
"""Beside which section of the Summary stands what it says."""


Kinds = dict[str, dict[str, float]]


def kinds(plan: Plan) -> Kinds:
    """Risk, coverage, weight and part of all risk by kind, the one covered least first; empty where no task has a kind."""
    names = ("risk", "coverage", "weight", "part_of_risk")
    found = {
        kind: dict(zip(names, figures, strict=True))
        for kind, *figures in plan.records("kinds").pick("kind", "value", "coverage", "weight", "part_of_risk")
    }
    return dict(sorted(found.items(), key=lambda item: (item[1]["coverage"], item[0])))


def brief(plan: Plan) -> list[Item]:
    """The section of the Summary; nothing where no task has a kind."""
    found = kinds(plan)
    return [heading("Coverage by type of threat"), Paragraph(_said(plan, found)), grid(plan)] if found else []


def _said(plan: Plan, found: Kinds) -> str:
    worst, best = next(iter(found)), list(found)[-1]
    risk = plan.measures["risk"]
    low, high = words.percents_apart(found[worst]["coverage"], found[best]["coverage"])
    said = (
        f"{words.capital(worst)} is covered least, {low}, {best} best, {high}"
        if low != high
        else _all_alike(found, low)
    )
    most = max(found, key=lambda kind: found[kind]["part_of_risk"])
    if risk > 0:
        said += f"; {words.percent(found[most]['part_of_risk'] / risk)} of all risk is {most}"
    untagged = [k for k, kind in plan.scenario.task_kind.items() if not kind]
    rest = f" {words.capital(words.count(len(untagged), 'task'))} of no kind {'is' if len(untagged) == 1 else 'are'} left out."
    return f"{said}.{rest if untagged else ''}"


def _all_alike(found: Kinds, coverage: str) -> str:
    names = words.capital(words.joined(found))
    return f"{names} is covered {coverage}" if len(found) == 1 else f"{names} are covered {coverage} each"


def grid(plan: Plan) -> Grid:
    """A row a kind, the one covered least first."""
    risk, d = plan.measures["risk"], plan.data
    headers = (
        Header("Type of threat", style="text", width=34),
        Header("Coverage", "%", "share", width=14),
        Header("Part of all that matters", "%", "share", width=15),
        Header("Part of all risk", "%", "share", width=19),
        Header("Tasks", style="wrap"),
    )
    records = [
        (
            kind,
            one["coverage"],
            one["weight"],
            one["part_of_risk"] / risk if risk > 0 else 0.0,
            words.joined(d.tasks_of_kind[kind]),
        )
        for kind, one in kinds(plan).items()
    ]
    says = "Coverage is one minus the kind's own risk: that of its tasks, as they weigh against one another."
    return Grid("kinds", "", headers, rows(records), says)


def record(plan: Plan) -> dict[str, Any]:
    """What the run's record says of it."""
    return {"kinds": kinds(plan) if plan.found else {}}
