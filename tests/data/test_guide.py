"""docs/workbook.md is what the schema says."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.language.columns import MEASURES, Column, From, share
from model.scenario.column_words import allowed, blank_means
from model.scenario.schema import SHEETS
from model.workbook.write.guide import workbook_guide

DOCUMENT = Path(__file__).parents[2] / "docs" / "workbook.md"


def test_the_document_is_up_to_date() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert written == workbook_guide(), "run: python -m model.workbook.write.guide > docs/workbook.md"


def test_every_sheet_column_and_measure_is_explained() -> None:
    guide = workbook_guide()
    for sheet in SHEETS:
        assert f"\n## {sheet.name}\n" in guide
        assert all(f"`{column.name}`" in guide for column in sheet.columns if sheet.form != "matrix")
    assert all(f"| `{measure}` |" in guide for measure in MEASURES)


def test_every_row_of_a_table_has_as_many_cells_as_its_heading() -> None:
    for block in workbook_guide().split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.replace(r"\|", "").count("|") for line in rows}) <= 1


@pytest.mark.parametrize(
    ("column", "may", "blank"),
    [
        (share("x", "X."), "number, 0 to 1 (0 % to 100 %)", "none"),
        (share("x", "X.", default=0.35), "number, 0 to 1 (0 % to 100 %)", "35 %"),
        (Column("x", "number", "X.", above=0.0, default=2.5), "number, above 0", "2.5"),
        (Column("x", "number", "X.", required=True), "any number", "must be filled in"),
        (
            Column("x", "year", "X; blank: from the start.", low=1900, high=2200),
            "whole number, 1900 to 2200",
            "from the start",
        ),
        (Column("x", "factor", "X.", above=0.0, default=1.0), "number, above 0, or no", "1"),
        (Column("x", "flag", "X.", default=False), "yes or no", "no"),
        (Column("x", "reference", "X.", refers="member", default=From("y", "its y")), "a member on Members", "its y"),
        (Column("x", "choice", "X.", choices=("a", "b"), default="a"), "one of a, b", "a"),
    ],
)
def test_limits_and_blanks_are_said_in_words(column: Column, may: str, blank: str) -> None:
    assert (allowed(column), blank_means(column)) == (may, blank)
