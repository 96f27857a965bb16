"""The user's cache. Its contents may be deleted at any time; they are made again."""

import contextlib
import os
import tempfile
from pathlib import Path

_MODE = 0o700


def cache_folder() -> Path:
    """The folder of fastgen's cache, which may not exist. Raises OSError if the user
    has no home folder."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():  # the XDG standard ignores relative paths
        try:
            base = Path.home() / ".cache"
        except RuntimeError as error:
            raise FileNotFoundError(0, str(error)) from None
    return base / "fastgen"


class TextCache:
    """Texts by key, in a folder that only the user can open.

    Reading or writing never fails: `get` returns None for a text that cannot be read.
    """

    def __init__(self, name: str) -> None:
        try:
            self._folder = cache_folder() / name
            self._is_usable = _private(self._folder)
        except OSError:
            self._is_usable = False

    def get(self, key: str) -> str | None:
        if not self._is_usable:
            return None
        try:
            return (self._folder / key).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, key: str, text: str) -> None:
        if not self._is_usable:
            return
        with contextlib.suppress(OSError):
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            scratch = Path(name)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                scratch.replace(self._folder / key)
            finally:
                scratch.unlink(missing_ok=True)


def _private(folder: Path) -> bool:
    """Whether only the user can open `folder`, which is made if it is missing. It gets
    a .gitignore, because a home folder may be a repository. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    found = folder.stat(follow_symlinks=False)
    if not hasattr(os, "getuid"):
        return True  # Windows: the user's profile is the user's alone
    return found.st_uid == os.getuid() and found.st_mode & 0o777 == _MODE
