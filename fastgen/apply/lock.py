"""The lock of a project, so that one fastgen runs in it at a time, and its `.fastgen`
folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from fastgen.apply import disk, paths
from fastgen.apply.state import STATE
from fastgen.errors import NeedsPerson

_held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


class AlreadyRunning(NeedsPerson):
    """Another fastgen is at work in {root}: wait until it is done, and run the command
    again."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of the project at `root`. Reentrant within a thread.

    The system releases the lock when the process ends, even after a crash.
    """
    root = root.resolve()
    if root in _held.get():
        yield
        return
    with disk.refusing():
        descriptor = disk.open_lock(_made_state(root) / "lock")
    try:
        if not _taken(descriptor):
            raise AlreadyRunning(root=root)
        with disk.refusing():
            _hide_from_git(root / STATE)
        token = _held.set(_held.get() | {root})
        try:
            yield
        finally:
            _held.reset(token)
    finally:
        os.close(descriptor)


def _made_state(root: Path) -> Path:
    folder = root / STATE
    paths.check_folder(folder)
    if not folder.exists():
        try:
            disk.mkdir(folder, 0o700)
        except FileExistsError:
            paths.check_folder(folder)  # the other fastgen was faster
    return folder


def _hide_from_git(folder: Path) -> None:
    ignore = folder / ".gitignore"
    if not os.path.lexists(ignore):
        disk.publish(ignore, b"*\n")


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
