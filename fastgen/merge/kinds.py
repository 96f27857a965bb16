"""Rules for which files can be the same file under another name."""

import re
from pathlib import PurePosixPath

_SUFFIXES = {".yml": ".yaml", ".markdown": ".md"}

_ROLES = {
    "compose.yaml": re.compile(r"(docker-)?compose(\.[\w-]+)?\.ya?ml"),
    "Dockerfile": re.compile(r"([\w-]+\.)?(Docker|Container)file(\.[\w-]+)?"),
    "Makefile": re.compile(r"(GNU)?[Mm]akefile(\.mk)?"),
}
"""The file names that a tool accepts for one role, by the name that fastgen writes."""

_FEW = 3
"""Files with fewer non-blank lines than this are not matched by content."""


def role(path: str) -> str:
    """The canonical name of the file at `path`, for example `compose.yaml` for
    `docker-compose.yml`."""
    name = PurePosixPath(path).name
    found = (known for known, names in _ROLES.items() if names.fullmatch(name))
    suffix = PurePosixPath(path).suffix
    other = name.removesuffix(suffix) + _SUFFIXES.get(suffix, suffix)
    return next(found, other)


def kind(path: str) -> str:
    """The format of the file at `path`. Files of different formats never match."""
    if role(path) in _ROLES:
        return role(path)
    suffix = PurePosixPath(path).suffix
    return _SUFFIXES.get(suffix, suffix) or PurePosixPath(path).name


def is_small(content: bytes) -> bool:
    """Whether `content` is too short to match a file by its content."""
    return sum(1 for line in content.splitlines() if line.strip()) < _FEW


def is_grown(path: str, content: bytes, old_path: str, old: bytes) -> bool:
    """Whether the file at `path` is the one at `old_path` with many added lines.

    Both need the same role, and `content` at least half of the lines of `old`. In
    another folder it needs three quarters, because a file of that name can have another
    origin there.
    """
    if role(path) != role(old_path):
        return False
    is_beside = PurePosixPath(path).parent == PurePosixPath(old_path).parent
    lines = {line.strip() for line in old.splitlines() if line.strip()}
    there = lines.intersection(line.strip() for line in content.splitlines())
    return len(there) >= len(lines) * (0.5 if is_beside else 0.75)
