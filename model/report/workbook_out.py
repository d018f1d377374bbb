"""Lays the pages of a report out as an Excel workbook: where each item stands, how wide columns are, what charts refer to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from model.language.collector import uncollected
from model.language.faults import UsageError
from model.layers import asked
from model.report import appendix, apportionment, brief, burden, interoperability, prices, schedule, shortfalls
from model.report.pages import Chart, Grid, Item, Page, Paragraph, Scale
from model.report.reasons import Explainer
from model.solve.plan import Plan
from model.workbook.write.excel_charts import Series, add_chart
from model.workbook.write.excel_writer import (
    Area,
    Book,
    Header,
    Worksheet,
    add_sheet,
    colour_scale,
    fit_row,
    lines_needed,
    natural_width,
    new_book,
    put,
    save,
    to_bytes,
    write_paragraph,
    write_table,
    write_title,
)  # fmt: skip

_LEAST_WIDTH, _LEAST_ROOM, _FILLER, _WIDEST = 128.0, 80.0, 12.0, 46.0
_LOOK = {
    "heading": ("heading",),
    "plain": ("paragraph",),
    "strong": ("paragraph", "bold"),
    "point": ("point",),
    "quiet": ("paragraph", "quiet"),
}
_PIXELS_A_ROW = 20


def write_solution(plan: Plan, path: str | Path, explainer: Explainer | None = None) -> Path:
    """Write the solution workbook, whole or not at all; the same plan gives the same bytes.

    Raises UsageError where there is no plan, OutputError where the file cannot be written (the old one stays).
    """
    with uncollected():
        return save(_book(plan, explainer), path)


def solution_bytes(plan: Plan, explainer: Explainer | None = None) -> bytes:
    """The solution workbook's contents; ``explainer`` is the plan's own, where there is one already."""
    with uncollected():
        return to_bytes(_book(plan, explainer))


def pages(plan: Plan, explainer: Explainer | None = None) -> list[Page]:
    """Every sheet in order: what a planner reads first, first. Raises UsageError where there is no plan.

    ``explainer`` is the plan's own, where there is one already: what it has solved again is not solved once more.
    """
    if not plan.found:
        raise UsageError(f"There is no plan to write. {brief.no_plan_text(plan)}")
    explainer = explainer or Explainer(plan)
    return [
        brief.summary(plan, explainer),
        apportionment.apportionment(plan),
        shortfalls.shortfalls(plan, explainer),
        burden.burden(plan),
        *_of_layers(plan, "Burden"),
        interoperability.interoperability(plan),
        prices.prices(plan, explainer.near),
        schedule.schedule(plan),
        *_of_layers(plan, "Schedule"),
        apportionment.target_matrix(plan),
        shortfalls.shortfall_list(plan, explainer),
        *appendix.tidy(plan),
        appendix.defaults(plan),
        *appendix.inputs(plan),
        appendix.run(plan),
    ]


def _of_layers(plan: Plan, after: str) -> list[Page]:
    """The sheets of the layers that stand behind one of the report's own."""
    return [page for pages in asked("sheet", "pages_of", plan, AFTER=after) for page in pages]


@dataclass(frozen=True)
class _Placed:
    """Where a grid's body stands, and its first column's labels."""

    body: Area
    grid: Grid


@dataclass(frozen=True, eq=False)
class _Layout:
    """A workbook being laid out: charts wait until every grid has its place."""

    book: Book
    grids: dict[str, _Placed] = field(default_factory=dict)
    charts: list[tuple[Worksheet, int, Chart]] = field(default_factory=list)


def _book(plan: Plan, explainer: Explainer | None = None) -> Book:
    title = str(plan.scenario.settings["title"] or plan.scenario.name)
    return book_of(f"Solution: {title}", pages(plan, explainer))


