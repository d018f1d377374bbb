"""Sheets, headings, rows and what surrounds them: forgiving about form, strict about meaning."""

from __future__ import annotations

import random

import pytest
from openpyxl.chartsheet import Chartsheet

from model.scenario.column_words import DEFINING
from model.scenario.scenario import Default
from model.scenario.schema import DEFAULT_LEVEL, DEFAULT_RISK_BANDS, SHEETS
from model.workbook.read.load import load, read
from tests.data.faults import expect
from tests.data.raw_xlsx import parts, sheet_xml, zipped
from tests.workbooks import SMALL, small, to_bytes, write_workbook


def read_after(change):
    """The reading of the small workbook after a change of its openpyxl form."""
    return read(to_bytes(change=change))


def test_values_are_keyed_as_the_scenario_says(tmp_path):
    scenario = load(write_workbook(tmp_path / "north.xlsx"))
    assert scenario.name == "north"
    assert scenario.sets["member"] == ("Norland", "Southmark", "NA")
    assert scenario.sets["level"] == ("compatible", "interchangeable", "integrated")
    assert set(scenario.sets) == set(DEFINING) - {"case"}  # which cases there are, their own columns say
    assert scenario.gdp == {"Norland": 480000.0, "Southmark": 310000.0, "NA": 15000.0}
    assert scenario.quantity["Defend the north", "Armoured brigade", 2030] == 8.0
    assert scenario.quantity["Defend the north", "Fighter squadron", None] == 5.0
    assert scenario.holding == {
        ("Norland", "Armoured brigade"): 4.0,
        ("Norland", "Fighter squadron"): 3.0,
        ("Southmark", "Armoured brigade"): 2.0,
        ("Southmark", "Early warning"): 1.0,
        ("NA", "Armoured brigade"): 0.2,
    }
    assert ("NA", "Fighter squadron") not in scenario.cost_factor
    assert len(scenario.cost_factor) == 7
    assert len(scenario.commonality) == len(scenario.priority) == 9
    assert scenario.commonality["Norland", "Norland"] == 1.0
    assert scenario.max_fraction == {
        ("Southmark", "Defend the north", "Armoured brigade"): 0.5,
        ("NA", "Defend the north", None): 0.0,
    }
    assert scenario.min_stock["Southmark", "Fighter squadron", None] is None
    assert scenario.severity == dict(DEFAULT_RISK_BANDS)
    assert scenario.settings["objectives"] == ("risk", "cost")
    assert scenario.settings["fairness_band"] is None
    assert scenario.settings["delivery_level"] == "compatible"
    assert scenario.sources == (("Members", "gdp of Norland", "480000", "National accounts 2024", ""),)
    assert isinstance(scenario.target_year["NA"], int)
    assert all(isinstance(value, float) for value in scenario.gdp.values())


def test_every_column_of_the_schema_has_values():
    keys = {
        column.key
        for sheet in SHEETS
        if sheet.form != "settings" and sheet.name != "Sources"
        for column in sheet.columns
        if column.name not in sheet.keys
    }
    assert set(load(to_bytes()).values) == keys


def test_the_small_workbook_has_no_faults():
    assert read(to_bytes()).faults == ()


def test_na_is_namibia():
    scenario = load(to_bytes())
    assert scenario.gdp["NA"] == 15000.0
    assert scenario.holding["NA", "Armoured brigade"] == 0.2
    assert scenario.commonality["NA", "Norland"] == 0.2


def test_order_of_rows_columns_and_sheets_does_not_matter():
    shuffle = random.Random(7).shuffle
    sheets = small()
    for title, rows in sheets.items():
        order = list(range(len(rows[0])))
        shuffle(order)
        body = rows[1:]
        if title not in ("Levels", "Risk bands"):
            shuffle(body)
        sheets[title] = [[row[at] for at in order] for row in [rows[0], *body]]
    titles = list(sheets)
    shuffle(titles)
    assert load(to_bytes({title: sheets[title] for title in titles})).hash == load(to_bytes()).hash


def test_form_is_free():
    sheets = small()
    sheets["Members"][0][:4] = ["MEMBER", "GDP (USD m)", "gdp growth", "Popu-lation\n(million)"]
    sheets["Members"].insert(2, [])
    sheets["Members"][:0] = [[], []]
    sheets["members "] = sheets.pop("Members")
    sheets["COST_FACTORS"] = sheets.pop("Cost factors")
    sheets["Holdings"][1][0] = "  NORLAND "
    sheets["Capabilities"][3][8] = "Non Rival"
    sheets["Settings"] += [["consensus", True], ["Fairness band", "off"], ["objectives_", None]][:2]
    sheets["Guide"], sheets["_lists"] = [["anything"]], [["more"]]
    scenario = load(to_bytes(sheets))
    assert scenario.hash == load(to_bytes()).with_settings(consensus=True).hash
    assert ("Norland", "Armoured brigade") in scenario.holding


