"""What comes with the program: the front end, and scenario workbooks."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of the package, whatever it is called here."""


def part(name: str) -> Path:
    """A folder that comes with the program: in the package where it is installed, next to it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def shipped_scenarios() -> list[Path]:
    """The scenario workbooks that come with the program."""
    return sorted(part("inputs").glob("*.xlsx"))
