"""The sheets Common funding, Programmes and Workshares: how they are read, and what may be wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from model.language.faults import UsageError
from model.layers.programmes.participants import development_shares, participants
from model.scenario.levers.edits import apply_edits, parse_edit
from model.scenario.unfold import tables_of
from model.workbook.read.load import load, read
from model.workbook.write.template import example_tables, scenario_workbook
from tests.data.faults import expect
from tests.workbooks import small, to_bytes

COMMON = ["capability", "holding", "max_stock", "cost_factor", "key", "from_year"]
PROGRAMME = ["programme", "capability", "participants", "development_cost", "sharing", "key", "from_year", "discount"]
BRIGADE = ["Next brigade", "Armoured brigade", "Norland, big", 900, "workshare", None, 2027, 0.2]

Sheets = dict[str, list[list[Any]]]


def pooled(**changed: list[list[Any]]) -> Sheets:
    """The small workbook with a row or two on each of the sheets; a keyword replaces the rows of one."""
    sheets = small()
    groups = ["groups", "big", "big, far", None]
    sheets["Members"] = [[*row, group] for row, group in zip(sheets["Members"], groups, strict=True)]
    rows = {
        "common": [["Early warning", 1, 3, 0.8, "equal", 2028], ["Fighter squadron"]],
        "programmes": [BRIGADE],
        "workshares": [["Next brigade", "Norland", 3], ["Next brigade", "Southmark", 1]],
        **changed,
    }
    sheets["Common funding"] = [COMMON, *rows["common"]]
    sheets["Programmes"] = [PROGRAMME, *rows["programmes"]]
    sheets["Workshares"] = [["programme", "member", "workshare"], *rows["workshares"]]
    return sheets


def test_rows_are_read_with_their_defaults():
    s = load(to_bytes(pooled()))
    assert s.common_holding == {"Early warning": 1.0, "Fighter squadron": 0.0}
    assert s.common_max_stock == {"Early warning": 3.0, "Fighter squadron": None}
    assert s.common_key == {"Early warning": "equal", "Fighter squadron": "gdp"}
    assert s.common_from_year["Fighter squadron"] is None
    assert s.sets["programme"] == ("Next brigade",)
    assert s.programme_capability["Next brigade"] == "Armoured brigade"
    assert (s.development_years["Next brigade"], s.min_units["Next brigade"]) == (1, 0.0)
    assert s.decision["Next brigade"] == "free"


def test_participants_are_members_and_groups_and_bear_parts_of_development():
    """Southmark takes part by way of the group; 3 of 4 parts and 1 of 4."""
    s = load(to_bytes(pooled()))
    assert participants(s, "Next brigade") == ("Norland", "Southmark")
    assert development_shares(s, "Next brigade") == {"Norland": 0.75, "Southmark": 0.25}


@pytest.mark.parametrize(
    ("how", "shares"),
    [("equal", {"Norland": 0.5, "Southmark": 0.5}), ("key", {"Norland": 48 / 79, "Southmark": 31 / 79})],
)
def test_development_is_shared_in_equal_parts_or_by_key_among_the_participants(how: str, shares: dict[str, float]):
    s = load(to_bytes(pooled())).with_values("development_sharing", {"Next brigade": how})
    assert development_shares(s, "Next brigade") == pytest.approx(shares)


def test_who_leaves_takes_part_no_more():
    s = load(to_bytes(pooled(programmes=[[*BRIGADE[:2], "Norland; Southmark, NA", *BRIGADE[3:]]])))
    assert participants(s.without("Southmark"), "Next brigade") == ("NA", "Norland")
    assert development_shares(s.without("Southmark"), "Next brigade") == {"NA": 0.0, "Norland": 1.0}
    assert participants(s.restricted("Southmark"), "Next brigade") == ("Southmark",)


def test_a_member_whose_name_holds_commas_is_found_whole():
    sheets = pooled(programmes=[[*BRIGADE[:2], "Republic, of the South, Norland", 900, "equal"]], workshares=[])
    for title in ("Members", "Holdings", "Cost factors", "Commonality", "Priorities", "Caveats", "Pledges"):
        sheets[title] = [
            ["Republic, of the South" if cell == "Southmark" else cell for cell in row] for row in sheets[title]
        ]
    assert participants(load(to_bytes(sheets)), "Next brigade") == ("Norland", "Republic, of the South")


@pytest.mark.parametrize(
    ("sheets", "sheet", "cell", "words"),
    [
        (pooled(common=[["Early warming"]]), "Common funding", "A2", ("Did you mean 'Early warning'",)),
        (pooled(common=[["Early warning", None, None, 0]]), "Common funding", "D2", ("above 0",)),
        (pooled(common=[["Early warning", None, None, None, "gdb"]]), "Common funding", "E2", ("Did you mean 'gdp'",)),
        (pooled(common=[["Early warning", None, None, None, "border"]]), "Common funding", "E2", ("goes by border",)),
        (pooled(common=[["Early warning"], ["early  warning"]]), "Common funding", "A3", ("stands twice",)),
        (pooled(programmes=[[*BRIGADE[:2], "Norlund", 900]]), "Programmes", "C2", ("Did you mean 'Norland'",)),
        (pooled(programmes=[[*BRIGADE[:2], None, 900]]), "Programmes", "C2", ("required and blank",)),
        (pooled(programmes=[[*BRIGADE[:4], "by luck"]]), "Programmes", "E2", ("one of key, equal, workshare",)),
        (pooled(programmes=[[*BRIGADE[:4], "key", "border"]], workshares=[]), "Programmes", "F2", ("goes by border",)),
        (pooled(programmes=[[*BRIGADE[:7], 1.5]]), "Programmes", "H2", ("out of range",)),
        (pooled(workshares=[["Next brigade", "NA", 1]]), "Workshares", "B2", ("does not take part",)),
        (pooled(workshares=[["Next tank", "Norland", 1]]), "Workshares", "A2", ("no programme of this name",)),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what(sheets: Sheets, sheet: str, cell: str, words: tuple[str, ...]):
    expect(read(to_bytes(sheets)).faults, sheet, cell, "error", *words)


def test_a_weakest_link_cannot_be_owned_in_common():
    sheets = pooled()
    sheets["Capabilities"][3][8] = "weakest link"
    expect(read(to_bytes(sheets)).faults, "Common funding", "A2", "error", "the alliance cannot own it")


@pytest.mark.parametrize(
    ("sheets", "sheet", "cell", "words"),
    [
        (pooled(common=[["Early warning", 4, 3]]), "Common funding", "C2", ("below the 4 units",)),
        (pooled(common=[["Early warning", 0, 3, 1, "gdp", 2036]]), "Common funding", "F2", ("never orders",)),
        (pooled(programmes=[[*BRIGADE[:6], 2036]]), "Programmes", "G2", ("left out",)),
        (pooled(programmes=[[*BRIGADE[:2], "Norland", 900]], workshares=[]), "Programmes", "C2", ("nothing is shared",)),
        (pooled(programmes=[[*BRIGADE[:4], "equal"]]), "Workshares", "C2", ("no effect",)),
        (pooled(workshares=[]), "Programmes", "E2", ("no participant has one",)),
    ],
)  # fmt: skip
def test_what_is_odd_is_warned_of(sheets: Sheets, sheet: str, cell: str, words: tuple[str, ...]):
    found = read(to_bytes(sheets))
    expect(found.faults, sheet, cell, "warning", *words)
    assert found.scenario is not None


def test_a_programme_too_late_to_deliver_is_warned_of():
    sheets = pooled()
    sheets["Programmes"] = [[*PROGRAMME, "earliest_year"], [*BRIGADE, 2033]]
    expect(read(to_bytes(sheets)).faults, "Programmes", "I2", "warning", "stays closed")


def test_the_example_and_every_scenario_come_back_from_their_tables():
    for s in (load(scenario_workbook(example_tables())), load(to_bytes(pooled()))):
        again = load(scenario_workbook(tables_of(s)))
        assert again.hash == s.hash
    assert participants(load(scenario_workbook(example_tables())), "Next brigade") == ("Norland", "Southmark")


@pytest.mark.parametrize(
    ("text", "column", "key", "value"),
    [
        ("common_limit[Early warning]=1.5", "common_max_stock", "Early warning", 1.5),
        ("common_limit[Early warning]=off", "common_max_stock", "Early warning", None),
        ("common_cost[early warning]=-10%", "common_cost_factor", "Early warning", 0.72),
        ("development_cost[Next brigade]=2", "development_cost", "Next brigade", 1800.0),
        ("programme_discount=0.3", "programme_discount", "Next brigade", 0.3),
        ("decision[Next brigade]=closed", "decision", "Next brigade", "closed"),
        ("decision=free", "decision", "Next brigade", "free"),
    ],
)
def test_levers_pull_the_main_figures(text: str, column: str, key: str, value: Any):
    edited = apply_edits(load(to_bytes(pooled())), [parse_edit(text)]).scenario
    found = edited.values[column][key]
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


def test_a_lever_for_what_is_not_there_is_refused():
    plain = load(to_bytes())
    for text in ("common_limit=2", "common_cost=2", "decision=open", "development_cost=2"):
        with pytest.raises(UsageError, match="no "):
            apply_edits(plain, [parse_edit(text)])
