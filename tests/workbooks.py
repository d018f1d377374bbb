"""A small valid scenario workbook for tests to change: sheets as lists of rows, written with openpyxl."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Sheets = dict[str, list[list[Any]]]

SMALL: Sheets = {
    "Settings": [
        ["key", "value"],
        ["title", "Northern alliance"],
        ["first_year", 2026],
        ["last_year", 2035],
        ["years_per_period", 2],
        ["objectives", "risk, cost"],
        ["challenge", 3],
    ],
    "Members": [
        ["member", "gdp", "gdp_growth", "population", "defence_share", "target_share", "alliance_share", "price_level",
         "availability", "level", "key"],
        ["Norland", 480000, 0.018, 5.6, 0.033, 0.035, 0.4, 1.1, 0.7, "interchangeable", 2],
        ["Southmark", 310000, 0.02, 4.1, 0.02, 0.03, 0.3, 0.9, 0.6, "compatible", 1],
        ["NA", 15000, None, 2.6, 0.03, None, 0.25, 0.6, 0.5, None, 1],
    ],
    "Capabilities": [
        ["capability", "domain", "unit", "unit_cost", "sustainment_cost", "life", "lead_time", "importance", "sharing",
         "max_share", "build_limit"],
        ["Armoured brigade", "land", "brigade", 4500, 350, 30, 4, 1, "rival", 0.8, 6],
        ["Fighter squadron", "air", "squadron", 1800, 120, 30, 4, 1.2, None, None, None],
        ["Early warning", "space", "system", 900, 60, 15, 2, 1, "non-rival", None, None],
    ],
    "Situations": [
        ["situation", "probability", "lead"],
        ["Attack in the north", 0.3, "Norland"],
        ["Crisis in the south", 0.7, None],
    ],
    "Tasks": [
        ["task", "situation", "consequence"],
        ["Defend the north", "Attack in the north", 1],
        ["Watch the north", "Attack in the north", 0.5],
        ["Evacuate", "Crisis in the south", 0.4],
    ],
    "Requirements": [
        ["task", "capability", "quantity", "year"],
        ["Defend the north", "Armoured brigade", 6, None],
        ["Defend the north", "Armoured brigade", 8, 2030],
        ["Defend the north", "Fighter squadron", 5, None],
        ["Watch the north", "Early warning", 1, None],
        ["Evacuate", "Fighter squadron", 1, None],
    ],
    "Holdings": [
        ["member", "Armoured brigade", "Fighter squadron", "Early warning"],
        ["Norland", 4, 3, 0],
        ["Southmark", 2, None, 1],
        ["NA", 0.2, None, None],
    ],
    "Cost factors": [
        ["member", "Armoured brigade", "Fighter squadron", "Early warning"],
        ["Norland", 1, 1.1, None],
        ["Southmark", 0.9, None, None],
        ["NA", None, "no", "no"],
    ],
    "Levels": [
        ["level", "effectiveness", "upgrade_cost", "exercise_cost"],
        ["compatible", 0.6, 0, 0],
        ["interchangeable", 0.8, 0.05, 0.005],
        ["integrated", 1, 0.1, 0.01],
    ],
    "Commonality": [
        ["member", "Norland", "Southmark", "NA"],
        ["Norland", None, 0.6, 0.2],
        ["Southmark", 0.6, None, 0.2],
        ["NA", 0.2, 0.2, 1],
    ],
    "Priorities": [
        ["member", "Defend the north", "Watch the north", "Evacuate"],
        ["Norland", 2, 1.5, None],
        ["Southmark", 1, 1, 2],
    ],
    "Caveats": [
        ["member", "task", "capability", "max_fraction"],
        ["Southmark", "Defend the north", "Armoured brigade", 0.5],
        ["NA", "Defend the north", None, None],
    ],
    "Opt-outs": [["member", "task", "still_counts"]],
    "Pledges": [
        ["member", "capability", "year", "min_stock", "max_stock"],
        ["Norland", "Armoured brigade", 2030, 3, None],
        ["Southmark", "Fighter squadron", None, None, 10],
    ],
    "Risk bands": [["up_to", "weight"], [0.25, 0.4], [0.5, 0.8], [1, 1.4]],
    "Sources": [
        ["sheet", "item", "value", "source", "note"],
        ["Members", "gdp of Norland", 480000, "National accounts 2024", None],
    ],
}  # fmt: skip
"""Three members (one named NA), three capabilities, two situations, three tasks, five periods, three levels."""


def small() -> Sheets:
    """A copy of :data:`SMALL` to change at will."""
    return copy.deepcopy(SMALL)


def to_book(sheets: Sheets) -> openpyxl.Workbook:
    """The sheets as an openpyxl workbook, every row from A1 on."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells, start=1):
                page.cell(row, column, value)
    return book


def to_bytes(sheets: Sheets | None = None, change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    """The workbook's file; ``change`` may alter it with openpyxl first (formats, merges, hidden rows)."""
    book = to_book(SMALL if sheets is None else sheets)
    if change is not None:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_workbook(path: Path, sheets: Sheets | None = None) -> Path:
    """Puts the workbook at ``path``."""
    path.write_bytes(to_bytes(sheets))
    return path
