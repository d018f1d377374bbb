"""Pictures of interoperability, for the browser: who fits whom, levels over the years, where friction takes most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import SEQUENTIAL, styled

ROW = 18
"""Height of a row in pixels."""

LEVELS = ("#BFD3E6", "#6BAED6", "#2171B5", "#08306B", "#8C96C6", "#810F7C")
"""Levels from low to high: darker is better (blues, then purples, ColorBrewer)."""


def commonality_matrix(
    commonality: Mapping[tuple[str, str], float], members: Sequence[str], leads: Mapping[str, str]
) -> Any:
    """Members by members: how much two have in common; a cell can be chosen with a click (selection ``pair``)."""
    rows = [(m, n, commonality[m, n], leads.get(n, "")) for m in members for n in members if m != n]
    frame = pd.DataFrame(rows, columns=["member", "partner", "commonality", "leads"])
    pair = alt.selection_point(name="pair", fields=["member", "partner"], on="click", empty=False)
    shown = alt.Axis(labelAngle=-90 if len(members) > 10 else -50, orient="top", labelOverlap=False)
    tips = [
        alt.Tooltip("member:N", title="Member"),
        alt.Tooltip("partner:N", title="Partner"),
        alt.Tooltip("commonality:Q", title="Commonality", format=".0%"),
        alt.Tooltip("leads:N", title="The partner leads"),
    ]
    legend = alt.Legend(format=".0%", orient="bottom", direction="horizontal", gradientLength=320, titleLimit=400)
    drawn = alt.Chart(frame).mark_rect(cornerRadius=2, cursor="pointer").encode(
        x=alt.X("partner:N", title="Partner", sort=list(members), axis=shown),
        y=alt.Y("member:N", title="Member", sort=list(members), axis=alt.Axis(labelOverlap=False)),
        color=alt.Color("commonality:Q", title="Commonality (%)", scale=alt.Scale(scheme=SEQUENTIAL), legend=legend),
        stroke=alt.condition(pair, alt.value("#D55E00"), alt.value("#8888")),
        strokeWidth=alt.condition(pair, alt.value(3), alt.value(0.3)),
        tooltip=tips,
    )  # fmt: skip
    return styled(drawn.add_params(pair), "", ROW * len(members) + 280)


def levels_over_time(frame: pd.DataFrame, levels: Sequence[str]) -> Any:
    """Holdings by level over the years: ``years``, ``level``, ``part`` (fraction of 1), the lowest level at the bottom."""
    scale = alt.Scale(domain=list(levels), range=[LEVELS[i % len(LEVELS)] for i in range(len(levels))])
    place = {level: i for i, level in enumerate(levels)}
    drawn = alt.Chart(frame.assign(place=frame["level"].map(place))).mark_bar().encode(
        x=alt.X("years:N", title="Years", sort=None, axis=alt.Axis(labelAngle=-40, labelOverlap=False)),
        y=alt.Y("part:Q", title="Part of holdings at list price (%)", axis=alt.Axis(format="~%"), scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("level:N", title=None, scale=scale, legend=alt.Legend(orient="bottom"), sort=list(levels)),
        order="place:Q",
        tooltip=[
            alt.Tooltip("years:N", title="Years"), alt.Tooltip("level:N", title="Level"),
            alt.Tooltip("part:Q", title="Part of holdings", format=".1%"),
        ],
    )  # fmt: skip
    return styled(drawn, "", 380)


def friction_bars(frame: pd.DataFrame, what: str) -> Any:
    """What friction takes, worst first: ``name``, ``part`` (fraction of 1) in the last years, ``first`` in the first."""
    tips = [
        alt.Tooltip("name:N", title=what),
        alt.Tooltip("first:Q", title="Lost in the first years", format=".1%"),
        alt.Tooltip("part:Q", title="Lost in the last years", format=".1%"),
    ]
    y = alt.Y("name:N", title=what, sort=list(frame["name"]), axis=alt.Axis(labelOverlap=False))
    axis = alt.Axis(format="~%")
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    bars = base.mark_bar(color="#0072B2", cornerRadiusEnd=2).encode(
        x=alt.X("part:Q", title="Lost to friction, of full worth (%)", axis=axis)
    )
    ticks = base.mark_tick(color="#E69F00", thickness=3).encode(x=alt.X("first:Q", axis=axis))
    return styled(bars + ticks, "", 22 * len(frame) + 130)


def worth_map(frame: pd.DataFrame, members: Sequence[str], situations: Sequence[str], unit: str) -> Any:
    """Member by situation: what a tenth more commonality with its lead would bring (``worth``, in ``unit``)."""
    tips = [
        alt.Tooltip("member:N", title="Member"),
        alt.Tooltip("situation:N", title="Situation"),
        alt.Tooltip("lead:N", title="Lead"),
        alt.Tooltip("worth:Q", title=f"A tenth more would bring ({unit})", format=".3~g"),
    ]
    legend = alt.Legend(orient="bottom", direction="horizontal", gradientLength=300, titleLimit=400)
    drawn = alt.Chart(frame).mark_rect(cornerRadius=2).encode(
        x=alt.X("situation:N", title="Situation", sort=list(situations), axis=alt.Axis(labelAngle=-30, orient="top", labelOverlap=False)),
        y=alt.Y("member:N", title="Member", sort=list(members), axis=alt.Axis(labelOverlap=False)),
        color=alt.Color("worth:Q", title=f"Worth of a tenth more commonality ({unit})", scale=alt.Scale(scheme=SEQUENTIAL), legend=legend),
        tooltip=tips,
    )  # fmt: skip
    return styled(drawn, "", 20 * len(members) + 220)