def test_every_default_is_listed():
    sheets = small()
    for title in (
        "Holdings",
        "Cost factors",
        "Levels",
        "Commonality",
        "Priorities",
        "Risk bands",
        "Caveats",
        "Pledges",
    ):
        del sheets[title]
    for row in sheets["Members"]:
        del row[7:10]
    sheets["Requirements"] = sheets["Requirements"][:2]
    reading = read(to_bytes(sheets))
    scenario = reading.scenario
    assert scenario is not None
    for default in [
        Default("Settings", "discount_rate", "value", 0.03),
        Default("Settings", "fairness_band", "value", None),
        Default("Members", "NA", "gdp_growth", 0.0),
        Default("Members", "every row", "price_level", 1.0, 3),
        Default("Members", "every row", "level", "the lowest level", 3),
        Default("Capabilities", "Fighter squadron", "max_share", 1.0),
        Default("Holdings", "every row", "holding", 0.0, 9),
        Default("Cost factors", "every row", "cost_factor", 1.0, 9),
        Default("Commonality", "every row", "commonality", 1.0, 6),
        Default("Priorities", "every row", "priority", 1.0, 9),
        Default("Levels", "every row", "level", DEFAULT_LEVEL),
    ]:
        assert default in scenario.defaults
    assert any(default.sheet == "Risk bands" for default in scenario.defaults)
    assert scenario.effectiveness == {DEFAULT_LEVEL: 1.0}
    assert scenario.upgrade_cost == scenario.exercise_cost == {DEFAULT_LEVEL: 0.0}
    assert scenario.severity == dict(DEFAULT_RISK_BANDS)
    assert scenario.holding == scenario.max_fraction == scenario.min_stock == {}
    assert set(scenario.member_level.values()) == {DEFAULT_LEVEL}


def test_blank_matrix_cells_are_counted_by_row():
    defaults = load(to_bytes()).defaults
    assert Default("Holdings", "NA", "holding", 0.0, 2) in defaults
    assert Default("Priorities", "NA", "priority", 1.0, 3) in defaults
    assert Default("Priorities", "Norland", "priority", 1.0, 1) in defaults


def test_missing_columns_of_a_matrix_take_the_default():
    sheets = small()
    sheets["Priorities"] = [row[:2] for row in sheets["Priorities"]]
    scenario = load(to_bytes(sheets))
    assert Default("Priorities", "Southmark", "priority", 1.0, 2) in scenario.defaults
    assert scenario.priority["Southmark", "Evacuate"] == 1.0


@pytest.mark.parametrize("title", ["Settings", "Members", "Capabilities", "Situations", "Tasks", "Requirements"])
def test_missing_required_sheet(title):
    reading = read(to_bytes({name: rows for name, rows in SMALL.items() if name != title}))
    assert reading.scenario is None
    expect(reading.faults, title, "", "error", "is missing", "Add a sheet")
    assert len(reading.faults) == 1


@pytest.mark.parametrize("title", ["Settings", "Members", "Requirements"])
def test_empty_required_sheet(title):
    reading = read(to_bytes({**SMALL, title: []}))
    expect(reading.faults, title, "", "error", "no headings")


@pytest.mark.parametrize("title", ["Members", "Capabilities", "Tasks", "Requirements"])
def test_table_without_rows(title):
    reading = read(to_bytes({**SMALL, title: SMALL[title][:1]}))
    expect(reading.faults, title, "", "error", "no rows")


def test_unknown_sheet_with_suggestion():
    sheets = small()
    sheets["Holding"] = sheets.pop("Holdings")
    reading = read(to_bytes(sheets))
    expect(reading.faults, "Holding", "", "error", "unknown sheet", "Did you mean 'Holdings'")


def test_sheet_that_is_there_twice():
    reading = read(to_bytes({**SMALL, "risk_bands": SMALL["Risk bands"]}))
    expect(reading.faults, "risk_bands", "", "error", "is there twice")


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("target yaer", ("unknown column", "Did you mean 'target_year'")),
        ("colour", ("unknown column",)),
        ("GDP", ("stands twice",)),
    ],
)
def test_wrong_heading(heading, words):
    sheets = small()
    sheets["Members"][0].append(heading)
    expect(read(to_bytes(sheets)).faults, "Members", "L1", "error", *words)


def test_misspelt_required_column_is_two_faults():
    sheets = small()
    sheets["Members"][0][1] = "gpd"
    faults = read(to_bytes(sheets)).faults
    expect(faults, "Members", "B1", "error", "Did you mean 'gdp'")
    expect(faults, "Members", "A1", "error", "'gdp' is missing")


