"""What a flood of wrong logins does to the rest of a generated application.

`python benchmarks/logins.py [WAVES]` makes a project with logins on PostgreSQL, and
sends waves of 300 wrong logins at once, each at another account and from another
address. Meanwhile it asks the health check and an endpoint with a login, and prints
how long these took, which answers there were, and how much memory the server had.
TEST_DATABASE_URL names the server; the database of that name is made anew.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles

from database import ENVIRONMENT, new_project, rows
from load import free_port, wait_for

LOGINS = 300
PAUSE = 0.01  # seconds between two probes
LIVE = "/health/live"
PROBED = (LIVE, "/api/v1/auth/me", "/api/v1/products?limit=20")
GOALS = {"p95 of the health check, ms": 50, "memory, MB": 300}


@dataclass
class Probe:
    """The answers of one endpoint, and how many milliseconds each took."""

    path: str
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]


async def ask(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
) -> int:
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1])


async def probe(port: int, found: Probe, token: str, end: float) -> None:
    streams = await asyncio.open_connection("127.0.0.1", port)
    request = (
        f"GET {found.path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    while time.monotonic() < end:
        started = time.perf_counter()
        found.statuses[await ask(streams, request)] += 1
        found.times.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSE)


def login(number: int) -> bytes:
    body = f"username=user{number}%40example.com&password=wrong".encode()
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    head = (
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    return head.encode() + body


async def flood(port: int, waves: int) -> tuple[Counter[int], float]:
    """The statuses of all logins, and the seconds that the waves took."""
    numbers = count()
    statuses: Counter[int] = Counter()
    started = time.monotonic()
    for _ in range(waves):
        asked = [log_in(port, next(numbers)) for _ in range(LOGINS)]
        statuses.update(await asyncio.gather(*asked))
    return statuses, time.monotonic() - started


async def log_in(port: int, number: int) -> int:
    streams = await asyncio.open_connection("127.0.0.1", port)
    status = await ask(streams, login(number))
    streams[1].close()
    return status


def run_flood(port: int, waves: int) -> tuple[Counter[int], float]:
    return asyncio.run(flood(port, waves))


async def measure(port: int, token: str, waves: int) -> list[Probe]:
    """The flood runs in its own process, so that it does not slow the probes down."""
    loop = asyncio.get_running_loop()
    probes = [Probe(path) for path in PROBED]
    quiet = [Probe(path) for path in PROBED]
    end = time.monotonic() + 2
    await asyncio.gather(*(probe(port, each, token, end) for each in quiet))
    running = [
        asyncio.create_task(probe(port, each, token, time.monotonic() + 600))
        for each in probes
    ]
    with ProcessPoolExecutor(1) as pool:
        statuses, seconds = await loop.run_in_executor(pool, run_flood, port, waves)
    for task in running:
        task.cancel()
    print(f"{LOGINS} wrong logins at once, {waves} times: {seconds:.1f} s, {statuses}")
    for before, each in zip(quiet, probes, strict=True):
        print(
            f"{each.path}: p95 {each.p95:.0f} ms (without logins {before.p95:.0f}), "
            f"{dict(each.statuses)}"
        )
    return probes


def memory(process: int) -> float:
    """The most that the process had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else 0


async def serve_and_measure(programs: Path, token: str, waves: int) -> None:
    port = free_port()
    with (programs.parent.parent / "server.log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            *(str(programs / "python"), "-m", "shop", "--port", str(port)),
            env={**os.environ, **ENVIRONMENT},
            cwd=programs.parent.parent,
            stdout=log,
            stderr=log,
        )
    try:
        await asyncio.to_thread(wait_for, port)
        started = memory(server.pid)
        probes = await measure(port, token, waves)
        print(
            f"memory: {started:.0f} MB at the start, {memory(server.pid):.0f} at most"
        )
        figures = (probes[0].p95, memory(server.pid))
        for (name, goal), figure in zip(GOALS.items(), figures, strict=True):
            print(f"{name}: {figure:.0f}, the goal is {goal}")
    finally:
        server.terminate()
        await server.wait()


def main(waves: int) -> None:
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        programs = new_project(Path(folder))
        asyncio.run(serve_and_measure(programs, rows(programs)["token"], waves))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
