"""Where every run of the front end begins: the pages, the side panel, and what is said when something goes wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

from model.language.faults import AllianceError
from ui import failing, panel, show
from ui.state import Session, current

PAGES = {
    "The plan": {
        "overview": ("Overview", ":material/dashboard:"),
        "apportionment": ("Apportionment", ":material/grid_on:"),
        "timeline": ("Timeline", ":material/timeline:"),
        "map": ("Map", ":material/public:"),
    },
    "The members": {
        "members": ("Members", ":material/flag:"),
        "burden": ("Burden", ":material/balance:"),
        "cost_sharing": ("Cost sharing", ":material/groups:"),
        "interoperability": ("Interoperability", ":material/hub:"),
    },
    "What else": {
        "trade_offs": ("Trade-offs", ":material/show_chart:"),
        "sensitivity": ("Sensitivity", ":material/tune:"),
        "withdrawal": ("Withdrawal", ":material/logout:"),
        "negotiation": ("Negotiation range", ":material/handshake:"),
        "scenarios": ("Scenarios", ":material/compare_arrows:"),
    },
    "The model": {
        "model": ("Model", ":material/functions:"),
        "data": ("Data", ":material/table_view:"),
    },
}
"""Every page by its file's name: what it is called and its sign."""

FIRST = "overview"

_CLOSER = """<style>
[data-testid='stMainBlockContainer'] { padding-top: 4.5rem }
[data-testid='stElementToolbarButton']:has([aria-label^='Download as CSV']) { display: none }
[data-testid='stColumn']:has([data-testid='stVegaLiteChart']) { min-width: min(100%, 24rem) }
[data-testid='stMetricLabel'] p { white-space: normal !important }
</style>"""
"""Headlines begin right under the menu. A table's own button to download it is not shown: it writes names as live formulas. On
a narrow window pictures go below each other before their titles and legends are cut, and labels of figures take a second line."""

SWITCH = 1e-4
"""Seconds a thread may keep Python's lock while others want it. Beside a thread busy in Python a what-if of 0.4 s took 5.4 s with
Python's own 0.005, and 0.6 s with this."""

NEED_NO_PLAN = ("data", "model", "scenarios")


def run() -> None:
    """One run of the page that is asked for. The tab's icon is a file of ours: a page's own sign would be fetched from elsewhere."""
    sys.setswitchinterval(SWITCH)
    here = Path(__file__).parent
    st.set_page_config("Alliance planning", str(here / "icon.png"), layout="wide", initial_sidebar_state="expanded")
    folder = here / "pages"
    pages = {
        group: [
            st.Page(
                folder / f"{name}.py",
                title=title,
                icon=icon,
                url_path=name if name != FIRST else "home",
                default=name == FIRST,
            )
            for name, (title, icon) in named.items()
        ]
        for group, named in PAGES.items()
    }
    first = pages[next(iter(pages))]
    by_name = st.Page(lambda: st.switch_page(first[0]), title="To the overview", url_path=FIRST, visibility="hidden")
    first.append(by_name)  # the first page is at the root; this is for whoever types its name
    chosen = st.navigation(pages, position="top")
    st.html(_CLOSER)
    with st.spinner("Opening the scenario and solving it: some seconds the first time …"):
        session = current()
    panel.draw(session)
    _notices(session)
    try:
        lacking = not session.plan.found and chosen.url_path not in NEED_NO_PLAN
        failing.draw(session) if lacking else chosen.run()
    except AllianceError as failure:
        st.error(show.escaped(failure), icon=":material/error:")


def _notices(session: Session) -> None:
    """What of the link that opened the session could not be done."""
    for text in session.notices:
        st.warning(show.escaped(text), icon=":material/link_off:")
    if session.notices and st.button("Dismiss", key="dismiss notices"):
        session.notices = ()
        st.rerun()
