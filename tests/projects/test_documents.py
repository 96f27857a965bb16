"""Every command in the README.md and AGENTS.md of a project does what it says.

Commands are the fenced lines that begin with `$`, and the inline code that begins with
the name of a program. The rule for what is left out: targets of the Makefile whose
recipe calls `docker` or `uv audit`, since tests need neither a container engine nor
the internet. A target that another of these commands makes first runs as a part of it.
"""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError

from .commands import UV, clean_environment, run
from .conftest import Make
from .generated import START, Generated, ask, libraries_known_to_mypy

FENCED = re.compile(r"^\$ (.+)$", re.MULTILINE)
INLINE = re.compile(r"`((?:make|uv|\.venv/bin/\w+) [^`]+)`")

SERVES = {"make run", ".venv/bin/python -m my_api --host 0.0.0.0"}
PARTS = {"make test-unit", "make test-contract"}  # `make test` runs their tests


def test_the_commands_of_readme_and_agents_work(make: Make) -> None:
    project = make("my-api", "--preset", "api")
    found = commands_of(project)
    assert {"make check", "cp .env.example .env", *SERVES} <= found
    elsewhere = {f"make {target}" for target in targets_for_elsewhere(project)}
    images = {f"make {name}" for name in ("down", "image", "scan", "smoke", "up")}
    assert elsewhere == {"make audit", "make secrets", "make publish", *images}
    elsewhere |= {c for c in found if c.startswith("make publish IMAGE=")}
    assert "make test" in found & made_first(project, found)

    path = f"{Path(UV).parent}{os.pathsep}{os.environ['PATH']}"
    with libraries_known_to_mypy() as environment:
        environment = {**environment, "PATH": path}
        here = found - elsewhere - SERVES - PARTS - made_first(project, found)
        for command in sorted(here):
            run(["sh", "-c", command], project.root, environment)
    for command in SERVES:
        check_that_it_serves(project, command)


def commands_of(project: Generated) -> set[str]:
    texts = [(project.root / name).read_text() for name in ("README.md", "AGENTS.md")]
    return {
        command
        for text in texts
        for pattern in (FENCED, INLINE)
        for command in pattern.findall(text)
    }


def targets_for_elsewhere(project: Generated) -> set[str]:
    text = (project.root / "Makefile").read_text()
    rules = re.findall(r"^([a-z]+):.*\n((?:\t.*\n)+)", text, re.MULTILINE)
    return {target for target, recipe in rules if re.search("docker |uv audit", recipe)}


def made_first(project: Generated, commands: set[str]) -> set[str]:
    """The commands whose target is a prerequisite of that of another."""
    text = (project.root / "Makefile").read_text()
    rules = re.findall(r"^([a-z]+): ([a-z ]+)  ##", text, re.MULTILINE)
    return {
        f"make {target}"
        for rule, prerequisites in rules
        if f"make {rule}" in commands - SERVES
        for target in prerequisites.split()
    }


def check_that_it_serves(project: Generated, command: str) -> None:
    """It serves until it is interrupted, as with Ctrl-C in a terminal."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = project.root / ".venv" / "run.log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            command.split(),
            cwd=project.root,
            env=clean_environment() | {"PORT": str(port)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as server,
    ):
        try:
            assert answered(f"http://127.0.0.1:{port}/health/live"), log.read_text()
            os.killpg(server.pid, signal.SIGINT)
            server.wait(START)
        except BaseException:
            os.killpg(server.pid, signal.SIGKILL)
            raise


def answered(address: str) -> bool:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            return ask(address).status == 200
        except URLError:
            time.sleep(0.1)
    return False
