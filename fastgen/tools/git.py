"""git: whether it is there, and how it runs for somebody who is inside of git."""

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import NeedsPerson

NEEDED = (2, 38)

# What `git rev-parse --local-env-vars` names: set in a hook or in `git rebase --exec`,
# and stronger there than the folder that a command is run in.
_OF_A_REPOSITORY = frozenset(
    """
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_DIR GIT_GRAFT_FILE
    GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_NAMESPACE GIT_NO_REPLACE_OBJECTS
    GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_QUARANTINE_PATH GIT_REPLACE_REF_BASE
    GIT_SHALLOW_FILE GIT_WORK_TREE
    """.split()  # noqa: SIM905
)


def outside_of_git() -> dict[str, str]:
    """The environment without the variables that tie git to one repository; what says
    how to reach another one (a proxy, a key, credentials) stays."""
    return {k: v for k, v in os.environ.items() if k not in _OF_A_REPOSITORY}


def run_git(
    *arguments: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The finished process of `git *arguments` in `folder`, whatever its exit code.

    `environment` is all that git sees; `outside_of_git()` by default. Raises OSError
    where git cannot be started.
    """
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=outside_of_git() if environment is None else environment,
        input=stdin,
        capture_output=True,
        check=False,
    )


def ignored_paths(root: Path, paths: Collection[str]) -> set[str]:
    """Those of `paths` that git ignores in the work tree of `root`; none where there is
    no repository or no git. A file that is tracked is not ignored."""
    if not paths:
        return set()
    asked = "\0".join(paths).encode(errors="surrogateescape")
    try:
        done = run_git("check-ignore", "-z", "--stdin", folder=root, stdin=asked)
    except OSError:
        return set()
    found = done.stdout.decode(errors="surrogateescape")
    return {path for path in found.split("\0") if path}


@dataclass(frozen=True)
class IgnoreRule:
    """A line of a file that names what git ignores; `file` is relative to the root of
    the repository, or absolute."""

    file: str
    line: int
    pattern: str


def ignore_rules(folder: Path, paths: Collection[str]) -> dict[str, IgnoreRule]:
    """The rule that makes git ignore a path, for those of `paths` in `folder` that it
    ignores."""
    asked = "\0".join(paths).encode(errors="surrogateescape")
    options = ("--verbose", "-z", "--stdin")
    try:
        done = run_git("check-ignore", *options, folder=folder, stdin=asked)
    except OSError:
        return {}
    found = done.stdout.decode(errors="surrogateescape").split("\0")
    return {
        path: IgnoreRule(file, int(line), pattern)
        for file, line, pattern, path in _by_fours(found)
        if not pattern.startswith("!")
    }


def _by_fours(parts: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """`parts` by fours; a rest of fewer is left out."""
    each = iter(parts)
    return zip(each, each, each, each, strict=False)


def repository_root(folder: Path) -> Path | None:
    """The root of the work tree that `folder`, or the nearest folder above it, is in;
    None outside of a repository."""
    place = folder.resolve()
    while not place.is_dir():
        place = place.parent
    try:
        done = run_git("rev-parse", "--show-toplevel", folder=place)
    except OSError:
        return None
    top = done.stdout.decode(errors="surrogateescape").removesuffix("\n")
    return Path(top).resolve() if done.returncode == 0 and top else None


class GitNeeded(NeedsPerson):
    """fastgen merges with git {needed} or newer, and {found}; install git, then run the
    command again."""


def check_git() -> None:
    """Raise GitNeeded unless a git that knows `merge-tree --write-tree` is there."""
    needed = ".".join(map(str, NEEDED))
    try:
        done = run_git("--version")
    except OSError:
        raise GitNeeded(needed=needed, found="there is no git here") from None
    found = re.search(r"(\d+)\.(\d+)\S*", done.stdout.decode(errors="replace"))
    if done.returncode != 0 or not found:
        raise GitNeeded(needed=needed, found="the git here does not run")
    if (int(found[1]), int(found[2])) < NEEDED:
        raise GitNeeded(needed=needed, found=f"here it is {found[0]}")
