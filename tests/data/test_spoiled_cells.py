"""Whatever cell is spoiled, every fault is listed: no check fails for what could not be read."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator

import openpyxl
import pytest

from model.scenario import checks
from model.scenario.checks import registry
from model.scenario.sheets_alliance import SETTINGS
from model.workbook.read.load import read
from model.workbook.write.template import example_tables, scenario_workbook
from tests.data.faults import expect
from tests.data.raw_xlsx import parts, zipped
from tests.workbooks import SMALL, Sheets, small, to_bytes

pytestmark = pytest.mark.slow

_BAD = '<c t="e"><v>#N/A</v></c>'
_DEFECT = "a defect of the program"


def _full() -> Sheets:
    """A workbook with every sheet, every column and every setting that has an example."""
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(example_tables())))
    sheets = {
        page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book if page.title != "Guide"
    }
    for row in sheets["Settings"]:
        row[1] = {"consensus": "yes", "voice": "population", "max_share": 0.9, "default_commonality": 0.7}.get(
            row[0], row[1]
        )
    return sheets


BASES = {"every sheet": _full(), "small": SMALL}


def _cells(sheets: Sheets) -> Iterator[tuple[str, int, int]]:
    for title, rows in sheets.items():
        width = len(rows[0])
        yield from ((title, row, column) for row in range(1, len(rows)) for column in range(width))


def _with(sheets: Sheets, title: str, row: int, column: int, value: object) -> bytes:
    changed = [list(cells) for cells in sheets[title]]
    changed[row] += [None] * (len(changed[0]) - len(changed[row]))
    changed[row][column] = value
    return zipped(parts({**sheets, title: changed}))


@pytest.mark.parametrize("base", BASES)
def test_every_cell_spoiled_in_turn(base):
    for title, row, column in _cells(BASES[base]):
        faults = read(_with(BASES[base], title, row, column, _BAD)).faults
        assert not [fault for fault in faults if _DEFECT in fault.message], (title, row, column)
        assert any(fault.found == "#N/A" and fault.sheet == title for fault in faults), (title, row, column)


@pytest.mark.parametrize("base", BASES)
def test_every_cell_emptied_in_turn(base):
    for title, row, column in _cells(BASES[base]):
        faults = read(_with(BASES[base], title, row, column, None)).faults
        assert not [fault for fault in faults if _DEFECT in fault.message], (title, row, column)


@pytest.mark.parametrize("base", BASES)
def test_every_two_settings_spoiled_together(base):
    sheets = BASES[base]
    names = [column.name for column in SETTINGS.columns]
    for one, other in itertools.combinations(names, 2):
        kept = [[key, value] for key, value in sheets["Settings"] if key not in (one, other)]
        content = parts({**sheets, "Settings": [*kept, [one, _BAD], [other, _BAD]]})
        faults = read(zipped(content)).faults
        assert not [fault for fault in faults if _DEFECT in fault.message], (one, other)
        assert sum(fault.found == "#N/A" for fault in faults) == 2, (one, other)


@pytest.mark.parametrize("base", BASES)
def test_every_sheet_left_out_in_turn(base):
    sheets = BASES[base]
    for left_out in sheets:
        faults = read(zipped(parts({title: rows for title, rows in sheets.items() if title != left_out}))).faults
        assert not [fault for fault in faults if _DEFECT in fault.message], left_out


@pytest.mark.parametrize("value", [40, "half", _BAD])
def test_a_spoiled_max_share_is_a_fault_beside_all_others(value):
    sheets = small()
    sheets["Settings"].append(["max_share", value])
    sheets["Members"][2][4] = "two"
    faults = read(zipped(parts(sheets))).faults
    assert not [fault for fault in faults if _DEFECT in fault.message]
    expect(faults, "Settings", "B8", "error", "max_share")
    expect(faults, "Members", "E3", "error", "defence_share")


@pytest.mark.parametrize("only_warns", [False, True])
def test_a_check_that_fails_is_named_and_loses_no_other_fault(monkeypatch, only_warns):
    def forces_float(s, at):
        yield from ()
        raise KeyError("nowhere")

    broken = registry.Check(forces_float, frozenset(), only_warns)
    monkeypatch.setattr(checks, "CHECKS", [broken, *checks.CHECKS])
    sheets = small()
    sheets["Settings"][2][1] = 2030  # seven years are no whole number of periods
    sheets["Settings"][3][1] = 2036
    sheets["Settings"][4][1] = 2
    reading = read(to_bytes(sheets))
    expect(reading.faults, "", "", "warning" if only_warns else "error", "forces float", "KeyError")
    assert any(fault.sheet == "Settings" for fault in reading.faults)
    assert (read(to_bytes()).scenario is not None) is only_warns
