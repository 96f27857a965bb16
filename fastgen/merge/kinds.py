"""Which files can be the same file under another name."""

import re
from pathlib import PurePosixPath

_SUFFIXES = {".yml": ".yaml", ".markdown": ".md"}

_ROLES = {
    "compose.yaml": re.compile(r"(docker-)?compose(\.[\w-]+)?\.ya?ml"),
    "Dockerfile": re.compile(r"([\w-]+\.)?(Docker|Container)file(\.[\w-]+)?"),
    "Makefile": re.compile(r"(GNU)?[Mm]akefile(\.mk)?"),
}
"""The names under which a tool finds one file, by the name that fastgen writes."""

_FEW = 3
"""So many lines that are not blank make a file that is like no other by chance."""


def role(path: str) -> str:
    """The name of the file at `path`, the same for all names that mean one file:
    `compose.yaml` for `docker-compose.yml`."""
    name = PurePosixPath(path).name
    found = (known for known, names in _ROLES.items() if names.fullmatch(name))
    suffix = PurePosixPath(path).suffix
    other = name.removesuffix(suffix) + _SUFFIXES.get(suffix, suffix)
    return next(found, other)


def kind(path: str) -> str:
    """The format of the file at `path`: two formats are never the same file."""
    if role(path) in _ROLES:
        return role(path)
    suffix = PurePosixPath(path).suffix
    return _SUFFIXES.get(suffix, suffix) or PurePosixPath(path).name


def is_small(content: bytes) -> bool:
    """Whether a file has too little in it to be known again by its content."""
    return sum(1 for line in content.splitlines() if line.strip()) < _FEW


def is_grown(path: str, content: bytes, old_path: str, old: bytes) -> bool:
    """Whether the file at `path` is the one at `old_path` with much added: it has the
    same role, and half of the lines of `old`; three quarters in another folder, where a
    file of that name can have another origin."""
    if role(path) != role(old_path):
        return False
    is_beside = PurePosixPath(path).parent == PurePosixPath(old_path).parent
    lines = {line.strip() for line in old.splitlines() if line.strip()}
    there = lines.intersection(line.strip() for line in content.splitlines())
    return len(there) >= len(lines) * (0.5 if is_beside else 0.75)
