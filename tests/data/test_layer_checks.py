"""The sheets about partners, industry and technology: what they hold when read, and one test a check."""

from __future__ import annotations

from typing import Any

import pytest

from model.workbook.read.load import read
from tests.data.faults import expect
from tests.workbooks import Sheets, small, to_bytes

PARTNERS = ["partner", "money", "from_year", "to_year", "own_part"]
SUPPORT = ["partner", "capability", "task", "reimbursement", "quantity", "price"]
INDUSTRY = ["capability", "supplier", "share", "limit", "jobs_per_million"]
TECHNOLOGY = ["capability", "available_from", "research_cost", "early_orders"]
UN: list[Any] = ["UN", 500, 2026, 2031, 0.25]
HELP: list[Any] = ["UN", "Armoured brigade", "Defend the north", 120, 1, None]


def sheets(
    partners: tuple[list[Any], ...] = (UN,),
    support: tuple[list[Any], ...] = (HELP,),
    industry: tuple[list[Any], ...] = (["Armoured brigade", "norland", 0.6, 4, 7],),
    technology: tuple[list[Any], ...] = (["Early warning", 2030, 900, 1],),
    members: dict[str, list[Any]] | None = None,
    settings: tuple[list[Any], ...] = (),
) -> Sheets:
    """The small workbook with the four sheets, columns added on Members and settings."""
    found = small()
    found["Partners"] = [PARTNERS, *partners]
    found["Partner support"] = [SUPPORT, *support]
    found["Industry"] = [INDUSTRY, *industry]
    found["Technology"] = [TECHNOLOGY, *technology]
    found["Settings"] += settings
    for column, cells in (members or {}).items():
        for row, cell in zip(found["Members"], [column, *cells], strict=True):
            row.append(cell)
    return found


def test_what_stands_on_the_sheets_is_read() -> None:
    reading = read(to_bytes(sheets(members={"juste_retour": [0.5, None, None], "technology": [0.9, 0.4, None]})))
    assert [fault for fault in reading.faults if fault.severity == "error"] == []
    s = reading.scenario
    assert s is not None
    assert s.sets["partner"] == ("UN",)
    assert (s.partner_money["UN"], s.partner_from["UN"], s.partner_to["UN"], s.members_part["UN"]) == (
        500,
        2026,
        2031,
        0.25,
    )
    row = ("UN", "Armoured brigade", "Defend the north")
    assert (s.reimbursement[row], s.lendable[row], s.lending_price[row]) == (120, 1, 0)
    assert s.work_share["Armoured brigade", "norland"] == 0.6
    assert (s.supplier_limit["Armoured brigade", "norland"], s.jobs_per_million["Armoured brigade", "norland"]) == (
        4,
        7,
    )
    assert (s.available_from["Early warning"], s.research_cost["Early warning"]) == (2030, 900)
    assert (s.juste_retour["Norland"], s.technology["Southmark"], s.technology["NA"]) == (0.5, 0.4, None)


def test_without_the_sheets_nothing_is_there() -> None:
    s = read(to_bytes()).scenario
    assert s is not None
    assert s.sets["partner"] == ()
    assert all(not s.values[column] for column in ("partner_money", "reimbursement", "work_share", "available_from"))
    assert set(s.juste_retour.values()) == set(s.technology.values()) == {None}


ERRORS: list[tuple[dict[str, Any], str, str, tuple[str, ...]]] = [
    ({"partners": (UN, ["norland", None, None, None, None])}, "Partners", "A3", ("is a member",)),
    ({"partners": (["UN", 500, 2031, 2026, None],)}, "Partners", "C2", ("'from_year' is after 'to_year' (2026)",)),
    ({"support": (["EU", *HELP[1:]],)}, "Partner support", "A2", ("there is no partner of this name",)),
    ({"industry": (["Armoured brigade", "Norland", 0.6, None, None], ["Armoured brigade", "X", 0.5, None, None])},
     "Industry", "C3", ("share 1.1 of every order",)),
    ({"industry": (["Armoured brigade", "Norland", 0.6, None, None], ["Armoured brigade", "norland", 0.1, None, None])},
     "Industry", "B3", ("stands twice",)),
    ({"technology": (["Early warning", None, None, None],)}, "Technology", "A2", ("never becomes available",)),
    ({"technology": (["Early warning", None, 900, None],)}, "Technology", "D2", ("how many orders",)),
]  # fmt: skip

