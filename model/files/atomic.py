"""A file is replaced whole or not at all: the only place that puts results on disk, with :mod:`together` for several."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from pathlib import Path

from model.language.faults import OutputError

_REASONS: dict[int, str] = {
    errno.ENOSPC: "the disk is full. Free some space",
    errno.EDQUOT: "your quota on this disk is used up. Free some space",
    errno.EROFS: "the disk is read-only. Choose another folder",
    errno.ENOENT: "the folder does not exist. Create it, or choose another one",
    errno.ENOTDIR: "part of its path is a file and not a folder. Choose another folder",
    errno.EISDIR: "a folder of that name stands there. Choose another name",
    errno.ENAMETOOLONG: "its name is too long. Choose a shorter one",
}
FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (
    "writing there is not allowed. Close it if it is open in another program, "
    "make sure that it is not read-only, or choose another folder"
)


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Put ``content`` at ``path`` and return the real path; on any failure what stood there before still does.

    Raises OutputError with a plain sentence: disk full, read-only, open elsewhere, no such folder.
    """
    try:
        target = Path(os.path.realpath(path))  # a link stays a link; the file it points to is replaced
        refuse_unwritable(target)
        _replace(target, content)
    except (OSError, ValueError) as reason:
        raise OutputError(f"{path} could not be written: {in_words(reason)}. No file was changed.") from reason
    return target


def beside(target: Path) -> Path:
    """A name of its own in the same folder, so that the replacement is one step."""
    return target.with_name(f".{uuid.uuid4().hex}.tmp")


def stage(temporary: Path, content: bytes, target: Path) -> None:
    """``content`` on disk, ready to replace ``target``."""
    try:
        _write_synced(temporary, content)
        if target.exists():
            shutil.copymode(target, temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _replace(target: Path, content: bytes) -> None:
    temporary = beside(target)
    stage(temporary, content, target)
    try:
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def refuse_unwritable(target: Path) -> None:
    """Raise what writing would, before anything is done."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _write_synced(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut where the system can; the file is already in place."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def in_words(reason: OSError | ValueError) -> str:
    """Why a file could not be written and what to do, without a full stop."""
    if isinstance(reason, PermissionError):
        return _REFUSED
    if isinstance(reason, OSError) and reason.errno is not None:
        return _REASONS.get(reason.errno, f"{reason.strerror or reason}. Choose another folder")
    return f"{reason}. Choose another name"
