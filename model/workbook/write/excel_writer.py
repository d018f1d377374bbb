"""Excel workbooks with one sober look, written as text and numbers only: the only importer of XlsxWriter."""

from __future__ import annotations

import inspect
import io
import math
import textwrap
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from numbers import Real
from pathlib import Path
from typing import Any, Literal
from xml.parsers import expat

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from model.files.atomic import write_bytes
from model.language.faults import OutputError, UsageError
from model.workbook.write.excel_styles import STYLES

Worksheet = Any
Format = Any

_NUMERIC = {"number", "factor", "whole", "money", "one_decimal", "two_decimals", "share", "share_as_typed", "year"}
_NUMERIC |= {"share_two", "fine_share", "price", "four_decimals", "residual"}

_CREATED = datetime(2000, 1, 1)  # fixed, so that the same input gives the same bytes
_LONGEST_TEXT = 32_767
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook being written; finish it with :func:`to_bytes` or :func:`save`, once."""

    excel: Any
    stream: io.BytesIO
    formats: dict[tuple[str, ...], Format] = field(default_factory=dict)

    def style(self, *names: str) -> Format:
        """The format that the named styles make together."""
        if names not in self.formats:
            properties = {key: value for name in names for key, value in STYLES[name].items()}
            self.formats[names] = self.excel.add_format(properties)
        return self.formats[names]


@dataclass(frozen=True)
class Header:
    """Head of a table's column; ``style`` (a name in STYLES) is for the cells under it, ``width`` in characters.

    ``upright`` turns the head by a right angle, for many narrow columns.
    """

    name: str
    unit: str = ""
    style: str = "general"
    width: float | None = None
    note: str = ""
    optional: bool = False
    upright: bool = False

    @property
    def text(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Marked:
    """A value of a table with a style of its own, such as ``Marked(0.4, "warning")``."""

    value: object
    style: str


@dataclass(frozen=True)
class Area:
    """A block of cells of one sheet, counted from 0, last row and column included."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        return self.first_row, self.first_column, self.last_row, self.last_column

    def column(self, number: int) -> Area:
        """One column of the block, counted from 0."""
        at = self.first_column + number
        return Area(self.sheet, self.first_row, at, self.last_row, at)

    @property
    def formula(self) -> str:
        """The block as a formula refers to it: ``'Sheet'!$A$2:$A$9``."""
        first = xl_rowcol_to_cell(self.first_row, self.first_column, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(self.last_row, self.last_column, row_abs=True, col_abs=True)
        return f"{quoted(self.sheet)}!{first}:{last}"


def new_book(title: str = "") -> Book:
    """An empty workbook in which text stays text and a number that is not one is refused."""
    stream = io.BytesIO()
    excel = xlsxwriter.Workbook(stream, _OPTIONS)
    excel.set_properties({"title": title, "created": _CREATED})
    excel.set_calc_mode("auto")
    return Book(excel, stream)


def add_sheet(book: Book, name: str, *, gridlines: bool = True, tab: str = "") -> Worksheet:
    """A new sheet that prints landscape and one page wide. Raises UsageError where Excel forbids the name."""
    if not name.strip() or name.casefold() == "history":
        raise UsageError(f"A sheet cannot be called {name!r}. Choose another name.")
    try:
        sheet = book.excel.add_worksheet(name)
    except XlsxWriterException as reason:
        raise UsageError(
            f"A sheet cannot be called {name!r}. A sheet's name has at most 31 characters, none of [ ] : * ? / \\, "
            "does not begin or end with an apostrophe, and no other sheet has it."
        ) from reason
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    if not gridlines:
        sheet.hide_gridlines(2)
    if tab:
        sheet.set_tab_color(tab)
    return sheet


def put(book: Book, sheet: Worksheet, row: int, column: int, value: object, *styles: str) -> None:
    """Write one value: None as a blank, yes/no for a truth value, a list with commas, text always as text."""
    look = book.style(*styles) if styles else None
    value = value.item() if hasattr(value, "item") else value  # numpy's scalars as Python's own
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", look)
    elif isinstance(value, Real):
        if not math.isfinite(value):
            cell = xl_rowcol_to_cell(row, column)
            raise OutputError(f"{sheet.get_name()}!{cell} would hold {value}, which is not a number. Nothing written.")
        sheet.write_number(row, column, value, look)
    else:
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        if len(text) > _LONGEST_TEXT:
            text = text[: _LONGEST_TEXT - 2] + " …"
        sheet.write_string(row, column, text, look)


def write_title(book: Book, sheet: Worksheet, title: str, sentence: str = "", *, row: int = 0, width: int = 120) -> int:
    """Title and explanation from ``row`` on, broken at ``width`` characters; returns the first row free for more."""
    put(book, sheet, row, 0, title, "title")
    sheet.set_row(row, 24)
    lines = textwrap.wrap(sentence, width)
    for number, line in enumerate(lines, start=row + 1):
        put(book, sheet, number, 0, line, "lead")
    return row + len(lines) + 2


def write_paragraph(
    book: Book, sheet: Worksheet, row: int, columns: tuple[int, int], text: str, *styles: str, width: float
) -> None:
    """One text over the columns from first to last, together ``width`` characters wide, in a row as high as it needs."""
    first, last = columns
    if last > first:
        sheet.merge_range(row, first, row, last, "", book.style(*styles))
    put(book, sheet, row, first, text, *styles)
    fit_row(sheet, row, [(text, width)])


def write_link(
    book: Book, sheet: Worksheet, row: int, column: int, target: str, *styles: str, cell: str = "A1"
) -> None:
    """The name of a sheet of this workbook, as a link to it. No other links can be written."""
    look = book.style(*styles, "link")
    sheet.write_url(row, column, f"internal:{quoted(target)}!{cell}", look, string=target)


def write_table(
    book: Book,
    sheet: Worksheet,
    row: int,
    column: int,
    headers: Sequence[Header],
    rows: Iterable[Sequence[object]],
    *,
    freeze: bool = True,
    freeze_columns: int = 1,
    filtered: bool = True,
    banded: bool = True,
    base: str = "cell",
) -> Area:
    """Headers at (row, column), rows under them; returns the area of the rows (of one blank row where there are none).

    Freezes the header and the first columns, filters every column, and makes columns as wide as what is in them. A
    sheet can be frozen and filtered once only: of several tables on one, all but the first say no to both.
    """
    contents = [tuple(cells) for cells in rows]
    widths = [header.width or natural_width(header, (c[at] for c in contents)) for at, header in enumerate(headers)]
    _write_headers(book, sheet, row, column, headers, widths)
    wrapped = [at for at, header in enumerate(headers) if header.style == "wrap"]
    write_cells = _row_writer(book, sheet, headers, base, column)
    for down, cells in enumerate(contents, start=1):
        write_cells(row + down, cells, banded and not down % 2)
        fit_row(sheet, row + down, [(cells[at], widths[at]) for at in wrapped])
    last_row, last_column = row + max(1, len(contents)), column + len(headers) - 1
    if freeze:
        sheet.freeze_panes(row + 1, column + freeze_columns)
        sheet.repeat_rows(row)
    if filtered and headers:
        sheet.autofilter(row, column, last_row, last_column)
    return Area(sheet.get_name(), row + 1, column, last_row, last_column)


_write_text = inspect.unwrap(xlsxwriter.worksheet.Worksheet.write_string)
_write_number = inspect.unwrap(xlsxwriter.worksheet.Worksheet.write_number)
"""XlsxWriter's own functions without the wrapper that also understands "A1": a third of the time, for 100,000 cells."""


def _row_writer(
    book: Book, sheet: Worksheet, headers: Sequence[Header], base: str, column: int
) -> Callable[[int, Sequence[object], bool], None]:
    """A function that writes one row of a table; plain texts and numbers, nearly all cells, take the short way."""
    looks = [(book.style(base, header.style), book.style(base, "band", header.style)) for header in headers]

    def write(row: int, cells: Sequence[object], band: bool) -> None:
        for across, (value, look) in enumerate(zip(cells, looks, strict=True)):
            if isinstance(value, str) and len(value) < _LONGEST_TEXT:
                _write_text(sheet, row, column + across, value, look[band])
            elif type(value) is float and math.isfinite(value):
                _write_number(sheet, row, column + across, value, look[band])
            else:
                style = (base, "band") if band else (base,)
                inner, mark = (value.value, (value.style,)) if isinstance(value, Marked) else (value, ())
                put(book, sheet, row, column + across, inner, *style, headers[across].style, *mark)

    return write


def _write_headers(
    book: Book, sheet: Worksheet, row: int, column: int, headers: Sequence[Header], widths: Sequence[float]
) -> None:
    for at, (header, width) in enumerate(zip(headers, widths, strict=True), start=column):
        put(book, sheet, row, at, header.text, *_header_look(header))
        sheet.set_column(at, at, width)
        if header.note:
            write_note(sheet, row, at, header.note)
    fit_row(
        sheet,
        row,
        [(header.text, width - 4) for header, width in zip(headers, widths, strict=True) if not header.upright],
    )
    if tall := [len(header.text) for header in headers if header.upright]:
        sheet.set_row(row, min(7 * max(tall) / (2 if max(tall) > 30 else 1) + 36, 300))


def _header_look(header: Header) -> tuple[str, ...]:
    look = ("header", "optional") if header.optional else ("header",)
    return (*look, "upright" if header.upright else "centre" if header.style in _NUMERIC else "indent")


def natural_width(header: Header, values: Iterable[object]) -> float:
    """Room for the longest value, and for the longest word of the header beside its filter button."""
    heading = max(max(map(len, header.text.split()), default=0), math.ceil(len(header.text) / 3)) + 4
    longest = max((len(_as_shown(value)) for value in values), default=0) + 2
    return float(min(max(heading, longest, 9), 60))


def _as_shown(value: object) -> str:
    value = value.value if isinstance(value, Marked) else value
    return f"{value:,.2f}" if isinstance(value, float) else "" if value is None else str(value)


def fit_row(sheet: Worksheet, row: int, cells: Iterable[tuple[object, float]]) -> None:
    """Make a row as high as its wrapped cells need, each given with the width of its column."""
    lines = [lines_needed(value, width) for value, width in cells if isinstance(value, str)]
    if max(lines, default=1) > 1:
        sheet.set_row(row, min(15 * max(lines) + 2, 400))


def lines_needed(text: str, width: float) -> int:
    """Lines a text takes: a column holds about a tenth more letters than digits, in which widths are counted."""
    return sum(max(1, len(textwrap.wrap(line, max(1, int(1.1 * width))))) for line in text.splitlines())


def write_note(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A note that shows when the pointer rests on the cell, as large as its text needs."""
    lines = sum(max(1, math.ceil(len(line) / 44)) for line in text.splitlines())
    look = {"width": 290, "height": 18 * lines + 14, "font_size": 9, "color": "#FFFFF0", "author": ""}
    sheet.write_comment(row, column, text, look)


def colour_scale(
    sheet: Worksheet,
    area: Area,
    kind: Literal["sequential", "diverging"] = "sequential",
    *,
    low: float | None = None,
    high: float | None = None,
) -> None:
    """Shade numbers white to blue, or orange to white to blue around 0, between ``low`` and ``high`` if given."""
    rule: dict[str, object] = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#6BAED6"}
    if kind == "diverging":
        rule = {"type": "3_color_scale", "min_color": "#E6A04B", "mid_color": "#FFFFFF", "max_color": "#6BAED6"}
        rule |= {"mid_type": "num", "mid_value": 0}
    for end, value in (("min", low), ("max", high)):
        if value is not None:
            rule |= {f"{end}_type": "num", f"{end}_value": value}
    sheet.conditional_format(*area.bounds, rule)


def to_bytes(book: Book) -> bytes:
    """Finish the workbook: its bytes, checked to be whole. The same contents give the same bytes."""
    try:
        book.excel.close()
    except XlsxWriterException as reason:
        raise OutputError(f"The workbook could not be made: {reason}") from reason
    content = book.stream.getvalue()
    verify(content)
    return content


def save(book: Book, path: str | Path) -> Path:
    """Finish the workbook and put it at ``path``, whole or not at all."""
    return write_bytes(path, to_bytes(book))


def verify(content: bytes) -> None:
    """Read a finished workbook back: every part whole, every XML part well-formed. Raises OutputError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise OutputError("The workbook could not be made: it has no contents. No file was changed.")
            for name in names:
                _read_back(archive, name)
    except (zipfile.BadZipFile, expat.ExpatError) as reason:
        raise OutputError(f"The workbook could not be made: it does not open ({reason}). No file changed.") from reason


def _read_back(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as part:  # reading to the end checks the part's checksum
        if name.endswith((".xml", ".rels", ".vml")):
            expat.ParserCreate().ParseFile(part)
        else:
            part.read()


def quoted(sheet_name: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet_name.replace("'", "''") + "'"


def column_letter(number: int) -> str:
    """The letters of a column counted from 0."""
    return str(xl_col_to_name(number))
