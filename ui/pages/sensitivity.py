"""Sensitivity: which lever moves the result most, how far prices hold, and what would change one member's apportionment."""

from __future__ import annotations

import streamlit as st

from ui import show
from ui.prices import price_ranges
from ui.pulls import pulls
from ui.state import current
from ui.turning import turning_points


def page() -> None:
    """The page."""
    session, top = current(), st.container()
    tabs = st.tabs(
        ["Levers", "Prices and how far they hold", "One apportionment"], key="sensitivity kind", on_change="rerun"
    )
    for tab, draw in zip(tabs, (pulls, price_ranges, turning_points), strict=True):
        if tab.open:
            with tab:
                answer = draw(session)
    with top:
        show.head("What would change the result most?", answer)


page()
