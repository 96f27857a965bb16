"""The real server, started as production starts it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

SERVER = [sys.executable, "-m", "uvicorn", "myapi.main:app", "--port", "0"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        SERVER,
        cwd=tmp_path,  # away from `.env`
        env={**os.environ, "ENVIRONMENT": "production", "LOG_LEVEL": "INFO"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_it_logs_one_json_line_per_request_and_stops_when_asked(
    server: subprocess.Popen[str],
) -> None:
    assert server.stdout is not None
    lines = []
    for line in server.stdout:
        lines.append(line)
        if found := re.search(r"running on (http://[\d.:]+)", line):
            urlopen(f"{found[1]}/health/live", timeout=10).close()
            break
    server.terminate()
    rest, _ = server.communicate(timeout=10)
    events = [json.loads(line) for line in [*lines, *rest.splitlines()]]

    (request,) = [event for event in events if event["event"] == "request"]
    assert request["path"] == "/health/live"
    assert request["status"] == 200
    assert len(request["request_id"]) == 32
    assert "stopped" in [event["event"] for event in events]
