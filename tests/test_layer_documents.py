"""The worked examples on the pages about layers are what the model says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model.solve.problem import Problem
from tests.scenarios import tiny_scenario
from tests.solve.test_industry import supplied
from tests.solve.test_partners import helped
from tests.solve.test_technology import levels, ripening

LAYERS = Path(__file__).parents[1] / "docs" / "layers"


def rows_of(page: str) -> list[list[str]]:
    """The rows of every table on a page, without headings."""
    lines = (LAYERS / page).read_text(encoding="utf-8").splitlines()
    tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [cells for cells in tables if not set("".join(cells)) <= set("-")]


PARTNERS: dict[str, dict[str, Any] | None] = {
    "does nothing": None,
    "pays 0.5 a tank, at most 2": {"reimbursement": 0.5, "partner_money": 2.0},
    "pays 0.5 a tank, without limit": {"reimbursement": 0.5},
    "pays 0.5 a tank, members bear half": {"reimbursement": 0.5, "members_part": 0.5},
    "lends 1.5 tanks": {"lendable": 1.5},
    "lends 1.5 tanks at 2 a year each": {"lendable": 1.5, "lending_price": 2.0},
}


def test_partners_page_names_every_case() -> None:
    assert {cells[0] for cells in rows_of("partners.md")} == {"the UN …", *PARTNERS}


@pytest.mark.parametrize("case", PARTNERS)
def test_partners_page(case: str) -> None:
    told = next(cells for cells in rows_of("partners.md") if cells[0] == case)
    changed = PARTNERS[case]
    plan = Problem(tiny_scenario() if changed is None else helped(**changed)).solve()
    paid = sum(plan.quantity("partner_payment").values())
    for value, text in zip((plan.measures["risk"], plan.measures["cost"], paid), told[1:4], strict=True):
        assert value == pytest.approx(float(text), rel=3e-3, abs=1e-6)


INDUSTRY: dict[str, dict[str, Any]] = {
    "Northland 0.6, Elsewhere 0.1": {"shares": {"Northland": 0.6, "Elsewhere": 0.1}},
    "Northland 0.6, Southland 0.2": {"shares": {"Northland": 0.6, "Southland": 0.2}},
    "Northland 0.6, Southland 0.2, of which 0.8 must come back": {
        "shares": {"Northland": 0.6, "Southland": 0.2},
        "returns": {"Southland": 0.8},
    },
    "Northland 0.6, at most 1.5 a year": {"shares": {"Northland": 0.6}, "limits": {"Northland": 1.5}},
}


def test_industry_page_names_every_case() -> None:
    assert {cells[0] for cells in rows_of("industry.md")} == {"suppliers", *INDUSTRY}


@pytest.mark.parametrize("case", INDUSTRY)
def test_industry_page(case: str) -> None:
    told = next(cells for cells in rows_of("industry.md") if cells[0] == case)
    plan = Problem(supplied(**INDUSTRY[case])).solve()
    earned = plan.quantity("earned")
    abroad = sum(money for (_, supplier, _), money in plan.quantity("sold").items() if supplier == "Elsewhere")
    found = (
        plan.measures["risk"], earned["Northland", 2026], earned["Southland", 2026], abroad,
        plan.quantity("jobs")["Northland", 2026],
    )  # fmt: skip
    for value, text in zip(found, told[1:6], strict=True):
        assert value == pytest.approx(float(text), rel=1e-6, abs=1e-6)


RIPENING: dict[str, tuple[Any, ...]] = {
    "from the start": (2026,),
    "from 2027": (2027,),
    "after research for 5, then 4 a year": (None, 5.0, 4.0),
    "after research for 5, then 4 a year, or from 2028": (2028, 5.0, 4.0),
}
GAPS: dict[str, dict[str, Any]] = {
    "only looked at": {},
    "limited to 0.3": {"limit": 0.3},
    "minimised first": {"objectives": ("technology_gap", "risk")},
}


def test_technology_page_names_every_case() -> None:
    headings = {"tanks can be ordered …", "the gap is …"}
    assert {cells[0] for cells in rows_of("technology.md")} == headings | {*RIPENING, *GAPS}


@pytest.mark.parametrize("case", RIPENING)
def test_technology_page_on_research(case: str) -> None:
    told = next(cells for cells in rows_of("technology.md") if cells[0] == case)
    plan = Problem(ripening(*RIPENING[case])).solve()
    held = [plan.values["held"]["Solo", "tank", 0, year] for year in (2026, 2027, 2028)]
    assert (plan.measures["risk"], plan.measures["cost"]) == pytest.approx(
        (float(told[1]), float(told[2])), rel=1e-3, abs=1e-6
    )
    assert held == pytest.approx([float(text) for text in told[3].split(",")], abs=1e-6)


@pytest.mark.parametrize("case", GAPS)
def test_technology_page_on_the_gap(case: str) -> None:
    told = next(cells for cells in rows_of("technology.md") if cells[0] == case)
    plan = Problem(levels(**GAPS[case])).solve()
    found = plan.measures["technology_gap"], plan.measures["risk"], plan.values["raised"]["Southland", 2026]
    assert found == pytest.approx([float(text) for text in told[1:4]], rel=1e-5, abs=1e-6)
