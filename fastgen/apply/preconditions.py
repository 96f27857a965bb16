"""Checks before the first write: the current files, and the permissions."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from fastgen.apply import disk, paths
from fastgen.apply.journal import Folder, Journal, Row, Step, Version, numbers
from fastgen.apply.state import STATE
from fastgen.errors import NeedsPerson
from fastgen.plan import Change, Plan
from fastgen.tree import SPEC_PATH, File


class ChangedMeanwhile(NeedsPerson):
    """{paths}: changed while fastgen was at work; nothing was written: run the command
    again."""


class ReadOnlyFile(NeedsPerson):
    """{path} is read-only; nothing was changed: allow writing to it, and run the
    command again."""


class OtherDisk(NeedsPerson):
    """{path} lies on another disk than the project, and cannot be replaced in one step;
    nothing was changed: unmount it, or make this change by hand."""


@dataclass(frozen=True)
class UndoPlan(Plan):
    """A plan that reverses a committed transaction."""

    undoes: int = 0
    """The number of the transaction."""
    command: str = ""
    """The command of the transaction."""
    environment: bool = False
    """Whether the transaction wrote `.env`, which the undo does not change."""
    made: tuple[str, ...] = ()
    """The folders that the transaction created. The undo removes no others."""
    emptied: tuple[Folder, ...] = ()
    """The folders that the transaction removed."""


@dataclass(frozen=True)
class WriteTarget:
    """The current file and the new file at one path. A move has two of them."""

    path: str
    before: File | None
    after: File | None
    exact: bool
    """Whether `after` gets its exact mode, without the umask."""


def foresee(root: Path, plan: Plan) -> None:
    """Raise the errors that `apply` would raise before its first write."""
    paths.check_plan(plan)
    if root.is_dir():
        with disk.refusing():
            checked_targets(root.resolve(), plan)


def checked_targets(root: Path, plan: Plan) -> list[WriteTarget]:
    """The files to write, by path, in the order of the writes.

    Deletions come first, so that a name in another case is free; the spec comes last.
    Raises ChangedMeanwhile if a file is not as the plan expects.
    """
    before = {c.source or c.path: c.before for c in plan.writes if c.before}
    after = {change.path: change for change in plan.writes if change.after}
    leaving = before.keys() - after.keys()
    targets, changed = [], []
    for path in sorted(before.keys() | after.keys()):
        expected = before.get(path)
        status = paths.checked_status(root, path, leaving)
        found = disk.read(root / path) if status else None
        if (found and found.content) != (expected and expected.content):
            changed.append(path)
        _check_access(root, path, status)
        new, exact = _new_file(root, after.get(path))
        exact = exact or isinstance(plan, UndoPlan)
        targets.append(WriteTarget(path, found, new, exact))
    if changed:
        raise ChangedMeanwhile(paths=", ".join(changed))
    return sorted(targets, key=lambda t: (t.path == SPEC_PATH, t.after is not None))


def _new_file(root: Path, change: Change | None) -> tuple[File | None, bool]:
    """The new file at the path of `change`, and whether it keeps its mode: a file keeps
    its mode on disk, unless the plan changes the mode."""
    if change is None or change.after is None:
        return None, False
    old = root / (change.source or change.path)
    if change.before is None or change.before.mode != change.after.mode:
        return change.after, False
    if not os.path.lexists(old):
        raise ChangedMeanwhile(paths=change.source or change.path)
    return File(change.after.content, stat.S_IMODE(old.lstat().st_mode)), True


def _check_access(root: Path, path: str, status: os.stat_result | None) -> None:
    folder = _nearest_folder(root, path)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise disk.NotPermitted(path=folder)
    state = root / STATE if (root / STATE).exists() else root
    if folder.stat().st_dev != state.stat().st_dev:
        raise OtherDisk(path=path)
    if status is not None and (
        not status.st_mode & 0o222 or not os.access(root / path, os.W_OK)
    ):
        raise ReadOnlyFile(path=path)


def _nearest_folder(root: Path, path: str) -> Path:
    existing = (root / folder for folder in paths.parents(path))
    return next((folder for folder in existing if folder.exists()), root)


def journal_of(
    root: Path, plan: Plan, targets: list[WriteTarget], command: str
) -> Journal:
    undo = plan if isinstance(plan, UndoPlan) else None
    state = root / STATE
    used = numbers(state / "history") + numbers(state / "kept")
    needed = {folder for t in targets if t.after for folder in paths.parents(t.path)}
    modes = {folder.path: folder.mode for folder in undo.emptied} if undo else {}
    return Journal(
        number=max(used, default=0) + 1,
        command=command,
        undoes=undo.undoes if undo else None,
        steps=tuple(
            Step(change.action, change.path, change.source, change.module)
            for change in plan.writes
        ),
        rows=tuple(
            Row(target.path, _version(target.before), _version(target.after))
            for target in targets
        ),
        made=tuple(
            Folder(folder, modes.get(folder))
            for folder in sorted(needed)
            if not (root / folder).exists()
        ),
        emptied=_emptied(root, targets, needed, undo),
    )


def _emptied(
    root: Path, targets: list[WriteTarget], needed: set[str], undo: UndoPlan | None
) -> tuple[Folder, ...]:
    """The folders that the deletions leave empty, parents first. An undo only includes
    folders that its transaction created."""
    gone = {target.path for target in targets if target.after is None}
    candidates = {folder for path in gone for folder in paths.parents(path)} - needed
    if undo is not None:
        candidates &= set(undo.made)
    found = []
    for folder in sorted(candidates, reverse=True):  # children before parents
        if (root / folder).is_dir() and all(
            f"{folder}/{entry.name}" in gone for entry in (root / folder).iterdir()
        ):
            gone.add(folder)
            mode = stat.S_IMODE((root / folder).stat().st_mode)
            found.append(Folder(folder, mode))
    return tuple(reversed(found))


def _version(file: File | None) -> Version | None:
    return None if file is None else Version.of(file)
