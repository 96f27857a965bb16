"""The real server, started as production starts it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow

SERVE = [sys.executable, "-m", "myapi"]
SERVE_SLOW_ENDPOINT = [
    sys.executable,
    str(Path(__file__).with_name("slow_endpoint.py")),
]
START = 30.0  # seconds
STOP = 10.0


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text()

    def stopped(self, timeout: float) -> str:
        """All of its output, once the process has ended."""
        self.process.wait(timeout)
        return self.output


@contextmanager
def started(
    folder: Path, command: Sequence[str], port: int, **variables: str
) -> Iterator[Server]:
    log = folder / "server.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,  # away from `.env`
            env={**os.environ, "LOG_LEVEL": "INFO", **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield Server(process, log)
        finally:
            process.kill()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


def ask(server: Server, address: str) -> None:
    """Ask until there is an answer."""
    deadline = time.monotonic() + START
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(address, timeout=10).close()
        except URLError:
            time.sleep(0.05)
        else:
            return


def wait_for(server: Server, text: str) -> None:
    """Wait until the server has logged `text`."""
    deadline = time.monotonic() + START
    while text not in server.output:
        assert time.monotonic() < deadline, server.output
        time.sleep(0.01)


def answer(address: str) -> tuple[int, str]:
    with urlopen(address, timeout=10) as response:
        return response.status, response.read().decode()


def test_a_server_logs_json_lines_and_answers_in_flight_requests_when_stopped(
    tmp_path: Path, port: int
) -> None:
    address = f"http://127.0.0.1:{port}"
    variables = {"ENVIRONMENT": "production", "LOG_LEVEL": "DEBUG"}
    with (
        started(tmp_path, SERVE_SLOW_ENDPOINT, port, **variables) as server,
        ThreadPoolExecutor() as threads,
    ):
        ask(server, f"{address}/health/live?token=secret")
        in_flight = threads.submit(answer, f"{address}/slow")
        wait_for(server, "slow request started")
        server.process.terminate()
        assert in_flight.result() == (200, "done")
        output = server.stopped(STOP)
    events = [json.loads(line) for line in output.splitlines()]

    live, slow = [event for event in events if event["event"] == "request"]
    assert live["path"] == "/health/live"
    assert live["status"] == 200
    assert live["level"] == "info"
    assert len(live["request_id"]) == 32
    assert (live["operation"], live["client"]) == ("read_liveness", "127.0.0.1")
    assert live["user_agent"].startswith("Python-urllib/")
    assert live["user_id"] is None
    assert "secret" not in output
    assert slow["path"] == "/slow"
    assert "stopped" in [event["event"] for event in events]


def test_what_keeps_it_from_starting_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        with started(tmp_path, SERVE, port) as server:
            output = server.stopped(START)
    assert server.process.returncode == 1
    assert output.startswith(f"Cannot serve on 127.0.0.1, port {port}: ")
    assert len(output.splitlines()) == 1

    with started(tmp_path, [*SERVE, "--root-path", "shop"], port) as server:
        assert server.stopped(START).startswith("Settings: ROOT_PATH: ")

    with started(tmp_path, SERVE, port, CORS_ORIGINS="anywhere") as server:
        output = server.stopped(START)
    assert server.process.returncode == 1
    assert output.startswith("Settings: CORS_ORIGINS_0: ")
    assert len(output.splitlines()) == 1
