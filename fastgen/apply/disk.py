"""Effects on the disk. All writes of `apply` go through this module."""

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

_BINARY = getattr(os, "O_BINARY", 0)  # Windows only
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # not available on Windows
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
    """The refusal that reports the system error `error`."""
    if error.errno in _FULL:
        return DiskFull()
    path = error.filename or "a file"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotPermitted(path=path)
    return DiskFailed(path=path, cause=error.strerror or type(error).__name__)


@contextmanager
def refusing() -> Iterator[None]:
    """Convert an OSError raised in the block into a refusal."""
    try:
        yield
    except OSError as error:
        raise refusal_of(error) from error


def read(path: Path) -> File:
    """The bytes and mode of a file. Raises OSError for a symlink, if the system can
    tell."""
    number = os.open(path, os.O_RDONLY | _BINARY | _NO_LINK)
    with os.fdopen(number, "rb") as stream:
        mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
        return File(stream.read(), mode)


def write(path: Path, file: File, *, exact: bool) -> int:
    """Create a new file, sync it to the disk, and return its mode.

    The umask applies to modes 0644 and 0755, as for any new file, unless `exact`.
    """
    masked = file.mode in _MASKED and not exact
    # Permissions are never wider than requested, not even before chmod.
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
    """Write one of fastgen's own files atomically, with mode 0600."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    write(draft, File(content, 0o600), exact=True)
    replace(draft, path)


def replace(source: Path, target: Path) -> None:
    """Rename a file or a folder atomically, replacing `target` if that is a file."""
    if sys.platform != "win32":
        source.replace(target)
        return
    # Virus scanners and indexers keep a new file open for a moment.
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
    """Create a folder. Without `mode` the umask applies, as for any folder."""
    if mode is None:
        path.mkdir()
        return
    path.mkdir(mode=0o700)
    path.chmod(mode)


def rmdir(path: Path) -> bool:
    """Remove a folder if it is empty. Returns whether it was removed."""
    try:
        path.rmdir()
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def remove_tree(folder: Path) -> None:
    """Remove one of fastgen's own folders with its content, without following
    symlinks."""
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
    """Sync the names in a folder to the disk. Windows has no such call."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def open_lock(path: Path) -> int:
    """The descriptor of a lock file. Creates the file if it is missing; never truncates
    it."""
    return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY | _NO_LINK, 0o600)
