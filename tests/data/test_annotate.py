"""Annotated copies: every fault marked where it stands and listed, the planner's file untouched."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from model.files import atomic
from model.language.faults import Fault, OutputError, UsageError
from model.workbook.read.load import load
from model.workbook.write.annotate import FAULT_SHEET, annotate, annotated
from model.workbook.write.excel_writer import add_sheet, new_book, put, to_bytes
from model.workbook.write.template import write_template

FAULTS = (
    Fault("Members", "B2", "error", "'x'", "gdp must be a number of 0 or more", "Type the number alone"),
    Fault("Members", "B2", "warning", "'x'", "=1+1 is odd", "@Look again"),
    Fault("members", "C3", "warning", "0.9", "growth is unusually high", "Check it"),
    Fault("Members", "A1", "error", "", "a column is odd\x01", "Rename it"),
    Fault("", "", "error", "", "sheet 'Tasks' is missing", "Add it"),
    Fault("Nowhere", "A1", "error", "", "unknown sheet", "Remove it"),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_template(tmp_path / "source.xlsx")


@pytest.fixture
def copy(source: Path) -> Any:
    return openpyxl.load_workbook(annotate(source, FAULTS, source.with_name("copy.xlsx")))


@pytest.mark.slow
def test_faulty_cells_are_coloured_and_commented(copy: Any) -> None:
    page = copy["Members"]
    assert "ERROR: gdp must be" in page["B2"].comment.text
    assert "WARNING: =1+1 is odd" in page["B2"].comment.text
    assert page["B2"].fill.fgColor.rgb.endswith("F4A99B")
    assert page["C3"].fill.fgColor.rgb.endswith("FFE08A")
    assert page["B3"].comment is None


@pytest.mark.slow
def test_notes_that_were_there_are_kept(copy: Any) -> None:
    text = copy["Members"]["A1"].comment.text
    assert text.startswith("Name of the member.")
    assert "ERROR: a column is odd." in text


def test_every_fault_is_listed_with_an_inner_link(source: Path, copy: Any) -> None:
    page = copy[FAULT_SHEET]
    assert copy.sheetnames[0] == FAULT_SHEET
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert [row[0] for row in rows] == ["error"] * 4 + ["warning"] * 2
    assert {row[4] for row in rows} >= {"=1+1 is odd", "sheet 'Tasks' is missing", "a column is odd"}
    assert {cell.data_type for row in page.iter_rows(min_row=5) for cell in row if cell.value} == {"s"}
    links = [row[2].hyperlink for row in page.iter_rows(min_row=5) if row[2].hyperlink]
    assert [link.location for link in links] == ["'Members'!A1", "'Members'!B2", "'Members'!B2", "'Members'!C3"]
    with zipfile.ZipFile(source.with_name("copy.xlsx")) as archive:
        assert not any(b"External" in archive.read(name) for name in archive.namelist() if name.endswith(".rels"))


def test_only_the_list_is_selected(copy: Any) -> None:
    assert [page.title for page in copy if page.sheet_view.tabSelected] == [FAULT_SHEET]


@pytest.mark.slow
def test_drop_downs_and_limits_are_kept(source: Path, copy: Any) -> None:
    before = openpyxl.load_workbook(source)
    for page in before:
        assert len(copy[page.title].data_validations.dataValidation) == len(page.data_validations.dataValidation)


def test_the_copy_reads_like_the_original(source: Path) -> None:
    target = annotate(source, FAULTS, source.with_name("copy.xlsx"))
    assert load(target).hash == load(source).hash


@pytest.mark.slow
def test_a_second_check_clears_the_marks_of_the_first(source: Path, copy: Any) -> None:
    again = openpyxl.load_workbook(annotate(source.with_name("copy.xlsx"), FAULTS[2:3], source.with_name("again.xlsx")))
    page = again["Members"]
    assert again.sheetnames.count(FAULT_SHEET) == 1
    assert page["B2"].comment is None
    assert page["B2"].fill.fill_type is None
    assert "found by the check" not in page["A1"].comment.text
    assert "WARNING" in page["C3"].comment.text


def test_names_that_look_like_formulas_stay_text() -> None:
    book = new_book()
    put(book, add_sheet(book, "Members"), 0, 0, "=1+1")
    content = annotated(to_bytes(book), FAULTS[:1])
    assert openpyxl.load_workbook(io.BytesIO(content))["Members"]["A1"].data_type == "s"


def test_merged_cells_are_marked_where_they_show(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Members"
    book.active["A2"] = "merged"
    book.active.merge_cells("A2:C3")
    book.save(tmp_path / "merged.xlsx")
    target = annotate(tmp_path / "merged.xlsx", FAULTS[:1], tmp_path / "copy.xlsx")
    assert "ERROR" in openpyxl.load_workbook(target)["Members"]["A2"].comment.text


def test_the_planner_s_file_is_never_written(source: Path) -> None:
    before = source.read_bytes()
    (source.parent / "link.xlsx").symlink_to(source)
    (source.parent / "hard.xlsx").hardlink_to(source)
    for target in (source, source.parent / "link.xlsx", source.parent / "hard.xlsx"):
        with pytest.raises(UsageError, match="another name"):
            annotate(source, FAULTS, target)
    assert source.read_bytes() == before


def test_what_cannot_be_opened_is_refused_in_plain_words(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    for content in (b"", b"not a workbook", b"PK\x03\x04 but damaged"):
        bad.write_bytes(content)
        with pytest.raises(UsageError, match="cannot be annotated"):
            annotate(bad, FAULTS, tmp_path / "copy.xlsx")
    with pytest.raises(UsageError, match="no such file"):
        annotate(tmp_path / "none.xlsx", FAULTS, tmp_path / "copy.xlsx")
    assert not (tmp_path / "copy.xlsx").exists()


@pytest.mark.parametrize(
    "bomb",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<mergeCells count="1"><mergeCell ref="A:XFD"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
def test_what_would_exhaust_memory_is_refused(source: Path, tmp_path: Path, bomb: str) -> None:
    _tampered(source, tmp_path / "huge.xlsx", f"</sheetData>{bomb}")
    with pytest.raises(UsageError, match="too large to be annotated"):
        annotate(tmp_path / "huge.xlsx", FAULTS, tmp_path / "copy.xlsx")


@pytest.mark.slow
def test_a_cell_in_the_last_corner_costs_nothing(source: Path, tmp_path: Path) -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    _tampered(source, tmp_path / "far.xlsx", corner)
    annotate(tmp_path / "far.xlsx", FAULTS, tmp_path / "copy.xlsx")


def test_damage_that_only_openpyxl_notices_is_refused_in_plain_words(source: Path, tmp_path: Path) -> None:
    _tampered(source, tmp_path / "odd.xlsx", '</sheetData><pageMargins left="wide"/>')
    with pytest.raises(UsageError, match="cannot be annotated"):
        annotate(tmp_path / "odd.xlsx", FAULTS, tmp_path / "copy.xlsx")


def _tampered(source: Path, target: Path, ending: str) -> None:
    """The same workbook with other XML at the end of the rows of its second sheet."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            changed = part.replace(b"</sheetData>", ending.encode()) if name.endswith("sheet2.xml") else part
            new.writestr(name, changed)


def test_an_older_copy_survives_a_full_disk(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = source.with_name("copy.xlsx")
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "replace", full)
    with pytest.raises(OutputError, match="disk is full"):
        annotate(source, FAULTS, target)
    assert target.read_bytes() == b"old"
