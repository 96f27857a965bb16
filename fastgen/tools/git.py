"""Run git independently of a surrounding git command, and check its version."""

import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import NeedsPerson

NEEDED = (2, 38)

# The output of `git rev-parse --local-env-vars`. Hooks and `git rebase --exec` set
# these variables, which override the folder that git runs in.
_OF_A_REPOSITORY = frozenset(
    """
    GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_DIR GIT_GRAFT_FILE
    GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_NAMESPACE GIT_NO_REPLACE_OBJECTS
    GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_QUARANTINE_PATH GIT_REPLACE_REF_BASE
    GIT_SHALLOW_FILE GIT_WORK_TREE
    """.split()  # noqa: SIM905
)


def outside_of_git() -> dict[str, str]:
    """The environment without the variables that select a repository. Variables about
    access (proxy, keys, credentials) stay."""
    return {k: v for k, v in os.environ.items() if k not in _OF_A_REPOSITORY}


def run_git(
    *arguments: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The finished process of `git *arguments` in `folder`, with any exit code.

    `environment` replaces the whole environment; the default is `outside_of_git()`.
    Raises OSError if git cannot be started.
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
    """The paths in `paths` that git ignores in the work tree at `root`.

    Tracked files are not ignored. Empty without a repository or git.
    """
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
    """A line of a file with ignore rules; `file` is relative to the root of the
    repository, or absolute."""

    file: str
    line: int
    pattern: str


def ignore_rules(folder: Path, paths: Collection[str]) -> dict[str, IgnoreRule]:
    """The matching ignore rule of each ignored path in `paths`, in `folder`."""
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
    """`parts` in groups of four; an incomplete last group is dropped."""
    each = iter(parts)
    return zip(each, each, each, each, strict=False)


def repository_root(folder: Path) -> Path | None:
    """The root of the work tree that contains `folder`, which may not exist; None
    outside a repository."""
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
    """Raise GitNeeded unless git supports `merge-tree --write-tree`."""
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
