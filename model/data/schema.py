"""Every sheet and column of the scenario workbook: the only place that says what one is called and what it may hold.

Reading, checking, the empty template, the column guide and the glossary are all made from the tables this file gathers.
"""

from __future__ import annotations

from model.data.columns import DIMENSIONS, MEASURES, Column, Form, From, Kind, Sheet, share
from model.data.sheets_alliance import CAPABILITIES, MEMBERS, SETTINGS
from model.data.sheets_cases import CASE_FACTORS, CASES
from model.data.sheets_consensus import OPT_OUTS
from model.data.sheets_funding import COMMON_FUNDING, PROGRAMMES, WORKSHARES
from model.data.sheets_industry import INDUSTRY, TECHNOLOGY
from model.data.sheets_keys import KEYS
from model.data.sheets_needs import (
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
from model.data.sheets_partners import PARTNERS, SUPPORT

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

SHEETS: tuple[Sheet, ...] = (
    SETTINGS, MEMBERS, CAPABILITIES, SITUATIONS, TASKS, REQUIREMENTS, HOLDINGS, COST_FACTORS, LEVELS, COMMONALITY, PRIORITIES,
    CAVEATS, OPT_OUTS, PLEDGES, RISK_BANDS, KEYS, COMMON_FUNDING, PROGRAMMES, WORKSHARES,
    PARTNERS, SUPPORT, INDUSTRY, TECHNOLOGY, CASES, CASE_FACTORS, SOURCES,
)  # fmt: skip

DEFAULT_LEVEL = "any"
"""Name of the only level where there is no `Levels` sheet (effectiveness 1)."""

DEFAULT_RISK_BANDS: tuple[tuple[float, float], ...] = ((0.25, 0.4), (0.5, 0.8), (1.0, 1.4))
"""(up_to, weight) where there is no `Risk bands` sheet."""


def sheet(name: str) -> Sheet:
    """The sheet of that exact name."""
    return next(found for found in SHEETS if found.name == name)
