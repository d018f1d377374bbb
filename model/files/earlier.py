"""Where an earlier result is kept when a new one takes its place: nothing that somebody typed into it is lost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from model.files.atomic import write_bytes
from model.files.together import alone_in, write_together

EARLIER = "earlier"
"""The folder, beside the results, of those they took the place of."""

_LONGEST = 100


@dataclass(frozen=True)
class Written:
    """The real paths of the files written, and the folder where the earlier ones were kept; None where nothing was."""

    paths: tuple[Path, ...]
    earlier: Path | None


def write_kept(path: Path, content: bytes) -> Written:
    """One file; another one that stands there is kept. Raises OutputError, and then it stands there still."""
    if not path.is_file():
        return Written((write_bytes(path, content),), None)
    with alone_in(path.parent):
        kept = "" if path.read_bytes() == content else room(path.parent, path.stem, path)
        aside = {path.name: f"{kept}/{path.name}"} if kept else {}
        written = write_together(path.parent, {path.name: content}, aside)
    return Written(tuple(written), (path.parent / kept).resolve() if kept else None)


def room(out: Path, stem: str, dated: Path) -> str:
    """The name in ``out`` of a new folder for what stands there, with the time at which ``dated`` was written."""
    written = time.gmtime(dated.stat().st_mtime)
    name = f"{EARLIER}/{stem[:_LONGEST].strip()} {time.strftime('%Y-%m-%dT%H-%M-%SZ', written)}"
    found, count = name, 1
    while (out / found).exists():
        count += 1
        found = f"{name} ({count})"
    return found
