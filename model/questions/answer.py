"""What every question answers with has one face: sentences, tables, charts, and ways to take them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.language.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from model.report.pages import Chart


class QuestionResult(Shown):
    """The answer to a question. ``says`` is the answer in sentences; a prompt prints the first of them, a notebook all."""

    @property
    def title(self) -> str:
        """What heads the answer."""
        return type(self).__name__

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by the name of its sheet; units stand in the row or in the heading."""
        return {}

    @property
    def charts(self) -> Sequence[Chart]:
        """What is drawn of the tables."""
        return ()

    def to_excel(self, path: str | Path) -> Path:
        """The workbook that the command writes: sentences and charts, then a sheet a table. Gives the path.

        Raises OutputError where the file cannot be written; what stood there stays.
        """
        from model.report.analysis_out import write_analysis

        return write_analysis(path, self.title, list(getattr(self, "says", ())), self.tables, self.charts)

    def plot(self, number: int = 0) -> Any:
        """One of its charts (``charts`` lists them) as an altair chart, the same as in the workbook.

        Raises UsageError where there is no such chart, ImportError where altair is not installed.
        """
        from model.report.analysis_out import grid_of
        from model.report.shown import drawn

        return drawn(self.charts, number, {name: grid_of(name, table) for name, table in self.tables.items()})


def changes_in_points(table: pd.DataFrame) -> pd.DataFrame:
    """A table of changes without the relative change of a fraction, whose change is told in points: two percentages of one risk, one of
    the whole and one of what it was, read as two findings."""
    return table.assign(relative=table["relative"].where(table["unit"] != "fraction of 1"))
