"""Charts of policies for the browser: how much each holds the plan back."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from model.report.charts.base import PALETTE, styled


def worth_of_policies(frame: pd.DataFrame, measure: str) -> Any:
    """One bar a policy. ``frame`` has ``policy``, ``worth`` (a fraction of the measure's value), ``binds``, ``places``,
    ``where``, ``says`` and ``kind`` (what is asked, or what limits how it is met)."""
    title = f"Fall in {measure} with 1 % more room (% of its value, at most)"
    names = list(frame.sort_values("worth", ascending=False, kind="stable")["policy"])
    kinds = list(dict.fromkeys(sorted(frame["kind"])))
    drawn = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y("policy:N", title="Policy", sort=names),
            x=alt.X("worth:Q", title=title, axis=alt.Axis(format=".2~%")),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=list(PALETTE[: len(kinds)]))),
            tooltip=[
                alt.Tooltip("policy:N", title="Policy"),
                alt.Tooltip("says:N", title="Says"),
                alt.Tooltip("worth:Q", title=title, format=".3~%"),
                alt.Tooltip("binds:Q", title="Places where it binds", format=",d"),
                alt.Tooltip("places:Q", title="Places in all", format=",d"),
                alt.Tooltip("where:N", title="Binds most at"),
            ],
        )
    )
    return styled(drawn, height=70 + 30 * len(frame))
