"""Load on a server: one core for it, one for wrk.

Requests a second are what counts, and they need a quiet machine. The processor time of
a request hardly changes with what else is running.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE, LOAD_CORE = "0", "1"
TICK = os.sysconf("SC_CLK_TCK")  # a second of processor time


@dataclass(frozen=True)
class Server:
    process: int
    port: int


@dataclass(frozen=True)
class Load:
    """How many ask at once, and a header that each request has."""

    connections: int
    header: str = "Accept: application/json"


@dataclass(frozen=True)
class Run:
    rate: float  # requests/s
    cost: float  # microseconds of processor time a request


@contextmanager
def serving(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[Server]:
    """A server; `{port}` in the command is its port. What it prints goes to `log`."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in command]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            env={**os.environ, **environment},
            cwd=log.parent,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            wait_for(port)
            yield Server(process.pid, port)
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    sys.exit(f"nothing listens on port {port}")


def load(server: Server, path: str, seconds: int, asked: Load) -> Run:
    """Every answer has to be a good one."""
    before = processor_time(server.process)
    url = f"http://127.0.0.1:{server.port}{path}"
    options = [f"-c{asked.connections}", f"-d{seconds}s", "-H", asked.header]
    command = ["wrk", "-t1", *options, url]
    done = subprocess.run(
        ["taskset", "-c", LOAD_CORE, *command],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"{path}: {done.stdout}")
    spent = processor_time(server.process) - before
    requests = int(figure(r"(\d+) requests in", done.stdout))
    return Run(figure(r"Requests/sec:\s+([\d.]+)", done.stdout), spent / requests * 1e6)


def figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if not found:
        sys.exit(f"wrk said something else: {text}")
    return float(found[1])


def processor_time(process: int) -> float:
    """Seconds, in the program and in the kernel, with those of its workers."""
    folder = Path(f"/proc/{process}")
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    workers = (folder / f"task/{process}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / TICK
    return own + sum(processor_time(int(worker)) for worker in workers)


def require_programs() -> None:
    for program in ("taskset", "wrk"):
        if not shutil.which(program):
            sys.exit(f"{program} is not there; scripts/services.sh installs it")
