"""The record of a transaction, and its place on disk.

.fastgen/transaction/       while a transaction runs
    0000.before             a copy of what row 0 of the journal replaces or deletes
    0001.after              what row 1 writes, until it is renamed into place
    journal.json            written last: if it exists, the other files are complete
.fastgen/history/0001/      a committed transaction: the same folder, renamed
.fastgen/kept/0002/         copies that a rollback could not restore
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
    """The SHA-256 of a file's content, in hexadecimal, and its mode."""

    digest: str
    mode: int

    @classmethod
    def of(cls, file: File) -> "Version":
        return cls(hashlib.sha256(file.content).hexdigest(), file.mode)


SOMETHING_ELSE = Version("", 0)
"""Stands for a symlink, a folder or the like where a file was expected."""


@dataclass(frozen=True)
class Row:
    """The file at one path before and after the transaction; None means no file."""

    path: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True)
class Step:
    """One change, as it was printed to the user."""

    action: Action
    path: str
    source: str | None
    module: str


@dataclass(frozen=True)
class Folder:
    """A folder. Without `mode` the umask applies."""

    path: str
    mode: int | None


@dataclass(frozen=True)
class Journal:
    """Everything needed for a rollback. Rows are in order; in `made` and `emptied`,
    parents come before children."""

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
    """The sorted numbers of the records in `folder`."""
    paths.check_folder(folder)
    if not folder.exists():
        return []
    names = (entry.name for entry in folder.iterdir())
    return sorted(int(name) for name in names if name.isdecimal())


def write_journal(folder: Path, journal: Journal) -> None:
    """Write `journal` atomically. From then on the transaction can be rolled back."""
    text = json.dumps({"format": _FORMAT, **asdict(journal)}, indent=1)
    disk.publish(folder / JOURNAL, text.encode())


def read_journal(folder: Path) -> Journal | None:
    """The journal in `folder`, or None.

    The paths in it are checked, because the journal can come from a cloned repository.
    Raises JournalUnreadable, or UnsafePath.
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
    """The version of the file that is at `path` now."""
    try:
        if paths.checked_status(root, path) is None:
            return None
    except paths.UnsafePath:
        return SOMETHING_ELSE
    return Version.of(disk.read(root / path))


def same(one: Version | None, other: Version | None) -> bool:
    """Whether both have the same content, or both are None. Modes are ignored, because
    the user may change them."""
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
