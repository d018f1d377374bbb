"""Workbooks a session was given: bytes in memory, few of them, for this session alone, gone with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from model.language.faults import Fault
from model.scenario.scenario import Scenario
from model.workbook.read.load import read

MOST_UPLOADS = 10
MOST_MEGABYTES = 60
"""What one session may keep; the oldest go first."""

LARGEST_MEGABYTES = 20
"""Of one file; the server refuses larger ones as well (`maxUploadSize`)."""


@dataclass(frozen=True, eq=False)
class Upload:
    """A workbook as it came, and what reading it gave: its scenario (None where it has errors) and its faults."""

    name: str
    data: bytes
    scenario: Scenario | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """Faults that must be corrected before it can be solved."""
        return sum(fault.severity == "error" for fault in self.faults)


def received(file_name: str, data: bytes, taken: tuple[str, ...] = ()) -> Upload:
    """An upload, checked. ``taken`` are names of scenarios that ship: one of that name is called a copy."""
    name = PurePath(file_name.replace("\\", "/")).name[:120] or "workbook.xlsx"
    stem = PurePath(name).stem
    if len(data) > LARGEST_MEGABYTES * 2**20:
        found, message = f"{len(data) / 2**20:.0f} MB", f"the file is larger than {LARGEST_MEGABYTES} MB"
        return Upload(name, b"", None, (Fault("", "", "error", found, message, "Leave out what is no table."),))
    reading = read(data, f"{stem} (own copy)" if stem in taken else stem)
    return Upload(name, data, reading.scenario, reading.faults)


def with_upload(uploads: Mapping[str, Upload], new: Upload) -> dict[str, Upload]:
    """The uploads of a session and a new one, which replaces one of its name; within the limits."""
    kept = {name: upload for name, upload in uploads.items() if name != new.name} | {new.name: new}
    while len(kept) > 1 and (len(kept) > MOST_UPLOADS or size(kept) > MOST_MEGABYTES * 2**20):
        kept.pop(next(iter(kept)))
    return kept


def size(uploads: Mapping[str, Upload]) -> int:
    """Bytes of all of them."""
    return sum(len(upload.data) for upload in uploads.values())
