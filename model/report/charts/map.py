"""A map for the browser: countries coloured by a measure, drawn from outlines that travel with the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from model.report.charts.base import DIVERGING, SEQUENTIAL, styled

CHOSEN = "member_chosen"
"""What the selection of a clicked member is called."""

_LAND, _EDGE = "#9aa0a6", "#6b7075"
"""Land of others and outlines: greys that stand out from light and dark alike."""


@dataclass(frozen=True)
class Shade:
    """How a measure becomes a colour: its title with its unit, how its numbers are written, and the value in the middle.

    ``middle`` makes the colours diverge from it; without it they run from nothing to much. ``skewed`` spreads small values.
    """

    title: str
    format: str
    middle: float | None = None
    skewed: bool = False
    most: float = 1.0


@dataclass(frozen=True)
class Frame:
    """How the earth is laid flat: a projection of Vega, its middle (degrees east and north), and points it is fitted to."""

    projection: str
    middle: tuple[float, float]
    corners: Sequence[tuple[float, float]]

    @property
    def fit(self) -> dict[str, Any]:
        """The points as Vega takes them."""
        points = [list(corner) for corner in self.corners]
        return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPoint", "coordinates": points}}

    @property
    def options(self) -> dict[str, Any]:
        """All of it, for :meth:`altair.Chart.project`; a round view ends before the far side of the earth."""
        clip = {"clipAngle": 120} if self.projection == "azimuthalEqualArea" else {}
        return {"type": self.projection, "rotate": [-self.middle[0], -self.middle[1], 0], "fit": self.fit, **clip}


def world(
    members: Sequence[Mapping[str, Any]],
    dots: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
    frame: Frame,
    shade: Shade,
    height: int = 540,
) -> dict[str, Any]:
    """Members coloured by ``value``, others grey, as a Vega-Lite chart. A click chooses a member (selection :data:`CHOSEN`).

    ``members`` are flat GeoJSON features with ``member``, ``value`` and ``says`` (the value in words); ``dots`` are those too
    small to be seen, with ``lon`` and ``lat`` instead of a geometry; ``others`` are features with nothing but a geometry.
    """
    chosen = alt.selection_point(name=CHOSEN, fields=["member"], on="click", clear="dblclick")
    looks = {
        "color": alt.Color("value:Q", scale=_scale(shade), title=shade.title, legend=_legend(shade)),
        "tooltip": [
            alt.Tooltip("member:N", title="Member"),
            alt.Tooltip("says:N", title=shade.title.partition(" (")[0]),
        ],
        "strokeWidth": alt.condition(chosen, alt.value(2.5), alt.value(0.6), empty=False),
    }
    land = alt.Chart(alt.NamedData("others")).mark_geoshape(
        fill=_LAND, fillOpacity=0.25, stroke=_EDGE, strokeWidth=0.4, clip=True
    )
    shapes = alt.Chart(alt.NamedData("members")).mark_geoshape(stroke=_EDGE, clip=True, cursor="pointer")
    small = alt.Chart(alt.NamedData("dots")).mark_circle(size=150, opacity=1, stroke=_EDGE, clip=True, cursor="pointer")
    drawn = alt.layer(
        land, shapes.encode(**looks).add_params(chosen), small.encode(longitude="lon:Q", latitude="lat:Q", **looks)
    ).project(**frame.options)
    # data are added last: checking thousands of coordinates against Altair's grammar would take a second
    data = {"members": [*members], "dots": [*dots], "others": [*others]}
    return {**styled(drawn, height=height).to_dict(), "datasets": data}


def _scale(shade: Shade) -> alt.Scale:
    if shade.middle is not None:
        return alt.Scale(scheme=DIVERGING, domainMid=shade.middle, reverse=True)
    return alt.Scale(scheme=SEQUENTIAL, type="sqrt" if shade.skewed else "linear", domain=[0, shade.most])


def _legend(shade: Shade) -> alt.Legend:
    return alt.Legend(orient="bottom", direction="horizontal", gradientLength=320, format=shade.format, titleLimit=600)
