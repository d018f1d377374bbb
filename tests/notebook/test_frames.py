"""Scenarios as pandas frames: what goes out comes back the same, and is checked as strictly as a workbook."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from model.language.faults import Fault, UsageError, WorkbookError
from model.scenario.shipped import shipped_scenarios
from model.solve.problem import Problem
from model.workbook.read.cells import MAX_FILLED_CELLS
from model.workbook.read.load import load, read

Frames = dict[str, pd.DataFrame]


@pytest.fixture
def frames() -> Frames:
    return load("tutorial").frames()


def faults(frames: Frames) -> tuple[Fault, ...]:
    """The errors in frames, which are there."""
    with pytest.raises(WorkbookError) as refused:
        load(frames)
    return tuple(fault for fault in refused.value.faults if fault.severity == "error")


@pytest.mark.slow
@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.stem)
def test_frames_give_back_the_scenario(path):
    scenario = load(path)
    again = load(scenario.frames())
    assert again.hash == scenario.hash
    assert again.sources == scenario.sources
    assert dict(again.sets) == dict(scenario.sets)
    assert {key: dict(column) for key, column in again.values.items()} == {
        key: dict(column) for key, column in scenario.values.items()
    }


def test_the_order_of_rows_and_columns_and_a_named_index_do_not_matter(frames):
    scenario = load(frames)
    ordered = ("Levels", "Risk bands")  # lowest first
    turned = {name: frame if name in ordered else frame.iloc[::-1, ::-1] for name, frame in frames.items()}
    turned["Members"] = frames["Members"].set_index("member")
    assert load(turned).hash == scenario.hash


def test_changed_frames_are_planned(frames):
    frames["Members"] = frames["Members"].assign(alliance_share=lambda members: 0.5 * members["alliance_share"])
    scenario = load(frames, name="half")
    assert scenario.name == "half"
    assert Problem(scenario).solve().measures["risk"] > Problem(load("tutorial")).solve().measures["risk"]


@pytest.mark.parametrize("blank", [None, np.nan, pd.NA, pd.NaT, "", "  ", np.float32("nan")], ids=repr)
def test_what_is_missing_is_blank(frames, blank):
    frames["Members"] = frames["Members"].astype(object)
    frames["Members"].loc[1, "gdp_growth"] = blank
    assert load(frames).gdp_growth["Midland"] == 0.0
    frames["Members"].loc[1, "gdp"] = blank
    (fault,) = faults(frames)
    assert (fault.sheet, fault.cell, fault.found) == ("Members", "gdp, row 1", "blank")


@pytest.mark.parametrize("number", [5, 5.0, np.int8(5), np.float32(5), Decimal(5), np.uint64(5)], ids=repr)
def test_numbers_of_all_types_are_numbers(frames, number):
    frames["Members"] = frames["Members"].astype(object)
    frames["Members"].loc[1, "population"] = number
    assert load(frames).population["Midland"] == 5.0


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("500000", "a number stored as text"), ("much", "a text where a number"), (True, "TRUE or FALSE where"), (np.True_, "TRUE or"),
        (np.inf, "not a finite number"), (10**400, "not a finite number"), (-1.0, "out of range"), (1j, "cannot be read"),
        (date(2026, 1, 1), "a date or time"), (pd.Timestamp(2026, 1, 1), "a date or time"), (np.datetime64("2026-01-01"), "a date or"),
        (np.timedelta64(3, "D"), "a date or time"), ([1.0], "cannot be read"), ({"a": 1}, "cannot be read"), (b"5", "cannot be read"),
    ],
    ids=repr,
)  # fmt: skip
def test_nothing_else_is_taken_for_a_number(frames, value, says):
    members = frames["Members"].set_index(pd.Index(["first", "second", "third"])).astype(object)
    members["gdp"] = pd.Series([1e6, value, 1e6], members.index, dtype=object)
    (fault,) = faults({**frames, "Members": members})
    assert (fault.sheet, fault.cell) == ("Members", "gdp, row second")
    assert says in fault.message


def test_faults_say_where_they_stand(frames):
    broken = {
        **frames,
        "Members": frames["Members"].rename(columns={"gdp": "gross"}),
        "Holdings": frames["Holdings"].set_index("member").assign(Brigade=-1.0, Frigate=1.0),
        "Lanes": pd.DataFrame({"a": [1]}),
        "Pledges": pd.concat([frames["Pledges"], frames["Pledges"]]),
    }
    said = {(fault.sheet, fault.cell) for fault in faults(broken)}
    assert ("Members", "heading gross") in said
    assert ("Holdings", "Brigade, row Midland") in said
    assert ("Holdings", "heading Frigate") in said
    assert ("Lanes", "") in said
    assert ("Pledges", "member, row at position 1") in said


def test_where_values_stand_is_known_after_reading(frames):
    scenario = load(frames)
    assert scenario.cells["gdp", "Midland"] == "Members!gdp, row 1"
    assert scenario.source is not None
    assert scenario.source.path == scenario.source.shipped == ""
    other = {**frames, "Members": frames["Members"].assign(population=1.0)}
    assert scenario.source.sha256 == load(frames).source.sha256 != load(other).source.sha256


def test_warnings_reach_whoever_reads_the_result(frames):
    frames["Members"].loc[0, "gdp_growth"] = 0.4
    warnings = load(frames).source.warnings
    assert [(fault.sheet, fault.cell) for fault in warnings if "unusually large" in fault.message] == [
        ("Members", "gdp_growth, row 0")
    ]


@pytest.mark.parametrize("given", [{"Members": [1, 2]}, {1: pd.DataFrame()}, {"Members": None}], ids=repr)
def test_what_is_no_frame_is_refused(given):
    with pytest.raises(UsageError, match="load takes frames by the names of their sheets"):
        load(given)


def test_sheets_that_are_missing_empty_twice_or_too_large_are_faults(frames):
    assert {fault.sheet for fault in read({}).faults} >= {"Settings", "Members", "Capabilities"}
    assert any(fault.sheet == "Members" for fault in faults({**frames, "Members": pd.DataFrame()}))
    assert any("there twice" in fault.message for fault in faults({**frames, "members": frames["Members"]}))
    large = pd.DataFrame(np.zeros((MAX_FILLED_CELLS // 10 + 1, 10)))
    assert any("more than" in fault.message for fault in faults({**frames, "Holdings": large}))
    assert read({**frames, "_mine": large.head()}).scenario is not None
    assert faults(
        {
            **frames,
            "Members": frames["Members"]
            .astype(object)
            .assign(member=pd.Series(["a\ud800", "Midland", "Southland"], dtype=object)),
        }
    )


def test_a_path_stays_a_path_and_a_shipped_name_is_bare(tmp_path, monkeypatch):
    assert load("tutorial").hash == load(shipped_scenarios()[-1].with_name("tutorial.xlsx")).hash
    monkeypatch.chdir(tmp_path)
    for named in ("tutorial.xlsx", "./tutorial", "Tutorial"):
        with pytest.raises(WorkbookError):
            load(named)
