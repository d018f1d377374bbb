"""The pages of the scenarios tell the figures of the workbooks as they are."""

from __future__ import annotations

import re

import pytest

from inputs import derive_alliances, tell
from inputs.stories import common, words
from model.scenario.shipped import shipped_scenarios


def test_every_alliance_has_a_story_and_a_place_in_the_comparison() -> None:
    shipped = {path.stem for path in shipped_scenarios()} - {"tutorial", "nato_2035_extended"}
    assert sorted(tell.STORIES) == sorted([*derive_alliances.alliances(), "nato_2035_extended"])
    assert set(words.TITLES) == shipped
    assert set(words.EASY) == set(words.HARD) == set(words.TITLES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*tell.STORIES, tell.COMPARED])
def test_page_is_up_to_date(name: str) -> None:
    """`python inputs/tell.py` writes it again."""
    assert common.page(name).read_text(encoding="utf-8") == tell.told(name)


@pytest.mark.parametrize("name", tell.STORIES)
def test_figures_in_the_prose_are_few(name: str) -> None:
    """Results stand in the blocks; the prose names settings and years, not what the plan says of risk or money."""
    text = re.sub(r"<!-- figures.*?<!-- end -->", "", common.page(name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"0\.\d\d\d|\d billion of", text)


def test_a_page_without_its_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page has the blocks"):
        common.filled("<!-- figures: one -->\n<!-- end -->\n", {"other": ""})


def test_a_block_is_written_where_it_stands() -> None:
    page = "before\n<!-- figures: one -->\nold\n<!-- end -->\nafter\n"
    assert common.filled(page, {"one": "new"}) == page.replace("old", "new")
    assert common.filled(common.filled(page, {"one": "new"}), {"one": "old"}) == page
