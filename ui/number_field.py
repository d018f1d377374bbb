"""A field for one number. It takes text: a number field of the browser would throw commas away before anybody sees them."""

from __future__ import annotations

from typing import Any

from model.workbook.read.typed_numbers import NotANumber, typed_number
from ui import show


def number_field(
    place: Any, label: str, key: str, low: float | None = None, high: float | None = None, **named: Any
) -> float | None:
    """The number typed into a field of ``place``; None where it is blank or, said beneath it, not to be taken.

    ``named`` go to ``text_input``.
    """
    text = str(place.text_input(show.escaped(label), key=key, **named) or "")
    if not text.strip():
        return None
    try:
        number = typed_number(text)
    except NotANumber as wrong:
        place.error(show.escaped(f"“{text}”: {wrong}"), icon=":material/error:")
        return None
    if (low is not None and number < low) or (high is not None and number > high):
        span = f"at least {low:g}" if high is None else f"from {low:g} to {high:g}"
        place.error(show.escaped(f"“{text}” is out of range: type a number {span}."), icon=":material/error:")
        return None
    return number
