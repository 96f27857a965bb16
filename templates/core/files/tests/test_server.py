"""The real server, started as production starts it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

SERVE = [sys.executable, "-m", "myapi", "--port"]
START = 30.0  # seconds


@contextmanager
def process(folder: Path, port: int, **variables: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*SERVE, str(port)],
        cwd=folder,  # away from `.env`
        env={**os.environ, "LOG_LEVEL": "INFO", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


def ask(server: subprocess.Popen[str], address: str) -> None:
    """Ask until there is an answer."""
    deadline = time.monotonic() + START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(address, timeout=10).close()
        except URLError:
            time.sleep(0.05)
        else:
            return


def test_it_logs_one_json_line_per_request_and_stops_when_asked(
    tmp_path: Path, port: int
) -> None:
    with process(tmp_path, port, ENVIRONMENT="production") as server:
        ask(server, f"http://127.0.0.1:{port}/health/live")
        server.terminate()
        output, _ = server.communicate(timeout=10)
    events = [json.loads(line) for line in output.splitlines()]

    (request,) = [event for event in events if event["event"] == "request"]
    assert request["path"] == "/health/live"
    assert request["status"] == 200
    assert len(request["request_id"]) == 32
    assert "stopped" in [event["event"] for event in events]


def test_a_higher_level_leaves_the_requests_out(tmp_path: Path, port: int) -> None:
    with process(
        tmp_path, port, ENVIRONMENT="production", LOG_LEVEL="WARNING"
    ) as server:
        ask(server, f"http://127.0.0.1:{port}/health/live")
        server.terminate()
        output, _ = server.communicate(timeout=10)
    assert "request" not in [json.loads(line)["event"] for line in output.splitlines()]


def test_what_keeps_it_from_starting_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        with process(tmp_path, port) as server:
            output, _ = server.communicate(timeout=START)
    assert server.returncode == 1
    assert output.startswith(f"Cannot serve on 127.0.0.1, port {port}: ")
    assert len(output.splitlines()) == 1

    with process(tmp_path, port, CORS_ORIGINS="anywhere") as server:
        output, _ = server.communicate(timeout=START)
    assert server.returncode == 1
    assert output.startswith("Settings: CORS_ORIGINS_0: ")
    assert len(output.splitlines()) == 1
