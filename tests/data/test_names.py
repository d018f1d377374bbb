"""Which spellings mean the same, and which name is suggested."""

from __future__ import annotations

import pytest

from model.language.names import (
    did_you_mean,
    listed,
    mixed_scripts,
    normalised,
    normalised_heading,
    refused_characters,
    suggestion,
    visible,
)


@pytest.mark.parametrize(
    "other", ["poland ", "  POLAND", "Ｐoland", "Poland\u00a0", "po\u0131and".replace("\u0131", "l")]
)
def test_same_name(other):
    assert normalised(other) == normalised("Poland")


def test_composed_and_decomposed_are_the_same():
    assert normalised("Türkiye") == normalised("Tu\u0308rkiye")
    assert normalised("Türkiye") != normalised("Turkiye")


@pytest.mark.parametrize("heading", ["GDP growth", "gdp_growth", "Gdp-Growth", "GDP\ngrowth"])
def test_same_heading(heading):
    assert normalised_heading(heading) == normalised_heading("gdp_growth")


@pytest.mark.parametrize("heading", ["gdp_growth (per year)", "(x)", "gdp_growth ()"])
def test_nothing_in_brackets_is_thrown_away(heading):
    assert normalised_heading(heading) not in ("", normalised_heading("gdp_growth"))


@pytest.mark.parametrize(
    "name", ["می\u200cخواهم", "جمہوریہ\u200cپاکستان", "क्\u200dष", "क्\u200cष", "ഡാന്\u200d", "র\u200d্যাব", "ශ්\u200dරී ලංකා"]
)
def test_joiners_where_the_script_needs_them(name):
    assert not refused_characters(name)
    assert visible(name) == name
    assert normalised(name) == normalised(name.replace("\u200c", "").replace("\u200d", ""))


MISPLACED = [
    "Po\u200cland", "Poland\u200d", "\u200cایران", "ایران\u200c", "ایران \u200cنو", "a\u200dب", "1\u200c2", "👩\u200d👩",
]  # fmt: skip


@pytest.mark.parametrize("name", MISPLACED)
def test_joiners_anywhere_else_are_refused(name):
    assert refused_characters(name)
    assert "\u200c" not in visible(name)
    assert "\u200d" not in visible(name)


KNOWN = ["Gambia, The", "Egypt, Arab Rep.", "Canada", "Sea;Land", "The", "A,B"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Canada, Gambia, The", ("Canada", "Gambia, The")),
        ("egypt,arab rep.;Canada", ("Egypt, Arab Rep.", "Canada")),
        ('"Gambia, The", Canada', ("Gambia, The", "Canada")),
        ("The, Canada", ("The", "Canada")),
        ("Sea;Land, A, B", ("Sea;Land", "A,B")),
        ("Atlantis, Canada,", ("Atlantis", "Canada")),
        ('"Atlantis, Lost"', ("Atlantis, Lost",)),
        ("", ()),
    ],
)
def test_lists_of_names_that_hold_commas(text, names):
    assert listed(text, KNOWN) == names


def test_a_long_list_takes_no_time():
    assert len(listed("x," * 15_000, KNOWN)) == 15_000


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
