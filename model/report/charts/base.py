"""Charts for the browser: the only importer of altair. A chart takes a table; colours are the same for a name everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import altair as alt
import pandas as pd

from model.report.pages import Chart, Grid

PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#A07C38", "#999999", "#7468C8", "#6E9B2E",
    "#B452A3", "#44AA99", "#C04C7B", "#C9B458", "#6699CC", "#B4644A",
)  # fmt: skip
"""Colours that people who see colours differently can tell apart (after Okabe & Ito 2008 and Tol 2021); no red against green. The darkest
of those are lightened: every one stands out from a white page and from a dark one."""

SEQUENTIAL: Final = "blues"
DIVERGING: Final = "purpleorange"
FONT = 13
"""Points of axis labels: readable when projected."""

alt.data_transformers.disable_max_rows()
alt.renderers.enable("mimetype")  # a notebook draws from the data alone; the default fetches scripts from elsewhere


def colours(names: Sequence[str]) -> alt.Scale:
    """The same colour for the same name in every picture: by its place in the scenario's own list."""
    return alt.Scale(domain=list(names), range=[PALETTE[i % len(PALETTE)] for i in range(len(names))])


def styled(chart: Any, title: str = "", height: int | None = None) -> Any:
    """The one look: legible axes, no frame, a title that says what is seen."""
    sized = chart.properties(height=height) if height else chart
    titled = sized.properties(title=alt.Title(title, anchor="start", fontSize=FONT + 2)) if title else sized
    return (
        titled.configure_axis(labelFontSize=FONT, titleFontSize=FONT, labelLimit=260, titlePadding=10)
        .configure_legend(labelFontSize=FONT, titleFontSize=FONT, labelLimit=260)
        .configure_view(strokeWidth=0)
    )


def picture_of(chart: Chart, grids: Mapping[str, Grid]) -> Any:
    """A chart of a report page, as the solution workbook has it, for the browser."""
    frame = _long(chart, grids)
    value = alt.Y(
        "value:Q",
        title=chart.y_title,
        axis=alt.Axis(format=_format(chart)),
        stack="zero" if chart.stacked else None,
        scale=alt.Scale(zero=chart.kind != "line"),
    )
    category = alt.X(
        "category:N",
        title=chart.x_title,
        sort=None,
        axis=alt.Axis(labelAngle=-45 if frame["category"].nunique() > 8 else 0),
    )
    drawn = _drawn(chart, frame, category, value)
    return styled(drawn, chart.title, max(320, chart.size[1]))


def _drawn(chart: Chart, frame: pd.DataFrame, category: alt.X, value: alt.Y) -> Any:
    """The marks: bars, columns, areas or lines, and lines over them."""
    series = alt.Color("series:N", title=None, scale=colours(list(dict.fromkeys(frame["series"]))), sort=None)
    tip = [
        alt.Tooltip("category:N", title=chart.x_title),
        alt.Tooltip("series:N", title="Series"),
        alt.Tooltip("value:Q", title=chart.y_title, format=_format(chart)),
    ]
    plain, over = alt.Chart(frame[~frame["over"]]), alt.Chart(frame[frame["over"]])
    if chart.kind == "bar":
        stack: Literal["zero"] | None = "zero" if chart.stacked else None
        across = alt.X("value:Q", title=chart.x_title, axis=alt.Axis(format=_format(chart)), stack=stack)
        down = alt.Y("category:N", title=chart.y_title, sort=None)
        drawn = plain.mark_bar().encode(y=down, x=across, color=series, tooltip=tip)
    elif chart.kind == "column":
        offset = {} if chart.stacked else {"xOffset": alt.XOffset("series:N", sort=None)}
        drawn = plain.mark_bar().encode(x=category, y=value, color=series, tooltip=tip, **offset)
    else:
        mark = plain.mark_area(opacity=0.8) if chart.kind == "area" else plain.mark_line(point=True, strokeWidth=2.5)
        drawn = mark.encode(x=category, y=value, color=series, tooltip=tip)
    if frame["over"].any():
        line = over.mark_line(point=True, strokeWidth=2.5)
        drawn = drawn + line.encode(x=category, y=value, color=series, tooltip=tip)
    return drawn


def _format(chart: Chart) -> str:
    return {"0%": ".0%", "0.0%": ".1%", "#,##0": ",.0f", "#,##0.0": ",.1f"}.get(
        chart.y_format, ",.3~g" if chart.y_format else ",.4~g"
    )


def _long(chart: Chart, grids: Mapping[str, Grid]) -> pd.DataFrame:
    """One row a point: category, series, value, and whether it is drawn as a line over the rest."""
    grid, records = grids[chart.grid], []
    if chart.across:
        heads = [grid.headers[i].name for i in chart.columns]
        for at, row in enumerate(grid.rows):
            over = at in chart.overlay or at - len(grid.rows) in chart.overlay
            records += [(head, str(row[0]), row[i], over) for head, i in zip(heads, chart.columns, strict=True)]
    else:
        for i in (*chart.columns, *(i for i in chart.overlay if i not in chart.columns)):
            name, over = grid.headers[i].name, i in chart.overlay
            records += [(str(row[chart.categories]), name, row[i], over) for row in grid.rows]
    kept = [record for record in records if isinstance(getattr(record[2], "value", record[2]), int | float)]
    return pd.DataFrame(
        [(c, s, getattr(v, "value", v), o) for c, s, v, o in kept], columns=["category", "series", "value", "over"]
    )
