"""A project's files as values, and what is different between two of them."""

import difflib
import re
from pathlib import Path

from fastgen.merge.gate.parse import parse_problem
from fastgen.project.reading import walk

Snapshot = dict[str, list[str]]
"""The lines of each file, with their ends, by path."""


def snapshot(root: Path) -> Snapshot:
    return {path: _text(root / path).splitlines(keepends=True) for path in walk(root)}


def difference(before: Snapshot, after: Snapshot) -> str:
    """A unified diff of the files that were there before and still are; of the others
    the names, since a render is not what a case is about."""
    lines: list[str] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            lines.append(f"{'new' if old is None else 'gone'}: {path}\n")
        elif old != new:
            lines += difflib.unified_diff(old, new, path, path, n=2)
    whole = (
        line if line.endswith("\n") else f"{line} (no line end)\n" for line in lines
    )
    return re.sub(r"(_SECRET\w*=)\S+", r"\1...", "".join(whole))


def masked(text: str, home: Path) -> str:
    """Without what differs from machine to machine."""
    return text.replace(str(home), "HOME")


def unparsable(files: Snapshot) -> list[str]:
    return [
        path for path, lines in files.items() if parse_problem(path, "".join(lines))
    ]


def _text(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {path.readlink()}\n"
    return path.read_bytes().decode(errors="surrogateescape")
