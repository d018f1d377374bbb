"""Charts of comparisons for the browser: how much each figure differs from the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import colours, styled


def differences(frame: pd.DataFrame, items: Sequence[str], scenarios: Sequence[str], title: str, kind: str) -> Any:
    """Bars to the left and right of nothing, one for each item and scenario.

    ``frame`` has ``item``, ``scenario``, ``difference`` (a fraction of 1) and ``says`` (from what to what); ``title`` names
    the axis with its unit, ``kind`` the items. ``scenarios`` fixes the colours, ``items`` the order.
    """
    drawn = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y("item:N", title=kind, sort=list(items)),
            yOffset=alt.YOffset("scenario:N", sort=list(scenarios)),
            x=alt.X("difference:Q", title=title, axis=alt.Axis(format="+.2~%")),
            color=alt.Color("scenario:N", title="Plan", scale=colours(scenarios), sort=list(scenarios)),
            tooltip=[
                alt.Tooltip("item:N", title=kind),
                alt.Tooltip("scenario:N", title="Plan"),
                alt.Tooltip("says:N", title="From the baseline"),
                alt.Tooltip("difference:Q", title=title, format="+.3~%"),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color="#7F7F7F").encode(x="at:Q")
    return styled(drawn + zero, height=max(160, 60 + 26 * len(items) * max(1, len(scenarios)) // 2 + 12 * len(items)))
