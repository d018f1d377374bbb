"""What the command line prints where: results to stdout, everything else to stderr; text from a workbook is only text."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from model.data.faults import Fault, OutputError
from model.solve.watch import Progress

_ERRORS = Console(stderr=True, markup=False, highlight=False, emoji=False)


def complain(text: str) -> None:
    """A message for the user, on stderr."""
    _ERRORS.print(text, soft_wrap=True)


def say(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(text + "\n")


def say_json(record: Mapping[str, Any]) -> None:
    """One JSON object on stdout; a number that is not finite becomes null."""
    say(json.dumps(_plain(record), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    return _plain(value.item()) if hasattr(value, "item") else str(value)


def list_faults(faults: Sequence[Fault]) -> None:
    """Every fault on stderr, errors first, a line or two each."""
    for fault in sorted(faults, key=lambda f: f.severity != "error"):
        complain(f"{fault.severity:<7} {fault}")


def as_records(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults as JSON objects."""
    names = ("sheet", "cell", "severity", "found", "message", "remedy")
    return [{name: str(getattr(fault, name)) for name in names} for fault in faults]


@contextmanager
def progress() -> Iterator[Progress]:
    """A line that shows what is being done, on a terminal's stderr; nothing elsewhere."""
    if not _ERRORS.is_terminal:
        yield _silent
        return
    begun = time.perf_counter()
    with _ERRORS.status("starting") as status:

        def tell(what: str, seconds: float, iterations: int) -> None:
            done = f", {iterations:,} steps" if iterations > 0 else ""
            status.update(f"{what} ({time.perf_counter() - begun:.0f} s{done}); Ctrl-C stops")

        yield tell


def _silent(what: str, seconds: float, iterations: int) -> None:
    """No terminal, nobody to tell."""


def folder(out: Path) -> Path:
    """A folder for results, made if need be. Raises OutputError where it cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise OutputError(
            f"The folder {out} could not be made: {failure.strerror}. Name another one with --out."
        ) from failure
    return out
