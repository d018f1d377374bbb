"""The first sheet of a scenario workbook: how to fill in every sheet and column. Readers ignore it."""

from __future__ import annotations

from collections.abc import Sequence

from model.language.columns import Column, Sheet
from model.scenario.column_words import allowed, blank_means, without
from model.workbook.write.excel_writer import Book, Worksheet, fit_row, put, write_link, write_title

_WIDTHS = (24, 12, 22, 62, 44, 30)
_HEADINGS = ("column", "needed", "unit", "meaning", "allowed", "if blank")

_ADVICE = (
    "One sheet a table, its headings in the first row, one record a row. Sheets, columns and rows come in any order; "
    "empty rows are skipped. This sheet, and any whose name begins with _, is not read.",
    "Dark headings must be filled in. Lighter ones may stay blank or be left out: the default given here then applies, "
    "and every default applied is listed in the result. A blank is never taken for zero unless it says so here.",
    "Shares are fractions of one: type 35% or 0.35. Money is in millions of the currency named on Settings. "
    "Rest the pointer on a heading to see what it means; names that exist already are offered as a list.",
)
_EXAMPLE = (
    "Entries in grey italics are a worked example: type over them, or delete their rows. They make a valid scenario."
)


def write_guide(book: Book, page: Worksheet, sheets: Sequence[Sheet], example: bool) -> None:
    """Advice, then every sheet with its columns, linked to the sheet itself."""
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    row = write_title(book, page, "How to fill in this workbook")
    for advice in (*_ADVICE, *((_EXAMPLE,) if example else ())):
        row = _write_advice(book, page, row - 1, advice) + 1
    for sheet in sheets:
        row = _write_section(book, page, row, sheet)
    page.activate()


def _write_advice(book: Book, page: Worksheet, row: int, advice: str) -> int:
    page.merge_range(row, 0, row, len(_WIDTHS) - 1, "", book.style("wrap", "lead"))
    put(book, page, row, 0, advice, "wrap", "lead")
    fit_row(page, row, [(advice, sum(_WIDTHS))])
    return row + 1


def _write_section(book: Book, page: Worksheet, row: int, sheet: Sheet) -> int:
    write_link(book, page, row, 0, sheet.name, "heading", "indent")
    put(book, page, row, 1, "required" if sheet.required else "optional", "text", "lead")
    purpose = f"{sheet.says} {without(sheet)}".strip().replace("`", "")
    put(book, page, row, 2, purpose, "text", "lead")
    for at, heading in enumerate(_HEADINGS):
        put(book, page, row + 1, at, heading, "header", "indent")
    for down, column in enumerate(sheet.columns, start=row + 2):
        weight = ("bold",) if column.required else ()
        cells = _cells(sheet, column)
        for at, text in enumerate(cells):
            put(book, page, down, at, text or None, "cell", "wrap", *(weight if at == 0 else ()))
        fit_row(page, down, zip(cells, _WIDTHS, strict=True))
    return row + 3 + len(sheet.columns)


def _cells(sheet: Sheet, column: Column) -> tuple[str, ...]:
    name = f"member × {sheet.across}" if sheet.form == "matrix" else column.name
    needed = "required" if column.required else "optional"
    return name, needed, column.unit, column.says.replace("`", ""), allowed(column), blank_means(column)
