"""The front end in a browser of its own: what screenshots, the benchmark and the browser tests start from."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ui.start import PAGES

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 90.0
"""Seconds a server may take to answer, and a page to be drawn."""

LOCAL = ("localhost", "127.0.0.1", "::1")
INSIDE = ("data", "blob", "about", "chrome-extension", "devtools")
"""Kinds of address that ask no other machine for anything."""


def chromium() -> str | None:
    """The path of a Chromium: the variable CHROMIUM, or the first one installed; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return named if named else next((path for path in map(shutil.which, BROWSERS) if path), None)


@contextmanager
def served(first: str = "tutorial") -> Iterator[str]:
    """A server of the front end on a free port, which opens with the scenario ``first``: its address, ended afterwards."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"ALLIANCE_FIRST": first},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://localhost:{port}", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server at {address} did not answer within {PATIENCE:.0f} s (ended: {server.poll()})")


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium without a window. Raises RuntimeError where there is none."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise RuntimeError(f"no browser: install one of {', '.join(BROWSERS)}, or name its path in CHROMIUM")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield started
        finally:
            started.close()


def path_of(name: str) -> str:
    """Where a page is: the first one is the root."""
    first = next(iter(next(iter(PAGES.values()))))
    return "" if name == first else name


def visit(page: Any, address: str) -> None:
    """Open an address and wait until the page's answer is drawn and the script is at rest."""
    page.goto(address)
    drawn(page)


def drawn(page: Any) -> None:
    """Wait until there is a headline and the server has nothing more to say."""
    page.wait_for_selector("[data-testid='stMain'] h2", timeout=1000 * PATIENCE)
    at_rest(page)


def at_rest(page: Any) -> None:
    """Wait until no run of the script is under way and nothing on the page is left from an earlier run."""
    page.wait_for_function(
        """() => document.querySelector("[data-testid='stApp']")?.dataset.testScriptState !== "running"
              && !document.querySelector("[data-stale='true'], [data-testid='stSkeleton']")""",
        timeout=1000 * PATIENCE,
    )


def is_elsewhere(address: str) -> bool:
    """Whether an address belongs to another machine."""
    parts = urlsplit(address)
    return parts.scheme not in INSIDE and parts.hostname not in LOCAL
