"""The scenario workbooks that come with the program."""

from __future__ import annotations

from pathlib import Path


def shipped_scenarios() -> list[Path]:
    """The scenario workbooks that come with the program: in the wheel, or in a checkout's `inputs` folder."""
    here = Path(__file__).resolve().parents[1]
    folders = (here / "inputs", here.parent / "inputs")
    return next((found for folder in folders if (found := sorted(folder.glob("*.xlsx")))), [])
