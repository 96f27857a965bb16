"""The user's cache. Its contents may be deleted at any time; fastgen recreates them."""

import contextlib
import hashlib
import os
import time
from functools import cached_property
from pathlib import Path

_MODE = 0o700
_KEPT = 90 * 24 * 60 * 60
"""The age in seconds at which a text is deleted."""


def cache_folder() -> Path:
    """The folder of fastgen's cache, which may not exist. Raises OSError if the user
    has no home folder."""
    if own := os.environ.get("FASTGEN_CACHE_DIR"):
        return Path(own).absolute()
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():  # the XDG standard ignores relative paths
        try:
            base = Path.home() / ".cache"
        except RuntimeError as error:
            raise FileNotFoundError(0, str(error)) from None
        if not base.is_absolute():
            raise FileNotFoundError(0, "the home folder is not an absolute path")
    return base / "fastgen"


def make_folder(folder: Path) -> None:
    """Create `folder` with a .gitignore, because the cache may lie in a repository.
    Raises OSError."""
    folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


class TextCache:
    """Texts by key, in a folder that only the user can open.

    Reading and writing never fail: `get` returns a complete text or None.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def get(self, key: str) -> str | None:
        """The text for `key`; None if it is missing or damaged."""
        if self._folder is None:
            return None
        try:
            content = (self._folder / key).read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return None
        digest, _, text = content.partition("\n")
        return text if digest == _digest(text) else None

    def put(self, key: str, text: str) -> None:
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            scratch = self._folder / f"{key}.{os.getpid()}"
            try:
                scratch.write_bytes(f"{_digest(text)}\n{text}".encode())
                scratch.replace(self._folder / key)
            finally:
                scratch.unlink(missing_ok=True)

    @cached_property
    def _folder(self) -> Path | None:
        """The folder, after old texts are deleted; None if it cannot be used."""
        try:
            folder = cache_folder() / self._name
            if not _is_private(folder):
                return None
            _delete_old(folder)
        except OSError:
            return None
        return folder


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_private(folder: Path) -> bool:
    """Whether only the user can open `folder`; a missing folder is created. Raises
    OSError."""
    if not folder.is_dir():
        make_folder(folder)
    found = folder.stat(follow_symlinks=False)
    if not hasattr(os, "getuid"):
        return True  # Windows: the profile is private already
    return found.st_uid == os.getuid() and found.st_mode & 0o777 == _MODE


def _delete_old(folder: Path) -> None:
    oldest = time.time() - _KEPT
    with os.scandir(folder) as found:
        old = [e.path for e in found if e.name[0] != "." and e.stat().st_mtime < oldest]
    for path in old:
        Path(path).unlink(missing_ok=True)
