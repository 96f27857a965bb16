"""The effects on a disk: the only place of `apply` that writes."""

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastgen.errors import NeedsPerson
from fastgen.tree import File

_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # not on Windows
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_MASKED = {0o644, 0o755}
_WINDOWS_TRIES = 20


class DiskFull(NeedsPerson):
    """The disk is full, or your share of it; nothing was changed: make room, and run
    the command again."""


class NotPermitted(NeedsPerson):
    """You may not write {path}; nothing was changed: ask its owner, or change its
    permissions, and run the command again."""


class DiskFailed(NeedsPerson):
    """{path} could not be written ({cause}); nothing was changed: put that right, and
    run the command again."""


def refusal_of(error: OSError) -> NeedsPerson:
    """The refusal that says to a person what the system said."""
    if error.errno in _FULL:
        return DiskFull()
    path = error.filename or "a file"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotPermitted(path=path)
    return DiskFailed(path=path, cause=error.strerror or type(error).__name__)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn an OSError inside the block into one of fastgen's refusals."""
    try:
        yield
    except OSError as error:
        raise refusal_of(error) from error


def read(path: Path) -> File:
    """A file's bytes and mode; a symlink is an OSError where the system can tell."""
    number = os.open(path, os.O_RDONLY | _BINARY | _NO_LINK)
    with os.fdopen(number, "rb") as stream:
        mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
        return File(stream.read(), mode)


def write(path: Path, file: File, *, exact: bool) -> int:
    """Makes a new file, on the disk for good when this returns; its mode is returned.

    The umask has its say on 0644 and 0755, as for any new file, unless `exact`.
    """
    masked = file.mode in _MASKED and not exact
    # Never wider than asked for, not even for the moment before chmod.
    born = file.mode | 0o666 if masked else 0o600
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, born)
    with os.fdopen(number, "wb") as stream:
        stream.write(file.content)
        stream.flush()
        if not masked:
            path.chmod(file.mode)
        os.fsync(stream.fileno())
        return stat.S_IMODE(os.fstat(stream.fileno()).st_mode)


def publish(path: Path, content: bytes) -> None:
    """Writes a file of fastgen's own, mode 0600: whole, or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    write(draft, File(content, 0o600), exact=True)
    replace(draft, path)


def replace(source: Path, target: Path) -> None:
    """Renames a file or a folder in one step, over the target if that is a file."""
    if sys.platform != "win32":
        source.replace(target)
        return
    # Virus scanners and indexers hold a new file open for a moment.
    for attempt in range(_WINDOWS_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if attempt == _WINDOWS_TRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return


def unlink(path: Path) -> None:
    path.unlink()


def mkdir(path: Path, mode: int | None = None) -> None:
    """Makes a folder; without a mode the umask has its say, as for any folder."""
    if mode is None:
        path.mkdir()
        return
    path.mkdir(mode=0o700)
    path.chmod(mode)


def rmdir(path: Path) -> bool:
    """Removes a folder if it is empty; whether it did."""
    try:
        path.rmdir()
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def remove_tree(folder: Path) -> None:
    """Removes a folder of fastgen's own and what is in it, through no symlink."""
    with os.scandir(folder) as entries:
        found = [
            (Path(entry), entry.is_dir(follow_symlinks=False)) for entry in entries
        ]
    for path, is_folder in found:
        if is_folder:
            remove_tree(path)
        else:
            unlink(path)
    rmdir(folder)


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk; Windows has no such call."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def open_lock(path: Path) -> int:
    """The descriptor of a lock file, made if it is not there, never emptied."""
    return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY | _NO_LINK, 0o600)
