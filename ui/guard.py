"""What stands between the network and the front end: who may ask, what is not served, and what browsers must refuse."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from streamlit import config

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

LOCAL = ("localhost", "127.0.0.1", "::1")
COOKIE = "alliance_browser"
"""Holds a random word by which a browser gets its own sessions back whole."""

INSIDE, SERVED = "_stcore", ("health", "host-config", "stream", "upload_file")
"""The server's own addresses, and those of them that pages need; metrics and interfaces for programs are not served."""

_PLACE = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)
_ORIGIN = re.compile(r"https?://(?P<place>[^/?#@]+)")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_REFUSALS = {
    421: "This server is not reached under this name. Its operator can add the name: alliance app --name NAME.",
    403: "Requests from pages of other sites are refused.",
    404: "There is nothing at this address.",
}


class Guard:
    """A layer around the server. It answers only under names that browsers are meant to use, since a page elsewhere can give
    this machine a name of its own (DNS rebinding); and every answer says that nothing may be loaded from another machine."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or have the server answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status = _refusal(scope, asked.get("host", ""), asked.get("origin"))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = _policy(asked.get("host", "") if not status else "")
                message["headers"] = _with_headers(message["headers"], policy, asked.get("cookie", ""))
            await send(message)

        if not status:
            await self.app(scope, receive, guarded)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": _REFUSALS[status]})
        else:
            plain = [(b"content-type", b"text/plain; charset=utf-8")]
            await guarded({"type": "http.response.start", "status": status, "headers": plain})
            await guarded({"type": "http.response.body", "body": _REFUSALS[status].encode()})


def _with_headers(given: Iterable[tuple[bytes, bytes]], policy: str, cookies: str) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with ours in place of theirs; a page also gives a browser the word it is known by."""
    own = HEADERS | {"content-security-policy": policy}
    kept = [(name, value) for name, value in given if name.decode("latin-1").lower() not in own]
    if f"{COOKIE}=" not in cookies and any(
        name.lower() == b"content-type" and b"text/html" in value for name, value in kept
    ):
        own["set-cookie"] = (
            f"{COOKIE}={secrets.token_urlsafe(16)}; Path=/; Max-Age={30 * 24 * 3600}; HttpOnly; SameSite=Lax"
        )
    return kept + [(name.encode(), value.encode()) for name, value in own.items()]


def _refusal(scope: Message, host: str, origin: str | None) -> int:
    """The status with which a request is refused; 0 where it is answered."""
    here = (scope.get("server") or ("",))[0]
    if not _is_among(host, (*LOCAL, here, *_configured())):
        return 421
    if origin is not None:
        place = found["place"] if (found := _ORIGIN.fullmatch(origin)) else ""
        if place != host and not _is_among(place, _configured()):
            return 403
    parts = [part for part in scope["path"].split("/") if part]
    if INSIDE in parts and parts[parts.index(INSIDE) + 1 :][:1] not in [[name] for name in SERVED]:
        return 404
    return 0


def _configured() -> list[str]:
    """Names the operator gave: where the server listens, what browsers are told, and further ones, as behind a proxy."""
    listens = config.get_option("server.address"), config.get_option("browser.serverAddress")
    own = [name for name in listens if name and name.lower() not in LOCAL]
    return [*own, *(name for name in config.get_option("server.allowedHosts") if name.lower() not in LOCAL)]


def _is_among(place: str, names: Iterable[str]) -> bool:
    """Whether a host, with or without its port, is one of these names; ``*.example.org`` stands for all names below, ``*`` for all."""
    found = _PLACE.fullmatch(place)
    name = found["name"].strip("[]").rstrip(".").lower() if found else ""
    known = [one.strip("[]").rstrip(".").lower() for one in names]
    return bool(name) and any(one in (name, "*") or (one.startswith("*.") and name.endswith(one[1:])) for one in known)


def _policy(host: str) -> str:
    """What a page may load: from its own server, and nothing from elsewhere; nor may it stand in anybody's frame."""
    sockets = f"'self' ws://{host} wss://{host}" if host else "'none'"
    return (
        f"default-src 'none'; script-src 'self' {_scripts()}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        f"img-src 'self' data: blob:; connect-src {sockets}; worker-src 'self' blob:; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _scripts() -> str:
    """The scripts written into the server's own first page, by their hashes: no other script in a page is run."""
    first = Path(streamlit.__file__).parent / "static" / "index.html"
    found = _SCRIPT.findall(first.read_text(encoding="utf-8"))
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
