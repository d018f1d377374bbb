"""The Shortfalls sheet: coverage by task and by capability over the years, the worst gaps and why, and the whole list."""

from __future__ import annotations

import math

from model.report.figures import coverage_by_task, coverage_by_year
from model.report.pages import Chart, Grid, Page, Scale, rows
from model.report.reasons import LABELS, Explainer, Shortage
from model.solve.coverage import by_period
from model.solve.plan import Plan
from model.wording import words
from model.workbook.write.excel_writer import Header

_WORST = 20
_SAID = 0.02


def shortfalls(plan: Plan, explainer: Explainer) -> Page:
    """The Shortfalls sheet."""
    says = (
        "Coverage is 1 − risk: how much of what is required is there, graded by severity and weighted by "
        "importance. The table of capabilities counts every unit alike, in the situation in which the capability is covered least."
    )
    items = (coverage_chart(plan), coverage(plan), capabilities(plan), worst(plan, explainer))
    return Page("Shortfalls", "What stays short, and why", says, items)


def coverage_chart(plan: Plan) -> Chart:
    """A line for each task, and the alliance in black."""
    low = math.floor(10 * min(coverage_by_task(plan).values(), default=0.0)) / 10
    columns = tuple(range(1, len(plan.data.sets["period"]) + 1))
    return Chart(
        "Coverage of each task (1 − risk)", "line", "coverage", columns, "Years", "Part of what is required, graded by severity (%)",
        across=True, labels="profile", overlay=(-1,), y_format="0%", y_limits=(max(0.0, low), 1.0), size=(900, 420),
    )  # fmt: skip


def coverage(plan: Plan) -> Grid:
    """Task by period, and the alliance as a whole."""
    covered, whole = coverage_by_task(plan), coverage_by_year(plan)
    periods = plan.data.sets["period"]
    headers = (
        Header("Task", style="text"),
        *(Header(words.period(t, plan.data.step), "% covered", "share") for t in periods),
    )
    records = [(k, *(covered.get((k, t)) for t in periods)) for k in plan.scenario.sets["task"]]
    records.append(("The alliance", *(whole.get(t) for t in periods)))
    scale = Scale(tuple(range(1, len(periods) + 1)), high=1.0)
    return Grid(
        "coverage",
        "Coverage of each task",
        headers,
        rows(records),
        "Graded by severity and weighted by importance.",
        (scale,),
    )


def capabilities(plan: Plan) -> Grid:
    """Capability by period, in the situation in which it is covered least."""
    covered, periods = by_period(plan), plan.data.sets["period"]
    headers = (
        Header("Capability", style="text"),
        *(Header(words.period(t, plan.data.step), "% provided", "share") for t in periods),
    )
    required = [c for c in plan.scenario.sets["capability"] if any((c, t) in covered for t in periods)]
    records = [(c, *(covered.get((c, t)) for t in periods)) for c in required]
    scale = Scale(tuple(range(1, len(periods) + 1)), high=1.0)
    return Grid(
        "capability coverage",
        "Coverage of each capability",
        headers,
        rows(records),
        "Effective units provided over required by the tasks of one situation together, every unit alike, in the situation in "
        "which that is least: situations exclude each other.",
        (scale,),
    )


def worst(plan: Plan, explainer: Explainer) -> Grid:
    """The worst requirements, all periods together, each with its reasons in words."""
    risk = plan.measures["risk"]
    headers = (
        Header("Shortfall", style="wrap", width=40),
        Header("Covered", "%", "share"),
        Header("Part of all risk", "%", "share"),
        Header("Why it persists", "% of the gap", "wrap"),
    )
    records = [
        (
            f"{s.capability} for {s.task}, {words.periods(s.years, plan.data.step)}",
            s.coverage,
            s.risk_part / risk if risk else 0.0,
            _why(s),
        )
        for s in explainer.by_requirement[:_WORST]
    ]
    title = f"The worst {len(records)} shortfalls and why they persist" if records else "Nothing is short"
    return Grid(
        "worst",
        title,
        headers,
        rows(records),
        "Worst for the alliance's risk first; every shortfall by itself is on the sheet Shortfall list.",
    )


def _why(shortage: Shortage) -> str:
    parts = [f"{r.label} ({words.percent(r.part)}): {r.says}." for r in shortage.reasons if r.part >= _SAID]
    return "\n".join([f"{shortage.note}.", *parts] if shortage.note else parts)


def shortfall_list(plan: Plan, explainer: Explainer) -> Page:
    """Every shortfall of every period with the part of the gap each kind of reason explains."""
    kinds = [kind for kind in LABELS if any(s.part(kind) > 0 for s in explainer.each)]
    headers = (
        Header("Task", style="text"),
        Header("Capability", style="text"),
        Header("Years", style="text", width=13),
        Header("Required", "effective units", "one_decimal"),
        Header("Missing", "effective units", "two_decimals"),
        Header("Covered", "%", "share"),
        Header("Part of all risk", "%", "share"),
        Header("Chief reason", style="text"),
        *(Header(LABELS[kind], "% of the gap", "share", note=_note(kind)) for kind in kinds),
    )
    risk = plan.measures["risk"]
    records = [
        (s.task, s.capability, words.period(s.years[0], plan.data.step), s.required, s.missing, s.coverage,
         s.risk_part / risk if risk else 0.0, s.chief.label, *(s.part(kind) for kind in kinds))
        for s in explainer.each
    ]  # fmt: skip
    scale = Scale(tuple(range(8, 8 + len(kinds))), low=0.0, high=1.0)
    grid = Grid("shortfall list", "", headers, rows(records), scales=(scale,))
    says = (
        "Money: what would no longer be missing if members offered as much as it takes, solved again with no shortfall worse than in "
        "the plan. What then stays missing is shared out between members by fair share and, for each, between the limits that "
        "withhold it. These parts add up to 100 %; "
        "interoperability overlaps them (what full interchangeability of the forces sent would add)."
    )
    return Page("Shortfall list", "Every shortfall and what explains it", says, (grid,))


def _note(kind: str) -> str:
    return (
        "Overlaps the other reasons: interchangeability has to be paid for, too." if kind == "interoperability" else ""
    )
