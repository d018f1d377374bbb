"""Finished runs on disk: kept as they come, found again by name; the only place that knows how they are stored."""

from __future__ import annotations

import io
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from model.files.atomic import write_bytes
from model.language.faults import OutputError
from model.questions.sweep.runs import Record

_LINES, _PAUSE = 200, 0.5


class Store:
    """A folder of parts, each some lines of JSON, one a run; every session writes parts of its own.

    A part is replaced whole or not at all, at most twice a second, so a crash costs half a second of runs. Without a
    folder, runs are kept in memory only. Raises OutputError where the folder cannot be made or written.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self.folder = None if folder is None else Path(folder)
        self.found: dict[str, Record] = {}
        self._part: list[str] = []
        self._unwritten = 0
        self._name, self._written = uuid.uuid4().hex, time.monotonic()
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as reason:
                raise OutputError(
                    f"The folder {folder} could not be made: {reason.strerror}. Name another one with --out."
                ) from reason
            self.found = {record.key: record for record in _read(self.folder) if record.settled}

    def add(self, record: Record) -> None:
        """Keep one more run; on disk within half a second of the next, or when flushed."""
        self.found[record.key] = record
        if self.folder is None or not record.settled:
            return
        self._part.append(record.line())
        self._unwritten += 1
        if time.monotonic() - self._written >= _PAUSE:
            self.flush()

    def flush(self) -> None:
        """Put everything on disk now. Raises OutputError saying what is kept."""
        if self.folder is None or not self._unwritten:
            return
        try:
            write_bytes(self.folder / f"part-{self._name}.jsonl", ("\n".join(self._part) + "\n").encode())
        except OutputError as reason:
            unwritten, self._unwritten = self._unwritten, 0
            kept = sum(record.settled for record in self.found.values()) - unwritten
            raise OutputError(
                f"{reason} The {kept:,} runs written before are kept in {self.folder}; the same command goes on from there."
            ) from reason
        self._unwritten, self._written = 0, time.monotonic()
        if len(self._part) >= _LINES:
            self._part, self._name = [], uuid.uuid4().hex


def _read(folder: Path) -> Iterator[Record]:
    """Every run in a folder; a line that is no record (a file damaged by hand or disk) is as if it were not there."""
    for path in sorted(folder.glob("part-*.jsonl")):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            try:
                yield Record(**json.loads(line))
            except (ValueError, TypeError):
                continue


def as_parquet(table: pd.DataFrame, units: Mapping[str, str]) -> bytes:
    """The table of all runs; the unit of a column stands in its field's metadata."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = [
        field.with_metadata({"unit": units[field.name]}) if field.name in units else field for field in arrow.schema
    ]
    stream = io.BytesIO()
    pq.write_table(arrow.cast(pa.schema(fields)), stream, compression="zstd")
    return stream.getvalue()
