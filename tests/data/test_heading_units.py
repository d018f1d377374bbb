"""Units behind headings: the same is fine, another is an error at the heading, what is no unit a warning."""

from __future__ import annotations

import pytest

from model.language.units import unit_of
from model.scenario.schema import SHEETS
from model.workbook.read.load import load, read
from model.workbook.write.template import example_tables, scenario_workbook
from tests.data.faults import expect
from tests.workbooks import small, to_bytes


def faults_with(sheet, column, heading, change=None, currency=None):
    """The faults of the small workbook with one heading written differently, and the cell it stands in."""
    sheets = small()
    at = sheets[sheet][0].index(column)
    sheets[sheet][0][at] = heading
    if currency:
        sheets["Settings"].append(["currency", currency])
    return read(to_bytes(sheets, change)).faults, f"{'ABCDEFGHIJKLMN'[at]}1"


def _spelt(form, *units):
    return [form.format(unit) for unit in units]


BILLIONS = (
    "USD bn",
    "bn USD",
    "$bn",
    "billion US$",
    "USD billions",
    "Mrd. USD",
    "US dollars, billions",
    "10^9 USD",
    "bn",
    "USDbn",
)
MILLIONS = (
    "USD m",
    "m USD",
    "USD million",
    "million US$",
    "Mio. USD",
    "USD mn",
    "$m",
    "USDm",
    "million",
    "USD m per year",
    "USD m p.a.",
)
SAME = [
    *(("Members", "gdp", heading) for heading in _spelt("gdp ({})", *MILLIONS)),
    *(("Members", "gdp", heading) for heading in ("GDP [USD m]", "gdp, USD m", "gdp / USD m", "GDP in USD m", "gdp: USD m",
                                                  "gdp - USD m", "gdp\nUSD m", "(USD m) gdp", "GDP\n(USD m", "gdp（USD m）")),
    *(("Capabilities", "lead_time", heading) for heading in _spelt("lead time ({})", "years", "yrs", "y", "year(s)", "Jahre", "a")),
    *(("Members", "population", heading) for heading in _spelt("population ({})", "million", "millions of inhabitants", "m", "mio")),
    *(("Capabilities", "sustainment_cost", heading) for heading in _spelt("sustainment_cost ({})", "USD m/unit/yr", "USD m a year",
                                                                          "USD m per unit", "USD m annually")),
    *(("Members", "defence_share", heading) for heading in _spelt("defence_share ({})", "fraction of 1", "share of GDP", "fraction")),
    *(("Holdings", "Armoured brigade", heading) for heading in _spelt("Armoured brigade {}", "(brigade)", "(brigades)", "[brigade(s)]",
                                                                      "(units)", "(number)")),
    ("Cost factors", "Armoured brigade", "armoured brigade (ratio)"),
    ("Requirements", "quantity", "quantity (units)"),
    ("Requirements", "year", "year (years)"),
]  # fmt: skip
OTHER = [
    *(("Members", "gdp", heading, "1,000") for heading in _spelt("gdp ({})", *BILLIONS)),
    *(("Members", "gdp", heading, "1,000") for heading in ("GDP [USD bn]", "gdp, USD bn", "gdp / USD bn", "gdp in billion USD")),
    *(("Members", "gdp", heading, "1,000") for heading in _spelt("gdp ({})", "kUSD", "USD thousand", "'000 USD", "tsd. $", "1,000 USD")),
    ("Members", "gdp", "gdp (USD)", "1,000,000"),
    ("Members", "gdp", "gdp (USD m per month)", "12"),
    *(("Members", "gdp", heading, "currency") for heading in _spelt("gdp ({})", "EUR m", "€ mn", "GBP", "m£", "euro")),
    ("Members", "gdp", "gdp (%)", "USD m/yr"),
    *(("Capabilities", "lead_time", f"lead_time ({unit})", by)
      for unit, by in (("months", "12"), ("mths", "12"), ("Monate", "12"), ("days", "365.25"), ("weeks", "52"), ("quarters", "4"),
                       ("USD m", "years"), ("m", "years"), ("%", "years"))),
    *(("Members", "population", f"population ({unit})", by)
      for unit, by in (("thousand", "1,000"), ("'000", "1,000"), ("k", "1,000"), ("persons", "1,000,000"), ("bn", "1,000"))),
    *(("Members", "defence_share", f"defence_share ({unit})", "percentages") for unit in ("%", "% of GDP", "per cent", "pct", "bp")),
    *(("Capabilities", "sustainment_cost", f"sustainment_cost ({unit})", by)
      for unit, by in (("USD m per month", "12"), ("USD bn a year", "1,000"), ("USD m/day", "365.25"))),
    ("Capabilities", "build_limit", "build_limit (units a month)", "12"),
    ("Holdings", "Armoured brigade", "Armoured brigade (thousand)", "1,000"),
    ("Holdings", "Armoured brigade", "Armoured brigade (USD m)", "units"),
    ("Cost factors", "Armoured brigade", "Armoured brigade (%)", "percentages"),
    ("Requirements", "quantity", "quantity (thousands)", "1,000"),
]  # fmt: skip
UNKNOWN = [
    ("Members", "gdp", "gdp (current prices)"),
    ("Members", "gdp", "gdp (USD m, 2024)"),
    ("Members", "gdp", "gdp ()"),
    ("Members", "member", "member (country)"),
    ("Capabilities", "lead_time", "lead_time (typical)"),
    ("Capabilities", "importance", "importance (%)"),
    ("Requirements", "quantity", "quantity (brigades)"),
    ("Holdings", "Armoured brigade", "Armoured brigade (battalions)"),
    ("Cost factors", "Armoured brigade", "Armoured brigade (brigade)"),
    ("Commonality", "Norland", "Norland (lead)"),
]


