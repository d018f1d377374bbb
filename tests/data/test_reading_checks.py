"""What no single cell shows: one test a cross-sheet check, with the place the fault must name."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from model.scenario.checks import CHECKS, run_checks
from model.scenario.column_words import DEFINING
from model.scenario.sheets_alliance import SETTINGS
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.workbooks import small, to_bytes

Changes = dict[str, Any]
"""New cell contents by ``sheet!cell``; a whole row where the cell is ``+``."""


def read_with(changes: Changes):
    sheets = small()
    for place, value in changes.items():
        title, _, cell = place.partition("!")
        if cell.startswith("+"):
            sheets[title].append(value)

    def change(book):
        for place, value in changes.items():
            title, _, cell = place.partition("!")
            if not cell.startswith("+"):
                book[title][cell] = value

    return read(to_bytes(sheets, change))


ERRORS: list[tuple[Changes, str, str, tuple[str, ...]]] = [
    ({"Settings!B4": 2036}, "Settings", "B4", ("whole number of periods", "2035 or 2037")),
    ({"Settings!B4": 2025}, "Settings", "B4", ("before 'first_year' (2026)", "2027")),
    ({"Settings!B4": 2200, "Settings!B5": 1}, "Settings", "B4", ("175 periods", "at most 100")),
    ({"Levels!B3": 0.6}, "Levels", "B3", ("must rise", "'compatible'")),
    ({"Levels!B4": 0.9}, "Levels", "B4", ("last level must be 1",)),
    ({"Risk bands!A3": 0.2}, "Risk bands", "A3", ("must rise", "0.25")),
    ({"Risk bands!A4": 0.9}, "Risk bands", "A4", ("last band must be 1",)),
    ({"Risk bands!B3": 0.3}, "Risk bands", "B3", ("must not fall", "0.4")),
    ({f"Risk bands!B{row}": 0 for row in (2, 3, 4)}, "Risk bands", "B1", ("all weights are zero",)),
    ({"Settings!+": ["cvar_level", 1.1]}, "Settings", "B8", ("0 to 1",)),
    ({"Commonality!B2": 0.9}, "Commonality", "B2", ("with itself must be 1",)),
    (
        {"Tasks!D1": "kind", "Tasks!D2": "Piracy", "Tasks!D3": "piracy", "Tasks!D4": "CBRN"},
        "Tasks", "D3", ("spelt 'Piracy' elsewhere",),
    ),
    ({"Settings!B6": "worst_kind_risk, cost"}, "Settings", "B6", ("no task has a kind",)),
    (
        {"Settings!+": ["consensus_voice", 0.6], "Settings!+2": ["consensus_excess", 0.1]},
        "Settings", "B9", ("in place of 'consensus_voice'",),
    ),
    ({"Settings!+": ["burden_key", "population"], "Members!D3": None}, "Members", "D3", ("burden_key is population",)),
    ({"Settings!+": ["voice", "population"], "Members!D3": None}, "Members", "D3", ("voice is population",)),
    ({"Settings!+": ["burden_key", "custom"], "Members!K4": None}, "Members", "K4", ("burden_key is custom",)),
    (
        {"Settings!+": ["burden_key", "custom"], "Members!K2": 0, "Members!K3": 0, "Members!K4": 0},
        "Members", "K1", ("'key' is zero for every member",),
    ),
    ({f"Members!B{row}": 0 for row in (2, 3, 4)}, "Members", "B1", ("'gdp' is zero for every member",)),
    ({f"Requirements!C{row}": 0 for row in range(2, 7)}, "Requirements", "C1", ("every required quantity is zero",)),
    ({"Situations!B2": 0, "Situations!B3": 0}, "Situations", "B1", ("probability of every situation is zero",)),
    ({f"Tasks!C{row}": 0 for row in (2, 3, 4)}, "Tasks", "C1", ("consequence of every task is zero",)),
    ({f"Capabilities!H{row}": 0 for row in (2, 3, 4)}, "Capabilities", "H1", ("importance of every capability",)),
    (
        {f"Priorities!{column}{row}": 0 for column in "BCD" for row in (2, 3)} | {"Priorities!+": ["NA", 0, 0, 0]},
        "Priorities", "A1", ("no member with a voice",),
    ),
    (
        {"Situations!B2": 0, "Tasks!C4": 0},
        "Requirements", "C1", ("every requirement has the weight zero",),
    ),
    ({"Pledges!E2": 2}, "Pledges", "D2", ("above 'max_stock' (2)",)),
    ({"Pledges!+": ["Norland", "Armoured brigade", 2032, None, 2]}, "Pledges", "D2", ("above the 'max_stock' of 2",)),
    ({"Pledges!+": ["NA", "Early warning", None, 1]}, "Pledges", "D4", ("neither holds", "nor may acquire")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sheet", "cell", "words"), ERRORS, ids=[f"{e[1]} {e[3][0]}" for e in ERRORS])
def test_error(changes, sheet, cell, words):
    reading = read_with(changes)
    assert reading.scenario is None
    expect(reading.faults, sheet, cell, "error", *words)


WARNINGS: list[tuple[Changes, str, str, tuple[str, ...]]] = [
    ({"Requirements!D3": 2031}, "Requirements", "D3", ("within a period", "2032")),
    ({"Requirements!D3": 2040}, "Requirements", "D3", ("never takes effect",)),
    ({"Pledges!C2": 2035}, "Pledges", "C2", ("never takes effect", "2034")),
    ({"Pledges!C2": 2029}, "Pledges", "C2", ("from the next one, in 2030",)),
    ({"Requirements!D3": 2026}, "Requirements", "D2", ("never in force", "2026")),
    ({"Pledges!D2": None}, "Pledges", "D2", ("neither min_stock nor max_stock",)),
    ({"Pledges!+": ["NA", "Armoured brigade", None, 1]}, "Pledges", "D4", ("no plan can keep", "takes 4 years")),
    ({"Cost factors!B2": "no", "Pledges!D2": 4}, "Pledges", "D2", ("no plan can keep", "may not acquire")),
    ({"Commonality!C2": 0.5}, "Commonality", "C2", ("not symmetric in 1 pairs", "0.5 and 0.6")),
    ({"Commonality!C2": None}, "Commonality", "B3", ("not symmetric in 1 pairs", "1 and 0.6")),
    ({"Members!G4": 0}, "Members", "G4", ("'NA' has no budget", "alliance_share")),
    ({"Settings!+": ["consensus_against", "Status Quo"]}, "Settings", "B8", ("no effect", "consensus is no")),
    (
        {f"Opt-outs!+{member}": [member, "Evacuate"] for member in ("Norland", "Southmark", "NA")},
        "Opt-outs", "C4", ("every member stays out of 'Evacuate'",),
    ),
    ({"Opt-outs!+": ["Norland", "Watch the north"]}, "Opt-outs", "C2", ("'Norland' leads", "stays out")),
    ({"Holdings!B2": 400}, "Members", "A2", ("upkeep", "exceeds")),
    ({"Members!B2": 480}, "Members", "B2", ("GDP per head", "85.7", "thousand")),
    ({"Members!B2": 480e6}, "Members", "B2", ("GDP per head", "thousand")),
    ({"Capabilities!D2": 4.5e9}, "Capabilities", "D2", ("what the whole alliance offers",)),
    ({"Capabilities!D2": 0.0045, "Capabilities!E2": 0}, "Capabilities", "D2", ("times the median price",)),
    ({"Capabilities!E2": 4600}, "Capabilities", "E2", ("more than a new unit",)),
    ({"Priorities!B3": 0, "Priorities!C3": 0, "Priorities!D3": 0}, "Priorities", "B3", ("'Southmark' has a voice",)),
    ({"Settings!+": ["voice", "population"], "Members!D4": 0}, "Members", "D4", ("count nothing", "NA")),
    ({"Tasks!+": ["Parade", "Crisis in the south"]}, "Tasks", "A5", ("'Parade' requires nothing",)),
    ({"Capabilities!+": ["Frigate", "sea", "ship", 900, 50, 30]}, "Capabilities", "A5", ("no task requires",)),
    ({"Situations!+": ["Peace", 0.1]}, "Situations", "A4", ("has no tasks",)),
    ({"Holdings!D3": 0, "Cost factors!D2": "no", "Cost factors!D3": "no"}, "Requirements", "C5",
     ("no member can field",)),
    (
        {"Caveats!+": ["Norland", "Evacuate", None, 0], "Caveats!+2": ["Southmark", "Evacuate", None, 0]},
        "Requirements", "C6", ("no member can field",),
    ),
    (
        {"Caveats!+": ["Norland", "Evacuate", None, 0], "Opt-outs!+": ["Southmark", "Evacuate"]},
        "Requirements", "C6", ("no member can field", "Opt-outs"),
    ),
    ({"Capabilities!J3": 0.4}, "Requirements", "C6", ("at most 80%", "max_share", "Norland, Southmark")),
    ({"Members!K1": "target_year", "Members!K2": 2026, "Members!K3": 2030, "Members!K4": None}, "Members", "K2",
     ("not after the first year",)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sheet", "cell", "words"), WARNINGS, ids=[f"{w[1]} {w[3][0]}" for w in WARNINGS])
def test_warning(changes, sheet, cell, words):
    reading = read_with(changes)
    assert reading.scenario is not None, reading.faults
    expect(reading.faults, sheet, cell, "warning", *words)


def test_a_blank_key_column_is_one_fault():
    sheets = small()
    sheets["Settings"].append(["burden_key", "custom"])
    sheets["Members"] = [row[:-1] for row in sheets["Members"]]
    faults = read(to_bytes(sheets)).faults
    expect(faults, "Members", "", "error", "no such column", "Add the column key")
    assert len(faults) == 1


def test_checks_of_what_could_not_be_read_are_not_made():
    faults = read_with({"Members!B2": "many", "Members!B3": 0, "Members!B4": 0}).faults
    assert [(fault.sheet, fault.cell) for fault in faults if fault.severity == "error"] == [("Members", "B2")]


def test_an_edited_scenario_can_be_checked_without_a_workbook():
    scenario = load(to_bytes()).with_values("gdp", {"Norland": 0.0, "Southmark": 0.0, "NA": 0.0})
    fault = next(fault for fault in run_checks(scenario) if fault.severity == "error")
    assert (fault.sheet, fault.cell) == ("Members", "")
    assert not list(run_checks(load(to_bytes())))


def test_every_check_says_what_it_reads():
    known = set(load(to_bytes()).values) | {*DEFINING, "year", "up_to"}
    settings = {column.key for column in SETTINGS.columns}
    for registered in CHECKS:
        assert registered.function.__doc__
        assert registered.reads <= known | settings


def test_checks_said_to_only_warn_can_do_no_more():
    """They are left out where only errors matter, as after a lever is pulled."""
    hints = [registered for registered in CHECKS if registered.only_warns]
    assert hints
    assert len(hints) < len(CHECKS)
    for registered in hints:
        code = inspect.getsource(registered.function)
        assert "at.warning(" in code
        assert "at.error(" not in code
        assert "yield from" not in code
