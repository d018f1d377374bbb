"""Several files are replaced together or not at all, whatever fails and wherever the program is killed."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model.files import together
from model.files.earlier import write_kept
from model.files.together import JOURNAL, alone_in, write_together
from model.language.faults import OutputError

OLD = {"a.txt": b"old a", "sub/b.txt": b"old b", "c.txt": b"old c"}
NEW = {"a.txt": b"new a", "sub/b.txt": b"new b", "d.txt": b"new d"}
AFTER = {**NEW, "kept/a.txt": b"old a", "kept/c.txt": b"old c"}
ASIDE = {"a.txt": "kept/a.txt", "c.txt": "kept/c.txt"}


def laid(folder):
    """A folder with the old files in it."""
    for name, content in OLD.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(tmp_path):
    return laid(tmp_path)


def files(folder):
    """Every file by its name, with what is in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(folder):
    with alone_in(folder):
        return write_together(folder, NEW, ASIDE)


def test_new_files_take_the_place_of_old_ones_which_stay_aside(folder):
    assert [path.name for path in write(folder)] == ["a.txt", "b.txt", "d.txt"]
    assert files(folder) == AFTER


def nothing(*arguments):
    raise PermissionError(errno.EPERM, "not here")


@pytest.mark.parametrize("step", ["replace", "copy2", "fsync", "unlink"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_whatever_fails_all_files_are_old_or_all_are_new(tmp_path, monkeypatch, step, number):
    place, refused = shutil if step == "copy2" else os, 0
    real = getattr(place, step)
    for count in range(1, 100):
        calls, folder = [], laid(tmp_path / str(count))

        def failing(*arguments, calls=calls, count=count, **named):
            calls.append(arguments)
            if len(calls) == count:
                raise OSError(number, os.strerror(number))
            return real(*arguments, **named)

        with monkeypatch.context() as patched:
            if step == "copy2":  # a file system that knows no second names
                patched.setattr(os, "link", nothing)
            patched.setattr(place, step, failing)
            said = outcome(folder)
        refused += bool(said)
        left = {name: content for name, content in files(folder).items() if step != "unlink" or "/." not in f"/{name}"}
        assert left == (OLD if said else AFTER)
        assert not said or "No file was changed." in said
        if len(calls) < count:
            break
    assert refused > 1 or step == "unlink"


def outcome(folder):
    """What was said where it was refused; nothing where it was done."""
    try:
        write(folder)
    except OutputError as refusal:
        return str(refusal)
    return ""


def test_an_interruption_half_way_changes_nothing(folder, monkeypatch):
    real, calls = os.replace, []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(together.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(folder)
    assert files(folder) == OLD


KILLED = """
import os, sys
from pathlib import Path
from tests.data.test_together import write
real, calls = getattr(os, sys.argv[2]), []
def killed(*arguments):
    calls.append(arguments)
    if len(calls) == int(sys.argv[3]):
        os._exit(9)
    return real(*arguments)
setattr(os, sys.argv[2], killed)
write(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked there: a journal waits for a minute")
@pytest.mark.parametrize(
    ("step", "count"), [("link", 2), ("fsync", 4), ("replace", 1), ("replace", 2), ("replace", 3), ("unlink", 2)]
)
def test_what_a_killed_program_left_half_done_is_undone_by_the_next(folder, step, count):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, folder, step, str(count)], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 9
    with alone_in(folder):
        assert files(folder) == OLD
        assert all(any(one.iterdir()) for one in folder.rglob("*") if one.is_dir())
    write(folder)
    assert files(folder) == AFTER


def journal(folder, **step):
    (folder / JOURNAL).write_text(json.dumps([{"waits": "none", **step}]))


def test_a_journal_touches_nothing_that_was_changed_since_and_nothing_outside(folder, tmp_path):
    outside = folder.parent / f"{folder.name} outside"
    outside.write_bytes(b"")
    journal(folder, name="a.txt", new="0" * 64, old="c.txt")
    with alone_in(folder):
        assert files(folder) == OLD
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    journal(folder, name=f"../{outside.name}", new=empty, old="")
    with alone_in(folder):
        assert outside.exists()
    (folder / JOURNAL).write_bytes(b"\xff[")
    with alone_in(folder):
        assert files(folder) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked there")
def test_two_at_once_wait_for_each_other(folder, monkeypatch):
    monkeypatch.setattr(together, "_WAIT", 0.2)
    with alone_in(folder), pytest.raises(OutputError, match="Another run"):
        write(folder)


def test_a_file_without_a_record_is_kept_unless_it_is_the_same(tmp_path):
    path = tmp_path / "marked.xlsx"
    assert write_kept(path, b"one").earlier is None
    assert write_kept(path, b"one").earlier is None
    path.write_bytes(b"typed")
    kept = write_kept(path, b"two").earlier
    assert (kept / "marked.xlsx").read_bytes() == b"typed"
    path.write_bytes(b"typed again")
    assert write_kept(path, b"two").earlier != kept
    with pytest.raises(OutputError):
        write_kept(tmp_path / "none" / "marked.xlsx", b"x")
