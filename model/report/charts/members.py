"""Pictures of one member's deal, for the browser: what it carries, what it spends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import PALETTE, styled


def carries(frame: pd.DataFrame, member: str, colour: str, tasks: Sequence[str]) -> Any:
    """By task: bars for the part that rests on the member, a tick where the task matters to it, a line at its fair share."""
    mine = frame[frame["member"] == member]
    tips = [
        alt.Tooltip("task:N", title="Task"),
        alt.Tooltip("part:Q", title="Part that rests on it", format=".2%"),
        alt.Tooltip("matters:Q", title="How much the task matters to it, of all tasks", format=".1%"),
        alt.Tooltip("fair_share:Q", title="Its fair share", format=".2%"),
    ]
    base = alt.Chart(mine).encode(
        y=alt.Y("task:N", title="Task", sort=list(tasks), axis=alt.Axis(labelOverlap=False)), tooltip=tips
    )
    bars = base.mark_bar(color=colour, cornerRadiusEnd=2).encode(
        x=alt.X(
            "part:Q",
            title="Part of what the task requires that rests on it (%)",
            axis=alt.Axis(format="~%", tickCount=10),
        )
    )
    share = (
        alt.Chart(mine.head(1))
        .mark_rule(strokeDash=[6, 4], strokeWidth=2, color="#888888")
        .encode(x="fair_share:Q", tooltip=tips[-1:])
    )
    return styled(bars + share, f"What rests on {member}, by task (dashed: its fair share)", 46 * len(tasks) + 90)


def spends(frame: pd.DataFrame, currency: str, member: str) -> Any:
    """Spending by kind, stacked, over the periods, with a line at what is offered."""
    spent, offered = frame[frame["kind"] != "offered"], frame[frame["kind"] == "offered"]
    years = list(dict.fromkeys(frame["years"]))
    x = alt.X("years:N", title="Years", sort=years, axis=alt.Axis(labelAngle=0))
    tips = [
        alt.Tooltip("years:N", title="Years"),
        alt.Tooltip("kind:N", title="On"),
        alt.Tooltip("value:Q", title=f"Money ({currency})", format=",.0f"),
    ]
    kinds = list(dict.fromkeys(spent["kind"]))
    colours = [*PALETTE[:3], *PALETTE[4:]][: len(kinds)]
    scale = alt.Scale(domain=[*kinds, "offered"], range=[*colours, "#888888"])
    colour = alt.Color("kind:N", title=None, scale=scale, legend=alt.Legend(orient="bottom", columns=3))
    y_title = f"Money of the period ({currency})"
    bars = alt.Chart(spent).mark_bar().encode(x=x, y=alt.Y("value:Q", title=y_title), color=colour, tooltip=tips)
    line = (
        alt.Chart(offered)
        .mark_line(point=True, strokeWidth=2.5)
        .encode(x=x, y=alt.Y("value:Q", title=y_title), color=colour, tooltip=tips)
    )
    return styled(bars + line, f"What {member} spends, and what it offers", 400)


def risks(frame: pd.DataFrame, colour: str) -> Any:
    """Risk as the member perceives it: alone, and in the alliance."""
    tips = [alt.Tooltip("case:N", title="Case"), alt.Tooltip("risk:Q", title="Risk", format=".1%")]
    bars = alt.Chart(frame).mark_bar(color=colour, cornerRadiusEnd=2).encode(
        y=alt.Y("case:N", title=None, sort=None, axis=alt.Axis(labelLimit=300)),
        x=alt.X("risk:Q", title="Risk as it perceives it (%)", axis=alt.Axis(format="~%"), scale=alt.Scale(domain=[0, 1])),
        tooltip=tips,
    )  # fmt: skip
    return styled(bars, "", 150)
