"""Written workbooks: whole or not at all, the same bytes each time, and text that is only ever text."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy
import openpyxl
import pytest

from model.files import atomic
from model.language.faults import OutputError, UsageError
from model.workbook.write import excel_writer
from model.workbook.write.excel_charts import Series, add_chart
from model.workbook.write.excel_writer import (
    Area,
    Header,
    Marked,
    add_sheet,
    colour_scale,
    new_book,
    put,
    save,
    to_bytes,
    verify,
    write_link,
    write_table,
    write_title,
)

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /c calc'!A1",
    "http://example.org",
    "007",
    "1e5",
    "{=1}",
    "=HYPERLINK(1)",
)


def _book() -> excel_writer.Book:
    book = new_book("Test")
    sheet = add_sheet(book, "Sheet", gridlines=False)
    row = write_title(book, sheet, "A title", "A sentence that explains. " * 12)
    headers = [
        Header("name", style="text"),
        Header("cost", "USD m", "money", note="What it costs"),
        Header("share", style="share"),
    ]
    area = write_table(book, sheet, row, 0, headers, [(name, 10.5, 0.25) for name in HOSTILE])
    colour_scale(sheet, area.column(1))
    colour_scale(sheet, area.column(2), "diverging", low=-1, high=1)
    add_chart(
        book, sheet, 20, 0, "column", "=1+1", [Series("=Sheet!A1", area.column(0), area.column(1))], y_title="USD m"
    )
    write_link(book, sheet, 40, 0, "Sheet")
    return book


def _cells(content: bytes) -> list[Any]:
    page = openpyxl.load_workbook(io.BytesIO(content))["Sheet"]
    return [cell for row in page.iter_rows() for cell in row]


def test_same_contents_give_the_same_bytes() -> None:
    assert to_bytes(_book()) == to_bytes(_book())


def test_text_that_looks_like_a_formula_a_link_or_a_number_stays_text() -> None:
    content = to_bytes(_book())
    texts = {cell.value: cell.data_type for cell in _cells(content) if cell.value in HOSTILE}
    assert texts == dict.fromkeys(HOSTILE, "s")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in everything
    assert b"TargetMode" not in everything


def test_chart_names_are_never_references() -> None:
    with zipfile.ZipFile(io.BytesIO(to_bytes(_book()))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "<c:f>Sheet!A1</c:f>" not in chart
    assert chart.count("<c:f>") == 2
    assert "<c:tx><c:v>Sheet! A1</c:v></c:tx>" in chart


def test_values_are_written_as_what_they_are() -> None:
    book = new_book()
    sheet = add_sheet(book, "Sheet")
    for column, value in enumerate(
        (None, True, ("risk", "cost"), numpy.float64(1.5), numpy.int64(3), numpy.bool_(True), "x" * 40_000)
    ):
        put(book, sheet, 0, column, value)
    values = [cell.value for cell in _cells(to_bytes(book))]
    assert values[:6] == [None, "yes", "risk, cost", 1.5, 3, "yes"]
    assert len(str(values[-1])) == 32_767


def test_one_cell_of_a_table_can_be_marked() -> None:
    book = new_book()
    sheet = add_sheet(book, "Sheet")
    write_table(book, sheet, 0, 0, [Header("a", style="money"), Header("b")], [(Marked(5.0, "warning"), 1)])
    cell = next(cell for cell in _cells(to_bytes(book)) if cell.value == 5.0)
    assert cell.fill.fgColor.rgb == "FFFCE8C5"
    assert cell.number_format == "#,##0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), numpy.float64("nan")])
def test_what_is_not_a_number_is_refused(value: float) -> None:
    book = new_book()
    with pytest.raises(OutputError, match="Sheet!B3"):
        put(book, add_sheet(book, "Sheet"), 2, 1, value)


@pytest.mark.parametrize("name", ["", " ", "a/b", "[x]", "x" * 32, "'quoted'", "History", "shEEt"])
def test_names_that_excel_forbids_are_refused(name: str) -> None:
    book = new_book()
    add_sheet(book, "Sheet")
    with pytest.raises(UsageError, match="cannot be called"):
        add_sheet(book, name)


def test_a_table_of_no_rows_can_be_written_and_charted_over() -> None:
    book = new_book()
    sheet = add_sheet(book, "It's empty")
    area = write_table(book, sheet, 0, 0, [Header("a"), Header("b")], [])
    assert area == Area("It's empty", 1, 0, 1, 1)
    assert area.column(1).formula == "'It''s empty'!$B$2:$B$2"
    to_bytes(book)


def test_a_saved_workbook_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    assert save(_book(), path) == path.resolve()
    assert openpyxl.load_workbook(path).sheetnames == ["Sheet"]
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]


def _fail(number: int) -> object:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number)) if number != errno.EACCES else PermissionError(number, "denied")

    return failing


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "open in another program"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "folder"),
    ],
)
def test_the_old_file_survives_every_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, sentence: str
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(atomic.os, step, _fail(number))
    with pytest.raises(OutputError, match=sentence):
        save(_book(), path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]


def test_impossible_places_are_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    places = {
        tmp_path / "none" / "out.xlsx": "folder does not exist",
        tmp_path: "a folder of that name",
        tmp_path / "file" / "out.xlsx": "is a file",
        tmp_path / ("x" * 300): "too long|allowed",
        f"{tmp_path}/a\0b": "could not be written",
    }
    for place, sentence in places.items():
        with pytest.raises(OutputError, match=sentence):
            atomic.write_bytes(place, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_link_stays_a_link_and_rights_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    atomic.write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_a_damaged_result_is_never_handed_out() -> None:
    content = bytearray(to_bytes(_book()))
    for damaged in (b"", bytes(content[:-200]), bytes(content[:300] + b"xx" + content[302:])):
        with pytest.raises(OutputError):
            verify(damaged)
