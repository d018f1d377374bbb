"""`alliance app`: it says what is wrong before it starts, starts with safe settings, and leaves no server behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from model.cli import front_end
from model.cli.app import run
from model.language.faults import UsageError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_settings_that_ship_reach_the_server_whatever_else_is_configured():
    flags = dict(flag[2:].split("=", 1) for flag in front_end.settings("localhost", 8600))
    assert flags["server.address"] == flags["browser.serverAddress"] == "localhost"
    assert flags["server.port"] == "8600"
    assert flags["server.maxUploadSize"] == "20"
    assert flags["server.enableXsrfProtection"] == "true"
    assert flags["server.enableStaticServing"] == "false"
    assert flags["server.headless"] == "true"
    assert flags["browser.gatherUsageStats"] == "false"
    assert flags["client.showErrorDetails"] == "none"
    assert flags["runner.fastReruns"] == "false"
    assert flags["logger.hideWelcomeMessage"] == "true"
    assert not any("{" in value for value in flags.values())


def test_missing_streamlit_is_said_with_the_command_that_installs_it(monkeypatch, capsys):
    real = front_end.find_spec
    monkeypatch.setattr(front_end, "find_spec", lambda name: None if name == "streamlit" else real(name))
    assert run(["app", "--no-browser"]) == 2
    said = capsys.readouterr().err
    assert "streamlit is not installed" in said
    assert "pip install 'alliance-model[app]'" in said


def test_a_port_in_use_is_said(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["app", "--host", "127.0.0.1", "--port", str(port), "--no-browser"]) == 2
    assert f"port {port} is in use" in capsys.readouterr().err


def test_without_a_port_the_first_free_one_is_taken(monkeypatch):
    taken = {front_end.FIRST_PORT, front_end.FIRST_PORT + 1}
    monkeypatch.setattr(front_end, "_is_free", lambda host, port: port not in taken)
    assert front_end._free("localhost", None) == front_end.FIRST_PORT + 2
    monkeypatch.setattr(front_end, "_is_free", lambda host, port: False)
    with pytest.raises(UsageError, match="every port from"):
        front_end._free("localhost", None)


@pytest.mark.parametrize(
    ("host", "said"),
    [("0.0.0.0", "how browsers reach this machine"), ("192.0.2.7", "not an address of this machine")],
)
def test_hosts_that_cannot_be_are_refused_in_words(host, said, capsys):
    assert run(["app", "--host", host, "--no-browser"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
def test_server_answers_and_ends_with_the_command(signal_sent, tmp_path):
    port = free_port()
    outside = {**os.environ, "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false"}
    command = [sys.executable, "-m", "model", "app", "--port", str(port), "--no-browser"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=outside, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as started:  # fmt: skip
        line = started.stdout.readline()
        assert f"http://localhost:{port}" in line, started.stderr.read()
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert direct.open(f"http://localhost:{port}/_stcore/health").read() == b"ok"
        settings = json.loads(direct.open(f"http://localhost:{port}/_stcore/host-config").read())
        assert settings
        started.send_signal(signal_sent)
        assert started.wait(20) == 0
        assert "Nothing of what was opened is kept" in started.stderr.read()
    for _ in range(50):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.1)
    else:
        pytest.fail("the server outlives the command")
