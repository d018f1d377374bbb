"""Reading a scenario workbook: the only door from an .xlsx file to a :class:`Scenario`, with every fault gathered.

Bounded in time and memory by the limits of :mod:`archive`, :mod:`parts`, :mod:`cells` and :mod:`assemble`: no file,
however made, takes more than some seconds, and every one ends in a reading with faults or with a scenario.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.language.columns import Sheet
from model.language.faults import Fault, WorkbookError
from model.language.names import normalised_heading, suggestion
from model.language.units import with_unit
from model.scenario.checks import run_checks
from model.scenario.ledger import Ledger
from model.scenario.scenario import Scenario
from model.scenario.schema import SHEETS
from model.scenario.source import Source, printable, shipped_file
from model.workbook.read.archive import file_bytes, open_archive
from model.workbook.read.assemble import assemble
from model.workbook.read.cells import Grid, Kind, read_grid, reference
from model.workbook.read.frames import grids_of
from model.workbook.read.parts import Package, SheetPart, open_package
from model.workbook.read.tables import tool_name

if TYPE_CHECKING:
    import pandas as pd

IGNORED_SHEETS = {"guide"}
"""Sheets of our own templates that hold no data; so do all whose name begins with ``_``."""


@dataclass(frozen=True)
class Reading:
    """What a workbook gave: its scenario (None where there are errors) and every fault, errors first."""

    scenario: Scenario | None
    faults: tuple[Fault, ...]


Frames = Mapping[str, "pd.DataFrame"]


def load(source: str | Path | bytes | Frames, name: str = "") -> Scenario:
    """The scenario of a workbook: a path, the bare name of a scenario that ships (``"tutorial"``), the bytes of a file, or pandas
    frames by the names of their sheets (what :meth:`Scenario.frames` gives; a missing value is a blank cell).

    Figures are in the units of the column guide, money in millions of the currency. Raises WorkbookError with all faults where there
    are errors: a fault in a frame names sheet, column and the label of the row. Raises UsageError for frames that are none.
    """
    reading = read(source, name)
    if reading.scenario is None:
        raise WorkbookError(reading.faults)
    return reading.scenario


def read(source: str | Path | bytes | Frames, name: str = "") -> Reading:
    """Reads a workbook (a path, the bare name of a shipped scenario, the bytes of an upload, or frames) and reports every fault in
    it; raises nothing, but UsageError for frames that are none.

    ``name`` is what the scenario is called; a path gives it its file name without the ending.
    """
    ledger = Ledger()
    named = None if isinstance(source, bytes | Mapping) else source
    shipped = None if named is None else shipped_file(named)
    path = None if named is None else shipped or Path(named)
    try:
        if isinstance(source, Mapping):
            given = grids_of(source)
            data = repr([(grid.title, grid.rows) for grid in given]).encode()
            grids = _of_frames(given, ledger)
        else:
            data = source if isinstance(source, bytes) else file_bytes(path or Path(source))
            grids = _grids(open_package(open_archive(data)), ledger)
    except WorkbookError as refusal:
        return Reading(None, (*refusal.faults, *ledger.all_faults()))
    stem = name or ("scenario" if path is None else printable(path.stem))
    scenario = assemble(grids, stem, ledger)
    for fault in run_checks(scenario, ledger.places, ledger.spoiled):
        ledger.add(fault)
    faults, where = ledger.all_faults(), "" if path is None else printable(os.path.abspath(path))
    origin = Source(where, shipped.stem if shipped else "", hashlib.sha256(data).hexdigest(), faults)
    placed = replace(scenario, cells=ledger.places.by_key(), source=origin)
    return Reading(None if ledger.has_errors else placed, faults)


def _grids(package: Package, ledger: Ledger) -> dict[str, Grid]:
    """The cells of every sheet of the schema, by its schema name; other sheets are reported."""
    if package.has_macros:
        ledger.warning("", "", "macros", "the workbook holds macros, which are not run", "Save it as .xlsx.")
    grids: dict[str, Grid] = {}
    for part in package.sheets:
        if not part.holds_cells and not _is_ignored(part.title):
            ledger.warning(part.title, "", "a chart sheet", "sheets without cells are not read", "It may stay.")
        elif sheet := _sheet_called(part.title, grids, ledger):
            grids[sheet.name] = read_grid(package, part)
            _warn_of_form(sheet, part, grids[sheet.name], package, ledger)
    return grids


def _of_frames(given: Sequence[Grid], ledger: Ledger) -> dict[str, Grid]:
    """The grids of frames, by the name of their sheet; others are reported."""
    grids: dict[str, Grid] = {}
    for grid in given:
        if sheet := _sheet_called(grid.title, grids, ledger):
            grids[sheet.name] = grid
    return grids


def _is_ignored(title: str) -> bool:
    return title.startswith("_") or normalised_heading(title) in IGNORED_SHEETS


def _sheet_called(title: str, taken: Mapping[str, Grid], ledger: Ledger) -> Sheet | None:
    """The sheet of the schema that is called so; None, with a fault, where there is none or it is there already."""
    if _is_ignored(title):
        return None
    known = {sheet.name: sheet for sheet in SHEETS}
    name, remark = with_unit(title, lambda bare: tool_name(bare, known), in_brackets=True) or ("", "")
    sheet = known.get(name)
    if sheet is None:
        _report_unknown(title, ledger)
    elif sheet.name in taken:
        message = f"the sheet '{sheet.name}' is there twice, also as '{taken[sheet.name].title}'"
        ledger.error(title, "", f"'{title[:60]}'", message, "Remove one of the two, or let its name begin with _.")
        return None
    elif remark:
        _warn_of_remark(sheet, title, remark, ledger)
    return sheet


def _report_unknown(title: str, ledger: Ledger) -> None:
    names = [sheet.name for sheet in SHEETS]
    remedy = f"{suggestion(title, names)}Rename it, remove it, or let its name begin with _ to have it ignored."
    ledger.error(title, "", f"'{title[:60]}'", f"unknown sheet; known are {', '.join(names)}", remedy)


def _warn_of_remark(sheet: Sheet, title: str, remark: str, ledger: Ledger) -> None:
    """A sheet whose name says more than it must may be one that is not meant."""
    message = f"the sheet is read as '{sheet.name}', whatever '{remark}' in its name says"
    remedy = f"Name it {sheet.name} if it is meant; remove it, or let its name begin with _, if it is not."
    ledger.warning(title, "", f"'{title[:60]}'", message, remedy)


def _warn_of_form(sheet: Sheet, part: SheetPart, grid: Grid, package: Package, ledger: Ledger) -> None:
    """Warns of a hidden sheet, and of formulas whose stored results may be out of date."""
    if part.hidden:
        message = "the sheet is hidden, and is read like any other"
        ledger.warning(part.title, "", "a hidden sheet", message, "Show it, and remove it if it is not meant.")
    computed = [
        reference(row, column)
        for row, cells in grid.rows.items()
        for column, cell in cells.items()
        if cell.computed and cell.kind is not Kind.UNCALCULATED
    ]
    if computed and package.calculates_on_opening:
        message = "a program wrote these formulas without calculating them; their stored results may be wrong"
        found = f"{len(computed)} formulas"
        ledger.warning(part.title, computed[0], found, message, "Open the workbook in Excel and save it.")
