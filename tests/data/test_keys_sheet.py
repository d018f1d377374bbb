"""Burden keys in a workbook: how they are read, and what may be wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from model.layers.burden_keys.keys import fair_shares, fold, own_keys
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.workbooks import small, to_bytes

KEYS = [
    ["key", "step", "rule", "by", "amount", "limit", "group", "borne_by"],
    ["agreed", 2, "ceiling", None, 0.5, None, None, None],
    ["agreed", 1, "start", "gdp", None, None, None, None],
    ["agreed", 3, "discount", None, 0.5, None, "small", "Norland"],
]


def keyed(
    changes: dict[int, list[Any]] | None = None, key: str = "agreed", groups: bool = True
) -> dict[str, list[list[Any]]]:
    """The small workbook with a key of its own; ``changes`` replace rows of the sheet."""
    sheets = small()
    sheets["Settings"].append(["burden_key", key])
    words = ["groups", None, "far, small", None] if groups else [""] * 4
    sheets["Members"] = (
        [[*row, word] for row, word in zip(sheets["Members"], words, strict=True)] if groups else sheets["Members"]
    )
    rows = list(KEYS)
    for at, row in (changes or {}).items():
        rows[at : at + 1] = [row]
    sheets["Keys"] = rows
    return sheets


def test_keys_are_read_from_a_workbook_in_order_of_their_steps():
    s = load(to_bytes(keyed(key="AGREED ")))
    assert [rule.what for rule in own_keys(s)["agreed"]] == ["start", "ceiling", "discount"]
    shares = fair_shares(s)
    assert shares["Southmark"] == pytest.approx(0.5 * fold(s, "agreed")[1].shares["Southmark"])
    assert sum(shares.values()) == pytest.approx(1.0)


def test_an_absent_sheet_is_no_key_and_no_default():
    s = load(to_bytes(small()))
    assert own_keys(s) == {}
    assert not [default for default in s.defaults if default.column in ("income", "debt", "border", "groups")]
    assert not [default for default in s.defaults if default.sheet == "Keys"]


@pytest.mark.parametrize(
    ("sheets", "sheet", "cell", "words"),
    [
        (keyed(key="agred"), "Settings", "B8", ("no burden key of this name", "Did you mean 'agreed'")),
        (keyed({1: ["agreed", 2, "ceiling"]}), "Keys", "E2", ("needs the column amount",)),
        (keyed({1: ["agreed", 2, "mix", "gpd", 0.5]}), "Keys", "D2", ("Did you mean 'gdp'",)),
        (keyed({1: ["agreed", 2, "mix", "agreed", 0.5]}), "Keys", "", ("goes by itself",)),
        (keyed({1: ["agreed", 2, "ceiling", None, 0.5, None, "tiny"]}), "Keys", "G2", ("nobody is in the group 'tiny'",)),
        (keyed({2: ["agreed", 1, "floor", None, 0.1]}), "Keys", "C3", ("must say what to start from",)),
        (keyed({2: ["un", 1, "start", "gdp"]}), "Keys", "A3", ("needs no sheet",)),
        (keyed({2: ["agreed", 1, "begin", "gdp"]}), "Keys", "C3", ("unknown choice",)),
        (keyed({2: ["agreed", 1, "start", "gdp", 22]}), "Keys", "E3", ("out of range",)),
        (keyed({1: ["Agreed", 1, "start", "gdp"]}), "Keys", "A3", ("stand twice",)),
        (keyed({3: ["agreed", 3, "discount", None, 0.5, None, None, "Norland"]}), "Keys", "G4", ("group it is for",)),
        (keyed(key="peacekeeping"), "Members", "L1", ("nobody is in that group",)),
        (keyed(key="border"), "Members", "", ("'border' is needed",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_a_key_is_said_with_its_cell(sheets, sheet, cell, words):
    reading = read(to_bytes(sheets))
    assert reading.scenario is None
    faults = [fault for fault in reading.faults if fault.severity == "error"]
    assert any(
        fault.sheet == sheet and (not cell or fault.cell == cell) and words[0] in str(fault) for fault in faults
    ), faults
    assert all(any(word in str(fault) for fault in faults) for word in words)


def test_income_that_gdp_stands_in_for_is_a_warning():
    reading = read(to_bytes(keyed(key="un")))
    assert reading.scenario is not None
    expect(reading.faults, "Members", "", "warning", "gdp stands in", "Norland, Southmark, NA")
