"""Which browser a page is drawn for: tells a person's own reload from somebody else who was sent the address."""

from __future__ import annotations

import streamlit as st

from ui.guard import COOKIE


def browser() -> str:
    """The word by which the server knows this browser again; "" where it has none."""
    return str(st.context.cookies.get(COOKIE, ""))
