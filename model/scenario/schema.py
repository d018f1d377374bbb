"""Every sheet and column of the scenario workbook: the only place that says what one is called and what it may hold.

Reading, checking, the empty template, the column guide and the glossary are all made from the tables this file gathers.
"""

from __future__ import annotations

from model.language.columns import DIMENSIONS, MEASURES, Column, Form, From, Kind, Sheet, share
from model.layers import gathered
from model.scenario.sheets_alliance import CAPABILITIES, MEMBERS, SETTINGS
from model.scenario.sheets_needs import (
    CAVEATS,
    COMMONALITY,
    COST_FACTORS,
    HOLDINGS,
    LEVELS,
    PLEDGES,
    PRIORITIES,
    REQUIREMENTS,
    RISK_BANDS,
    SITUATIONS,
    SOURCES,
    TASKS,
)

__all__ = [
    "DEFAULT_LEVEL",
    "DEFAULT_RISK_BANDS",
    "DIMENSIONS",
    "MEASURES",
    "SHEETS",
    "Column",
    "Form",
    "From",
    "Kind",
    "Sheet",
    "share",
    "sheet",
]

_CORE: tuple[Sheet, ...] = (
    SETTINGS, MEMBERS, CAPABILITIES, SITUATIONS, TASKS, REQUIREMENTS, HOLDINGS, COST_FACTORS, LEVELS, COMMONALITY, PRIORITIES,
    CAVEATS, PLEDGES, RISK_BANDS, SOURCES,
)  # fmt: skip


def _in_order() -> tuple[Sheet, ...]:
    """The core's sheets and the layers', each of these behind the sheet it names, else before the last."""
    order = list(_CORE)
    for added in gathered("sheets", "SHEETS"):
        names = [found.name for found in order]
        order.insert(names.index(added.after) + 1 if added.after else len(order) - 1, added)
    return tuple(order)


SHEETS: tuple[Sheet, ...] = _in_order()

DEFAULT_LEVEL = "any"
"""Name of the only level where there is no `Levels` sheet (effectiveness 1)."""

DEFAULT_RISK_BANDS: tuple[tuple[float, float], ...] = ((0.25, 0.4), (0.5, 0.8), (1.0, 1.4))
"""(up_to, weight) where there is no `Risk bands` sheet."""


def sheet(name: str) -> Sheet:
    """The sheet of that exact name."""
    return next(found for found in SHEETS if found.name == name)
