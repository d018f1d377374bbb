"""Numbers as people type and paste them: the number meant, or a refusal that says both readings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.workbook.read.typed_numbers import NotANumber, typed_number, unmistakable

MEANT = {
    "5,6": 5.6, "0,25": 0.25, ".5": 0.5, ",5": 0.5, "5.": 5.0, "5,": 5.0, "1.200,5": 1200.5, "1,200.5": 1200.5, "007": 7.0,
    "1.200.300": 1200300.0, "1,200,300": 1200300.0, "12,34,567.5": 1234567.5, "1 200": 1200.0, "1\u00a0200,5": 1200.5,
    "1\u202f200\u202f300": 1200300.0, "1'200.5": 1200.5, "1’200": 1200.0, "0.125": 0.125, "0,125": 0.125, "1.2345": 1.2345,
    "1234,567": 1234.567, "1 200.500": 1200.5, "−3": -3.0, "–3": -3.0, "- 3,5": -3.5, "+4": 4.0, "1e6": 1e6, "1,5E+3": 1500.0,
    "1.234e3": 1234.0, "１２，５": 12.5, "١٢٫٥": 12.5, "١٬٢٠٠": 1200.0, "  7\u200b ": 7.0, "-0": 0.0,
}  # fmt: skip
REFUSED = (
    "", " ", ".", ",", "-", "%", "nan", "inf", "1_000", "1e400", "0x10", "TRUE", "lots", "5²", "½", "①", "5 m", "10k", "€5", "(5)",
    "5-", "--5", "1/2", "12 34", "0 200", "1234 567", "1.200.5", "1,200,5", "1,2,3", "1,,2", "1.2 3", "1\n2", "4 %", "4 ‰", "=5",
)  # fmt: skip


@pytest.mark.parametrize(("text", "number"), MEANT.items())
def test_the_number_meant(text: str, number: float) -> None:
    assert typed_number(text) == number
    assert str(typed_number(text)) == str(number)  # no negative zero


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber) as refusal:
        typed_number(text)
    assert refusal.value.why
    assert refusal.value.remedy


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,200", ("1200", "1.2")),
        ("1.200", ("1200", "1.2")),
        ("-12.345", ("-12345", "-12.3450")),
        ("１，０００", ("1000", "1")),
    ],
)
def test_what_reads_two_ways_is_refused_and_both_are_named(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(NotANumber) as refusal:
        typed_number(text)
    for reading in readings:
        assert reading in refusal.value.remedy.removesuffix(".").replace(",", "").split()
        typed_number(reading)  # what is advised is taken


@pytest.mark.parametrize(("text", "number"), [("4 %", 0.04), ("4,5%", 0.045), ("３％", 0.03), ("٣٪", 0.03), ("4", 4.0)])
def test_percentages_where_they_are_taken(text: str, number: float) -> None:
    assert typed_number(text, percent=True) == pytest.approx(number, rel=1e-15)


@given(st.floats(-1e300, 1e300) | st.decimals(-9999, 9999, places=3).map(float))
def test_every_number_shown_is_taken_back(number: float) -> None:
    shown = unmistakable(f"{number:.15g}")
    assert typed_number(shown) == float(f"{number:.15g}")


@given(st.text(alphabet="0123456789.,'% \u00a0-+eE", max_size=12))
def test_nothing_typed_is_guessed(text: str) -> None:
    """What is taken has one reading: swapping points and commas leaves it, or is not taken or the decimals' own sign."""
    try:
        number = typed_number(text, percent=True)
    except NotANumber:
        return
    swapped = text.translate(str.maketrans(".,", ",."))
    try:
        assert typed_number(swapped, percent=True) == number
    except NotANumber:
        assert "," in text  # thousands and lakhs of one country alone
