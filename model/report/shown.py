"""Results as a notebook shows them: the brief as text, and the charts of the workbook drawn in a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from model.language.faults import UsageError
from model.report.brief import plain_text
from model.report.pages import Chart, Grid
from model.report.workbook_out import pages, write_solution
from model.solve.plan import Plan

NO_ALTAIR = "Charts are drawn with altair, which is not installed: pip install 'alliance-model[app]'"


def plan_as_html(plan: Plan) -> str:
    """The brief, or why there is no plan; nothing in it is taken for HTML or for a formula."""
    return f'<pre class="tex2jax_ignore mathjax_ignore">{escape(plain_text(plan))}</pre>'


def plan_to_excel(plan: Plan, path: str | Path) -> Path:
    """The solution workbook, as the command line writes it."""
    return write_solution(plan, path)


def plan_drawn(plan: Plan, number: int) -> Any:
    """A chart of the solution workbook; the same chart on two sheets counts once."""
    items = [item for page in pages(plan) for item in page.items]
    charts = {item.title: item for item in items if isinstance(item, Chart)}
    return drawn(list(charts.values()), number, {item.name: item for item in items if isinstance(item, Grid)})


def drawn(charts: Sequence[Chart], number: int, grids: Mapping[str, Grid]) -> Any:
    """One of some charts as an altair chart. Raises UsageError where there is none, ImportError where altair is not installed."""
    if not 0 <= number < len(charts):
        listed = "; ".join(f"{at}: {chart.title}" for at, chart in enumerate(charts))
        raise UsageError(
            f"There is no chart {number} of this. {f'There are {listed}' if charts else 'It has no charts'}."
        )
    try:
        from model.report.charts.base import picture_of
    except ImportError as missing:
        if missing.name != "altair":
            raise
        raise ImportError(NO_ALTAIR, name="altair") from missing
    return picture_of(charts[number], grids)
