"""A copy of a planner's workbook with its faults marked where they stand: the only importer of openpyxl."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from model.files.earlier import write_kept
from model.language.faults import Fault, UsageError, WorkbookError
from model.language.names import normalised_heading
from model.workbook.read.archive import file_bytes, open_archive
from model.workbook.read.cells import position, reference
from model.workbook.read.parts import Meter, Walker, walk
from model.workbook.write.excel_writer import lines_needed, quoted, verify

FAULT_SHEET = "_Faults"
"""The sheet that lists the faults; readers skip sheets whose names begin with ``_``."""

MAX_CELLS = 300_000
"""Larger workbooks are not annotated: openpyxl takes about a kilobyte for each cell or row."""

_AUTHOR = "alliance check"
_MARK = "— found by the check —"
_FILLS = {"error": PatternFill("solid", "F4A99B"), "warning": PatternFill("solid", "FFE08A")}
_COLUMNS = {"severity": 11, "sheet": 18, "cell": 9, "found": 26, "what is wrong": 62, "what to do": 62}
_FIRST_ROW = 5

Workbook = Any
Cell = Any
Worksheet = Any


def annotate(source: str | Path, faults: Sequence[Fault], target: str | Path) -> Path:
    """Put at ``target`` a copy of ``source`` with the faults coloured, commented and listed on a first sheet.

    ``source`` is never written, and an earlier copy is kept (it may have been corrected in). Raises UsageError where it cannot
    be opened or is the target, OutputError where the copy cannot be written.
    """
    return write_kept(Path(target), annotated_copy(source, faults, target)).paths[0]


def annotated_copy(source: str | Path, faults: Sequence[Fault], target: str | Path) -> bytes:
    """What is to stand at ``target``. Raises UsageError where ``source`` cannot be opened or is the target."""
    if _same_file(source, target):
        raise UsageError(f"{target} is the workbook itself. Give the annotated copy another name.")
    try:
        return annotated(file_bytes(Path(source)), faults)
    except WorkbookError as refusal:
        raise UsageError(f"{source} cannot be annotated: {refusal}") from refusal


def annotated(content: bytes, faults: Sequence[Fault]) -> bytes:
    """The annotated copy of a workbook, both as bytes. Raises WorkbookError or UsageError where it cannot be opened."""
    _refuse_unwieldy(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on decorations that it will not keep
            copy_of_it = _annotated(openpyxl.load_workbook(io.BytesIO(content)), faults)
    except UsageError:
        raise
    except Exception as reason:  # openpyxl raises whatever a damaged part happens to break
        raise UsageError(f"The workbook cannot be annotated: {reason}. Save it anew in Excel and retry.") from reason
    verify(copy_of_it)
    return copy_of_it


def _annotated(book: Workbook, faults: Sequence[Fault]) -> bytes:
    if not book.worksheets:
        raise UsageError("The workbook cannot be annotated. Save it in Excel as an ordinary workbook, not as Strict.")
    _clear_earlier_marks(book)
    sheets = {normalised_heading(sheet.title): sheet for sheet in book.worksheets}
    ordered = sorted(faults, key=lambda fault: (fault.severity, _order(book, fault, sheets)))
    marks: dict[tuple[str, int, int], list[Fault]] = {}
    for fault in ordered:
        if place := _place(fault, sheets):
            marks.setdefault(place, []).append(fault)
    for (sheet, row, column), together in marks.items():
        _mark(book[sheet].cell(row, column), together)
    _fit_comments(book)
    _list_faults(book, ordered, sheets)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _same_file(source: str | Path, target: str | Path) -> bool:
    """Whether both are one file, be it by links or by names that differ in case only."""
    return os.path.exists(source) and os.path.exists(target) and os.path.samefile(source, target)


class _Bulk(Walker):
    """Counts what costs openpyxl memory: rows, cells, and the areas it fills cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("row", "c", "si", "xf"):
            self.cells += 1
        elif tag in ("mergeCell", "hyperlink", "comment", "table"):
            first, _, last = attributes.get("ref", "").partition(":")
            top_left, bottom_right = position(first), position(last or first)
            if top_left is None or bottom_right is None:
                self.cells += MAX_CELLS + 1  # a whole row or column, or none at all
            else:
                self.cells += (bottom_right[0] - top_left[0] + 1) * (bottom_right[1] - top_left[1] + 1)


def _refuse_unwieldy(content: bytes) -> None:
    """Keep from openpyxl what would take it minutes or gigabytes."""
    archive, bulk = open_archive(content), _Bulk()
    for part in archive.parts:
        if part.endswith(".xml"):
            walk(archive, part, bulk, Meter())
        if bulk.cells > MAX_CELLS:
            raise UsageError("The workbook is too large to be annotated. The list of faults is complete without it.")