def book_of(title: str, sheets: Sequence[Page]) -> Book:
    """Pages as a workbook, not yet written."""
    layout = _Layout(new_book(title))
    for page in sheets:
        (_lay_list if page.is_list else _lay_page)(layout, page)
    for sheet, row, chart in layout.charts:
        _draw(layout, sheet, row, chart)
    return layout.book


def _lay_list(layout: _Layout, page: Page) -> None:
    """A sheet with one long table: header frozen, columns filtered."""
    grid = page.items[0]
    assert isinstance(grid, Grid)
    sheet = add_sheet(layout.book, page.name)
    row = write_title(layout.book, sheet, page.title, page.says, width=130)
    names = sum(1 for header in grid.headers[:2] if header.style == "text")
    body = write_table(layout.book, sheet, row, 0, grid.headers, grid.rows, freeze_columns=max(1, names))
    _placed(layout, sheet, grid, body)


def _lay_page(layout: _Layout, page: Page) -> None:
    """A sheet to be read from top to bottom, one print page wide; only its title stays in view."""
    sheet = add_sheet(layout.book, page.name, gridlines=False, tab="#1F3864" if page.name == "Summary" else "")
    widths = _widths(page.items)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    row = write_title(layout.book, sheet, page.title, page.says, width=int(sum(widths)))
    sheet.freeze_panes(1, 0)
    for item in page.items:
        row = _LAY[type(item)](layout, sheet, row, item, widths)


def _widths(items: Sequence[Item]) -> list[float]:
    """Columns wide enough for every grid of a page, with fillers up to the width of a printed page."""
    widths: list[float] = []
    for grid in (item for item in items if isinstance(item, Grid)):
        for at, header in enumerate(_own_columns(grid)):
            wanted = header.width or min(_WIDEST, natural_width(header, (row[at] for row in grid.rows)))
            widths[at:] = [max(wanted, widths[at]), *widths[at + 1 :]] if at < len(widths) else [wanted]
    starts = [len(grid.headers) - 1 for grid in items if isinstance(grid, Grid) and _runs_on(grid)]
    while sum(widths) < _LEAST_WIDTH or any(sum(widths[at:]) < _LEAST_ROOM for at in starts):
        widths.append(_FILLER)
    return widths


def _own_columns(grid: Grid) -> tuple[Header, ...]:
    """The columns that need a width of their own: all but a last one of text, which runs to the edge of the page."""
    return grid.headers[:-1] if _runs_on(grid) else grid.headers


def _runs_on(grid: Grid) -> bool:
    return len(grid.headers) > 1 and grid.headers[-1].style == "wrap" and not grid.headers[-1].width


def _lay_paragraph(layout: _Layout, sheet: Worksheet, row: int, item: Paragraph, widths: list[float]) -> int:
    if item.kind == "heading":
        put(layout.book, sheet, row + 1, 0, item.text, "heading")
        return row + 2
    inset = 4.0 if item.kind == "point" else 0.0
    write_paragraph(
        layout.book, sheet, row, (0, len(widths) - 1), item.text, *_LOOK[item.kind], width=sum(widths) - inset
    )
    return row + 1


def _lay_grid(layout: _Layout, sheet: Worksheet, row: int, grid: Grid, widths: list[float]) -> int:
    for text, look in ((grid.title, "heading"), (grid.says, "lead")):
        if text:
            put(layout.book, sheet, row, 0, text, look)
            row += 1
    if not grid.rows:
        put(layout.book, sheet, row, 0, "None.", "lead")
        return row + 2
    own = _own_columns(grid)
    headers = [replace(header, width=width) for header, width in zip(own, widths, strict=False)]
    records = [cells[: len(own)] for cells in grid.rows]
    body = write_table(
        layout.book, sheet, row, 0, headers, records, freeze=False, filtered=False, banded=not grid.scales
    )
    if _runs_on(grid):
        _run_on(layout.book, sheet, row, grid, widths)
    _placed(layout, sheet, grid, body)
    return body.last_row + 3


