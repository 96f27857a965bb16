"""A project that fastgen made, and what a person would do with it."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree

from filelock import FileLock

from .commands import CACHE, clean_environment, run
from .written import functions_of, written_tests

NOT_WRITTEN = {
    ".fastgen",  # the history that `undo` needs
    ".git",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
}

SLOW_FILES = ("test_contract*.py", "test_server.py", "test_*_timing.py")
"""Patterns of the test files of a project that take most of the time of its suite."""

START = 30.0  # seconds, on a machine that is busy with other tests
STOP = 5.0  # a server waits for nobody here; the machine may be busy


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    document: Any


@dataclass(frozen=True)
class Generated:
    """A project with its `.venv`, and the variables that its programs are run with."""

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def with_variables(self, **variables: str) -> "Generated":
        return replace(self, variables={**self.variables, **variables})

    def run(self, *command: str) -> str:
        """Run a command in the project; a program of `.venv` by its name there."""
        return run(command, self.root, self.environment)

    @property
    def environment(self) -> Mapping[str, str]:
        return {**clean_environment(), **self.variables}

    def tool(self, name: str, *arguments: str) -> str:
        return self.run(f"{self.root}/.venv/bin/{name}", *arguments)

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments)

    def surroundings(self) -> Mapping[str, str]:
        """Variables that the shell of a person may have when the tests run: `.env`, as
        editors and direnv export it, the mailbox of a login, and a proxy."""
        proxy = "http://127.0.0.1:9"
        found = {"MAIL": "/var/mail/ada", "HTTP_PROXY": proxy, "http_proxy": proxy}
        if (file := self.root / ".env").is_file():
            lines = file.read_text().splitlines()
            variables = [line for line in lines if not line.startswith("#")]
            found |= dict(line.split("=", 1) for line in variables)
        return found

    @property
    def package(self) -> str:
        (module,) = self.root.glob("src/*/main.py")
        return module.parent.name

    def files(self) -> Mapping[str, bytes]:
        """All that fastgen and people wrote."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not NOT_WRITTEN & {*path.relative_to(self.root).parts}
        }

    def lint(self) -> None:
        self.tool("ruff", "format", "--check")
        self.tool("ruff", "check")

    def check_types(self) -> None:
        """mypy, as the project configures it."""
        with libraries_known_to_mypy() as environment:
            report = run([f"{self.root}/.venv/bin/mypy"], self.root, environment)
        assert f"no issues found in {self.modules} source files" in report

    @property
    def modules(self) -> int:
        """How many Python files its own `mypy` looks at."""
        looked_at = ("src/", "tests/", "function_app.py")
        return sum(
            path.endswith(".py") and path.startswith(looked_at) for path in self.files()
        )

    def passed(
        self,
        *arguments: str,
        report: str = "suite",
        files: Sequence[str] = (),
        left_out: Sequence[str] = (),
    ) -> Sequence[str]:
        """Run the suite, with every warning an error; its tests in the order they ran.

        Neither a failed nor a skipped test is accepted; nor one that stands in a file
        and did not run, unless a condition is around it. `files` are the only ones that
        are run and judged, if given; files like a pattern of `left_out` are not."""
        file = self.root / ".venv" / f"{report}.xml"
        ignored = [f"--ignore-glob=*/{pattern}" for pattern in left_out]
        options = ["-q", "-W", "error", f"--junitxml={file}", *ignored]
        command = [f"{self.root}/.venv/bin/pytest", *options, *files, *arguments]
        run(command, self.root, {**self.surroundings(), **self.environment})
        cases = list(ElementTree.parse(file).iter("testcase"))  # noqa: S314 (our own)
        unusual = [case.get("name") for case in cases if len(case)]
        assert not unusual, f"not simply passed: {unusual}"
        names = [f"{case.get('classname')}::{case.get('name')}" for case in cases]
        written = written_tests(
            self.root, conditional=False, files=files, left_out=left_out
        )
        assert written, "there is no test"
        not_run = written - functions_of(names)
        assert not not_run, f"written, and not run: {sorted(not_run)}"
        return names

    def migrate(self) -> None:
        self.tool("alembic", "upgrade", "head")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of its real server; asked to stop, that has to stop."""
        log = self.root / ".venv" / "server.log"
        port = free_port()
        command = [".venv/bin/python", "-m", self.package, "--port", str(port)]
        with (
            log.open("w") as out,
            subprocess.Popen(
                command,
                cwd=self.root,
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            ) as server,
        ):
            try:
                wait_for(server, port, log)
                yield f"http://127.0.0.1:{port}"
                asked = time.monotonic()
                server.send_signal(signal.SIGTERM)
                server.wait(START)
                seconds = time.monotonic() - asked
            finally:
                server.kill()
        text = log.read_text()
        assert server.returncode in (0, -signal.SIGTERM), text
        assert seconds < STOP, f"stopped after {seconds:.1f} s\n{text}"
        assert "Traceback" not in text, text


def suites_of(project: Generated, plural: str) -> list[str]:
    """The files of tests of a resource: of its rows, and of its pairs if it has many of
    another."""
    files = (f"tests/test_{plural}.py", f"tests/test_{plural}_pairs.py")
    suite, *pairs = (file for file in files if (project.root / file).is_file())
    return [suite, *pairs]


@contextmanager
def libraries_known_to_mypy() -> Iterator[Mapping[str, str]]:
    """The environment for a run of mypy that starts with what earlier runs found out
    about the libraries, which is nine tenths of its work."""
    known = CACHE / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with FileLock(f"{known}.lock"):
        yield clean_environment() | {"MYPY_CACHE_DIR": str(known)}


def ask(address: str) -> Answer:
    try:
        with urlopen(address, timeout=10) as answer:  # noqa: S310 (our own server)
            body = answer.read()
    except HTTPError as error:
        with error as answer:
            body = answer.read()
    return Answer(answer.status, answer.headers["content-type"], json.loads(body))


def page(address: str) -> str:
    """The HTML that a browser gets, in small letters."""
    with urlopen(address, timeout=10) as answer:  # noqa: S310 (our own server)
        assert answer.headers.get_content_type() == "text/html"
        text = answer.read().decode()
    assert isinstance(text, str)
    return text.strip().lower()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it takes connections."""
    deadline = time.monotonic() + START
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server does not start\n{log.read_text()}")
