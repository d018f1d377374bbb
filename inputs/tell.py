"""Writes the figures into the pages of the scenarios: ``python inputs/tell.py [NAME ...]``; without a name, all of them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inputs.stories import common, compared

STORIES = ("us_japan", "france_uk", "asean", "african_union", "nato_2035_extended")
COMPARED = "compared"


def told(name: str) -> str:
    """The page of a scenario, or of all compared, with its figures as they are now."""
    if name == COMPARED:
        return compared.page()
    story = import_module(f"inputs.stories.{name}")
    return common.filled(common.page(name).read_text(encoding="utf-8"), story.blocks())


def main(names: list[str]) -> None:
    """Write the pages named, or all."""
    for name in names or [*STORIES, COMPARED]:
        common.page(name).write_text(told(name), encoding="utf-8")
        print(common.page(name))


if __name__ == "__main__":
    main(sys.argv[1:])
