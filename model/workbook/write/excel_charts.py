"""Native Excel charts in the look of the tables they are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from model.workbook.write.excel_styles import NAVY, RULE
from model.workbook.write.excel_writer import Area, Book, Worksheet

SERIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7F7F7F", "#F0E442")
"""Colours of chart series (Okabe and Ito), told apart by the colour-blind."""

_GRID = {"visible": True, "line": {"color": RULE, "width": 0.5}}


@dataclass(frozen=True)
class Series:
    """One line, bar or area of a chart."""

    name: str
    categories: Area
    values: Area


def add_chart(
    book: Book,
    sheet: Worksheet,
    row: int,
    column: int,
    kind: Literal["column", "bar", "line", "area", "scatter"],
    title: str,
    series: Sequence[Series],
    *,
    stacked: bool = False,
    x_title: str = "",
    y_title: str = "",
    size: tuple[int, int] = (720, 360),
    overlay: Sequence[Series] = (),
    y_format: str = "",
    y_limits: tuple[float | None, float | None] = (None, None),
) -> None:
    """A native chart with its corner at (row, column), ``size`` in pixels; ``overlay`` draws lines over columns.

    ``y_format`` and ``y_limits`` are the number format and the ends of the value axis.
    """
    chart = book.excel.add_chart({"type": kind, "subtype": "stacked"} if stacked else {"type": kind})
    for number, one in enumerate(series):
        chart.add_series(_series(one, kind, SERIES[number % len(SERIES)], number // len(SERIES)))
    if overlay:
        lines = book.excel.add_chart({"type": "line"})
        for number, one in enumerate(overlay):
            lines.add_series(_series(one, "line", ("#222222", "#7F7F7F")[number % 2], 0))
        chart.combine(lines)
    chart.set_title({"name": _plain_name(title), "overlay": False, "name_font": {"size": 12, "color": NAVY}})
    _set_axes(chart, kind, x_title, y_title, y_format, y_limits)
    chart.set_legend({"none": True} if len(series) + len(overlay) == 1 else {"position": "bottom", "font": {"size": 9}})
    chart.set_size({"width": size[0], "height": size[1]})
    sheet.insert_chart(row, column, chart)


def _set_axes(
    chart: Any, kind: str, x_title: str, y_title: str, y_format: str, y_limits: tuple[float | None, float | None]
) -> None:
    plain = {"num_font": {"size": 9}, "name_font": {"size": 9, "bold": False}}
    low, high = y_limits
    limits = {name: end for name, end in (("min", low), ("max", high)) if end is not None}
    number_format = {"num_format": y_format} if y_format else {}
    every = {"interval_unit": 1} if kind != "scatter" else {}
    chart.set_x_axis(
        {"name": x_title, "line": {"color": RULE}, "major_gridlines": {"visible": False}, **every, **plain}
    )
    chart.set_y_axis(
        {"name": y_title, "line": {"none": True}, "major_gridlines": _GRID, **plain, **limits, **number_format}
    )


def _series(one: Series, kind: str, colour: str, round_: int) -> dict[str, object]:
    """How a series looks: colours come round again with a dashed line."""
    look: dict[str, object] = {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
    if kind in ("line", "scatter"):
        look = {"line": {"color": colour, "width": 2.25, "dash_type": "dash" if round_ else "solid"}}
    places = {"categories": f"={one.categories.formula}", "values": f"={one.values.formula}"}
    return {"name": _plain_name(one.name), **places, **look}


def _plain_name(name: str) -> str:
    """The name of a chart or series, never taken for a reference to a cell."""
    return name.replace("!", "! ").lstrip("=")
