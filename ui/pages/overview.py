"""Overview: whether the alliance is covered, what is short and why, who bears it, and what would help."""

from __future__ import annotations

from model.layers.threats.sheet import kinds
from model.report import brief
from model.report.pages import Chart, Grid, Page, Paragraph
from model.report.reasons import Explainer
from model.report.shortfalls import shortfalls
from model.report.workbook_out import solution_bytes
from model.solve.plan import Plan
from model.solve.problem import Problem
from model.wording import words
from ui import figures, show
from ui.state import Session, current


def page() -> None:
    """The page."""
    session = current()
    content, picture = session.answer("overview", _told)
    first = next(item.text for item in content.items if isinstance(item, Paragraph) and item.kind != "heading")
    show.head("Are we covered, what is short, and who bears the burden?", first)
    _figures(session)
    _by_kind(session)
    grids = {item.name: item for item in picture.items if isinstance(item, Grid)}
    chart = next((item for item in picture.items if isinstance(item, Chart)), None)
    if chart is not None:
        show.show_item(chart, grids)
    for item in content.items:
        if not (isinstance(item, Paragraph) and item.text == first):
            show.show_item(item, {})
    name = f"{session.scenario.name}_solution.xlsx"
    show.download("Download the solution workbook", lambda: solution_bytes(session.plan), name, "solution workbook")


def _told(problem: Problem, plan: Plan) -> tuple[Page, Page]:
    """The brief and the page of shortfalls, which share the causes."""
    explainer = Explainer(plan)
    return brief.summary(plan, explainer), shortfalls(plan, explainer)


def _figures(session: Session) -> None:
    plan, base = session.plan, session.base
    short = [row for row in plan.records("requirements").pick("coverage") if row[0] < 0.999]
    facts: tuple[tuple[str, str, figures.Kind, bool | None, str], ...] = (
        ("Risk", "risk", "part", True, "0 %: all that is required is there; 100 %: nothing is."),
        ("Cost", "cost", "money", None, "All spending over the horizon, discounted."),
        (
            "Burden imbalance",
            "unfairness",
            "money",
            True,
            "Money that lies with other members than the burden key implies.",
        ),
    )
    with show.tiles():
        for label, measure, kind, less, says in facts:
            now = plan.measures[measure]
            figures.of_alliance(session, label, now, base.measures.get(measure, now), kind, less, says)
        show.figure(
            "Requirements short",
            f"{len(short)} of {len(plan.data.required)}",
            says="Capability, task and period together.",
        )


def _by_kind(session: Session) -> None:
    """Coverage of each type of threat, the least first, where tasks are tagged."""
    now, was = kinds(session.plan), kinds(session.base) if session.base.found else {}
    says = "Part of what the tasks of this type of threat require that is there, graded by severity."
    with show.tiles():
        for kind, one in now.items():
            before = was.get(kind, one)["coverage"]
            figures.of_alliance(session, words.capital(kind), one["coverage"], before, "part", False, says)


page()
