"""The record of a transaction, and where it lies.

.fastgen/transaction/       while one is under way
    0000.before             a copy of what row 0 of the journal replaces or deletes
    0001.after              what row 1 writes, until it is renamed into place
    journal.json            written last, so where it is, the rest is whole
.fastgen/history/0001/      a committed one: the same folder, renamed
.fastgen/kept/0002/         copies that a rollback could not put back
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastgen.apply import disk, paths
from fastgen.errors import NeedsPerson
from fastgen.plan import Action
from fastgen.tree import File

JOURNAL = "journal.json"
_FORMAT = 1


class JournalUnreadable(NeedsPerson):
    """{folder} is not a record that this fastgen can read: use the one that wrote it,
    or compare the files in there with yours, and delete that folder."""


@dataclass(frozen=True)
class Version:
    """A file's bytes, by their SHA-256 in hexadecimal, and its mode."""

    digest: str
    mode: int

    @classmethod
    def of(cls, file: File) -> "Version":
        return cls(hashlib.sha256(file.content).hexdigest(), file.mode)


SOMETHING_ELSE = Version("", 0)
"""A symlink, a folder or the like, where a file was expected."""


@dataclass(frozen=True)
class Row:
    """One path: what lay there, and what is to lie there; None is no file."""

    path: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True)
class Step:
    """One change as people were shown it."""

    action: Action
    path: str
    source: str | None
    module: str


@dataclass(frozen=True)
class Folder:
    """A folder; without a mode the umask decides on it."""

    path: str
    mode: int | None


@dataclass(frozen=True)
class Journal:
    """All that is needed to go back: rows in their order, folders parents first."""

    number: int
    command: str
    undoes: int | None
    steps: tuple[Step, ...]
    rows: tuple[Row, ...]
    made: tuple[Folder, ...]
    emptied: tuple[Folder, ...]


def before_file(folder: Path, index: int) -> Path:
    return folder / f"{index:04}.before"


def after_file(folder: Path, index: int) -> Path:
    return folder / f"{index:04}.after"


def numbers(folder: Path) -> list[int]:
    """The numbers of a folder's records, in order."""
    paths.check_folder(folder)
    if not folder.exists():
        return []
    names = (entry.name for entry in folder.iterdir())
    return sorted(int(name) for name in names if name.isdecimal())


def write_journal(folder: Path, journal: Journal) -> None:
    """Writes it in one step; from here on the transaction can be rolled back."""
    text = json.dumps({"format": _FORMAT, **asdict(journal)}, indent=1)
    disk.publish(folder / JOURNAL, text.encode())


def read_journal(folder: Path) -> Journal | None:
    """A folder's journal, None where there is none.

    Its paths are checked: it may have come with a repository of someone else's.
    """
    paths.check_folder(folder)
    file = folder / JOURNAL
    if not os.path.lexists(file):
        return None
    try:
        journal = _journal(json.loads(disk.read(file).content))
    except (ValueError, LookupError, TypeError) as error:
        raise JournalUnreadable(folder=folder) from error
    for path in (
        *(row.path for row in journal.rows),
        *(made.path for made in journal.made),
        *(emptied.path for emptied in journal.emptied),
    ):
        paths.check_path(path)
    return journal


def standing(root: Path, path: str) -> Version | None:
    """What lies at a path now."""
    try:
        if paths.checked_status(root, path) is None:
            return None
    except paths.UnsafePath:
        return SOMETHING_ELSE
    return Version.of(disk.read(root / path))


def same(one: Version | None, other: Version | None) -> bool:
    """Whether both are the same bytes, or both no file; a mode is the user's affair."""
    return (one and one.digest) == (other and other.digest)


def _journal(data: Mapping[str, Any]) -> Journal:
    if data["format"] != _FORMAT:
        raise ValueError(data["format"])
    return Journal(
        number=int(data["number"]),
        command=str(data["command"]),
        undoes=None if data["undoes"] is None else int(data["undoes"]),
        steps=tuple(
            Step(
                Action(step["action"]),
                str(step["path"]),
                None if step["source"] is None else str(step["source"]),
                str(step["module"]),
            )
            for step in data["steps"]
        ),
        rows=tuple(
            Row(str(row["path"]), _version(row["before"]), _version(row["after"]))
            for row in data["rows"]
        ),
        made=tuple(_folder(folder) for folder in data["made"]),
        emptied=tuple(_folder(folder) for folder in data["emptied"]),
    )


def _folder(data: Mapping[str, Any]) -> Folder:
    mode = data["mode"]
    return Folder(str(data["path"]), None if mode is None else int(mode))


def _version(data: Mapping[str, Any] | None) -> Version | None:
    if data is None:
        return None
    return Version(str(data["digest"]), int(data["mode"]))