@pytest.mark.parametrize(("sheet", "column", "heading"), SAME)
def test_the_same_unit_is_fine(sheet, column, heading):
    assert faults_with(sheet, column, heading)[0] == ()


@pytest.mark.parametrize(("sheet", "column", "heading", "remedy"), OTHER)
def test_another_unit_is_an_error_at_the_heading(sheet, column, heading, remedy):
    faults, cell = faults_with(sheet, column, heading)
    expect(faults, sheet, cell, "error", remedy)


@pytest.mark.parametrize(("sheet", "column", "heading"), UNKNOWN)
def test_what_is_no_unit_is_a_warning_that_says_how_it_is_read(sheet, column, heading):
    faults, cell = faults_with(sheet, column, heading)
    expect(faults, sheet, cell, "warning", column, "is read as")
    assert not [fault for fault in faults if fault.severity == "error"]


@pytest.mark.parametrize("heading", ["defence_share (%)", "defence_share [% of GDP]"])
def test_percentages_in_cells_formatted_as_such(heading):
    def formatted(book):
        for row in (2, 3, 4):
            book["Members"].cell(row, 5).number_format = "0.0%"

    assert faults_with("Members", "defence_share", heading, formatted)[0] == ()


@pytest.mark.parametrize(
    ("currency", "heading", "severity"),
    [
        ("EUR m", "gdp (EUR m)", ""),
        ("EUR m", "gdp (USD m)", "error"),
        ("EUR m", "gdp ($ m)", "error"),
        ("CAD m", "gdp ($ m)", ""),
        ("USD bn", "gdp (USD bn)", ""),
        ("USD bn", "gdp (USD m)", "error"),
        ("EUR", "gdp (EUR m)", ""),
        ("constant 2024 USD m", "gdp (constant 2024 USD m)", ""),
        ("credits m", "gdp (USD m)", "warning"),
        ("credits m", "gdp (credits m)", ""),
    ],
)
def test_money_is_compared_with_the_currency_of_the_scenario(currency, heading, severity):
    faults, cell = faults_with("Members", "gdp", heading, currency=currency)
    assert [(fault.cell, fault.severity) for fault in faults] == ([(cell, severity)] if severity else [])


@pytest.mark.parametrize(
    ("key", "value", "severity"),
    [
        ("discount_rate (per year)", 0.03, ""),
        ("discount_rate (%)", 3, "error"),
        ("discount_rate [%]", 0.03, "error"),
        ("discount rate, per month", 0.03, "error"),
        ("years_per_period (months)", 2, "error"),
        ("years_per_period (years)", 2, ""),
        ("challenge (times)", 3, ""),
        ("title (short)", "North", "warning"),
    ],
)
def test_units_behind_the_names_of_settings(key, value, severity):
    sheets = small()
    name = key.replace(" ", "_").split("_(")[0].split("_[")[0].split(",")[0]
    sheets["Settings"] = [*(row for row in sheets["Settings"] if row[0] != name), [key, value]]
    place = f"A{len(sheets['Settings'])}"
    found = [fault.severity for fault in read(to_bytes(sheets)).faults if fault.cell == place]
    assert found == ([severity] if severity else [])


def test_every_unit_of_the_schema_is_its_own():
    assert read(scenario_workbook(example_tables())).faults == ()
    for sheet in SHEETS:
        for column in sheet.columns:
            own = unit_of(column.unit)
            assert own.fits(own)


def test_a_name_that_ends_in_brackets_is_a_name():
    sheets = small()
    for title in ("Capabilities", "Requirements", "Holdings", "Cost factors", "Caveats", "Pledges"):
        sheets[title] = [
            ["Helicopter (medium)" if cell == "Early warning" else cell for cell in row] for row in sheets[title]
        ]
        sheets[title] = [
            ["Helicopter" if cell == "Fighter squadron" else cell for cell in row] for row in sheets[title]
        ]
    assert ("Southmark", "Helicopter (medium)") in load(to_bytes(sheets)).holding
    sheets["Holdings"][0][3] = "Helicopter (heavy)"
    expect(read(to_bytes(sheets)).faults, "Holdings", "D1", "error", "no capability of this name")


@pytest.mark.parametrize("remark", ["(draft do not use)", "(old)", "(2)", "(units)", "（draft）", "(USD m)"])
def test_a_sheet_with_a_remark_in_its_name_is_never_silent(remark):
    sheets = small()
    title = f"Holdings {remark}"
    sheets[title] = sheets.pop("Holdings")
    expect(read(to_bytes(sheets)).faults, title, "", "warning", "is read as 'Holdings'")
    sheets["Holdings"] = sheets[title]
    expect(read(to_bytes(sheets)).faults, "Holdings", "", "error", "is there twice")


@pytest.mark.parametrize(
    "title", ["Holdings - draft", "Holdings, old", "Holdings_2", "Copy of Holdings", "Guide (use me)"]
)
def test_sheets_of_other_names_are_refused(title):
    sheets = small()
    sheets[title] = sheets["Holdings"]
    expect(read(to_bytes(sheets)).faults, title, "", "error", "unknown sheet")


@pytest.mark.parametrize("title", ["HOLDINGS", " holdings ", "Hold-ings"])
def test_other_spellings_of_a_sheet_are_fine(title):
    sheets = small()
    sheets[title] = sheets.pop("Holdings")
    assert read(to_bytes(sheets)).faults == ()


@pytest.mark.parametrize("value", ["gdp (2025)", "gdp [old]"])
def test_nothing_in_brackets_behind_a_choice_is_thrown_away(value):
    sheets = small()
    sheets["Settings"].append(["voice", value])
    expect(read(to_bytes(sheets)).faults, "Settings", "B8", "error", "unknown choice")