def _clear_earlier_marks(book: Workbook) -> None:
    """What an earlier check left in this workbook goes: its list, its comments and the colours that go with them."""
    if FAULT_SHEET in book.sheetnames:
        del book[FAULT_SHEET]
    for cell in _commented(book):
        kept, mark, _ = cell.comment.text.partition(_MARK)
        if mark:
            cell.fill = PatternFill()
            cell.comment = Comment(kept.strip(), "") if kept.strip() else None


def _commented(book: Workbook) -> list[Cell]:
    # not iter_rows, which would walk through every blank cell up to the last one
    return [cell for sheet in book.worksheets for cell in sheet._cells.values() if cell.comment]


def _place(fault: Fault, sheets: Mapping[str, Worksheet]) -> tuple[str, int, int] | None:
    """Title, row and column of the cell to mark; for merged cells the first of them, which alone is shown."""
    sheet = sheets.get(normalised_heading(fault.sheet))
    at = position(fault.cell.partition(":")[0])
    if sheet is None or at is None:
        return None
    for area in sheet.merged_cells.ranges:
        if area.min_row <= at[0] <= area.max_row and area.min_col <= at[1] <= area.max_col:
            at = (area.min_row, area.min_col)
    return (sheet.title, *at)


def _order(book: Workbook, fault: Fault, sheets: Mapping[str, Worksheet]) -> tuple[int, int, int]:
    """Faults of the whole workbook first, then sheet by sheet, row by row."""
    place = _place(fault, sheets)
    sheet = sheets.get(normalised_heading(fault.sheet))
    return (book.sheetnames.index(sheet.title) if sheet else -1, *(place[1:] if place else (0, 0)))


def _mark(cell: Cell, faults: Sequence[Fault]) -> None:
    worst = min(fault.severity for fault in faults)  # "error" comes before "warning"
    sentences = [f"{fault.severity.upper()}: {fault.message}.\n{fault.remedy}" for fault in faults]
    earlier = [cell.comment.text.strip()] if cell.comment else []
    cell.fill = _FILLS[worst]
    font = copy(cell.font)
    font.color = "1A1A1A"
    cell.font = font  # white headings would vanish on the light fill
    cell.comment = Comment(_printable("\n\n".join([*earlier, _MARK, *sentences])), _AUTHOR)


def _fit_comments(book: Workbook) -> None:
    """Boxes as large as their texts: openpyxl forgets the size of those it reads."""
    for cell in _commented(book):
        cell.comment.width, cell.comment.height = 320, 17 * lines_needed(cell.comment.text, 42) + 16


def _list_faults(book: Workbook, faults: Sequence[Fault], sheets: Mapping[str, Worksheet]) -> None:
    page = book.create_sheet(FAULT_SHEET, 0)
    _write_head(page, faults)
    for row, fault in enumerate(faults, start=_FIRST_ROW):
        texts = (fault.severity, fault.sheet, fault.cell, fault.found, fault.message, fault.remedy)
        for column, text in enumerate(texts, start=1):
            _put(page, row, column, text).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(row, 1).fill = _FILLS[fault.severity]
        page.row_dimensions[row].height = 2 + 15 * max(map(lines_needed, texts, _COLUMNS.values()))
        if place := _place(fault, sheets):
            _link(page.cell(row, 3), place)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is page  # else Excel would edit two sheets at once
    book.active = 0


def _write_head(page: Worksheet, faults: Sequence[Fault]) -> None:
    errors = sum(fault.severity == "error" for fault in faults)
    counted = f"{errors} to correct (red), {len(faults) - errors} to look at (amber)."
    _put(page, 1, 1, "Faults found in this workbook").font = Font(name="Calibri", bold=True, size=16, color="1F3864")
    advice = "Click a cell to go there; its comment says what to do. This sheet is not read and may be deleted."
    _put(page, 2, 1, f"{counted} {advice}")
    for column, (heading, width) in enumerate(_COLUMNS.items(), start=1):
        cell = _put(page, _FIRST_ROW - 1, column, heading)
        cell.font, cell.fill = Font(name="Calibri", bold=True, color="FFFFFF"), PatternFill("solid", "1F3864")
        page.column_dimensions[cell.column_letter].width = width
    page.freeze_panes = f"A{_FIRST_ROW}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _link(cell: Cell, place: tuple[str, int, int]) -> None:
    sheet, row, column = place
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quoted(sheet)}!{reference(row, column)}")
    cell.font = Font(name="Calibri", size=11, underline="single", color="0563C1")


def _put(page: Worksheet, row: int, column: int, text: str) -> Cell:
    """Text as text, also where it begins like a formula."""
    cell = page.cell(row, column, _printable(text) or None)
    cell.font = Font(name="Calibri", size=11)
    if text:
        cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:32_000]
