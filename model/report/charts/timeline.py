"""Charts over the years for the browser: stacked columns, with what is offered as a line over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import PALETTE, styled

_LINE = "#7F7F7F"
"""A grey that is seen on light and dark."""


def over_the_years(
    frame: pd.DataFrame,
    years: Sequence[str],
    series: str,
    names: Sequence[str],
    unit: str,
    offered: Sequence[float] | None = None,
    height: int = 420,
) -> Any:
    """Columns stacked by ``series`` (a column of the table), one for each of ``years``; ``value`` is in ``unit``.

    ``names`` fixes order and colours, so that a name has its colour whatever is left out; ``offered`` draws what is
    offered in each period as marks above the columns.
    """
    sums = frame.groupby(["years", series], sort=False, observed=True)["value"].sum().reset_index()
    place = {name: i for i, name in enumerate(names)}
    sums["place"] = sums[series].map(place)
    shown = [name for name in names if name in set(sums[series])]
    scale = alt.Scale(domain=shown, range=[PALETTE[place[name] % len(PALETTE)] for name in shown])
    x = alt.X(
        "years:O", title="Years", sort=list(years), scale=alt.Scale(domain=list(years)), axis=alt.Axis(labelAngle=0)
    )
    title, y = series.capitalize(), alt.Y("value:Q", title=unit, axis=alt.Axis(format=_format(sums["value"])))
    drawn: Any = (
        alt.Chart(sums)
        .mark_bar()
        .encode(
            x=x,
            y=y,
            color=alt.Color(f"{series}:N", title=title, scale=scale),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("years:O", title="Years"),
                alt.Tooltip(f"{series}:N", title=title),
                alt.Tooltip("value:Q", title=unit, format=_format(sums["value"], 4)),
            ],
        )
    )
    return styled(drawn if offered is None else drawn + _offers(years, offered, x, unit), height=height)


def _offers(years: Sequence[str], offered: Sequence[float], x: Any, unit: str) -> Any:
    frame = pd.DataFrame({"years": list(years), "offered": list(offered), "what": "Offered"})
    return (
        alt.Chart(frame)
        .mark_tick(thickness=3, bandSize=44, color=_LINE)
        .encode(
            x=x,
            y=alt.Y("offered:Q", title=unit),
            opacity=alt.Opacity("what:N", title=None, scale=alt.Scale(range=[1])),
            tooltip=[
                alt.Tooltip("years:O", title="Years"),
                alt.Tooltip("offered:Q", title=f"Offered ({unit})", format=",.0f"),
            ],
        )
    )


def _small(values: pd.Series) -> bool:
    return bool(values.empty or values.abs().max() < 100)


def _format(values: pd.Series, digits: int = 3) -> str:
    return f",.{digits}~g" if _small(values) else ",.0f"
