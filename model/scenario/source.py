"""Where a scenario comes from: the file that was named, what it held, and what its check had to say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.language.faults import Fault, UsageError
from model.language.names import suggestion
from model.scenario.shipped import shipped_scenarios


@dataclass(frozen=True)
class Source:
    """The workbook of a scenario: its full ``path`` ("" for an upload), its ``shipped`` name ("" for a file of the user's own),
    the SHA-256 of its bytes, and the warnings of its check."""

    path: str
    shipped: str
    sha256: str
    warnings: tuple[Fault, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """For JSON, without the warnings."""
        return {"path": self.path, "sha256": self.sha256, "shipped": self.shipped}


def as_records(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults as JSON objects."""
    names = ("sheet", "cell", "severity", "found", "message", "remedy")
    return [{name: str(getattr(fault, name)) for name in names} for fault in faults]


def printable(text: str) -> str:
    """A file's name as text, also where it is not valid in the system's own encoding."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def shipped_file(named: str | Path) -> Path | None:
    """The shipped scenario of that bare name; None where it is none's, or where something of that name exists here."""
    text = os.fspath(named)
    bare = text and not os.path.lexists(text)
    return next((path for path in shipped_scenarios() if path.stem == text), None) if bare else None


def located(named: str) -> tuple[Path, str]:
    """The file that is named on the command line, and its name where it is a shipped scenario's. Raises UsageError.

    What exists is a path; otherwise the bare name of a shipped scenario, just as it is listed, is that one. Nothing is guessed.
    """
    if os.path.isfile(named):
        return Path(named), ""
    if path := shipped_file(named):
        return path, named
    names = [path.stem for path in shipped_scenarios()]
    if os.path.exists(named):
        also = f" The shipped scenario {named} can be planned from another folder." if named in names else ""
        raise UsageError(
            f"{named} is {'a folder' if os.path.isdir(named) else 'no ordinary file'}, not a workbook.{also}"
        )
    longer = next((name for name in (f"{named}.xlsx", f"{named}.xlsm") if named and os.path.isfile(name)), "")
    hint = f"Did you mean {longer}? " if longer else suggestion(Path(named).stem, names)
    raise UsageError(
        f"there is no file {named or 'without a name'}. {hint}A workbook is a path, or the bare name of a scenario that ships: "
        f"{', '.join(names) or 'none'}."
    )
