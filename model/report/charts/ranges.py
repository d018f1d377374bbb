"""Charts of ranges and of changes: how far a figure could go, what moves it, who it falls on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import DIVERGING, PALETTE, styled

CHOSEN = "chosen"
"""The name of the selection in a bar chart: one word, as Vega wants it."""

_AROUND = 165
"""Pixels for the title, the legend and the axis of a chart, whose height counts them."""


def _rows(labels: Sequence[str], limit: int = 420) -> Any:
    return alt.Y(
        "label:N",
        sort=list(labels),
        title=None,
        axis=alt.Axis(labelLimit=limit, labelOverlap=False, ticks=False, domain=False),
    )


def _tall(labels: Sequence[str], each: int = 28) -> int:
    return each * len(dict.fromkeys(labels)) + _AROUND


def intervals(frame: pd.DataFrame, kinds: Mapping[str, str], title: str, axis: str, now: str) -> Any:
    """A bar from ``low`` to ``high`` for each ``label``, a tick at ``at`` (what is called ``now``), coloured by ``kind``.

    ``kinds`` gives the kinds and their colours in order; ``says`` is the tooltip's text.
    """
    y, labels = _rows(frame["label"].tolist()), frame["label"].tolist()
    shown = [kind for kind in kinds if kind in set(frame["kind"])]
    colour = alt.Color(
        "kind:N", title=None, sort=None, scale=alt.Scale(domain=shown, range=[kinds[kind] for kind in shown]),
        legend=alt.Legend(orient="top", labelLimit=400),
    )  # fmt: skip
    tip = [alt.Tooltip("label:N", title="Of"), alt.Tooltip("says:N", title="Range"), alt.Tooltip("kind:N", title="So")]
    x = alt.X("low:Q", title=axis, scale=alt.Scale(zero=False, nice=True))
    bars = alt.Chart(frame).mark_bar(height=11, cornerRadius=4, opacity=0.9).encode(
        y=y, x=x, x2="high:Q", color=colour, tooltip=tip
    )  # fmt: skip
    tick = alt.Color(
        "now:N", title=None, scale=alt.Scale(domain=[now], range=[PALETTE[5]]), legend=alt.Legend(orient="top", symbolType="square")
    )  # fmt: skip
    at = (
        alt.Chart(frame.assign(now=now))
        .mark_tick(thickness=4, size=20, opacity=1)
        .encode(y=y, x="at:Q", tooltip=tip, color=tick)
    )
    both = alt.layer(bars, at).resolve_scale(color="independent")
    return styled(both, title, _tall(labels))


def tornado_chart(frame: pd.DataFrame, kinds: tuple[str, str], title: str, axis: str) -> Any:
    """Changes to both sides of zero: ``frame`` has label, kind (one of two), value, says; the widest rows come first."""
    labels = list(dict.fromkeys(frame["label"]))
    colour = alt.Color(
        "kind:N", title=None, sort=None, scale=alt.Scale(domain=list(kinds), range=[PALETTE[4], PALETTE[1]]),
        legend=alt.Legend(orient="top"),
    )  # fmt: skip
    tip = [
        alt.Tooltip("label:N", title="Lever"),
        alt.Tooltip("kind:N", title="Pulled"),
        alt.Tooltip("says:N", title="Then"),
        alt.Tooltip("meaning:N", title="The lever"),
    ]
    bars = (
        alt.Chart(frame)
        .mark_bar(height=18)
        .encode(y=_rows(labels), x=alt.X("value:Q", title=axis, stack=None), color=colour, tooltip=tip)
    )
    zero = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=PALETTE[7], strokeWidth=1.5).encode(x="value:Q")
    return styled(bars + zero, title, _tall(labels, 32))


def bars(
    frame: pd.DataFrame, title: str, axis: str, clickable: bool = False, kinds: Mapping[str, str] | None = None
) -> Any:
    """A bar for each ``label`` (``value``, ``says``), in the frame's order; a click selects its label where ``clickable``.

    ``kinds`` gives colours by the frame's ``kind``.
    """
    labels = frame["label"].tolist()
    tip = [alt.Tooltip("label:N", title="Of"), alt.Tooltip("says:N", title=title)]
    colour = (
        alt.Color(
            "kind:N", title=None, sort=None, scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
            legend=alt.Legend(orient="top", labelLimit=400, columns=1),
        )
        if kinds
        else alt.value(PALETTE[0])
    )  # fmt: skip
    base = alt.Chart(frame).mark_bar(height={"band": 0.75}, cursor="pointer" if clickable else "default").encode(
        y=_rows(labels), x=alt.X("value:Q", title=axis), color=colour, tooltip=tip
    )  # fmt: skip
    if clickable:
        chosen = alt.selection_point(name=CHOSEN, fields=["label"], on="click", toggle=False)
        base = base.encode(opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.45))).add_params(chosen)
    return styled(base, title, _tall(labels))


def dumbbells(frame: pd.DataFrame, kinds: tuple[str, str], title: str, axis: str) -> Any:
    """Two values for each ``label``, joined: ``frame`` has label, before, after, says."""
    labels = frame["label"].tolist()
    long = pd.concat(
        [frame.assign(kind=kind, value=frame[column]) for kind, column in zip(kinds, ("before", "after"), strict=True)]
    )
    y, tip = _rows(labels), [alt.Tooltip("label:N", title="Of"), alt.Tooltip("says:N", title="From and to")]
    x = alt.X("before:Q", title=axis, scale=alt.Scale(domain=[0, 100]))
    rule = alt.Chart(frame).mark_rule(color=PALETTE[7], strokeWidth=3).encode(y=y, x=x, x2="after:Q", tooltip=tip)
    colour = alt.Color(
        "kind:N", title=None, sort=None, scale=alt.Scale(domain=list(kinds), range=[PALETTE[0], PALETTE[5]]),
        legend=alt.Legend(orient="top", labelLimit=400),
    )  # fmt: skip
    dots = alt.Chart(long).mark_circle(size=180, opacity=1).encode(y=y, x="value:Q", color=colour, tooltip=tip)
    return styled(rule + dots, title, _tall(labels, 30))


def change_map(frame: pd.DataFrame, columns: Sequence[str], title: str, legend: str) -> Any:
    """Changes by ``label`` and ``column``, more in one colour and less in another: ``value``, ``says``."""
    largest = float(frame["value"].abs().max()) or 1.0
    labels = list(dict.fromkeys(frame["label"]))
    cells = (
        alt.Chart(frame)
        .mark_rect()
        .encode(
            y=_rows(labels),
            x=alt.X("column:N", sort=list(columns), title=None, axis=alt.Axis(labelAngle=0, orient="top")),
            color=alt.Color(
                "value:Q",
                title=legend,
                scale=alt.Scale(scheme=DIVERGING, domain=[-largest, largest], reverse=True),
                legend=alt.Legend(orient="bottom", gradientLength=320),
            ),
            tooltip=[
                alt.Tooltip("label:N", title="Who"),
                alt.Tooltip("column:N", title="Plan"),
                alt.Tooltip("says:N", title="Spends"),
            ],
        )
    )
    return styled(cells, title, _tall(labels))