WARNINGS: list[tuple[dict[str, Any], str, str, tuple[str, ...]]] = [
    ({"partners": (["UN", 500, 2040, None, None],)}, "Partners", "C2", ("never does",)),
    ({"partners": (["UN", 500, None, 2020, None],)}, "Partners", "D2", ("never does",)),
    ({"partners": (UN, ["EU", 1, None, None, None])}, "Partners", "A3", ("pays for nothing",)),
    ({"partners": (["UN", 500, None, None, 1],)}, "Partners", "E2", ("never helps",)),
    ({"support": (["UN", "Armoured brigade", None, None, None, 3],)}, "Partner support", "B2", ("neither pays",)),
    ({"support": (["UN", "Armoured brigade", "Evacuate", 1, 1, None],)}, "Partner support", "B2", ("'Evacuate' requires no",)),
    ({"industry": (["Armoured brigade", "Norlnd", 0.6, None, None],)}, "Industry", "B2", ("Did you mean 'Norland'?",)),
    ({"industry": (["Armoured brigade", "Norland", 0, 3, None],)}, "Industry", "D2", ("holds up nothing",)),
    ({"technology": (["Early warning", 2030, None, 2],)}, "Technology", "D2", ("nothing can be ordered early",)),
    ({"technology": (["Early warning", 2026, None, None],)}, "Technology", "B2", ("from the start",)),
    ({"technology": (["Early warning", 2040, None, None],)}, "Technology", "B2", ("nobody can order any",)),
    ({"settings": (["technology_limit", 0.2],)}, "Settings", "B8", ("this limit says nothing",)),
    ({"settings": (["technology_limit", 0.2],), "members": {"technology": [0.9, 0.4, None], "transfer_cost": [None] * 3}},
     "Members", "M3", ("'Southmark' cannot be raised",)),
    ({"members": {"technology": [0.9, None, None], "transfer_cost": [None, 5, None]}}, "Members", "M3", ("no technology level",)),
    ({"industry": (), "members": {"juste_retour": [0.5, None, None]}}, "Members", "L1", ("every return is met",)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sheet", "cell", "words"), ERRORS, ids=[f"{e[1]} {e[3][0]}" for e in ERRORS])
def test_error(changes: dict[str, Any], sheet: str, cell: str, words: tuple[str, ...]) -> None:
    reading = read(to_bytes(sheets(**changes)))
    assert reading.scenario is None
    expect(reading.faults, sheet, cell, "error", *words)


@pytest.mark.parametrize(("changes", "sheet", "cell", "words"), WARNINGS, ids=[f"{e[1]} {e[3][0]}" for e in WARNINGS])
def test_warning(changes: dict[str, Any], sheet: str, cell: str, words: tuple[str, ...]) -> None:
    reading = read(to_bytes(sheets(**changes)))
    assert reading.scenario is not None, reading.faults
    expect(reading.faults, sheet, cell, "warning", *words)


def test_a_weakest_link_cannot_be_lent() -> None:
    found = sheets()
    found["Capabilities"][1][8] = "weakest link"
    expect(read(to_bytes(found)).faults, "Partner support", "E2", "error", "none can be lent")


def test_a_gap_needs_levels() -> None:
    found = sheets()
    row = next(cells for cells in found["Settings"] if cells[0] == "objectives")
    row[1] = "risk, technology_gap"
    expect(read(to_bytes(found)).faults, "Settings", "B6", "error", "no member has a technology level")
