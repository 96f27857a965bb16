"""The committed transactions of a project, and the way back through them."""

import os
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
from fastgen.plan import Action, Change
from fastgen.tree import File

_INVERSE = {
    Action.CREATE: Action.DELETE,
    Action.DELETE: Action.CREATE,
    Action.UPDATE: Action.UPDATE,
    Action.MOVE: Action.MOVE,
}


class EditedSince(NeedsPerson):
    """{paths}: edited after `{command}`, which can therefore not be undone; nothing was
    changed: take those edits back first, or compare with the old files in {folder}."""


class HistoryDamaged(NeedsPerson):
    """{folder} no longer has what `{command}` replaced, so it cannot be undone; nothing
    was changed: delete that folder to undo the command before it."""


@dataclass(frozen=True)
class Past:
    """A committed transaction; `files` are the paths that it wrote or deleted."""

    number: int
    command: str
    files: tuple[str, ...]
    undoes: int | None
    undone: bool


def undo_history(root: Path) -> tuple[Past, ...]:
    """The transactions that are remembered, the newest first."""
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
    """The inverse of the newest transaction that is not undone yet, for `apply`.

    It writes nothing when there is none. EditedSince where a file is no longer as the
    transaction left it.
    """
    journals = _journals(root)
    undone = {journal.undoes for journal in journals}
    for journal in journals:
        if journal.undoes is None and journal.number not in undone:
            with disk.refusing():
                return _inverse(root, journal)
    return UndoPlan()


def _journals(root: Path) -> list[Journal]:
    with disk.refusing():
        paths.check_folder(root / STATE)
        found = [
            read_journal(history_folder(root, number))
            for number in reversed(numbers(root / STATE / "history"))
        ]
    return [journal for journal in found if journal]


def _inverse(root: Path, journal: Journal) -> UndoPlan:
    edited = [
        row.path
        for row in journal.rows
        if not same(standing(root, row.path), row.after)
    ]
    if edited:
        raise EditedSince(
            paths=", ".join(sorted(edited)),
            command=journal.command,
            folder=history_folder(root, journal.number),
        )
    now = {
        row.path: _with_mode(disk.read(root / row.path), row.after)
        for row in journal.rows
        if row.after
    }
    old = {
        row.path: _backup(root, journal, index, row.before)
        for index, row in enumerate(journal.rows)
        if row.before
    }
    return UndoPlan(
        changes=tuple(_undone(step, now, old) for step in journal.steps),
        undoes=journal.number,
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
    """With the mode that the transaction gave: a later one is the user's, and stays."""
    return File(file.content, version.mode)
