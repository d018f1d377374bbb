"""The command that opens the front end: starts its server with safe settings, waits for it, and opens the browser."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from model.console.printing import complain, say
from model.language.faults import UsageError
from model.scenario.shipped import PACKAGE, part

FIRST_PORT, PORTS_TRIED = 8501, 20
LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::", "")
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
STARTS_WITHIN = 60.0
"""Seconds in which the server has to answer."""

Host = Annotated[
    str,
    typer.Option(help="Name or address of this machine under which browsers reach it. localhost: only from here."),
]
Port = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help=f"By default the first free one from {FIRST_PORT} up.", show_default=False),
]
Browser = Annotated[bool, typer.Option(help="Open the browser.")]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        help="A further name under which browsers reach it, as behind a proxy; others are refused. Repeatable.",
    ),
]


def app(host: Host = "localhost", port: Port = None, browser: Browser = True, names: Names = None) -> int:
    """Open the front end in the browser: explore, look, take away. Ctrl-C ends it, and all that was opened is forgotten."""
    script = entry()
    if host in EVERYWHERE:
        raise UsageError(
            f"--host {host or repr(host)} says nothing of how browsers reach this machine; give its name or its address."
        )
    chosen = _free(host, port)
    flags = settings(host, chosen, names or ())
    outside = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    outside["PYTHONSAFEPATH"] = "1"  # modules in the folder that it is called from are the user's own
    if not _importable_everywhere():
        outside["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PACKAGE.parent), outside.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    with subprocess.Popen(command, env=outside) as server:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server must not outlive the command
        try:
            return _served(server, host, chosen, browser)
        except KeyboardInterrupt:
            complain("Closed. Nothing of what was opened is kept.")
            return 0
        finally:
            _end(server)


def entry() -> Path:
    """The script the server runs. Raises UsageError where the front end or streamlit is not installed."""
    script = part("ui") / "entry" / "app.py"
    missing = [name for name in ("streamlit", "altair") if find_spec(name) is None]
    if missing or not script.is_file():
        lacking = " and ".join(missing) or "the front end"
        raise UsageError(f"{lacking} is not installed. Install it with: pip install 'alliance-model[app]'")
    return script


def settings(host: str, port: int, names: Sequence[str] = ()) -> list[str]:
    """The server's settings as options of its command: those that ship, and where it listens."""
    own = {
        "server.address": host,
        "server.port": port,
        "browser.serverAddress": host,
        "logger.hideWelcomeMessage": True,
        "server.allowedHosts": [*LOCAL, host, *names],
    }
    options = {**dict(_flat(_shipped_settings())), **own}
    return [
        f"--{name}={_said(one)}"
        for name, value in options.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Settings in sections and sections of sections, by their full names."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _shipped_settings() -> dict[str, Any]:
    """What `config.toml` says: beside the installed front end, or in a checkout's `.streamlit`."""
    package = entry().parents[1]
    for path in (package / "config.toml", package.parent / ".streamlit" / "config.toml"):
        if path.is_file():
            return tomllib.loads(path.read_text(encoding="utf-8"))
    raise UsageError(
        "The front end's settings (config.toml) are missing. Install it anew: "
        "pip install --force-reinstall --no-deps 'alliance-model[app]'"
    )


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _importable_everywhere() -> bool:
    """Whether another Python finds the package by itself: it is installed."""
    return "site-packages" in PACKAGE.parts


def _free(host: str, port: int | None) -> int:
    """The port asked for, or the first free one. Raises UsageError where it is taken or the host is not this machine."""
    for candidate in [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(host, candidate):
            return candidate
    taken = f"port {port}" if port else f"every port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1}"
    raise UsageError(f"On {host} {taken} is in use. Name another one with --port.")


def _is_free(host: str, port: int) -> bool:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as reason:
        raise UsageError(
            f"--host {host} is not known: {reason}. Use localhost, or this machine's name or address."
        ) from reason
    with socket.socket(family, kind, protocol) as trial:
        if os.name == "posix":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except PermissionError as reason:
            raise UsageError(f"Port {port} is not open to ordinary users. Name one above 1023 with --port.") from reason
        except OSError as reason:
            if reason.errno in _NOT_HERE:
                raise UsageError(
                    f"--host {host} is not an address of this machine. Use localhost, or one that is."
                ) from reason
            return False
    return True


def _served(server: subprocess.Popen[bytes], host: str, port: int, browser: bool) -> int:
    """Wait until the server answers, say where, and stay until it ends."""
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    begun = time.perf_counter()
    while not _answers(f"{url}/_stcore/health"):
        if server.poll() is not None:
            raise UsageError(
                f"The server ended before it answered (exit code {server.returncode}); its message is above."
            )
        if time.perf_counter() - begun > STARTS_WITHIN:
            raise UsageError(f"The server did not answer at {url} within {STARTS_WITHIN:.0f} s.")
        time.sleep(0.1)
    say(f"The front end is at {url} (Ctrl-C ends it).")
    sys.stdout.flush()
    if host not in LOCAL:
        complain(
            "Everybody who can reach this machine can open it: there is no password. Put it behind one, or use localhost."
        )
    if browser:
        webbrowser.open(url)
    return 0 if server.wait() == 0 else 2


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=2) as reply:
            return bool(reply.read() == b"ok")
    except (urllib.error.URLError, OSError):
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    """The server ends with the command, gently if it can."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
