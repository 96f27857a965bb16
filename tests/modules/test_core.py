"""Each server that a project can have, as `python -m PACKAGE` starts it: what it does
when it is asked to stop, whom it believes about where a request is from, and what it
says when it cannot start."""

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

import pytest

from tests.modules.browser import browser_at
from tests.projects.commands import run
from tests.projects.conftest import Make
from tests.projects.generated import START, STOP, Generated, ask, free_port, wait_for

SERVERS = ["uvicorn", "granian", "hypercorn"]

# Uvicorn has the signal end the process, once all else is done.
EXIT_CODES = {"uvicorn": -SIGTERM, "granian": 0, "hypercorn": 0}

SECONDS = 1
ENDPOINTS = f"""

import asyncio
from fastapi import Request


@app.get("/slow")
async def slow() -> str:
    print("under way", flush=True)
    await asyncio.sleep({SECONDS})
    return "done"


@app.get("/seen")
async def seen(request: Request) -> list[str]:
    return [request.client.host, request.url.scheme]
"""

PROXIES = "127.0.0.2, 10.0.0.0/8"
PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
CLIENT = "203.0.113.7"


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def refuses(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except ConnectionRefusedError:
            return True
        return False

    def seen(self, source: str, headers: Mapping[str, str]) -> tuple[str, str]:
        """The address and the scheme of a request that comes from `source`."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=10, source_address=(source, 0)
        )
        connection.request("GET", "/seen", headers=dict(headers))
        client, scheme = json.loads(connection.getresponse().read())
        connection.close()
        return client, scheme


@contextmanager
def started(project: Generated) -> Iterator[Server]:
    log = project.root / ".venv" / "server.log"
    port = free_port()
    command = [".venv/bin/python", "-m", project.package, "--port", str(port)]
    environment = {
        **project.environment,
        "ENVIRONMENT": "production",
        "FORWARDED_ALLOW_IPS": PROXIES,
    }
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=project.root, env=environment, stdout=out, stderr=out
        ) as process,
    ):
        try:
            wait_for(process, port, log)
            yield Server(process, port, log)
        finally:
            process.kill()


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_believes_its_proxies_alone_and_answers_what_is_under_way(
    make: Make, name: str
) -> None:
    project = make("my-api", "--set", f"core.server={name}")
    main = project.root / "src" / "my_api" / "main.py"
    main.write_text(main.read_text() + ENDPOINTS)
    with started(project) as server:
        check_proxies(server)
        check_stop(server)
        assert server.process.returncode == EXIT_CODES[name], server.log.read_text()


def check_proxies(server: Server) -> None:
    def forwarded(address: str, scheme: str = "https") -> dict[str, str]:
        return {"X-Forwarded-For": address, "X-Forwarded-Proto": scheme}

    assert server.seen(PROXY, {}) == (PROXY, "http")
    assert server.seen(PROXY, forwarded(CLIENT)) == (CLIENT, "https")
    # What a client says of itself stands before what the first proxy saw.
    chain = f"198.51.100.1, {CLIENT}, 10.1.2.3"
    assert server.seen(PROXY, forwarded(chain)) == (CLIENT, "https")
    assert server.seen(PROXY, forwarded("10.1.2.3")) == ("10.1.2.3", "https")
    for nothing in ("", " ,"):
        client, _ = server.seen(PROXY, forwarded(nothing))
        assert client == PROXY
    for scheme in ("ftp", "", "https, http"):
        assert server.seen(PROXY, forwarded(CLIENT, scheme)) == (CLIENT, "http")

    assert "untrusted proxy" not in server.log.read_text()
    for given in (CLIENT, PROXY, chain, "127.0.0.1"):
        assert server.seen(STRANGER, forwarded(given)) == (STRANGER, "http")
    assert server.log.read_text().count("untrusted proxy") == 1


def check_stop(server: Server) -> None:
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(ask, f"http://127.0.0.1:{server.port}/slow")
        deadline = time.monotonic() + START
        while "under way" not in server.log.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        server.process.terminate()
        asked = time.monotonic()
        while not server.refuses:
            assert not slow.done(), "new connections are taken all the while"
            time.sleep(0.01)
        assert not slow.done(), "the request under way was interrupted"
        answer = slow.result(START)
        assert (answer.status, answer.document) == (200, "done")
    server.process.wait(START)
    seconds = time.monotonic() - asked
    text = server.log.read_text()
    assert seconds < SECONDS + STOP, f"stopped after {seconds:.1f} s\n{text}"
    assert "Traceback" not in text, text


PRODUCTION = {
    "ENVIRONMENT": "production",
    "AUTH_COOKIE_SECURE": "true",
    "AUTH_LINK_URL": "https://shop.example.org",
    "AUTH_SECRET_KEYS": "0123456789" * 4,
    "DATABASE_URL": "postgresql://me@127.0.0.1:9/shop",
    "MAIL_FROM": "api@example.org",
    "MAIL_URL": "smtp://mail.example.org",
}
OWN = "postgresql://postgres:postgres@localhost:5432/my_api"


@pytest.mark.parametrize(
    "name",
    [SERVERS[0], *(pytest.param(n, marks=pytest.mark.matrix) for n in SERVERS[1:])],
)
def test_what_keeps_it_from_starting_is_one_line(make: Make, name: str) -> None:
    chosen = ("--set", "database.engine=postgres", "--set", f"core.server={name}")
    project = make("my-api", "--with", "auth", *chosen)
    serve = [f"{project.root}/.venv/bin/python", "-m", "my_api"]
    migrate = [f"{project.root}/.venv/bin/alembic", "upgrade", "head"]
    absent = f"postgresql://me@127.0.0.1:{free_port()}/shop"
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = str(used.getsockname()[1])
        refusals = [
            (serve, {"AUTH_SECRET_KEYS": ""}, "Settings: AUTH_SECRET_KEYS "),
            (serve, {"DATABASE_URL": OWN}, "Settings: DATABASE_URL is that of deve"),
            (serve, {"PORT": port}, f"Cannot serve on 127.0.0.1, port {port}: "),
            (migrate, {"DATABASE_URL": OWN}, "Settings: DATABASE_URL is that of deve"),
            (migrate, {"DATABASE_URL": absent}, '"event":"database unavailable"'),
        ]
        for command, variables, message in refusals:
            given = {**project.environment, **PRODUCTION, **variables}
            (line,) = run(command, project.root, given, code=1).splitlines()
            assert message in line


def test_documentation_pages_are_complete_without_another_host(make: Make) -> None:
    project = make("shop")
    # The policy blocks this image, so ReDoc leaves it out.
    logo = "cdn.redoc.ly/redoc/logo-mini.svg"
    with project.serving() as site, browser_at(site) as browser:
        browser.go("/")
        browser.sees("/health/ready")
        assert browser.path == "/docs"
        browser.go("/redoc")
        browser.sees("/health/ready")
        assert browser.hosts() <= {site.removeprefix("http://"), logo.split("/")[0]}
        assert not [text for text in browser.complaints() if logo not in text]
