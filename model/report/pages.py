"""What a sheet of the result consists of (sentences, tables, charts), before anybody knows that it will be Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from model.workbook.write.excel_writer import Header

Rows = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few; a ``heading``, a ``strong`` line that opens a list, or a ``point`` of it."""

    text: str
    kind: Literal["heading", "plain", "strong", "point", "quiet"] = "plain"


@dataclass(frozen=True)
class Scale:
    """One colour scale over some of a grid's columns, counted from 0; ``low`` and ``high`` fix its ends.

    ``rows_left_out`` spares rows at the bottom, such as totals.
    """

    columns: tuple[int, ...]
    kind: Literal["sequential", "diverging"] = "sequential"
    low: float | None = None
    high: float | None = None
    rows_left_out: int = 0


@dataclass(frozen=True)
class Grid:
    """A table: a name to refer to it by, a title, headers with units, rows, and the colour scales on it."""

    name: str
    title: str
    headers: tuple[Header, ...]
    rows: Rows
    says: str = ""
    scales: tuple[Scale, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart of a grid of the workbook (``grid`` its name): categories in one column, a series each further column.

    ``across`` draws a series for each row instead, over ``columns``, with the first column of the grid ``labels`` as
    categories. ``overlay`` names columns (or rows, counted from 0, negative from the end) drawn as lines over the rest.
    """

    title: str
    kind: Literal["column", "bar", "line", "area"]
    grid: str
    columns: tuple[int, ...]
    x_title: str
    y_title: str
    categories: int = 0
    stacked: bool = False
    across: bool = False
    labels: str = ""
    overlay: tuple[int, ...] = ()
    size: tuple[int, int] = (900, 400)
    y_format: str = ""
    y_limits: tuple[float | None, float | None] = (None, None)


Item = Paragraph | Grid | Chart


@dataclass(frozen=True)
class Page:
    """One sheet: its name, title, one explaining sentence, and its items from top to bottom.

    A page with a single grid and nothing else is a list: its header is frozen and can be filtered.
    """

    name: str
    title: str
    says: str
    items: tuple[Item, ...] = field(default_factory=tuple)

    @property
    def is_list(self) -> bool:
        return len(self.items) == 1 and isinstance(self.items[0], Grid)


def heading(text: str) -> Paragraph:
    """A heading within a page."""
    return Paragraph(text, "heading")


def rows(records: Sequence[Sequence[object]]) -> Rows:
    """Records as a grid keeps them."""
    return tuple(tuple(record) for record in records)
