"""Reading a scenario workbook: the only door from an .xlsx file to a :class:`Scenario`, with every fault gathered.

Bounded in time and memory by the limits of :mod:`archive`, :mod:`parts`, :mod:`cells` and :mod:`assemble`: no file,
however made, takes more than some seconds, and every one ends in a reading with faults or with a scenario.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

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
from model.workbook.read.parts import Package, SheetPart, open_package
from model.workbook.read.tables import tool_name

IGNORED_SHEETS = {"guide"}
"""Sheets of our own templates that hold no data; so do all whose name begins with ``_``."""


@dataclass(frozen=True)
class Reading:
    """What a workbook gave: its scenario (None where there are errors) and every fault, errors first."""

    scenario: Scenario | None
    faults: tuple[Fault, ...]


def load(source: str | Path | bytes, name: str = "") -> Scenario:
    """The scenario of a workbook; a :class:`WorkbookError` with all faults where it has errors."""
    reading = read(source, name)
    if reading.scenario is None:
        raise WorkbookError(reading.faults)
    return reading.scenario


def read(source: str | Path | bytes, name: str = "") -> Reading:
    """Reads a workbook (a path, the bare name of a shipped scenario, or the bytes of an upload) and reports every fault in it;
    raises nothing.

    ``name`` is what the scenario is called; a path gives it its file name without the ending.
    """
    ledger = Ledger()
    shipped = None if isinstance(source, bytes) else shipped_file(source)
    path = None if isinstance(source, bytes) else shipped or Path(source)
    try:
        data = source if isinstance(source, bytes) else file_bytes(shipped or Path(source))
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
    known = {sheet.name: sheet for sheet in SHEETS}
    grids: dict[str, Grid] = {}
    for part in package.sheets:
        if part.title.startswith("_") or normalised_heading(part.title) in IGNORED_SHEETS:
            continue
        name, remark = with_unit(part.title, lambda bare: tool_name(bare, known), in_brackets=True) or ("", "")
        sheet = known.get(name)
        if sheet is None or not part.holds_cells:
            _report_unknown(part, ledger)
        elif sheet.name in grids:
            message = f"the sheet '{sheet.name}' is there twice, also as '{grids[sheet.name].title}'"
            ledger.error(
                part.title, "", f"'{part.title[:60]}'", message, "Remove one of the two, or let its name begin with _."
            )
        else:
            grids[sheet.name] = read_grid(package, part)
            if remark:
                _warn_of_remark(sheet, part, remark, ledger)
            _warn_of_form(sheet, part, grids[sheet.name], package, ledger)
    return grids


def _report_unknown(part: SheetPart, ledger: Ledger) -> None:
    if not part.holds_cells:
        ledger.warning(part.title, "", "a chart sheet", "sheets without cells are not read", "It may stay.")
        return
    names = [sheet.name for sheet in SHEETS]
    remedy = f"{suggestion(part.title, names)}Rename it, remove it, or let its name begin with _ to have it ignored."
    ledger.error(part.title, "", f"'{part.title[:60]}'", f"unknown sheet; known are {', '.join(names)}", remedy)


def _warn_of_remark(sheet: Sheet, part: SheetPart, remark: str, ledger: Ledger) -> None:
    """A sheet whose name says more than it must may be one that is not meant."""
    message = f"the sheet is read as '{sheet.name}', whatever '{remark}' in its name says"
    remedy = f"Name it {sheet.name} if it is meant; remove it, or let its name begin with _, if it is not."
    ledger.warning(part.title, "", f"'{part.title[:60]}'", message, remedy)


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
