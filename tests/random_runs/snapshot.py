"""A project's files, as they are on the disk."""

import difflib
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

SKIPPED = {".fastgen", ".git", "__pycache__", ".ruff_cache"}
ENVIRONMENT = ".env"

MARK = re.compile(rb"(?i:mine)\d+q(?i:)|MINE\d+Q")
"""The words by which the lines of the user are known again."""


@dataclass(frozen=True)
class Node:
    """A file or a link. `content` of a link is its target."""

    content: bytes
    mode: int
    link: bool = False


Snapshot = Mapping[str, Node]


def snapshot(root: Path) -> Snapshot:
    """Every file and link of the project at `root`, by its path."""
    found: dict[str, Node] = {}
    _walk(str(root), "", found)
    return found


def _walk(folder: str, prefix: str, found: dict[str, Node]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.is_symlink():
                found[path] = Node(os.fsencode(Path(entry).readlink()), 0, link=True)
            elif entry.is_dir():
                if entry.name not in SKIPPED:
                    _walk(entry.path, f"{path}/", found)
            else:
                with open(entry.path, "rb") as stream:  # noqa: PTH123 (250 files)
                    content = stream.read()
                found[path] = Node(content, entry.stat().st_mode & 0o777)


def differing(before: Snapshot, after: Snapshot) -> list[str]:
    """The paths that are not the same in both; `.env` has new secrets each time."""
    paths = before.keys() | after.keys()
    return sorted(
        path
        for path in paths
        if before.get(path) != after.get(path) and path != ENVIRONMENT
    )


def without_blank_lines(files: Snapshot) -> Snapshot:
    """The files without blank lines: those around what a module adds may be the
    user's."""
    return {
        path: replace(
            node,
            content=b"\n".join(s for s in node.content.splitlines() if s.strip()),
        )
        for path, node in files.items()
    }


def sorted_lines(files: Snapshot) -> Snapshot:
    """The files with their lines sorted."""
    return {
        path: replace(node, content=b"\n".join(sorted(node.content.splitlines())))
        for path, node in files.items()
    }


_PACKAGE = re.compile(rb"shop_named\d+")


def with_one_package(files: Snapshot) -> Snapshot:
    """The files with the package's first name: where fastgen changes a line that still
    has that name, the line gets the new one."""
    return {
        path: replace(node, content=_PACKAGE.sub(b"shop", node.content))
        for path, node in files.items()
    }


def diff(before: Snapshot, after: Snapshot, paths: Iterable[str]) -> list[str]:
    """The lines that differ in `paths`, for people."""
    found = []
    for path in list(paths)[:6]:
        old, new = (
            tree[path].content.decode(errors="replace").splitlines()
            if path in tree
            else []
            for tree in (before, after)
        )
        rows = [*difflib.unified_diff(old, new, path, path, n=1, lineterm="")]
        found += [f"    {row}" for row in rows[1:40]]
    return found


def marks(files: Snapshot) -> Counter[bytes]:
    """How often each mark of the user is in the project, in texts and in paths."""
    found: Counter[bytes] = Counter()
    for path, node in files.items():
        found.update(marks_in(node.content))
        found.update(MARK.findall(path.encode(errors="surrogateescape")))
    return found


@lru_cache(maxsize=20_000)
def marks_in(content: bytes) -> tuple[bytes, ...]:
    return tuple(MARK.findall(content))


def holders(files: Snapshot, marks: Iterable[bytes]) -> set[str]:
    """The paths of the files that have one of `marks`."""
    wanted = set(marks)
    return {
        path
        for path, node in files.items()
        if wanted.intersection(marks_in(node.content))
    }
