"""What the command's two streams are made to stand: other code pages, a reader that has left, a full disk, libraries that print.

Results alone reach stdout. Whatever a library prints, from Python or from C, goes to stderr, and so do its warnings and logs,
which only ``ALLIANCE_DEBUG=1`` shows.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import logging
import os
import select
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any, TextIO

LOOKALIKES = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2010": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...", "\u00d7": "x", "\u00b7": "*", "\u2022": "*",
        "\u2264": "<=", "\u2265": ">=", "\u2192": "->",
    }
)  # fmt: skip
"""Marks that carry meaning and have a plain form; of what else a code page lacks a question mark is left."""

_LEFT = (errno.EPIPE, errno.ECONNRESET, errno.ESHUTDOWN) + ((errno.EINVAL,) if os.name == "nt" else ())
"""What writing gives where the reader has left: nobody wants the rest."""
_REPLACE = "alliance"


class Careful(io.RawIOBase):
    """Writes to a descriptor. The first failure is kept in ``failure``, and what comes later is dropped."""

    def __init__(self, descriptor: int) -> None:
        self.failure: OSError | None = None
        self._descriptor = descriptor

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def write(self, data: Any, /) -> int:
        """All of it, or as much as goes in one step."""
        view = memoryview(data)
        while self.failure is None:
            try:
                return os.write(self._descriptor, view)
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as reason:
                self.failure = reason
        return view.nbytes


def prepare() -> None:
    """Make the streams of this process careful; once, before anything else is opened or printed.

    Streams that somebody has put in their place are left alone.
    """
    if sys.stdout is not sys.__stdout__ or sys.stderr is not sys.__stderr__:
        return
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:  # closed: the next file to be opened, a result perhaps, would take its number
            os.open(os.devnull, os.O_RDWR)
    codecs.register_error(_REPLACE, replaced)
    sys.stderr = _careful(sys.stderr, 2)
    own = os.dup(1)  # the only way to the true stdout, which no child inherits
    if not os.isatty(1):
        os.dup2(2, 1)
    sys.stdout = _careful(sys.stdout, own)
    if not os.environ.get("ALLIANCE_DEBUG"):
        _keep_libraries_quiet()


@contextlib.contextmanager
def results_alone() -> Iterator[TextIO]:
    """The stream for results; whatever else is printed meanwhile goes to stderr."""
    results = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        yield results


def failure_of(stream: TextIO) -> OSError | None:
    """Why results did not reach their place; None where they did, or where the reader did not want the rest."""
    with contextlib.suppress(ValueError):
        stream.flush()
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    failure = raw.failure if isinstance(raw, Careful) else None
    return None if failure is None or failure.errno in _LEFT else failure


def _careful(stream: TextIO | None, descriptor: int) -> TextIO:
    """The same stream in the same code page, careful; a terminal stays what it is."""
    if isinstance(stream, io.TextIOWrapper) and stream.isatty():
        stream.reconfigure(errors=_REPLACE)
        return stream
    encoding = getattr(stream, "encoding", None) or "utf-8"
    raw = io.BufferedWriter(Careful(descriptor))
    return io.TextIOWrapper(raw, encoding, _REPLACE, line_buffering=descriptor == 2)


def replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """For what a code page lacks: its plain form, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = "".join("?" if mark.isascii() else mark for mark in lacking).translate(LOOKALIKES)
    return "".join(mark if mark.isascii() else "?" for mark in plain), error.end


def _keep_libraries_quiet() -> None:
    """No log, warning or traceback of a library, from a thread or at the very end, reaches a user."""
    logging.disable()
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    threading.excepthook = lambda _: None
