"""The command line. This file only makes sure that Ctrl-C ends quietly even while everything else is still being loaded."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from model.console import INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # a command lives for seconds and keeps nearly all it makes; `run` sees to it after the imports
    try:
        from model.console.streams import prepare

        prepare()
        from model.cli.app import run

        gc.enable()
        code = run(arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
