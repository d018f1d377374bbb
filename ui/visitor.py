"""Which browser a page is drawn for: tells a person's own reload from somebody else who was sent the address."""

from __future__ import annotations

import streamlit as st

COOKIE = "_streamlit_xsrf"
"""A random secret that the server gives every browser; masked anew each time: ``2|mask|masked secret|time``."""


def browser() -> str:
    """The secret of this browser; "" where it has none."""
    parts = str(st.context.cookies.get(COOKIE, "")).split("|")
    try:
        mask, masked = (bytes.fromhex(part) for part in parts[1:3])
    except ValueError:
        return ""
    return bytes(one ^ mask[at % len(mask)] for at, one in enumerate(masked)).hex() if mask else ""
