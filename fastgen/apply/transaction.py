"""Applies a plan to the disk, all or nothing.

The plan is checked, staged with a journal, renamed into place, and committed by one
rename. This is a rollback journal, as in https://www.sqlite.org/atomiccommit.html.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fastgen.apply import disk, paths
from fastgen.apply.journal import (
    JOURNAL,
    Journal,
    Row,
    after_file,
    before_file,
    numbers,
    same,
    standing,
    write_journal,
)
from fastgen.apply.lock import locked
from fastgen.apply.preconditions import (
    ChangedMeanwhile,
    WriteTarget,
    checked_targets,
    journal_of,
)
from fastgen.apply.recovery import recover, roll_back
from fastgen.apply.state import STATE, history_folder, transaction_folder
from fastgen.plan import Plan
from fastgen.tree import SPEC_PATH

_REMEMBERED = 50


def apply(root: Path, plan: Plan, command: str) -> None:
    """Apply `plan` to the project at `root` completely or not at all. `command` is its
    name in the history. A partial change is rolled back before an exception leaves this
    function."""
    if not plan.writes:
        return
    root = root.resolve()
    paths.check_plan(plan)
    with locked(root):
        recover(root)
        with disk.refusing():
            targets = checked_targets(root, plan)
            journal = journal_of(root, plan, targets, command)
        try:
            journal = _staged(root, targets, journal)
            _carry_out(root, journal)
            _commit(root, journal)
        except BaseException as error:
            roll_back(root)
            if isinstance(error, OSError):
                raise disk.refusal_of(error) from error
            raise
        _forget_old(root)


def _staged(root: Path, targets: list[WriteTarget], journal: Journal) -> Journal:
    """Write the new files, copies of the old files, and last the journal. Returns the
    journal with the final modes of the new files."""
    folder = transaction_folder(root)
    disk.mkdir(folder, 0o700)
    rows = []
    for index, (target, row) in enumerate(zip(targets, journal.rows, strict=True)):
        if target.before is not None:
            disk.write(before_file(folder, index), target.before, exact=True)
        if target.after is not None and row.after is not None:
            new = after_file(folder, index)
            mode = disk.write(new, target.after, exact=target.exact)
            row = replace(row, after=replace(row.after, mode=mode))
        rows.append(row)
    journal = replace(journal, rows=tuple(rows))
    disk.sync_folder(folder)
    write_journal(folder, journal)
    disk.sync_folder(folder)
    return journal


def _carry_out(root: Path, journal: Journal) -> None:
    rows = list(enumerate(journal.rows))
    spec = [(index, row) for index, row in rows if row.path == SPEC_PATH]
    rest = [(index, row) for index, row in rows if row.path != SPEC_PATH]
    for index, row in rest:
        if row.after is None:
            _put(root, index, row)
    for emptied in reversed(journal.emptied):
        disk.rmdir(root / emptied.path)
    for made in journal.made:
        disk.mkdir(root / made.path, made.mode)
    for index, row in rest:
        if row.after is not None:
            _put(root, index, row)
    for index, row in spec:
        _put(root, index, row)


def _put(root: Path, index: int, row: Row) -> None:
    # Staging takes time; an editor may have saved the file meanwhile.
    if not same(standing(root, row.path), row.before):
        raise ChangedMeanwhile(paths=row.path)
    if row.after is None:
        disk.unlink(root / row.path)
    else:
        disk.replace(after_file(transaction_folder(root), index), root / row.path)


def _commit(root: Path, journal: Journal) -> None:
    """Commit the transaction: the rename at the end makes the change final."""
    touched = {(root / row.path).parent for row in journal.rows}
    for folder in sorted(touched):
        if folder.exists():
            disk.sync_folder(folder)
    place = history_folder(root, journal.number)
    paths.check_folder(place.parent)
    if not place.parent.exists():
        disk.mkdir(place.parent, 0o700)
    disk.replace(transaction_folder(root), place)


def _forget_old(root: Path) -> None:
    """Remove the records that are too old to undo. If that fails, the next command
    tries again."""
    with suppress(OSError):
        for number in numbers(root / STATE / "history")[:-_REMEMBERED]:
            folder = history_folder(root, number)
            if (folder / JOURNAL).exists():
                disk.unlink(folder / JOURNAL)  # first: a partial record must not count
            disk.remove_tree(folder)
