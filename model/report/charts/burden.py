"""Pictures of who bears what, for the browser: keys side by side, the Lorenz curve, burden beside benefit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.bearing import BORNE
from model.report.charts.base import PALETTE, colours, styled

SHAPES = (
    "diamond",
    "triangle-up",
    "square",
    "cross",
    "triangle-down",
    "circle",
    "stroke",
    "triangle-left",
    "triangle-right",
)
"""Shapes of marks, so that colour is not all that tells them apart."""


def side_by_side(shares: Mapping[str, Mapping[str, float]], members: Sequence[str], keys: Sequence[str]) -> Any:
    """A bar for what each member bears, marks in shape and colour for its share under each key; the largest bearer first."""
    borne = shares[BORNE]
    order = sorted(members, key=lambda m: -borne[m])
    bars = pd.DataFrame([(m, borne[m]) for m in order], columns=["member", "share"])
    marks = pd.DataFrame([(m, key, shares[key][m]) for key in keys for m in order], columns=["member", "key", "share"])
    y = alt.Y("member:N", title="Member", sort=order, axis=alt.Axis(labelOverlap=False))
    x = alt.X("share:Q", title="Share of the cost (%)", axis=alt.Axis(format="~%", tickCount=10))
    tips = [
        alt.Tooltip("member:N", title="Member"),
        alt.Tooltip("share:Q", title="Share borne in the plan", format=".2%"),
    ]
    plain = alt.Chart(bars).mark_bar(color="#888888", opacity=0.45, cornerRadiusEnd=2).encode(y=y, x=x, tooltip=tips)
    legend = alt.Legend(orient="top", title="Share under the key", columns=6)
    shapes = [SHAPES[i % len(SHAPES)] for i in range(len(keys))]
    told = alt.Chart(marks).mark_point(filled=True, size=75, opacity=0.95).encode(
        y=y, x=x,
        color=alt.Color("key:N", scale=alt.Scale(domain=[*keys], range=[*PALETTE[: len(keys)]]), legend=legend),
        shape=alt.Shape("key:N", scale=alt.Scale(domain=[*keys], range=shapes), legend=legend),
        tooltip=[tips[0], alt.Tooltip("key:N", title="Burden key"), alt.Tooltip("share:Q", title="Share under the key", format=".2%")],
    )  # fmt: skip
    return styled(
        plain + told if len(keys) else plain,
        "Grey bars: borne in this plan; marks: fair share under each key",
        22 * len(order) + 220,
    )


def lorenz_curves(curves: Mapping[str, pd.DataFrame], weight: str) -> Any:
    """Lorenz curves, one a plan, with the diagonal of even burdens."""
    names = [*curves]
    frame = pd.concat([curve.assign(curve=name) for name, curve in curves.items()], ignore_index=True)
    tips = [
        alt.Tooltip("curve:N", title="Curve"),
        alt.Tooltip("member:N", title="Up to and with"),
        alt.Tooltip("weight:Q", title=f"Part of {weight}", format=".1%"),
        alt.Tooltip("amount:Q", title="Part of the cost", format=".1%"),
    ]
    x = alt.X(
        "weight:Q",
        title=f"Part of {weight}, least burdened first (%)",
        axis=alt.Axis(format="~%"),
        scale=alt.Scale(domain=[0, 1]),
    )
    y = alt.Y("amount:Q", title="Part of the cost (%)", axis=alt.Axis(format="~%"), scale=alt.Scale(domain=[0, 1]))
    ends = pd.DataFrame({"weight": [0.0, 1.0], "amount": [0.0, 1.0]})
    even = alt.Chart(ends).mark_line(color="#888888", strokeDash=[6, 4]).encode(x=x, y=y)
    colour = alt.Color(
        "curve:N", title=None, scale=colours(names), legend=alt.Legend(orient="bottom") if len(names) > 1 else None
    )
    drawn = alt.Chart(frame).mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45)).encode(
        x=x, y=y, color=colour, order="weight:Q", tooltip=tips
    )  # fmt: skip
    return styled(even + drawn, "Lorenz curve of the burden (dashed: all alike)", 380)


def burden_and_benefit(frame: pd.DataFrame, members: Sequence[str], x_title: str, y_title: str) -> Any:
    """A point a member: ``burden`` across, ``benefit`` up, size by ``share`` of the cost; names beside those in :func:`named`."""
    tips = [
        alt.Tooltip("member:N", title="Member"),
        alt.Tooltip("burden:Q", title=x_title, format=".2%"),
        alt.Tooltip("benefit:Q", title=y_title, format=".1%"),
        alt.Tooltip("share:Q", title="Share of the cost", format=".2%"),
    ]
    base = alt.Chart(frame).encode(
        x=alt.X("burden:Q", title=x_title, axis=alt.Axis(format="~%"), scale=alt.Scale(zero=False, nice=True)),
        y=alt.Y("benefit:Q", title=y_title, axis=alt.Axis(format="~%"), scale=alt.Scale(zero=False, nice=True)),
        tooltip=tips,
    )
    points = base.mark_circle(opacity=0.85, stroke="#888888", strokeWidth=0.5).encode(
        size=alt.Size(
            "share:Q",
            title="Share of the cost (%)",
            scale=alt.Scale(range=[50, 900]),
            legend=alt.Legend(format="~%", orient="bottom", columns=3),
        ),
        color=alt.Color("member:N", scale=colours(members), legend=None),
    )
    names = (
        base.transform_filter(alt.FieldOneOfPredicate("member", named(frame)))
        .mark_text(align="left", dx=18, fontSize=11, color="#888888")
        .encode(text="member:N")
    )
    return styled(points + names, "", 460)


def named(frame: pd.DataFrame, most: int = 6) -> list[str]:
    """Members whose points carry their names: the largest shares, and the ends of burden and benefit."""
    if len(frame) <= 2 * most:
        return list(frame["member"])
    ends = [
        frame.loc[getattr(frame[column], end)(), "member"]
        for column in ("burden", "benefit")
        for end in ("idxmin", "idxmax")
    ]
    return list(dict.fromkeys([*frame.nlargest(most, "share")["member"], *ends]))
