"""Sheets that are pandas frames: the same cells as a workbook's, so that everything after this file reads both alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from model.language.faults import UsageError
from model.workbook.read.archive import refused
from model.workbook.read.cells import MAX_CHARACTERS, MAX_FILLED_CELLS, Cell, Grid, Kind

if TYPE_CHECKING:
    import pandas as pd

_HEADER = 1


@dataclass(frozen=True)
class FrameGrid(Grid):
    """The cells of a frame, its headings in the first row. A fault calls a cell by its column and the label of its row."""

    labels: Sequence[str] = ()
    headings: Sequence[str] = ()

    def place(self, row: int, column: int) -> str:
        """``gdp, row Poland``; ``heading gdp``."""
        heading = self.headings[column - 1] if column <= len(self.headings) else ""
        return f"heading {heading}".strip() if row == _HEADER else f"{heading}, row {self.labels[row - _HEADER - 1]}"


def grids_of(frames: Mapping[str, pd.DataFrame]) -> list[FrameGrid]:
    """Every frame as the grid of the sheet it is named after. Raises UsageError for what is none, WorkbookError beyond the limits."""
    import pandas as pd

    for name, frame in frames.items():
        if not isinstance(name, str) or not isinstance(frame, pd.DataFrame):
            raise UsageError(
                f"load takes frames by the names of their sheets: {str(name)[:60]!r} is a {type(name).__name__} and stands for a "
                f"{type(frame).__name__}, not a pandas DataFrame"
            )
        if frame.size > MAX_FILLED_CELLS:
            message = f"a sheet holds more than {MAX_FILLED_CELLS:,} cells"
            raise refused(f"sheet '{name[:60]}'", message, "Remove what does not belong to the scenario.")
    grids = [_grid(name, frame) for name, frame in frames.items()]
    texts = (len(str(cell.content)) for grid in grids for cells in grid.rows.values() for cell in cells.values())
    if sum(texts) > MAX_CHARACTERS:
        message = f"the cells hold more text than is accepted, {MAX_CHARACTERS:,} characters"
        raise refused("the frames", message, "Remove what does not belong to the scenario.")
    return grids


def _grid(name: str, frame: pd.DataFrame) -> FrameGrid:
    """A frame's cells; levels of its index that have names are columns too."""
    labels = [", ".join(map(str, label)) if isinstance(label, tuple) else str(label) for label in frame.index]
    if len(set(labels)) < len(labels):
        labels = [f"at position {at}" for at in range(len(labels))]
    levels = [level for level in frame.index.names if level is not None and level not in frame.columns]
    whole = frame.reset_index(levels) if levels else frame
    rows = dict(enumerate([list(whole.columns), *whole.astype(object).to_numpy().tolist()], start=_HEADER))
    cells = {row: dict(_cells(values)) for row, values in rows.items()}
    headings = [str(column) for column in whole.columns]
    return FrameGrid(name, {row: filled for row, filled in cells.items() if filled}, labels=labels, headings=headings)


def _cells(values: Sequence[Any]) -> Iterator[tuple[int, Cell]]:
    """The filled cells of a row by their place, counted from 1."""
    for column, value in enumerate(values, start=1):
        cell = cell_of(value)
        if cell is not None:
            yield column, cell


def cell_of(value: Any) -> Cell | None:
    """A Python, numpy or pandas value as the cell it would be in a workbook; None for a missing one. No text is taken for a number."""
    import numpy as np
    import pandas as pd

    if isinstance(value, np.datetime64 | np.timedelta64):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else pd.Timedelta(value)
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return Cell(Kind.TEXT, value) if value.strip() else None
    if isinstance(value, bool):
        return Cell(Kind.BOOLEAN, str(value).upper())
    if isinstance(value, Real | Decimal):
        return _number(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, date | time | timedelta):
        return Cell(Kind.DATE, str(value).removesuffix(" 00:00:00"))
    return Cell(Kind.BROKEN, str(value)[:40])


def _number(value: Real | Decimal) -> Cell | None:
    try:
        number = float(value) + 0.0  # no negative zero
    except (OverflowError, ValueError):
        return Cell(Kind.BROKEN, str(value)[:40])
    if math.isnan(number):
        return None
    return Cell(Kind.NUMBER, number) if math.isfinite(number) else Cell(Kind.BROKEN, str(value))
