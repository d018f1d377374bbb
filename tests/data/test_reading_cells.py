"""One broken cell a test: each ends in a fault that says sheet, cell, what was found, and what to do."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from model.language.faults import WorkbookError
from model.workbook.read.cells import position
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.data.raw_xlsx import parts, zipped
from tests.workbooks import small, to_bytes

ERRORS = [
    ("Members", "B2", "#N/A", "#N/A", "error value"),
    ("Members", "B2", "#DIV/0!", "#DIV/0!", "Correct the formula"),
    ("Members", "B2", "=1/4", "a formula", "not stored", "save it"),
    ("Members", "B2", "480000", "'480000'", "stored as text", "Convert it"),
    ("Members", "B2", "480 000,5", "stored as text"),
    ("Members", "B2", "٤٨٠", "stored as text"),
    ("Members", "B2", "1_000", "stored as text"),
    ("Members", "B2", "about half a million", "a text where a number", "Type a number"),
    ("Members", "B2", "nan", "a text where a number"),
    ("Members", "B2", "inf", "a text where a number"),
    ("Members", "B2", True, "TRUE", "TRUE or FALSE where a number"),
    ("Members", "B2", date(2026, 1, 1), "2026-01-01", "a date or time where a number", "General"),
    ("Members", "B2", datetime(2026, 1, 1, 12, 30), "2026-01-01 12:30", "a date or time"),
    ("Members", "B2", time(12, 30), "a date or time"),
    ("Members", "B2", -5, "-5", "0 or more"),
    ("Members", "B2", None, "blank", "'gdp' is required"),
    ("Members", "B2", "  ", "blank", "'gdp' is required"),
    ("Members", "E2", 35, "35", "0 to 1", "Did you mean 0.35"),
    ("Members", "E2", "3.3%", "stored as text"),
    ("Members", "E2", 480, "480", "0 to 1"),
    ("Members", "C2", 1.8, "1.8", "Did you mean 0.018"),
    ("Members", "H2", 0, "above 0", "blank (1)"),
    ("Members", "J2", "interchangable", "no level", "Did you mean 'interchangeable'"),
    ("Members", "J2", 2, "a number where the name of a level"),
    ("Members", "A2", 7, "a name as text"),
    ("Members", "A2", "Nor\u200bland", "ZERO WIDTH SPACE", "type it again"),
    ("Members", "A2", "Nor_x0007_land", "U+0007"),
    ("Members", "A2", "N" * 101, "longer than 100"),
    ("Members", "A3", "NORLAND ", "stands twice", "first in A2"),
    ("Members", "A3", "Ｎorland", "stands twice", "first in A2"),
    ("Capabilities", "I2", "rivals", "unknown choice", "Did you mean 'rival'"),
    ("Capabilities", "I2", 3, "a number where a word"),
    ("Capabilities", "F2", 0, "above 0"),
    ("Capabilities", "G2", 101, "0 to 100"),
    ("Situations", "C2", "Norlnd", "no member", "Did you mean 'Norland'"),
    ("Situations", "C2", "Nоrland", "different alphabets", "Did you mean 'Norland'"),
    ("Tasks", "B2", "Attack", "no situation"),
    ("Tasks", "B2", None, "required"),
    ("Requirements", "A2", "Defend the east", "no task", "Did you mean 'Defend the north'"),
    ("Requirements", "B2", "Tanks", "no capability", "there are Armoured brigade"),
    ("Requirements", "D2", 2030.5, "2030.5", "whole number"),
    ("Requirements", "D2", 30, "1900 to 2200"),
    ("Requirements", "D2", "2030", "stored as text"),
    ("Requirements", "A3", None, "required"),
    ("Holdings", "B2", -1, "0 or more"),
    ("Holdings", "B2", "four", "a text where a number"),
    ("Holdings", "A2", "Noreland", "Did you mean 'Norland'"),
    ("Holdings", "A3", "norland", "stands twice", "first in A2"),
    ("Holdings", "B1", "Armored brigade", "no capability", "Did you mean 'Armoured brigade'"),
    ("Holdings", "C1", "Armoured  Brigade", "stands twice, first in B1"),
    ("Holdings", "C1", 5, "a heading must be a text"),
    ("Cost factors", "B2", 0, "above 0", "or no"),
    ("Cost factors", "B2", "never", "a text where a number", "or no"),
    ("Commonality", "C2", 60, "Did you mean 0.6"),
    ("Priorities", "B2", -1, "0 or more"),
    ("Caveats", "D2", 1.5, "0 to 1"),
    ("Caveats", "C2", "Armoured brigades", "Did you mean 'Armoured brigade'"),
    ("Pledges", "D2", "three", "a text where a number"),
    ("Levels", "A3", "Compatible", "stands twice"),
    ("Levels", "B3", "#REF!", "#REF!"),
    ("Risk bands", "A3", 0.25, "stands twice", "first in A2"),
    ("Risk bands", "A3", 50, "Did you mean 0.5"),
    ("Settings", "A3", "frist_year", "unknown setting", "Did you mean 'first_year'"),
    ("Settings", "A4", "First-Year", "stands twice", "first in A3"),
    ("Settings", "B3", None, "blank", "'first_year' is required"),
    ("Settings", "B3", date(2026, 1, 1), "a date or time"),
    ("Settings", "B5", 1.5, "whole number"),
    ("Settings", "B5", 0, "1 to 50"),
    ("Settings", "B6", "risk, costs", "'costs' is no measure", "Did you mean 'cost'"),
    ("Settings", "B6", "risk, Risk", "twice"),
    ("Settings", "B6", 3, "a list of measures"),
    ("Settings", "B7", -3, "above 0"),
    ("Settings", "B2", "A\x7fB", "cannot be seen"),
    ("Sources", "D2", "#N/A", "#N/A"),
]


def read_with(sheet: str, cell: str, value: Any):
    """The reading of the small workbook with one cell replaced."""
    return read(to_bytes(change=lambda book: setattr(book[sheet][cell], "value", value)))


@pytest.mark.parametrize(("sheet", "cell", "value", "words"), [(s, c, v, w) for s, c, v, *w in ERRORS])
def test_broken_cell_is_an_error(sheet, cell, value, words):
    reading = read_with(sheet, cell, value)
    assert reading.scenario is None
    expect(reading.faults, sheet, cell, "error", *words)


WARNINGS = [
    ("Members", "D2", 5_600_000, "unusually large", "million"),
    ("Members", "E2", 0.33, "unusually large", "Did you mean 0.0033"),
    ("Members", "H2", 0.01, "unusually small"),
    ("Levels", "C3", 5, "unusually large", "Did you mean 0.05"),
    ("Capabilities", "G2", 40, "unusually large"),
    ("Settings", "B7", 0.5, "unusually small"),
]


@pytest.mark.parametrize(("sheet", "cell", "value", "words"), [(s, c, v, w) for s, c, v, *w in WARNINGS])
def test_odd_cell_is_a_warning(sheet, cell, value, words):
    reading = read_with(sheet, cell, value)
    assert reading.scenario is not None
    expect(reading.faults, sheet, cell, "warning", *words)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1_000", "NaN", "0x10", "１２", "9" * 500, "", "1e99999999"])
def test_number_cell_that_is_no_number(number):
    sheets = small()
    sheets["Members"][1][1] = f"<c><f>1</f><v>{number}</v></c>"
    reading = read(zipped(parts(sheets)))
    assert reading.scenario is None
    words = ("not finite", "not a finite number") if number else ("not stored",)
    expect(reading.faults, "Members", "B2", "error", words[-1])


def test_mixed_alphabets_are_a_warning():
    sheets = small()
    sheets["Members"][3][0] = sheets["Holdings"][3][0] = "Nаmibia"
    for rows in (sheets["Cost factors"], sheets["Commonality"], sheets["Caveats"]):
        for row in rows:
            row[:] = ["Nаmibia" if cell == "NA" else cell for cell in row]
    reading = read(to_bytes(sheets))
    expect(reading.faults, "Members", "A4", "warning", "Latin and Cyrillic")


def test_all_faults_are_reported_at_once():
    def break_cells(book):
        for sheet, cell, value in [("Members", "B2", "x"), ("Levels", "B2", "#N/A"), ("Holdings", "B3", -1)]:
            book[sheet][cell] = value
        book["Settings"]["B4"] = 2020
        book["Pledges"]["D2"], book["Pledges"]["E2"] = 5, 2

    reading = read(to_bytes(change=break_cells))
    expect(reading.faults, "Members", "B2", "error")
    expect(reading.faults, "Levels", "B2", "error")
    expect(reading.faults, "Holdings", "B3", "error")
    expect(reading.faults, "Settings", "B4", "error", "before 'first_year'")
    expect(reading.faults, "Pledges", "D2", "error", "above 'max_stock'")
    with pytest.raises(WorkbookError) as raised:
        load(to_bytes(change=break_cells))
    assert raised.value.faults == reading.faults
    assert "Members!B2" in str(raised.value)


def test_one_wrong_name_is_one_fault():
    reading = read_with("Members", "A2", "Nor\u200bland")
    assert [(fault.sheet, fault.cell) for fault in reading.faults if fault.severity == "error"] == [("Members", "A2")]


def test_faults_are_limited_and_counted():
    sheets = small()
    sheets["Holdings"] += [[f"Member {n}", n] for n in range(3000)]
    reading = read(to_bytes(sheets))
    assert len(reading.faults) == 1001
    assert "2,000 further" in reading.faults[-1].message


def test_positions():
    assert position("C7") == (7, 3)
    assert position("XFD1048576") == (1_048_576, 16_384)
    assert [position(text) for text in ("XFE1", "A1048577", "A0", "7C", "", "c7", "A１")] == [None] * 7
