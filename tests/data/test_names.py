"""Which spellings mean the same, and which name is suggested."""

from __future__ import annotations

import pytest

from model.data.names import did_you_mean, mixed_scripts, normalised, normalised_heading, refused_characters, suggestion


@pytest.mark.parametrize(
    "other", ["poland ", "  POLAND", "Ｐoland", "Poland\u00a0", "po\u0131and".replace("\u0131", "l")]
)
def test_same_name(other):
    assert normalised(other) == normalised("Poland")


def test_composed_and_decomposed_are_the_same():
    assert normalised("Türkiye") == normalised("Tu\u0308rkiye")
    assert normalised("Türkiye") != normalised("Turkiye")


@pytest.mark.parametrize("heading", ["GDP growth", "gdp_growth", "Gdp-Growth (per year)", "GDP\ngrowth\n(%)"])
def test_same_heading(heading):
    assert normalised_heading(heading) == normalised_heading("gdp_growth")


def test_a_heading_that_is_all_parentheses_stays_one():
    assert normalised_heading("(x)") != ""


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\x00", "\x7f", "\ufeff", "\u2028", "\u00ad"])
def test_characters_that_cannot_be_seen(character):
    assert refused_characters(f"Po{character}land")
    assert not refused_characters("Türkiye Ελλάδα Україна")


def test_mixed_scripts():
    assert mixed_scripts("Pоland") == ("Latin", "Cyrillic")
    assert mixed_scripts("Ελλάδα Greece") == ()
    assert mixed_scripts("Україна/Ukraine") == ()


def test_suggestions():
    members = ["Poland", "Portugal", "United Kingdom", "United States"]
    assert did_you_mean("Polnad", members) == "Poland"
    assert did_you_mean("united kindom", members) == "United Kingdom"
    assert did_you_mean("Atlantis", members) == ""
    assert did_you_mean("", members) == ""
    assert suggestion("Atlantis", members) == ""
    assert "different alphabets" in suggestion("Роland", members)