def test_no_headings_in_the_first_filled_row():
    sheets = small()
    sheets["Members"].insert(0, ["All members of the alliance"])
    fault = expect(read(to_bytes(sheets)).faults, "Members", "A1", "error", "none of the headings", "gdp")
    assert "All members" in fault.found


def test_matrix_without_the_heading_member():
    sheets = small()
    sheets["Holdings"][0][0] = None
    expect(read(to_bytes(sheets)).faults, "Holdings", "A1", "error", "none of the headings", "member")


def test_content_under_no_heading():
    sheets = small()
    sheets["Members"][2] += [None, "see mail"]
    expect(read(to_bytes(sheets)).faults, "Members", "M3", "error", "'see mail'", "without a heading")


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Sum", "Gesamt"])
def test_row_of_totals(word):
    sheets = small()
    sheets["Members"].append([word, 805000])
    sheets["Holdings"].append([word, 6.2])
    faults = read(to_bytes(sheets)).faults
    expect(faults, "Members", "A5", "error", "row of totals", "Remove")
    expect(faults, "Holdings", "A5", "error", "row of totals", "Remove")
    assert len(faults) == 2


def test_column_of_totals():
    sheets = small()
    sheets["Holdings"][0].append("Total")
    sheets["Holdings"][1].append(7)
    expect(read(to_bytes(sheets)).faults, "Holdings", "E1", "error", "column of totals")


def test_merged_cells():
    faults = read_after(lambda book: book["Holdings"].merge_cells("B2:B3")).faults
    expect(faults, "Holdings", "B2", "error", "B2:B3", "Unmerge")


def test_merged_cells_beside_the_data_are_nobodys_business():
    assert read_after(lambda book: book["Holdings"].merge_cells("H20:J22")).faults == ()


def test_hidden_rows_are_read_and_reported():
    def hide(book):
        book["Members"].row_dimensions[3].hidden = True
        book["Members"].row_dimensions[50].hidden = True

    reading = read_after(hide)
    assert "Southmark" in reading.scenario.gdp
    fault = expect(reading.faults, "Members", "A3", "warning", "row 3", "hidden")
    assert "50" not in fault.found


def test_hidden_columns_and_sheets_are_read_and_reported():
    def hide(book):
        book["Members"].column_dimensions["B"].hidden = True
        book["Holdings"].sheet_state = "hidden"
        book["Levels"].sheet_state = "veryHidden"

    reading = read_after(hide)
    assert reading.scenario.hash == load(to_bytes()).hash
    expect(reading.faults, "Members", "B1", "warning", "column B")
    expect(reading.faults, "Holdings", "", "warning", "hidden")
    expect(reading.faults, "Levels", "", "warning", "hidden")


def test_chart_sheets_are_not_read():
    reading = read_after(lambda book: book._add_sheet(Chartsheet(parent=book, title="Chart1")))
    assert reading.scenario is not None
    expect(reading.faults, "Chart1", "", "warning", "not read")


def test_formulas_a_program_never_calculated_are_a_warning():
    sheets = small()
    sheets["Members"][1][1] = "<c><f>400000+80000</f><v>480000</v></c>"
    content = parts(sheets)
    assert read(zipped(content)).faults == ()
    workbook = str(content["xl/workbook.xml"])
    content["xl/workbook.xml"] = workbook.replace("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')
    expect(read(zipped(content)).faults, "Members", "B2", "warning", "1 formulas", "stored results may be wrong")


def test_missing_required_setting():
    sheets = small()
    del sheets["Settings"][2]
    expect(read(to_bytes(sheets)).faults, "Settings", "", "error", "'first_year' is required", "Add a row")


def test_far_too_many_pairs():
    sheets = small()
    sheets["Members"] += [[f"Member {n}", 1000, 0, 1, 0.02, None, 0.3] for n in range(600)]
    reading = read(to_bytes(sheets))
    expect(reading.faults, "Commonality", "", "error", "too large", "250,000")


def test_reading_does_not_depend_on_the_writer():
    strict = zipped(parts(strict=True))
    prefixed = {title: sheet_xml(rows) for title, rows in SMALL.items()}
    for title, xml in prefixed.items():
        for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
            xml = xml.replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
            xml = xml.replace(f"<{tag}/>", f"<x:{tag}/>").replace(f"<{tag} ", f"<x:{tag} ")
        prefixed[title] = xml.replace("xmlns=", "xmlns:x=").replace("x:x:", "x:")
    raw = {title.replace(" ", "_"): xml for title, xml in prefixed.items()}
    expected = load(to_bytes()).hash
    assert load(zipped(parts())).hash == expected
    assert load(strict).hash == expected
    assert load(zipped(parts({}, **raw))).hash == expected
