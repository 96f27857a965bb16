"""Commands in this process, with the merges that they make."""

import contextlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastgen.apply.transaction
import fastgen.merge.plan
from fastgen.cli.main import run
from fastgen.merge.following import with_users_names_and_paths
from fastgen.merge.moves import Followed
from fastgen.plan import Plan
from fastgen.tree import Files, Tree

from .speed import replace_everywhere


@dataclass(frozen=True)
class Merge:
    """The sides of a merge, and the plan that came of it."""

    base: Tree
    next: Tree
    user: Files
    followed: Followed
    plan: Plan

    def trees(self) -> tuple[Tree, Tree]:
        """Base and next, at the paths and with the names that the user has."""
        return with_users_names_and_paths(
            self.base, self.next, self.user, self.followed
        )


@dataclass(frozen=True)
class Done:
    """A command that ended. `said` is all that it printed, `applied` the plan that it
    wrote."""

    arguments: tuple[str, ...]
    code: int
    said: str
    report: Mapping[str, Any] = field(default_factory=dict)
    merge: Merge | None = None
    applied: Plan | None = None

    @property
    def words(self) -> str:
        return " ".join(["fastgen", *self.arguments])

    @property
    def findings(self) -> Sequence[Mapping[str, Any]]:
        return self.report.get("findings", ())

    @property
    def conflicts(self) -> Sequence[Mapping[str, Any]]:
        return self.report.get("conflicts", ())

    @property
    def reported(self) -> set[str]:
        """The paths that the report says something about."""
        paths = {f["path"] for f in (*self.findings, *self.conflicts)}
        kept = {
            f["path"] for f in self.report.get("files", ()) if f["action"] == "keep"
        }
        return paths | kept


class Recorder:
    """Remembers the merge and the plan of the command that runs."""

    def __init__(self) -> None:
        self.merge: Merge | None = None
        self.applied: Plan | None = None
        self._functions = {
            fastgen.merge.plan.merged: self._merged,
            fastgen.apply.transaction.apply: self._apply,
        }
        self._real = (fastgen.merge.plan.merged, fastgen.apply.transaction.apply)
        for function, recording in self._functions.items():
            replace_everywhere(function, recording)

    def close(self) -> None:
        """Put the functions back."""
        for function, recording in self._functions.items():
            replace_everywhere(recording, function)

    def _merged(
        self, base: Any, next_: Any, user: Any, followed: Any, **rest: Any
    ) -> Plan:
        plan = self._real[0](base, next_, user, followed, **rest)
        self.merge = Merge(base, next_, user, followed, plan)
        return plan

    def _apply(self, root: Path, plan: Plan, command: str) -> None:
        self._real[1](root, plan, command)
        self.applied = plan

    def clear(self) -> None:
        self.merge = self.applied = None


class Runner:
    """Runs commands, and counts them."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.count = 0

    def __call__(self, root: Path, *arguments: str) -> Done:
        """The end of `fastgen *arguments` in the folder `root`."""
        self.count += 1
        self.recorder.clear()
        out, error = io.StringIO(), io.StringIO()
        with (
            _inside(root),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            code = run(arguments)
        said = out.getvalue() + error.getvalue()
        report = {}
        if "--json" in arguments:
            with contextlib.suppress(ValueError):
                report = json.loads(out.getvalue())
        return Done(
            arguments, code, said, report, self.recorder.merge, self.recorder.applied
        )


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir("/")
