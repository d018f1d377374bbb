"""The result of an analysis as a workbook: what it says, its charts, its tables; the same for every analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from model.language.collector import uncollected
from model.report.pages import Chart, Grid, Page, Paragraph, rows
from model.report.workbook_out import book_of
from model.wording import words
from model.workbook.write.excel_writer import Book, Header, save, to_bytes


def write_analysis(
    path: str | Path, title: str, says: Sequence[str], tables: Mapping[str, pd.DataFrame], charts: Sequence[Chart] = ()
) -> Path:
    """A first sheet with the sentences and the charts, then one list sheet a table (its name at most 31 characters).

    A chart refers to a table by its name. Units stand in the row (a column ``unit``) or in a column's name in
    parentheses. Raises OutputError where the file cannot be written; what stood there stays.
    """
    with uncollected():
        return save(_book(title, says, tables, charts), path)


def analysis_bytes(
    title: str, says: Sequence[str], tables: Mapping[str, pd.DataFrame], charts: Sequence[Chart] = ()
) -> bytes:
    """The same workbook's contents, for a download."""
    with uncollected():
        return to_bytes(_book(title, says, tables, charts))


def _book(title: str, says: Sequence[str], tables: Mapping[str, pd.DataFrame], charts: Sequence[Chart]) -> Book:
    grids = {name: grid_of(name, table) for name, table in tables.items()}
    first = Page("Summary", title, "", (*(Paragraph(text) for text in says), *charts))
    lists = [Page(name, name, "", (grid,)) for name, grid in grids.items()]
    return book_of(title, [first, *lists])


def grid_of(name: str, table: pd.DataFrame) -> Grid:
    """A table as a grid, each column formatted by what it holds."""
    headers = tuple(_header(str(column), table[column]) for column in table.columns)
    columns = [
        [None if value is None or value != value else value for value in table[column].tolist()]
        for column in table.columns
    ]
    return Grid(name, "", headers, rows(list(zip(*columns, strict=True))))


def _header(column: str, values: pd.Series) -> Header:
    title, _, unit = words.capital(column.replace("_", " ")).partition(" (")
    unit = unit.rstrip(")")
    if column in ("year", "delivered"):
        return Header(title, unit or "first year of the period", "year", width=13)
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return Header(title, unit, style="text")
    largest = float(values.abs().max()) if len(values.dropna()) else 0.0
    style = "four_decimals" if largest <= 1.5 else "two_decimals" if largest < 1000 else "money"
    return Header(title, unit or "unit in the row", style, width=14)
