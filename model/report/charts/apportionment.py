"""The heat map of member by capability, for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import SEQUENTIAL, styled
from model.report.heat import Shade

LESS, NEUTRAL, MORE = "#5E3C99", "#F7F7F7", "#E66101"
"""Ends and middle of a scale with two sides (purple to orange, ColorBrewer PuOr): told apart by everybody."""

ROW = 20
"""Height of a row in pixels."""


def scale_of(shade: Shade) -> alt.Scale:
    """The colours of a shade: one hue from nothing up, or two hues apart from the middle."""
    if shade.middle is None:
        return alt.Scale(type="sqrt", scheme=SEQUENTIAL, domainMin=shade.low)
    return alt.Scale(domain=[shade.low, shade.middle, shade.high], range=[LESS, NEUTRAL, MORE], clamp=True)


def heat_map(frame: pd.DataFrame, shade: Shade, members: Sequence[str], capabilities: Sequence[str], years: str) -> Any:
    """Members down, capabilities across; a cell can be chosen with a click (selection ``cell``: member, capability)."""
    shown = frame.assign(
        **{column: _amounts(frame, column) for column in ("start", "held", "sent", "required")},
        shaded=frame[shade.column],
    )
    cell = alt.selection_point(name="cell", fields=["member", "capability"], on="click", empty=False)
    base = alt.Chart(shown).encode(
        x=alt.X(
            "capability:N", title="Capability", sort=list(capabilities),
            axis=alt.Axis(labelAngle=-90 if len(capabilities) > 10 else -50, orient="top", labelLimit=220, labelOverlap=False),
        ),
        y=alt.Y("member:N", title="Member", sort=list(members), axis=alt.Axis(labelOverlap=False)),
        tooltip=_tips(shade, years),
    )  # fmt: skip
    drawn = base.mark_rect(cornerRadius=2, cursor="pointer").encode(
        color=alt.condition(
            "isValid(datum.shaded)",
            alt.Color("shaded:Q", title=shade.title, scale=scale_of(shade), legend=_legend(shade)),
            alt.value("#8884"),
        ),
        stroke=alt.condition(cell, alt.value("#D55E00"), alt.value("#8888")),
        strokeWidth=alt.condition(cell, alt.value(3), alt.value(0.3)),
    )
    return styled(drawn.add_params(cell), "", ROW * len(members) + 300)


def _legend(shade: Shade) -> alt.Legend:
    return alt.Legend(format=shade.format, orient="bottom", direction="horizontal", gradientLength=320, titleLimit=400)


def _amounts(frame: pd.DataFrame, column: str) -> pd.Series:
    """Amounts with their unit, as the tooltip says them."""
    return pd.Series(
        [f"{value:,.3g} ({unit})" for value, unit in zip(frame[column], frame["unit"], strict=True)],
        index=frame.index, dtype=object,
    )  # fmt: skip


def _tips(shade: Shade, years: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("member:N", title="Member"),
        alt.Tooltip("capability:N", title="Capability"),
        alt.Tooltip("start:N", title="Held at the start"),
        alt.Tooltip("held:N", title=f"Target for {years}"),
        alt.Tooltip("sent:N", title="Sent to the situation it gives most of, effective"),
        alt.Tooltip("required:N", title="Required there, effective"),
        alt.Tooltip("times:Q", title="Times its fair share", format=".2f"),
        alt.Tooltip("challenge:N", title="Reasonable challenge"),
        alt.Tooltip("shaded:Q", title=shade.title, format=shade.format),
    ]
