"""The files of one run in their folder: all of them or none, with a record; an earlier result is kept and never overwritten."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.files.atomic import in_words
from model.files.earlier import Written, room
from model.files.plain_json import json_bytes
from model.files.together import alone_in, write_together
from model.language.faults import OutputError

_SEAL = "record_sha256"
_PASSING = {
    "seconds", "seconds_all", "iterations", "settings_used", "path", "solves", "solved_now", "found_solved", "files", "earlier", _SEAL
}  # fmt: skip
"""What differs between two runs that come to the same: times, places, the way the solver took."""
_ALWAYS_SAME = (".csv", ".parquet")


def write_run_files(out: Path, stem: str, files: Mapping[str, bytes], record: Mapping[str, Any]) -> Written:
    """Put the files of a run (by their names in ``out``) and its record ``<stem>_run.json`` in place, or none of them.

    What stands there is moved to ``earlier/<stem> <time of that run>``, unless it is, byte for byte, what was written by a run
    of the same input, options and versions that came to the same. Raises OutputError; every file is then as it was.
    """
    name = f"{stem}_run.json"
    make_folder(out)
    with alone_in(out):
        old = _record(out / name)
        there = [one for one in dict.fromkeys([name, *files, *_named(out, old)]) if (out / one).is_file()]
        hashes = {one: hashlib.sha256(content).hexdigest() for one, content in files.items()}
        kept = "" if not there or _repeated(out, old, record, hashes) else room(out, stem, out / there[0])
        earlier = kept or old.get("earlier")
        sealed = _sealed({**record, "files": hashes, **({"earlier": earlier} if earlier else {})})
        aside = {one: f"{kept}/{one}" for one in there} if kept else {}
        written = write_together(out, {**files, name: sealed}, aside)
    return Written(tuple(written), (out / kept).resolve() if kept else None)


def make_folder(out: Path) -> None:
    """A folder for results, made if need be. Raises OutputError where it cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as reason:
        raise OutputError(
            f"The folder {out} could not be made: {in_words(reason)}. Name another one with --out."
        ) from reason


def refuse_folder(out: Path) -> None:
    """Raise OutputError where no results can be written in a folder, before they are calculated. Makes nothing."""
    there = next((one for one in (out, *out.absolute().parents) if one.exists()), out)
    if not there.is_dir():
        raise OutputError(f"The folder {out} could not be made: {there} is a file. Name another one with --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        where = (
            f"Nothing can be written in the folder {out}"
            if there == out
            else f"The folder {out} could not be made in {there}"
        )
        raise OutputError(
            f"{where}: the disk is read-only, or you may not write there. Name another folder with --out."
        )


def _sealed(record: Mapping[str, Any]) -> bytes:
    """The record with the hash of its own content, so that an edit by hand is seen."""
    return json_bytes({**record, _SEAL: _seal(record)})


def _seal(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_bytes({k: v for k, v in record.items() if k != _SEAL})).hexdigest()


def _record(path: Path) -> dict[str, Any]:
    """The record of the run that stands there; empty where there is none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("files"), dict) else {}


def _named(out: Path, old: Mapping[str, Any]) -> list[str]:
    """The files of the run that stands there, by its record; none outside the folder."""
    root, names = out.resolve(), [one for one in old.get("files", {}) if "\0" not in one]
    return [one for one in names if (out / one).resolve().is_relative_to(root)]


def _repeated(out: Path, old: Mapping[str, Any], record: Mapping[str, Any], hashes: Mapping[str, str]) -> bool:
    """Whether what stands there is untouched, its record too, and is what this run came to again."""
    if old.get(_SEAL) != _seal(old) or _lasting(old) != _lasting(json.loads(json_bytes(record))):
        return False
    was, there = old["files"], [one for one in hashes if (out / one).is_file()]
    untouched = all(hashlib.sha256((out / one).read_bytes()).hexdigest() == was.get(one) for one in there)
    again = all(was[one] == now for one, now in hashes.items() if one.endswith(_ALWAYS_SAME) and one in was)
    return untouched and again and set(was) == set(hashes)


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if key not in _PASSING}
    return [_lasting(one) for one in value] if isinstance(value, list) else value
