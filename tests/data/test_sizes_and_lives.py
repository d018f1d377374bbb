"""Figures of a size nobody has, lives shorter than a period, and names that look like totals."""

from __future__ import annotations

import pytest

from model.language.faults import UsageError
from model.scenario.checks.magnitudes import suspects
from model.scenario.levers.edits import apply_edits, parse_edit
from model.scenario.schema import SHEETS
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.data.raw_xlsx import parts, zipped
from tests.data.test_spoiled_cells import BASES
from tests.workbooks import small, to_bytes

FREE = [
    (sheet.name, column.name)
    for sheet in SHEETS
    for column in sheet.columns
    if column.kind in ("number", "factor") and column.high is None
]


def _place(sheets, title, name):
    """Row and column (from 0) of the first figure under a heading, of a setting, or of a matrix."""
    rows = sheets[title]
    if title == "Settings":
        return next(at for at, row in enumerate(rows) if row[0] == name), 1
    heads = [str(cell).partition("\n")[0] for cell in rows[0]]
    return 1, heads.index(name) if name in heads else 1


@pytest.mark.parametrize(("title", "name"), FREE)
@pytest.mark.parametrize(("value", "severity"), [(1e16, "error"), (3e11, "warning"), (1e-12, "warning")])
def test_every_number_column_has_a_plausible_size(title, name, value, severity):
    sheets = {sheet: [list(row) for row in rows] for sheet, rows in BASES["every sheet"].items()}
    row, column = _place(sheets, title, name)
    sheets[title][row][column] = value
    cell = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[column]}{row + 1}"
    found = {(fault.sheet, fault.cell, fault.severity) for fault in read(zipped(parts(sheets))).faults}
    assert {(title, cell, severity), (title, cell, "error")} & found


def test_levers_are_held_to_the_same_sizes():
    sheets = small()
    sheets["Requirements"][1][2] = 5e11
    s = load(to_bytes(sheets))
    with pytest.raises(UsageError, match="too large"):
        apply_edits(s, [parse_edit("requirement=100")])


def test_suspects_are_named_by_their_cells():
    sheets = small()
    sheets["Requirements"][3][2] = 2e9
    assert "Requirements!C4 (2,000,000,000)" in suspects(load(to_bytes(sheets)))
    sheets["Requirements"][3][2] = 5e6
    sheets["Requirements"][4][2] = 1e-3
    assert "Requirements!C4 (5,000,000)" in suspects(load(to_bytes(sheets)))
    assert suspects(load(to_bytes())) == ""


@pytest.mark.parametrize(("life", "sound"), [(0.5, False), (1, False), (1.999, False), (2, True), (2.5, True)])
def test_lives_last_a_period_at_least(life, sound):
    sheets = small()
    sheets["Capabilities"][2][5] = life
    reading = read(to_bytes(sheets))
    assert (reading.scenario is not None) is sound
    if not sound:
        expect(reading.faults, "Capabilities", "F3", "error", "shorter than a period of 2 years", "years_per_period")


def test_levers_cannot_make_a_life_shorter_than_a_period():
    s = load(to_bytes())
    with pytest.raises(UsageError, match="shorter than a period"):
        apply_edits(s, [parse_edit("life[Early warning]=1")])
    assert apply_edits(s, [parse_edit("life=2")]).scenario.life["Early warning"] == 2.0


def _with_total(sheets, name="Total"):
    """A member, a capability and a task of this name, each with figures of its own."""
    sheets["Members"].append([name, 100000, 0.01, 1, 0.02, None, 0.2, 1, 1, None, 1])
    sheets["Capabilities"].append([name, "land", "post", 77, 3, 20, 0, 1, None, None, None])
    sheets["Tasks"].append([name, "Crisis in the south", 0.3])
    sheets["Requirements"].append([name, name, 5, None])
    sheets["Holdings"][0].append(name)
    sheets["Holdings"].append([name, 1, None, None, 2])
    sheets["Priorities"][0].append(name)
    sheets["Priorities"].append([name, 1, 1, 1, 2])
    sheets["Pledges"].append([name, name, None, 1, None])
    return sheets


@pytest.mark.parametrize("name", ["Total", "All", "Sum", "Suma", "Mean"])
def test_a_member_a_capability_and_a_task_may_be_called_total(name):
    reading = read(to_bytes(_with_total(small(), name)))
    assert reading.scenario is not None
    assert reading.scenario.holding[name, name] == 2.0
    assert reading.scenario.priority[name, name] == 2.0
    assert reading.scenario.quantity[name, name, None] == 5.0
    for sheet, cell in (("Members", "A5"), ("Capabilities", "A5"), ("Tasks", "A5")):
        expect(reading.faults, sheet, cell, "warning", "row of totals", "read as a")
    assert len(reading.faults) == 3
    moved = apply_edits(reading.scenario, [parse_edit(f"budget[{name}]=0.5")]).scenario
    assert [m for m in moved.sets["member"] if moved.alliance_share[m] != reading.scenario.alliance_share[m]] == [name]


@pytest.mark.parametrize(
    "row",
    [
        ["Total", 805000],
        ["Total", 805000, 0.02, 12.3, 0.03, None, 0.3],
        ["Average", 268333.3333, 0.02, 4.1, 0.03, None, 0.3],
        ["Total", "<c><f>SUM(B2:B4)</f><v>999999</v></c>", 0.02, 4, 0.03, None, 0.3],
        ["Total", 12, None, 12.3, 0.03, None, 0.3],
    ],
)
def test_a_row_that_adds_up_is_a_row_of_totals(row):
    sheets = small()
    sheets["Members"].append(row)
    expect(read(zipped(parts(sheets))).faults, "Members", "A5", "error", "row of totals", "Remove")


@pytest.mark.parametrize("title", ["Holdings", "Priorities", "Commonality", "Requirements", "Caveats", "Pledges"])
def test_totals_of_nobody_are_refused_wherever_they_stand(title):
    sheets = small()
    sheets[title].append(["Total", *([None] * (len(sheets[title][0]) - 1))])
    place = f"A{len(sheets[title])}"
    expect(read(to_bytes(sheets)).faults, title, place, "error", "row of totals", "Remove")
