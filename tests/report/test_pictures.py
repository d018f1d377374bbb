"""What every picture shares."""

from __future__ import annotations

import pytest

from model.report.charts.base import PALETTE, colours

WHITE, DARK = "#FFFFFF", "#171614"
"""Pages in light and dark."""


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_stands_out_on_light_and_dark_pages(colour):
    assert contrast(colour, WHITE) > 1.9
    assert contrast(colour, DARK) > 3


def test_a_name_has_its_colour_by_its_place():
    assert len(set(PALETTE)) == len(PALETTE)
    names = [f"m{i}" for i in range(20)]
    assert colours(names).to_dict()["range"][16:] == list(PALETTE[:4])
