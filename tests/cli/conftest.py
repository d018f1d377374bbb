"""The command line as a user calls it, every command under its own name."""

from collections.abc import Callable

import pytest

from model.cli import app


@pytest.fixture
def run() -> Callable[[list[str]], int]:
    """`alliance` with arguments; the exit code."""
    return app.run
