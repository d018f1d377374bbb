"""Pictures of ways to share and of plans side by side, for the browser: a bar a member, and a mark for each way beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import PALETTE, styled
from model.report.charts.burden import SHAPES


def marks_beside_bars(
    frame: pd.DataFrame, bars: pd.DataFrame, names: Sequence[str], axis: str, title: str, legend: str
) -> Any:
    """A grey bar for each ``member`` (``value``, ``says``), and marks in shape and colour for each of ``names``.

    ``frame`` has member, name, value, says; members stand in its order. ``bars`` may be empty. ``axis`` says what is drawn, in
    which unit; ``legend`` what the names are.
    """
    order = list(dict.fromkeys([*frame["member"], *bars["member"]]))
    y = alt.Y("member:N", title="Member", sort=order, axis=alt.Axis(labelOverlap=False))
    x, shown = alt.X("value:Q", title=axis), [*names]
    grey = alt.Chart(bars).mark_bar(color="#888888", opacity=0.45, cornerRadiusEnd=2).encode(
        y=y, x=x, tooltip=[alt.Tooltip("member:N", title="Member"), alt.Tooltip("says:N", title="Grey bar")],
    )  # fmt: skip
    told = alt.Legend(orient="top", title=legend, columns=3, labelLimit=320)
    shapes = [SHAPES[i % len(SHAPES)] for i in range(len(shown))]
    colours = [PALETTE[i % len(PALETTE)] for i in range(len(shown))]
    marks = alt.Chart(frame).mark_point(filled=True, size=80, opacity=0.95).encode(
        y=y, x=x,
        color=alt.Color("name:N", scale=alt.Scale(domain=shown, range=colours), legend=told),
        shape=alt.Shape("name:N", scale=alt.Scale(domain=shown, range=shapes), legend=told),
        tooltip=[
            alt.Tooltip("member:N", title="Member"), alt.Tooltip("name:N", title=legend), alt.Tooltip("says:N", title="So much"),
        ],
    )  # fmt: skip
    return styled(grey + marks if len(bars) else marks, title, 22 * len(order) + 220)


def fairness_curve(frame: pd.DataFrame, names: Sequence[str], title: str) -> Any:
    """Risk by how much unfairness is left, a line for each burden key: ``frame`` has left, key, value (both in percent), says."""
    order = list(dict.fromkeys(frame["left"]))
    x = alt.X(
        "left:O", sort=order, title="Unfairness left, of what it is without a limit (%)", axis=alt.Axis(labelAngle=0)
    )
    y = alt.Y("value:Q", title="Risk (%)", scale=alt.Scale(zero=False, nice=True))
    colours = [PALETTE[i % len(PALETTE)] for i in range(len(names))]
    colour = alt.Color(
        "key:N", title="Burden key", scale=alt.Scale(domain=[*names], range=colours), legend=alt.Legend(orient="top")
    )
    tip = [
        alt.Tooltip("key:N", title="Burden key"), alt.Tooltip("left:O", title="Unfairness left (%)"),
        alt.Tooltip("says:N", title="Then"),
    ]  # fmt: skip
    drawn = alt.Chart(frame).mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=70)).encode(
        x=x, y=y, color=colour, tooltip=tip
    )  # fmt: skip
    return styled(drawn, title, 380)
