"""What the command line prints where: results to stdout, everything else to stderr; text from a workbook is only text."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from model.console.invocation import current
from model.files.plain_json import plain
from model.language.faults import Fault
from model.solve.watch import Progress

_ERRORS = Console(stderr=True, markup=False, highlight=False, emoji=False)


def complain(text: str) -> None:
    """A message for the user, on stderr."""
    _ERRORS.print(text, soft_wrap=True)


def say(text: str) -> None:
    """A result, on stdout."""
    results = current().results or sys.stdout
    results.write(text + "\n")
    results.flush()  # a command that goes on, such as a server's, is heard at once


def say_json(record: Mapping[str, Any]) -> None:
    """One JSON object on stdout, in ASCII so that every code page has it; a number that is not finite becomes null."""
    say(json.dumps(plain(record), indent=2, allow_nan=False))


def list_faults(faults: Sequence[Fault]) -> None:
    """Every fault on stderr, errors first, a line or two each."""
    for fault in sorted(faults, key=lambda f: f.severity != "error"):
        complain(f"{fault.severity:<7} {fault}")


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
