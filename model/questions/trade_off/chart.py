"""Charts of trade-offs: a front of two measures to click on, and what a rule costs at each of its settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import PALETTE, styled

CHOSEN = "chosen"
"""The name of the selection in a front: one word, as Vega wants it."""


def front_chart(points: pd.DataFrame, here: pd.DataFrame, titles: tuple[str, str], title: str) -> Any:
    """A front: ``points`` has point (its number), first, second, says; ``here`` has name, first, second for marks over it.

    ``titles`` are those of the first measure (upwards) and the second (along), with their units. Clicking a point selects it.
    """
    chosen = alt.selection_point(name=CHOSEN, fields=["point"], on="click", toggle=False)
    x = alt.X("second:Q", title=titles[1], scale=alt.Scale(zero=False, nice=True))
    y = alt.Y("first:Q", title=titles[0], scale=alt.Scale(zero=False, nice=True))
    tip = [
        alt.Tooltip("point:N", title="Point"),
        alt.Tooltip("first:Q", title=titles[0], format=",.3~f"),
        alt.Tooltip("second:Q", title=titles[1], format=",.4~f"),
        alt.Tooltip("says:N", title="From here to the next point"),
    ]
    line = alt.Chart(points).mark_line(color=PALETTE[0], strokeWidth=3, interpolate="linear").encode(x=x, y=y)
    dots = (
        alt.Chart(points)
        .mark_circle(color=PALETTE[0], size=170, cursor="pointer", opacity=1)
        .encode(x=x, y=y, tooltip=tip, size=alt.condition(chosen, alt.value(260), alt.value(130), empty=False))
        .add_params(chosen)
    )
    return styled(alt.layer(line, *_marks(here, x, y), dots), title, 460)


def _marks(here: pd.DataFrame, x: Any, y: Any) -> list[Any]:
    """Where the plan on screen and the base stand, each with its name beside it."""
    names = list(here["name"])
    colour = alt.Color(
        "name:N", title=None, sort=None, scale=alt.Scale(domain=names, range=[PALETTE[5], PALETTE[7]][: len(names)]),
        legend=alt.Legend(orient="top", symbolType="diamond"),
    )  # fmt: skip
    tip = [alt.Tooltip("name:N", title="Plan"), alt.Tooltip("says:N", title="Stands at")]
    over = alt.Chart(here).mark_point(shape="diamond", filled=True, size=800, opacity=0.9)
    return [over.encode(x=x, y=y, color=colour, tooltip=tip)]


def settings_chart(table: pd.DataFrame, title: str, axis: str, labels: bool) -> Any:
    """What a measure comes to at each setting of a rule: ``table`` has setting, value, given (as the workbook says), says.

    ``labels`` false leaves the names of the settings to the chart beside it, which has the same height.
    """
    order = list(table["setting"])
    y = alt.Y(
        "setting:N", sort=order, title=None,
        axis=alt.Axis(labels=labels, labelOverlap=False, ticks=False, labelLimit=460, domain=False, grid=True, gridOpacity=0.3),
    )  # fmt: skip
    x = alt.X("value:Q", title=axis, scale=alt.Scale(domain=_room(table["value"].tolist()), nice=True))
    names = ["as the workbook says", "another setting"]
    colour = alt.Color(
        "kind:N", title=None, scale=alt.Scale(domain=names, range=[PALETTE[5], PALETTE[0]]),
        legend=alt.Legend(orient="top"),
    )  # fmt: skip
    frame = table.assign(kind=[names[0] if given else names[1] for given in table["given"]])
    line = alt.Chart(frame).mark_line(color=PALETTE[7], strokeWidth=1.5).encode(x=x, y=y, order="place:Q")
    dots = (
        alt.Chart(frame)
        .mark_circle(size=170, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[alt.Tooltip("setting:N", title="Setting"), alt.Tooltip("says:N", title=title)],
        )
    )
    return styled(line + dots, title, 28 * len(order) + 140)


def _room(values: Sequence[float]) -> list[float]:
    """The ends of an axis around values that may all be the same."""
    low, high = min(values), max(values)
    more = max(0.12 * (high - low), 0.02 * max(abs(high), abs(low)), 1e-9)
    return [max(0.0, low - more) if low >= 0 else low - more, high + more]
