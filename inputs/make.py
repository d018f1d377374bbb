"""Makes the scenario workbooks from the tables in ``inputs/tables``: ``python inputs/make.py [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inputs import derive, derive_alliances
from inputs.tables_io import INPUTS, TABLES, read_tables
from model.workbook.write.template import write_scenario_workbook


def scenarios() -> list[str]:
    """Every scenario that has tables."""
    return sorted(folder.name for folder in TABLES.iterdir() if folder.is_dir())


def make(folder: Path = INPUTS) -> list[Path]:
    """Write one workbook for each scenario into ``folder``."""
    return [write_scenario_workbook(folder / f"{name}.xlsx", read_tables(name)) for name in scenarios()]


if __name__ == "__main__":
    derive.derive()
    derive_alliances.derive()
    for path in make(Path(sys.argv[1]) if len(sys.argv) > 1 else INPUTS):
        print(path)
