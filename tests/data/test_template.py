"""Scenario workbooks for planners: drop-downs, limits, notes, and a template that is a valid scenario."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from model.language.faults import UsageError
from model.scenario.schema import SHEETS
from model.scenario.sheets_alliance import SETTINGS
from model.workbook.read.load import load, read
from model.workbook.write.entry_rules import ENTRY_ROWS
from model.workbook.write.template import example_tables, scenario_workbook, write_scenario_workbook, write_template

MINIMAL: dict[str, list[dict[str, object]]] = {
    "Settings": [{"key": "first_year", "value": 2026}, {"key": "last_year", "value": 2027}],
    "Members": [{"member": "=Norland", "gdp": 1000.0, "defence_share": 0.02, "alliance_share": 0.5}],
    "Capabilities": [{"capability": "Tanks", "unit_cost": 10, "sustainment_cost": 1, "life": 30}],
    "Situations": [{"situation": "Flank"}],
    "Tasks": [{"task": "Defend", "situation": "Flank"}],
    "Requirements": [{"task": "Defend", "capability": "Tanks", "quantity": 5}],
    "Holdings": [{"member": "=Norland", "Tanks": 3}],
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "template.xlsx")


@pytest.fixture(scope="module")
def book(template: Path) -> Any:
    return openpyxl.load_workbook(template)


def _rules(page: Any) -> dict[str, Any]:
    return {str(rule.sqref): rule for rule in page.data_validations.dataValidation}


def test_the_template_is_a_valid_scenario(template: Path) -> None:
    scenario = load(template)
    assert read(template).faults == ()
    assert scenario.sets["member"] == ("Norland", "Southmark")
    assert scenario.holding["Norland", "Armoured brigade"] == 3


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    scenario = load(write_scenario_workbook(tmp_path / "minimal.xlsx", MINIMAL))
    assert scenario.sets["member"] == ("=Norland",)
    assert scenario.gdp["=Norland"] == 1000.0
    assert scenario.holding["=Norland", "Tanks"] == 3
    assert scenario.settings["last_year"] == 2027


def test_the_same_tables_give_the_same_bytes() -> None:
    assert scenario_workbook(MINIMAL) == scenario_workbook(MINIMAL)


def test_every_sheet_is_there_and_small(book: Any) -> None:
    assert book.sheetnames == ["Guide", *(sheet.name for sheet in SHEETS)]
    for sheet in SHEETS:
        assert book[sheet.name].max_row <= 1 + max(4, len(SETTINGS.columns))
        assert book[sheet.name].freeze_panes == "B2"


def test_headings_name_the_unit_and_carry_a_note(book: Any) -> None:
    heading = book["Members"]["B1"]
    assert " ".join(heading.value.split()) == "gdp (money/yr)"
    assert "Gross domestic product" in heading.comment.text
    assert "0 or more" in heading.comment.text
    assert heading.fill.fgColor.rgb != book["Members"]["C1"].fill.fgColor.rgb  # required and optional


def test_references_offer_the_names_entered_so_far(book: Any) -> None:
    rule = _rules(book["Caveats"])[f"A2:A{ENTRY_ROWS + 1}"]
    names = f"'Members'!$A$2:$A${ENTRY_ROWS + 1}"
    assert rule.type == "list"
    assert rule.formula1 == f"OFFSET('Members'!$A$2,0,0,MAX(1,COUNTA({names})),1)"
    assert rule.errorStyle == "warning"


def test_limits_choices_and_factors_are_checked_on_entry(book: Any) -> None:
    members, capabilities = _rules(book["Members"]), _rules(book["Capabilities"])
    share = members[f"E2:E{ENTRY_ROWS + 1}"]
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0.0", "1.0")
    assert "0 % to 100 %" in share.error
    assert capabilities[f"I2:I{ENTRY_ROWS + 1}"].formula1 == '"rival,non-rival,weakest link"'
    assert capabilities[f"K2:K{ENTRY_ROWS + 1}"].formula1 == "AND(ISNUMBER(K2),K2>0,K2>=0,K2<=1)"
    factors = _rules(book["Cost factors"])
    assert factors[f"B2:B{ENTRY_ROWS + 1}"].formula1 == 'OR(AND(ISNUMBER(B2),B2>0),B2="no")'
    settings = _rules(book["Settings"])
    assert any(rule.formula1 == '"yes,no"' for rule in settings.values())


def test_shares_show_as_percentages(book: Any) -> None:
    assert book["Members"]["E2"].number_format == "0.0##%"
    assert book["Members"].column_dimensions["E"].number_format == "0.0##%"
    settings = {row[0].value: row[1] for row in book["Settings"].iter_rows(min_row=2)}
    assert settings["discount_rate"].number_format == "0.0##%"


def test_examples_look_like_examples_until_they_are_overwritten(book: Any) -> None:
    rules = {str(found.sqref): found.rules[0] for found in book["Members"].conditional_formatting}
    assert rules["A2"].formula == ['"Norland"']
    assert rules["B2"].formula == ["480000"]
    assert rules["B2"].dxf.font.i
    assert book["Members"]["A2"].font.i is False


def test_the_guide_explains_every_column(book: Any) -> None:
    words = {str(cell.value) for row in book["Guide"].iter_rows() for cell in row if cell.value}
    for sheet in SHEETS:
        assert sheet.name in words
        assert {column.name for column in sheet.columns} <= words or sheet.form == "matrix"


def test_only_sheets_with_a_purpose_are_written() -> None:
    names = openpyxl.load_workbook(io.BytesIO(scenario_workbook(MINIMAL))).sheetnames
    assert names == ["Guide", "Settings", "Members", "Capabilities", "Situations", "Tasks", "Requirements", "Holdings"]


@pytest.mark.parametrize(
    "tables",
    [
        {"Mebers": []},
        {"Members": [{"membr": "x"}]},
        {"Settings": [{"key": "frist_year", "value": 1}]},
        {"Holdings": [{"Tanks": 1}]},
    ],
)
def test_unknown_sheets_columns_and_settings_are_refused(tables: dict[str, list[dict[str, object]]]) -> None:
    with pytest.raises(UsageError, match=r"no (sheet|column|setting)|needs a member"):
        scenario_workbook(tables)


def test_every_example_of_a_name_exists() -> None:
    tables = example_tables()
    assert {row["level"] for row in tables["Members"]} <= {row["level"] for row in tables["Levels"]}
    assert tables["Levels"][-1]["effectiveness"] == 1.0
