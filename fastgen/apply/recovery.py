"""Rollback of an interrupted transaction."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastgen.apply import disk, paths
from fastgen.apply.journal import (
    JOURNAL,
    Journal,
    JournalUnreadable,
    Row,
    Version,
    before_file,
    read_journal,
    same,
    standing,
)
from fastgen.apply.lock import locked
from fastgen.apply.state import STATE, transaction_folder
from fastgen.errors import NeedsPerson


class NotRolledBack(NeedsPerson):
    """What was begun could not be taken back ({cause}): put that right and run any
    fastgen command here, which will finish it. The old files are in {folder}."""


@dataclass(frozen=True)
class NotRestored:
    """A file that the rollback left alone, because it changed after the interruption.

    `copy` is the path of its old version, relative to the root; None if it had none.
    """

    path: str
    copy: str | None


@dataclass(frozen=True)
class Recovery:
    """The result of a rollback: the restored paths, and the files that it left
    alone."""

    command: str
    restored: tuple[str, ...]
    not_restored: tuple[NotRestored, ...]


def recover(root: Path) -> Recovery | None:
    """Roll back an interrupted transaction; returns None if there is none.

    Every command calls this first. Raises AlreadyRunning while another fastgen runs.
    """
    root = root.resolve()
    paths.check_folder(root / STATE)
    if not os.path.lexists(transaction_folder(root)):
        return None
    with locked(root):
        return roll_back(root)


def roll_back(root: Path) -> Recovery | None:
    """Restore the old files by renames alone, so that a full disk does not prevent it.

    It can be interrupted at any time and called again.
    """
    folder = transaction_folder(root)
    try:
        journal = read_journal(folder)
        recovery = None
        if journal is not None:
            recovery = _restored(root, folder, journal)
            disk.unlink(folder / JOURNAL)
        if folder.exists():
            disk.remove_tree(folder)
    except OSError as error:
        raise NotRolledBack(cause=error, folder=folder) from error
    return recovery


def _restored(root: Path, folder: Path, journal: Journal) -> Recovery:
    modes = {emptied.path: emptied.mode for emptied in journal.emptied}
    restored, not_restored = [], []
    for index, row in reversed(list(enumerate(journal.rows))):
        backup = before_file(folder, index)
        now = standing(root, row.path)
        if now == row.before:
            continue
        if _is_after(now, row):
            _put_back(root, row, backup, modes)
            restored.append(row.path)
        elif not same(now, row.before):
            copy = None
            if row.before is not None:
                copy = _copy_kept(root, journal.number, row.path, backup)
            not_restored.append(NotRestored(row.path, copy))
    for made in reversed(journal.made):
        if _is_folder(root, made.path):
            disk.rmdir(root / made.path)
    return Recovery(journal.command, tuple(sorted(restored)), tuple(not_restored))


def _is_after(now: Version | None, row: Row) -> bool:
    """Whether the transaction has written this row. The mode decides if the row changes
    only the mode."""
    return now == row.after if same(row.before, row.after) else same(now, row.after)


def _put_back(
    root: Path, row: Row, backup: Path, modes: Mapping[str, int | None]
) -> None:
    if row.before is None:
        disk.unlink(root / row.path)
        return
    if not backup.is_file() or not same(Version.of(disk.read(backup)), row.before):
        raise JournalUnreadable(folder=backup.parent)
    for parent in reversed(paths.parents(row.path)):
        if not (root / parent).exists():
            disk.mkdir(root / parent, modes.get(parent))
    disk.replace(backup, root / row.path)


def _copy_kept(root: Path, number: int, path: str, backup: Path) -> str:
    """Move a backup to a folder that nothing removes. Returns its path relative to the
    root."""
    place = f"{STATE}/kept/{number:04}/{path}"
    if backup.is_file():  # otherwise an earlier, interrupted rollback has moved it
        for parent in reversed(paths.parents(place)):
            paths.check_folder(root / parent)
            if not (root / parent).exists():
                disk.mkdir(root / parent, 0o700)
        disk.replace(backup, root / place)
    return place


def _is_folder(root: Path, path: str) -> bool:
    try:
        paths.checked_status(root, path)
    except paths.FolderInTheWay:
        return True
    except paths.UnsafePath:
        return False
    return False
