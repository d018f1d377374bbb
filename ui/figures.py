"""The figures at the top of pages and in the panel: how far each is from the base plan, and whether that is better."""

from __future__ import annotations

import math
from typing import Literal

from model.wording import words
from ui import show
from ui.state import Session

Kind = Literal["money", "part", "times"]
"""What a figure is: an amount of money, a fraction of 1 that reads as a percentage, or a number that is how many times another."""


def change(now: float, was: float, kind: Kind) -> str:
    """The difference as people write it, the same on every page: percentages in points, money in per cent of what it was."""
    if not math.isfinite(now - was) or abs(now - was) <= 1e-6 * max(abs(was), 1e-9):
        return ""
    if kind == "part":
        return f"{_signed(100 * (now - was))} points"
    if kind == "times":
        return _signed(now - was)
    return f"{_signed(100 * (now / was - 1))} %" if was else "from nothing"


def _signed(value: float) -> str:
    size = f"{abs(value):,.0f}" if abs(value) >= 10 else words.number(abs(value))
    return f"{'-' if value < 0 else '+'}{size}"


def of_alliance(
    session: Session, label: str, now: float, was: float, kind: Kind, less_is_better: bool | None, says: str = "",
    width: int | Literal["stretch"] = show.TILE,
) -> None:  # fmt: skip
    """A figure of the whole alliance, coloured where more or less is better for it: never where its members are others."""
    value = words.percent(now) if kind == "part" else words.money(now, words.currency_of(session.scenario))
    same_members = session.scenario.sets["member"] == session.base.scenario.sets["member"]
    show.figure(label, value, change(now, was, kind), less_is_better if same_members else None, says, width)
