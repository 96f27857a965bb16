"""Two branches of a project, each with one command, merged by git."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import Refusal
from fastgen.project.reading import load_project
from fastgen.spec.side import Side

from .commands import Command
from .kills import copied
from .laws import Broken
from .running import Done

LAW = "branches that git merges have both commands"

_GIT = (
    *("git", "-c", "user.name=t", "-c", "user.email=t@example.org"),
    *("-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"),
)


@dataclass(frozen=True)
class Branches:
    """A copy of the project in which git merged two branches."""

    root: Path
    sides: tuple[Side, Side]
    """The project on each branch."""
    clean: bool
    """Whether git merged them without a conflict."""


def branched(
    root: Path,
    copy: Path,
    pair: tuple[Command, Command],
    command: Callable[..., Done],
    flags: tuple[str, ...],
) -> Branches | None:
    """The merge of two branches in `copy`, a new copy of the project at `root`; None if
    a command of `pair` is refused."""
    copied(root, copy)
    git(copy, "init", "--quiet", "--initial-branch=main")
    _commit(copy)
    sides = []
    for name, one in zip(("left", "right"), pair, strict=True):
        git(copy, "checkout", "--quiet", "-b", name, "main")
        if command(copy, *one.arguments, *flags).code:
            return None
        _commit(copy)
        sides.append(load_project(copy).side)
    clean = git(copy, "merge", "--quiet", "--no-edit", "left") == 0
    return Branches(copy, (sides[0], sides[1]), clean)


def has_both(branches: Branches) -> Iterator[Broken]:
    """After a clean merge fastgen.toml has what both branches recorded."""
    try:
        merged = load_project(branches.root).side.spec
    except Refusal as refusal:
        yield Broken(LAW, str(refusal))
        return
    for side in branches.sides:
        spec = side.spec
        lacking = [
            *(spec.modules.keys() - merged.modules.keys()),
            *(spec.resources.keys() - merged.resources.keys()),
            *({i.name for i in spec.generated} - {i.name for i in merged.generated}),
        ]
        if lacking:
            yield Broken(LAW, f"lacks {', '.join(sorted(lacking))}")


def put_in_place(branches: Branches, root: Path) -> None:
    """Make the merged project the one at `root`."""
    shutil.rmtree(branches.root / ".git")
    shutil.rmtree(root)
    branches.root.rename(root)


def git(folder: Path, *arguments: str) -> int:
    """The exit code of git."""
    done = subprocess.run(
        [*_GIT, *arguments], cwd=folder, capture_output=True, check=False
    )
    return done.returncode


def _commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "-m", "x")
