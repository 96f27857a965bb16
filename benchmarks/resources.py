"""What many resources cost: a command in a project with 50 against one with 5, and the
start of a server with 50 against none.

`python benchmarks/resources.py [ROUNDS]` takes both in turn, in each round, and prints
the medians of the seconds of CPU and of their ratio, and the most that this should be.
"""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median

from uv import find_uv_bin

FASTGEN = str(Path(sys.executable).parent / "fastgen")
FEW, MANY = 5, 50
COMMANDS = (
    ("generate", "resource", "Extra", "title:str:max=120", "price:decimal:10:2"),
    ("generate", "field", "Item3", "rating:float:optional"),
    ("remove", "resource", "Item3"),
    ("add", "docker"),
)
LIMIT, SERVER_LIMIT = 1.5, 3.0
# Python keeps bytecode, as it does for users.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
FIELDS = """\
fields.title = "str:max=120:unique"
fields.price = "decimal:10:2:min=0:index"
fields.status = "enum:draft:live:index:default=draft"
fields.body = "text:optional"
"""
WAIT = 60  # seconds for a server to answer


def project_with(count: int, home: Path) -> Path:
    """A new project with `count` resources; every third one refers to the first."""
    tables = ["[modules.database]\n"]
    for number in range(count):
        reference = 'fields.item = "ref:Item0:optional"\n' if number % 3 == 1 else ""
        tables.append(f"[resources.Item{number}]\n{FIELDS}{reference}")
    folder = home / str(count)
    folder.mkdir()
    (folder / "shop.toml").write_text("\n".join(tables))
    new = ("new", "shop", "--from", "shop.toml", "--no-install", "--no-git", "--quiet")
    subprocess.run([FASTGEN, *new], cwd=folder, check=True)
    return folder / "shop"


def command(project: Path, *arguments: str) -> None:
    """Run it without its last step, so that it can be run again."""
    line = [FASTGEN, *arguments, "--dry-run", "--quiet"]
    subprocess.run(line, cwd=project, env=ENVIRONMENT, check=True)


def server(project: Path, environment: Path) -> None:
    """Start the project's server, wait for its first answer, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [environment / "bin" / "uvicorn", "shop.main:app", f"--port={port}"]
    log = subprocess.DEVNULL
    process = subprocess.Popen(
        [*program, f"--app-dir={project / 'src'}"],
        cwd=project,
        env=ENVIRONMENT,
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health/live", process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=WAIT):  # noqa: S310 (our own)
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{url} does not answer")


def installed(project: Path) -> Path:
    """An environment in which the project runs."""
    # Its source comes from --app-dir, so that two projects can share it.
    line = [find_uv_bin(), "sync", "--quiet", "--no-dev"]
    clean = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    subprocess.run(line, cwd=project, env=clean, check=True)
    return project / ".venv"


def seconds(work: Callable[[], None]) -> float:
    """The seconds of CPU that the programs which `work` runs take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def report(
    name: str, works: tuple[Callable[[], None], ...], limit: float, rounds: int
) -> None:
    runs = [tuple(map(seconds, works)) for _ in range(rounds)]
    few, many = (median(column) for column in zip(*runs, strict=True))
    # Pair by pair: both halves of a ratio met the same noise.
    ratio = median(large / small for small, large in runs)
    over = "  above it" if ratio > limit else ""
    print(f"{name:<34}{few:>7.2f} s{many:>7.2f} s{ratio:>8.2f}{limit:>8.1f}{over}")


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        none, few, many = (project_with(n, Path(folder)) for n in (0, FEW, MANY))
        print(f"{'':<34}{FEW:>9}{MANY:>9}{'ratio':>8}{'limit':>8}")
        for line in COMMANDS:
            works = tuple(
                lambda project=project: command(project, *line)  # noqa: B023
                for project in (few, many)
            )
            report(" ".join(line[:3]), works, LIMIT, rounds)
        environment = installed(none)
        print(f"{'':<34}{0:>9}{MANY:>9}")
        starts = tuple(
            lambda project=project: server(project, environment)
            for project in (none, many)
        )
        report("start of the server", starts, SERVER_LIMIT, rounds)
    print(f"seconds of CPU, medians of {rounds} rounds")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
