"""What a started server answers, to whom, and with which headers."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.browser import served
from ui.guard import COOKIE, HEADERS, Guard

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of `streamlit run app.py`."""
    with served("tutorial") as address:
        yield int(address.rpartition(":")[2])


def asked(port: int, path: str, host: str | None = None, **headers: str) -> http.client.HTTPResponse:
    """The answer to a request; its body read already."""
    connection = http.client.HTTPConnection("localhost", port, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in ({"Host": host or f"localhost:{port}"} | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.mark.parametrize(
    "path", ["/", "/burden", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/nothing.js"]
)
def test_every_answer_carries_the_headers(port: int, path: str) -> None:
    answer = asked(port, path)
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value]
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    sources = [source for sources in policy.values() for source in sources.split() if not source.startswith("'")]
    assert {source for source in sources if source not in ("data:", "blob:")} <= {
        f"ws://localhost:{port}",
        f"wss://localhost:{port}",
    }


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost."])
def test_names_of_this_machine_are_answered(port: int, host: str) -> None:
    assert asked(port, "/", f"{host}:{port}").status == asked(port, "/", host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:8501",
        "localhost.evil.test",
        "evil.test#localhost",
        "localhost@evil.test",
        "10.1.2.3",
        "[::2]",
        " ",
        "a b",
        "é",
    ],
)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/media/x"])
def test_other_names_are_refused(port: int, host: str, path: str) -> None:
    answer = asked(port, path, host)
    assert answer.status in (400, 421)  # 400: the server itself finds that this is no name


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://localhost:1", "https://localhost.evil.test"])
def test_pages_of_other_sites_are_refused(port: int, origin: str) -> None:
    assert asked(port, "/_stcore/host-config", Origin=origin).status == 403
    assert asked(port, "/_stcore/host-config", Origin=f"http://localhost:{port}").status == 200
    assert _socket(port, Origin=origin) != 101


def _socket(port: int, host: str | None = None, **headers: str) -> int:
    """The status of a request to open a web socket."""
    opening = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec_WebSocket_Version": "13",
    }
    connection = http.client.HTTPConnection("localhost", port, timeout=20)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in ({"Host": host or f"localhost:{port}"} | opening | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_web_socket_is_open_to_its_own_page_alone(port: int) -> None:
    assert _socket(port, Origin=f"http://localhost:{port}") == 101
    assert _socket(port, "evil.test") != 101
    assert _socket(port, "evil.test", Origin="http://evil.test") != 101


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/metrics/", "//_stcore/metrics", "/_stcore//metrics", "/%5Fstcore/metrics", "/_stcore/metrics?x=1",
        "/burden/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/allowed-message-origins", "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp", "/_stcore/bidi-components/x", "/_stcore/", "/_stcore/./metrics", "/_stcore/health/../metrics",
    ],
)  # fmt: skip
def test_the_inside_of_the_server_is_not_served(port: int, path: str) -> None:
    answer = asked(port, path)
    assert answer.status in (400, 404)
    assert b"# TYPE" not in answer.body  # type: ignore[attr-defined]


def test_what_pages_need_to_begin_names_no_foreign_site(port: int) -> None:
    told = json.loads(asked(port, "/_stcore/host-config").body)  # type: ignore[attr-defined]
    assert all("localhost" in origin for origin in told["allowedOrigins"])
    assert not told["enableCustomParentMessages"]


@pytest.mark.slow
def test_the_command_serves_the_same_and_further_names_that_it_is_given(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "model",
        "app",
        "--port",
        str(port),
        "--no-browser",
        "--name",
        "plan.example.org",
        "--name",
        "*.example.net",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as started:
        try:
            assert started.stdout is not None
            assert str(port) in started.stdout.readline().decode()
            for host in ("localhost", "plan.example.org", "plan.example.org:443", "a.example.net"):
                assert asked(port, "/", host).status == 200, host
                assert _socket(port, host, Origin=f"https://{host}") == 101, host
            for host in ("evil.test", "example.org", "example.net.evil.test"):
                assert asked(port, "/", host).status == 421, host
            assert asked(port, "/_stcore/metrics").status == 404
            assert asked(port, "/").headers["x-frame-options"] == "DENY"
        finally:
            started.terminate()
            started.wait(20)
    time.sleep(0.1)


def test_what_is_no_request_passes_untouched() -> None:
    seen = []

    async def inner(scope: object, receive: object, send: object) -> None:
        seen.append(scope)

    import asyncio

    asyncio.run(Guard(inner)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]


@pytest.mark.slow
def test_a_browser_gets_a_word_of_its_own_once(port: int) -> None:
    given = asked(port, "/").headers.get_all("set-cookie")
    words = [one for one in given if one.startswith(f"{COOKIE}=")]
    assert len(words) == 1
    assert "HttpOnly" in words[0]
    word = words[0].partition(";")[0]
    assert not [one for one in asked(port, "/", Cookie=word).headers.get_all("set-cookie") or () if COOKIE in one]
    assert not [one for one in asked(port, "/_stcore/health").headers.get_all("set-cookie") or () if COOKIE in one]
