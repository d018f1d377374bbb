"""Whatever is done to a workbook's bytes, parts or cells, reading ends in a reading."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.language.faults import WorkbookError
from model.scenario.scenario import Scenario
from model.workbook.read.load import Reading, load, read
from tests.data.raw_xlsx import parts, zipped
from tests.workbooks import SMALL, small, to_bytes

FEW = settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
VALID = to_bytes()
PARTS = parts()

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<"), max_size=12),
    st.sampled_from(["no", "yes", "NA", "Norland", "Evacuate", "1e5", "=1+1", "total", "risk", "off", "#N/A"]),
    st.sampled_from(["<c><v>1e999</v></c>", '<c t="e"><v>#REF!</v></c>', "<c><f>1</f></c>", '<c t="b"><v>1</v></c>']),
)


def assert_sound(reading: Reading) -> None:
    """A reading has a scenario or errors, and never both."""
    has_errors = any(fault.severity == "error" for fault in reading.faults)
    assert (reading.scenario is None) == has_errors
    if reading.scenario is not None:
        assert isinstance(reading.scenario, Scenario)
        assert len(reading.scenario.hash) == 64
        assert reading.scenario.periods


@FEW
@given(st.integers(0, 2**32))
def test_any_bytes(seed):
    dice = random.Random(seed)
    data = bytearray(VALID)
    for _ in range(dice.randint(1, 30)):
        at = dice.randrange(len(data)) if dice.random() < 0.5 else len(data) - dice.randint(1, min(len(data), 2500))
        match dice.randrange(3):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                del data[at : at + dice.randint(1, 50)]
            case _:
                data[at:at] = dice.randbytes(dice.randint(1, 50))
    assert_sound(read(bytes(data)))


@FEW
@given(st.integers(0, 2**32))
def test_any_change_of_the_xml(seed):
    dice = random.Random(seed)
    content = dict(PARTS)
    for _ in range(dice.randint(1, 3)):
        name = dice.choice(list(content))
        data = bytearray(str(content[name]).encode())
        for _ in range(dice.randint(1, 3)):
            at, other = dice.randrange(len(data)), dice.randrange(len(data))
            if dice.random() < 0.5:
                data[at : at + dice.randint(0, 8)] = data[other : other + dice.randint(0, 12)]
            else:
                data[at] = dice.choice(b'<>/"=& 019AZaz')
        content[name] = data.decode("utf-8", "replace")
    assert_sound(read(zipped(content)))


@pytest.mark.slow
@FEW
@given(st.lists(st.tuples(st.sampled_from(list(SMALL)), st.integers(0, 6), st.integers(0, 11), CELLS), max_size=4))
def test_any_cells(changes: list[tuple[str, int, int, Any]]):
    sheets = small()
    for title, row, column, value in changes:
        rows = sheets[title]
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    content = zipped({name: str(part).encode("utf-8", "replace") for name, part in parts(sheets).items()})
    reading = read(content)
    assert_sound(reading)
    if reading.scenario is None:
        with pytest.raises(WorkbookError):
            load(content)


@pytest.mark.slow
@FEW
@given(st.lists(st.sampled_from(list(SMALL)), max_size=5), st.integers(1, 3))
def test_any_sheets_missing_or_cut(titles: list[str], rows_left: int):
    sheets = {title: rows[:rows_left] if title in titles else rows for title, rows in SMALL.items()}
    for title in titles[1:]:
        sheets.pop(title, None)
    assert_sound(read(zipped(parts(sheets))))
