"""Several files of one folder replaced together: all of them or none, also where the program is stopped half way.

A journal in the folder says what is being done. Every new file is first written in full under another name, and every old one
gets a second name; only then are the files replaced, one step each. Whatever fails is undone; what a killed program left half
done is undone, by its journal, by the next one that writes in the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from model.files.atomic import beside, in_words, refuse_unwritable, stage, sync_folder
from model.language.faults import OutputError

JOURNAL = ".alliance-unfinished.json"
_PASSING = ".old"
_WAIT, _PAUSE = 30.0, 0.05
"""Seconds to wait for another program that writes in the same folder."""


@dataclass(frozen=True)
class _Step:
    """One file by its name in the folder: the SHA-256 of its new content ("": it goes), where that waits to be put in place, and
    the second name of the old one ("": there is none)."""

    name: str
    new: str
    waits: str
    old: str


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other program of ours writes in this folder meanwhile. What one that was killed left half done is undone first."""
    handle = _locked(folder)
    try:
        _undo_unfinished(folder, sure=handle is not None)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def write_together(folder: Path, files: Mapping[str, bytes], aside: Mapping[str, str] | None = None) -> list[Path]:
    """Put every file (by its name in the folder) in place, or none; gives their real paths. To be called in :func:`alone_in`.

    ``aside`` says for files that are there under which other name in the folder they stay; one without new content only moves.
    Raises OutputError in plain words; what stood there before then still does.
    """
    work = _Work(folder, files, aside or {})
    try:
        work.begin()
        for step in work.steps:
            work.prepare(step)
        work.replace()
    except BaseException as reason:
        back = work.undone()
        if isinstance(reason, (OSError, ValueError)):
            end = "No file was changed" if back else f"Earlier files that are not in their place are in {folder}"
            raise OutputError(f"{folder / work.at} could not be written: {in_words(reason)}. {end}.") from reason
        raise
    return [_real(folder / name) for name in files]


class _Work:
    """The files of one call: what is to be done, how far it is, and how it is undone."""

    def __init__(self, folder: Path, files: Mapping[str, bytes], aside: Mapping[str, str]) -> None:
        self.folder, self.files, self.at = folder, files, ""
        self.steps = [self._step(name, aside.get(name, "")) for name in dict.fromkeys([*files, *aside])]
        self._made: list[Path] = []

    def begin(self) -> None:
        """Refuse what cannot be written; then say in the journal what is coming."""
        for step in self.steps:
            self.at = step.name
            refuse_unwritable(_real(self.folder / step.name))
        journal = self.folder / JOURNAL
        journal.unlink(missing_ok=True)
        stage(journal, json.dumps([asdict(step) for step in self.steps]).encode(), journal)

    def prepare(self, step: _Step) -> None:
        """Write the new file under another name, and give the old one a second name."""
        self.at, target = step.name, _real(self.folder / step.name)
        if step.new:
            self._make(target.parent)
            stage(self.folder / step.waits, self.files[step.name], target)
        if step.old:
            self._make((self.folder / step.old).parent)
            _second_name(target, self.folder / step.old)

    def replace(self) -> None:
        """Put every new file in its place and take away what only moves; with the journal gone it is done."""
        for step in self.steps:
            self.at, target = step.name, _real(self.folder / step.name)
            if step.new:
                os.replace(self.folder / step.waits, target)
            else:
                target.unlink(missing_ok=True)
        for parent in {
            _real(self.folder / name).parent for step in self.steps for name in (step.name, step.old) if name
        }:
            sync_folder(parent)
        (self.folder / JOURNAL).unlink()
        sync_folder(self.folder)
        for step in self.steps:
            with contextlib.suppress(OSError):
                if Path(step.old).suffix == _PASSING:
                    (self.folder / step.old).unlink()
                if not step.new and "/" in step.name:
                    (self.folder / step.name).parent.rmdir()  # where everything has moved away

    def undone(self) -> bool:
        """Everything as it was; whether that could be done."""
        back = _undo(self.folder, self.steps)
        for made in reversed(self._made):
            with contextlib.suppress(OSError):
                made.rmdir()
        return back

    def _step(self, name: str, kept: str) -> _Step:
        target = _real(self.folder / name)
        passing = os.path.relpath(beside(target), self.folder)
        old = (kept or f"{passing}{_PASSING}") if target.is_file() else ""
        return _Step(name, hashlib.sha256(self.files[name]).hexdigest() if name in self.files else "", passing, old)

    def _make(self, folder: Path) -> None:
        for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            missing.mkdir()
            self._made.append(missing)


def _undo(folder: Path, steps: Sequence[_Step]) -> bool:
    """Old files back in their place and new ones gone; can be done again where it was interrupted. Whether all went well."""
    well = True
    for step in steps:
        target, old = _real(folder / step.name), folder / step.old if step.old else None
        try:
            (folder / step.waits).unlink(missing_ok=True)
            now = _state(target)
            if now == step.new:
                _put_back(old, target)
            elif old is not None and _state(old) == now:  # not replaced yet
                old.unlink()
        except OSError:
            well = False
    if well:
        for step in steps:
            _remove_empty(folder, Path(step.old).parent)
        with contextlib.suppress(OSError):
            (folder / JOURNAL).unlink(missing_ok=True)
    return well


def _remove_empty(folder: Path, inside: Path) -> None:
    """A folder made for files that were to stay aside goes, with those it lies in, where nothing is in it."""
    with contextlib.suppress(OSError):
        for part in (inside, *inside.parents)[:-1]:
            (folder / part).rmdir()


def _put_back(old: Path | None, target: Path) -> None:
    if old is None:
        target.unlink(missing_ok=True)
    elif old.exists():
        os.replace(old, target)


def _undo_unfinished(folder: Path, sure: bool) -> None:
    """Undo what a journal says that a killed program left; only for names that stay in the folder.

    Where folders cannot be locked (not ``sure``), a journal of the last minute may be that of a program at work.
    """
    journal = folder / JOURNAL
    try:
        if not sure and time.time() - journal.stat().st_mtime < 2 * _WAIT:
            return
        steps = [_Step(**{name: str(text) for name, text in one.items()}) for one in json.loads(journal.read_bytes())]
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, AttributeError):
        steps = []
    root = _real(folder)
    _undo(
        folder,
        [one for one in steps if all(_real(folder / n).is_relative_to(root) for n in (one.name, one.waits, one.old))],
    )


def _locked(folder: Path) -> int | None:
    """The folder, open and locked; None where the system cannot. Raises OutputError where another program does not let go."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    until = time.monotonic() + _WAIT
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError as busy:
            if time.monotonic() > until:
                os.close(handle)
                raise OutputError(
                    f"Another run is writing in {folder}. Wait for it to end, or name another folder. No file was changed."
                ) from busy
            time.sleep(_PAUSE)
        except OSError:
            os.close(handle)
            return None


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        shutil.copy2(path, other)


def _state(path: Path) -> str:
    """The SHA-256 of a file's content; "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
