"""Creation of a project: built beside its destination, then renamed into place."""

import errno
import glob
import os
import secrets
from contextlib import suppress
from pathlib import Path

from fastgen.apply import disk
from fastgen.apply.lock import locked
from fastgen.apply.recovery import recover
from fastgen.apply.state import STATE
from fastgen.apply.transaction import apply
from fastgen.errors import NeedsPerson
from fastgen.plan import Plan

_SHOWN = 5


class NotEmpty(NeedsPerson):
    """{root} is not empty ({names}); nothing was written: take another name, or move
    away what is in it."""


class NotAFolder(NeedsPerson):
    """{root} is there already, and is no folder; nothing was written: take another
    name."""


def create(root: Path, plan: Plan, command: str) -> None:
    """Create a project at `root`, which does not exist or is an empty folder.

    An existing empty folder is filled in place by a transaction: it can be the working
    directory of a shell or a mount point, and it keeps its owner and mode.
    """
    root = root.resolve()
    if os.path.lexists(root):
        _fill(root, plan, command)
        return
    _sweep(root)
    missing = [folder for folder in root.parents if not os.path.lexists(folder)]
    staging = root.parent / (_staging_prefix(root) + secrets.token_hex(4))
    try:
        with disk.refusing():
            for folder in reversed(missing):
                disk.mkdir(folder)
            disk.mkdir(staging)
        apply(staging, plan, command)
        try:
            disk.replace(staging, root)
        except OSError as error:
            raise _refusal_of(error, root) from error
    except BaseException:
        # A failed cleanup must not hide the original error.
        with suppress(OSError):
            if staging.exists():
                disk.remove_tree(staging)
            for folder in missing:
                if folder.exists():
                    disk.rmdir(folder)
        raise


def _staging_prefix(root: Path) -> str:
    return f".{root.name[:40]}.fastgen-"


def _sweep(root: Path) -> None:
    """Remove what a killed `create` of the same name left beside `root`."""
    if not root.parent.is_dir():
        return
    for left in root.parent.glob(f"{glob.escape(_staging_prefix(root))}*"):
        # A running `create` holds the lock of its folder.
        with suppress(NeedsPerson), locked(left):
            disk.remove_tree(left)


def _fill(root: Path, plan: Plan, command: str) -> None:
    if not root.is_dir():
        raise NotAFolder(root=root)
    recover(root)
    with disk.refusing():
        names = sorted({entry.name for entry in root.iterdir()} - {STATE})
    if names:
        more = ", ..." if len(names) > _SHOWN else ""
        raise NotEmpty(root=root, names=", ".join(names[:_SHOWN]) + more)
    had_state = os.path.lexists(root / STATE)
    try:
        apply(root, plan, command)
    except BaseException:
        with suppress(OSError):
            if not had_state and list(root.iterdir()) == [root / STATE]:
                disk.remove_tree(root / STATE)
        raise


def _refusal_of(error: OSError, root: Path) -> NeedsPerson:
    """The refusal for `error`. Another process may have created `root` in the
    meantime."""
    if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
        return NotEmpty(root=root, names="it was made while fastgen was at work")
    return disk.refusal_of(error)
