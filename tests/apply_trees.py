"""What the tests of `apply` share: a project, a plan for it, and effects that fail."""

import inspect
import os
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from fastgen.apply import disk
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File

OLD = {
    "fastgen.toml": File(b"version = 1\n"),
    "README.md": File(b"mine\n"),
    "run.sh": File(b"#!/bin/sh\n", 0o755),
    "serve.sh": File(b"#!/bin/sh\n"),
    "app/old/gone.py": File(b"gone = 1\n", 0o600),
    "app/report.py": File(b"report = 1\n", 0o640),
}
NEW = {
    "fastgen.toml": File(b"version = 2\n"),
    "README.md": File(b"mine\n"),
    "run.sh": File(b"#!/bin/sh\nexit\n", 0o755),
    "serve.sh": File(b"#!/bin/sh\n", 0o755),
    "app/reports/daily/report.py": File(b"report = 2\n", 0o640),
    "app/new.py": File(b"new = 1\n"),
    "bin/serve": File(b"#!/bin/sh\n", 0o755),
    ".env": File(b"SECRET=1\n", 0o600),
}


def created(path: str) -> Change:
    return Change(path, Action.CREATE, "auth", None, NEW[path])


PLAN = Plan(
    (
        Change("README.md", Action.KEEP, "core", OLD["README.md"], OLD["README.md"]),
        Change(
            "fastgen.toml",
            Action.UPDATE,
            "core",
            OLD["fastgen.toml"],
            NEW["fastgen.toml"],
        ),
        Change("run.sh", Action.UPDATE, "core", OLD["run.sh"], NEW["run.sh"]),
        Change("serve.sh", Action.UPDATE, "core", OLD["serve.sh"], NEW["serve.sh"]),
        Change("app/old/gone.py", Action.DELETE, "core", OLD["app/old/gone.py"], None),
        Change(
            "app/reports/daily/report.py",
            Action.MOVE,
            "core",
            OLD["app/report.py"],
            NEW["app/reports/daily/report.py"],
            source="app/report.py",
        ),
        created("app/new.py"),
        created("bin/serve"),
        created(".env"),
    )
)


def lay(root: Path, files: Mapping[str, File]) -> Path:
    for path, file in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(file.content)
        (root / path).chmod(file.mode)
    return root


def project(root: Path) -> Path:
    """A project that PLAN is for; the deletion empties a folder with its own mode."""
    lay(root, OLD)
    (root / "app/old").chmod(0o750)
    return root


def snapshot(root: Path) -> dict[str, tuple[bytes | None, int]]:
    """Every file and folder but fastgen's own, with its bytes and mode."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] != ".fastgen":
            content = path.read_bytes() if path.is_file() else None
            found[name] = (content, stat.S_IMODE(path.lstat().st_mode))
    return found


def contents(root: Path) -> dict[str, bytes]:
    return {name: found[0] for name, found in snapshot(root).items() if found[0]}


class Killed(BaseException):
    """Nothing runs any more: what SIGKILL does, as seen from the disk."""


class Effects:
    """Counts the calls of disk.py, and has the one numbered `at` fail.

    With `Killed` all that follow fail too, and a write leaves half of its bytes behind.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.at = 0
        self.error: BaseException = Killed()
        self.real = {
            name: function
            for name, function in inspect.getmembers(disk, inspect.isfunction)
            if function.__module__ == disk.__name__
            and not name.startswith("_")
            and name not in ("read", "refusal_of", "refusing")
        }
        for name in self.real:
            monkeypatch.setattr(disk, name, self._counted(name))
        monkeypatch.setattr(os, "fsync", lambda number: None)

    def fail(self, at: int, error: BaseException) -> None:
        self.count, self.at, self.error = 0, at, error

    def work(self) -> None:
        self.at = 0

    def _counted(self, name: str) -> Callable[..., Any]:
        def effect(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            killed = isinstance(self.error, Killed)
            hit = self.count == self.at
            if self.at and (hit or (killed and self.count > self.at)):
                if name == "write" and killed and hit:
                    path, file = arguments
                    path.write_bytes(file.content[: len(file.content) // 2])
                raise self.error
            return self.real[name](*arguments, **options)

        return effect


_CHILD = """
import os, pickle, sys
from fastgen.apply.transaction import apply
from fastgen.errors import NeedsPerson
root, plan = pickle.loads(sys.stdin.buffer.read())
{before}
try:
    apply(root, plan, "add auth")
except NeedsPerson as refusal:
    print(type(refusal).__name__, refusal.exit_code, refusal)
"""


def refusal_in_child(root: Path, plan: Plan, before: str = "") -> str:
    """What another process says when it applies a plan, after executing `before`."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD.format(before=before)],
        input=pickle.dumps((root, plan)),
        capture_output=True,
        check=False,
    )
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()
