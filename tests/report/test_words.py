"""Figures and lists as people write them."""

from __future__ import annotations

import pytest

from model.wording import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1239.6, "1,240"),
        (6.26, "6.3"),
        (0.0421, "0.042"),
        (0, "0"),
        (-0.0, "0"),
        (-3.0, "-3"),
        (10.0, "10"),
        (1e-9, "0.000000001"),
        (0.996, "1"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    assert words.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.63, "63 %"),
        (0.0629, "6.3 %"),
        (0.0004, "0.04 %"),
        (1.0, "100 %"),
        (0.9999, "almost 100 %"),
        (1 - 1e-14, "100 %"),
        (3e-17, "0 %"),
        (-2e-16, "0 %"),
        (0.994, "99.4 %"),
        (0.0, "0 %"),
        (1.5, "150 %"),
    ],
)
def test_percentages(value: float, said: str) -> None:
    assert words.percent(value) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [(4100, "USD m", "4.1 bn USD"), (1_859_002, "USD m", "1.86 tn USD"), (12.4, "EUR m", "12.4 m EUR"), (-4100, "USD m", "-4.1 bn USD"),
     (999.9, "USD m", "1 bn USD"), (12_400, "crowns", "12,400 crowns"), (0, "USD m", "0 m USD"), (5, "", "5")],
)  # fmt: skip
def test_money(value: float, currency: str, said: str) -> None:
    assert words.money(value, currency) == said


def test_lists_and_periods() -> None:
    assert words.joined([]) == ""
    assert words.joined(["A"]) == "A"
    assert words.joined(["A", "B", "C"]) == "A, B and C"
    assert words.joined("ABCDEF", 3) == "A, B, C and 3 others"
    assert words.joined("ABCD", 3) == "A, B, C and D"
    assert words.period(2026, 1) == "2026"
    assert words.period(2026, 2) == "2026–2027"
    assert words.periods([2034, 2026, 2028], 2) == "2026–2029 and 2034–2035"
    assert words.periods([2026], 1) == "2026"
    assert words.count(0, "member") == "no members"
