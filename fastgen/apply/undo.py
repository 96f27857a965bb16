"""The committed transactions of a project, and how to undo them."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.apply import disk, paths
from fastgen.apply.journal import (
    Journal,
    Step,
    Version,
    before_file,
    numbers,
    read_journal,
    same,
    standing,
)
from fastgen.apply.preconditions import UndoPlan
from fastgen.apply.state import STATE, history_folder
from fastgen.errors import NeedsPerson
from fastgen.phrases import in_words
from fastgen.plan import Action, Change, Plan
from fastgen.tree import ENVIRONMENT, SPEC_PATH, File

_CACHE = re.compile(r"__pycache__|\..+_cache")

_INVERSE = {
    Action.CREATE: Action.DELETE,
    Action.DELETE: Action.CREATE,
    Action.UPDATE: Action.UPDATE,
    Action.MOVE: Action.MOVE,
}


class EditedSince(NeedsPerson):
    """You edited {paths} after `{command}`. Nothing was changed. Take these edits back
    first; the old files are in {folder}."""


class HistoryDamaged(NeedsPerson):
    """`{command}` cannot be undone, because {folder} is incomplete. Nothing was
    changed. Delete that folder to undo the command before it."""


@dataclass(frozen=True)
class Past:
    """A committed transaction; `files` are the paths that it wrote or deleted."""

    number: int
    command: str
    files: tuple[str, ...]
    undoes: int | None
    undone: bool


def undo_history(root: Path) -> tuple[Past, ...]:
    """The recorded transactions, newest first."""
    journals = _journals(root)
    undone = {journal.undoes for journal in journals}
    return tuple(
        Past(
            journal.number,
            journal.command,
            tuple(row.path for row in journal.rows),
            journal.undoes,
            journal.number in undone,
        )
        for journal in journals
    )


def undo_plan(root: Path) -> UndoPlan:
    """The plan that reverses the newest transaction that is not undone yet.

    It is empty if there is none, and never changes `.env`, because its values are the
    user's. Raises EditedSince if a file has changed since the transaction.
    """
    journals = _journals(root)
    undone = {journal.undoes for journal in journals}
    for journal in journals:
        if journal.undoes is None and journal.number not in undone:
            with disk.refusing():
                return _inverse(root, journal)
    return UndoPlan()


def undo_deletes_project(plan: UndoPlan) -> bool:
    """Whether `plan` is the undo of `new`."""
    return any(
        change.path == SPEC_PATH and change.action is Action.DELETE
        for change in plan.changes
    )


def paths_left(root: Path, plan: Plan) -> tuple[str, ...]:
    """The paths in `root` that remain after `plan`. A folder that remains as a whole
    ends with `/`. fastgen's records and caches are left out."""
    gone = {change.source or change.path for change in plan.writes}
    touched = {folder for path in gone for folder in paths.parents(path)}
    with disk.refusing():
        return tuple(_left(root, "", gone, touched))


def _left(
    root: Path, folder: str, gone: Collection[str], touched: Collection[str]
) -> Iterator[str]:
    for entry in sorted((root / folder).iterdir()):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if path in gone or path == STATE or _CACHE.fullmatch(entry.name):
            continue
        if entry.is_symlink() or not entry.is_dir():
            yield path
        elif path in touched:
            yield from _left(root, path, gone, touched)
        else:
            yield f"{path}/"


def _journals(root: Path) -> list[Journal]:
    with disk.refusing():
        paths.check_folder(root / STATE)
        found = [
            read_journal(history_folder(root, number))
            for number in reversed(numbers(root / STATE / "history"))
        ]
    return [journal for journal in found if journal]


def _inverse(root: Path, journal: Journal) -> UndoPlan:
    rows = [row for row in journal.rows if row.path != ENVIRONMENT]
    edited = [row.path for row in rows if not same(standing(root, row.path), row.after)]
    if edited:
        raise EditedSince(
            paths=in_words(sorted(edited)),
            command=journal.command,
            folder=history_folder(root, journal.number),
        )
    now = {
        row.path: _with_mode(disk.read(root / row.path), row.after)
        for row in rows
        if row.after
    }
    old = {
        row.path: _backup(root, journal, index, row.before)
        for index, row in enumerate(journal.rows)
        if row.before and row in rows
    }
    return UndoPlan(
        changes=tuple(
            _undone(step, now, old)
            for step in journal.steps
            if step.path != ENVIRONMENT
        ),
        undoes=journal.number,
        command=journal.command,
        environment=len(rows) < len(journal.rows),
        made=tuple(folder.path for folder in journal.made),
        emptied=journal.emptied,
    )


def _undone(step: Step, now: dict[str, File], old: dict[str, File]) -> Change:
    path = step.source or step.path
    return Change(
        path=path,
        action=_INVERSE[step.action],
        module=step.module,
        before=None if step.action is Action.DELETE else now[step.path],
        after=None if step.action is Action.CREATE else old[path],
        source=step.path if step.source else None,
    )


def _backup(root: Path, journal: Journal, index: int, version: Version) -> File:
    folder = history_folder(root, journal.number)
    file = before_file(folder, index)
    content = disk.read(file).content if os.path.lexists(file) else None
    if content is None or not same(Version.of(File(content)), version):
        raise HistoryDamaged(folder=folder, command=journal.command)
    return File(content, version.mode)


def _with_mode(file: File, version: Version) -> File:
    """`file` with the mode that the transaction set. If the user changed the mode
    later, the file keeps it."""
    return File(file.content, version.mode)