def _run_on(book: Book, sheet: Worksheet, row: int, grid: Grid, widths: list[float]) -> None:
    """The last column of text, merged to the edge of the page."""
    first, last = len(grid.headers) - 1, len(widths) - 1
    last = max(first, last)
    room = sum(widths[first:]) or 40.0
    write_paragraph(book, sheet, row, (first, last), grid.headers[-1].text, "header", "indent", width=room)
    fit_row(sheet, row, [(header.text, width - 4) for header, width in zip(grid.headers, widths, strict=False)])
    for down, cells in enumerate(grid.rows, start=1):
        band = ("cell",) if down % 2 or grid.scales else ("cell", "band")
        write_paragraph(book, sheet, row + down, (first, last), _text(cells[-1]), *band, "wrap", width=room)
        wrapped = [(cells[at], widths[at]) for at in range(first) if grid.headers[at].style == "wrap"]
        if any(lines_needed(str(text), width) > lines_needed(_text(cells[-1]), room) for text, width in wrapped):
            fit_row(sheet, row + down, wrapped)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _lay_chart(layout: _Layout, sheet: Worksheet, row: int, chart: Chart, widths: list[float]) -> int:
    layout.charts.append((sheet, row, chart))
    return row + math.ceil(chart.size[1] / _PIXELS_A_ROW) + 1


def _placed(layout: _Layout, sheet: Worksheet, grid: Grid, body: Area) -> None:
    layout.grids[grid.name] = _Placed(body, grid)
    for scale in (one for one in grid.scales if one.columns):
        _shade(sheet, body, scale)


def _shade(sheet: Worksheet, body: Area, scale: Scale) -> None:
    first, last = body.first_column + scale.columns[0], body.first_column + scale.columns[-1]
    bottom = max(body.first_row, body.last_row - scale.rows_left_out)
    colour_scale(
        sheet, Area(body.sheet, body.first_row, first, bottom, last), scale.kind, low=scale.low, high=scale.high
    )


def _draw(layout: _Layout, sheet: Worksheet, row: int, chart: Chart) -> None:
    if chart.grid not in layout.grids:
        return
    series, overlay = (_by_row if chart.across else _by_column)(layout, chart)
    add_chart(
        layout.book, sheet, row, 0, chart.kind, chart.title, series, stacked=chart.stacked, x_title=chart.x_title, y_title=chart.y_title,
        size=chart.size, overlay=overlay, y_format=chart.y_format, y_limits=chart.y_limits,
    )  # fmt: skip


def _by_column(layout: _Layout, chart: Chart) -> tuple[list[Series], list[Series]]:
    """A series for each column; a row of totals at the bottom stays out."""
    placed = layout.grids[chart.grid]
    left_out = max((scale.rows_left_out for scale in placed.grid.scales), default=0)
    body = replace(placed.body, last_row=placed.body.last_row - left_out)
    made = {
        at: Series(placed.grid.headers[at].name, body.column(chart.categories), body.column(at))
        for at in (*chart.columns, *chart.overlay)
    }
    return [made[at] for at in chart.columns], [made[at] for at in chart.overlay]


def _by_row(layout: _Layout, chart: Chart) -> tuple[list[Series], list[Series]]:
    """A series for each row; the overlaid ones apart."""
    placed, labels = layout.grids[chart.grid], layout.grids[chart.labels].body.column(0)
    body, records = placed.body, placed.grid.rows
    over = [at % len(records) for at in chart.overlay]
    made = []
    for at, cells in enumerate(records):
        down = body.first_row + at
        values = Area(
            body.sheet, down, body.first_column + chart.columns[0], down, body.first_column + chart.columns[-1]
        )
        made.append(Series(str(cells[0]), labels, values))
    return [one for at, one in enumerate(made) if at not in over], [made[at] for at in over]


_LAY: dict[type, Callable[..., int]] = {Paragraph: _lay_paragraph, Grid: _lay_grid, Chart: _lay_chart}
