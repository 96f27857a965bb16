"""Checks that every write stays inside the project: first by name, then on disk.

The rules are the same on every system, so that a project can move between systems.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

from fastgen.errors import NeedsPerson
from fastgen.plan import Plan

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.I)
_PROTECTED = {".git", "git~1", ".fastgen"}
_CONTROL = {"Cc", "Cf", "Cs"}  # control, invisible, and surrogate characters
_LONGEST = 255  # bytes per name, on every common file system
_JUNCTION = 0xA0000003  # stat.IO_REPARSE_TAG_MOUNT_POINT, Windows only


class UnsafePath(NeedsPerson):
    """{path} cannot be written."""


class NotRelative(UnsafePath):
    """{path} is an absolute path; nothing outside the project is ever written: name it
    from the project's root."""


class LeavesProject(UnsafePath):
    """{path} has a `..` in it; nothing outside the project is ever written: name it
    from the project's root."""


class NotPlain(UnsafePath):
    """{path!r} has an empty part or a `.` in it: write it as folder/file."""


class HasDrive(UnsafePath):
    """{path} has a colon, which is a drive or a stream on Windows: give it another
    name."""


class HasBackslash(UnsafePath):
    """{path} has a backslash, which parts folders on Windows: write / between them."""


class HasControlCharacter(UnsafePath):
    """{path!a} has a character that cannot be seen: give it a name without it."""


class DeviceName(UnsafePath):
    """{path}: {name} is a device on Windows, where no file can have that name: give it
    another one."""


class EndsInDotOrSpace(UnsafePath):
    """{path!r} has a name that ends in a dot or a space, which Windows cuts off: give
    it another one."""


class Protected(UnsafePath):
    """{path} lies in a folder that belongs to git or to fastgen: put it elsewhere."""


class FileNameTooLong(UnsafePath):
    """{path} has a name of more than 255 bytes: give it a shorter one."""


class WrittenTwice(UnsafePath):
    """{path} would be written twice: two modules or two files of yours claim it."""


class SameButForCase(UnsafePath):
    """{path} and {other} are one file on Windows and macOS: rename one of them."""


class OtherSpelling(UnsafePath):
    """{path} is there already, written {other}, and this disk takes them for one file:
    rename it to {path}, or take it away."""


class Symlink(UnsafePath):
    """{path}: {link} is a symlink, and nothing is written through one: put a real file
    or folder in its place."""


class FolderInTheWay(UnsafePath):
    """{path} is a folder, and a file has to be there: move it away."""


class FileNotFolder(UnsafePath):
    """{path}: {file} is a file, and a folder has to be there: move it away."""


class NotAFile(UnsafePath):
    """{path} is a device, a socket or a pipe, not a file: move it away."""


def check_path(path: str) -> None:
    """Raise UnsafePath if `path` (with `/` as separator) could lie outside the project,
    or is not a valid file path on every system."""
    if any(unicodedata.category(char) in _CONTROL for char in path):
        raise HasControlCharacter(path=path)
    if "\\" in path:
        raise HasBackslash(path=path)
    if ":" in path:
        raise HasDrive(path=path)
    if path.startswith("/"):
        raise NotRelative(path=path)
    for name in path.split("/"):
        _check_part(path, name)


def _check_part(path: str, name: str) -> None:
    if name == "..":
        raise LeavesProject(path=path)
    if name in ("", "."):
        raise NotPlain(path=path)
    if name.endswith((".", " ")):
        raise EndsInDotOrSpace(path=path)
    if _DEVICE.fullmatch(name.split(".")[0].rstrip(" ")):
        raise DeviceName(path=path, name=name)
    if _folded(name) in _PROTECTED:
        raise Protected(path=path)
    if len(name.encode()) > _LONGEST:
        raise FileNameTooLong(path=path)


def check_plan(plan: Plan) -> None:
    """Raise UnsafePath if a path of the plan is invalid, or if two paths conflict."""
    spelling: dict[str, str] = {}
    for change in plan.changes:
        if not change.writes and change.after is not None:
            spelling |= {_folded(part): part for part in _with_parents(change.path)}
    taken: set[str] = set()
    for change in plan.writes:
        check_path(change.path)
        if change.source is not None:
            check_path(change.source)
        if change.after is None:
            continue
        if change.path in taken:
            raise WrittenTwice(path=change.path)
        taken.add(change.path)
        for part in _with_parents(change.path):
            other = spelling.setdefault(_folded(part), part)
            if other != part:
                raise SameButForCase(path=part, other=other)
    for path in taken:
        for folder in parents(path):
            if folder in taken:
                raise FileNotFolder(path=path, file=folder)


def checked_status(
    root: Path, path: str, leaving: Collection[str] = ()
) -> os.stat_result | None:
    """The status of the file at `path`, or None if there is none.

    Raises UnsafePath if it is not a regular file in regular folders. Files in `leaving`
    may exist in another spelling.
    """
    for folder in reversed(parents(path)):
        status = _status(root / folder)
        if status is None:
            return None
        _check_spelling(root, folder, leaving)
        if _is_link(status):
            raise Symlink(path=path, link=folder)
        if not stat.S_ISDIR(status.st_mode):
            raise FileNotFolder(path=path, file=folder)
    status = _status(root / path)
    if status is None or _check_spelling(root, path, leaving):
        return None
    if _is_link(status):
        raise Symlink(path=path, link=path)
    if stat.S_ISDIR(status.st_mode):
        raise FolderInTheWay(path=path)
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile(path=path)
    return status


def check_folder(folder: Path) -> None:
    """Raise UnsafePath if `folder`, one of fastgen's own, exists and is not a real
    folder."""
    status = _status(folder)
    if status is not None and _is_link(status):
        raise Symlink(path=folder.name, link=folder)
    if status is not None and not stat.S_ISDIR(status.st_mode):
        raise FileNotFolder(path=folder.name, file=folder)


def parents(path: str) -> list[str]:
    """The folders above `path`, innermost first, without the root."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]


def other_spelling(names: Iterable[str], name: str) -> str | None:
    """The name in `names` that a case-insensitive disk treats as `name`. None if `name`
    itself is among them, also in another Unicode form, as macOS may store it."""
    found = None
    for existing in names:
        if unicodedata.normalize("NFC", existing) == unicodedata.normalize("NFC", name):
            return None
        if _folded(existing) == _folded(name):
            found = existing
    return found


def _check_spelling(root: Path, path: str, leaving: Collection[str]) -> bool:
    """Whether the file at `path` is a file of `leaving` in another spelling. Raises
    OtherSpelling for any other file."""
    folder, _, name = path.rpartition("/")
    if not os.path.lexists(root / folder / name.swapcase()):
        return False  # a case-sensitive disk: no need to read the folder
    names = (entry.name for entry in (root / folder).iterdir())
    other = other_spelling(names, name)
    if other is None:
        return False
    existing = f"{folder}/{other}" if folder else other
    if existing not in leaving:
        raise OtherSpelling(path=path, other=existing)
    return True


def _with_parents(path: str) -> list[str]:
    return [path, *parents(path)]


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return unicodedata.normalize("NFC", decomposed.casefold())


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_link(status: os.stat_result) -> bool:
    tag = getattr(status, "st_reparse_tag", 0)
    return stat.S_ISLNK(status.st_mode) or tag == _JUNCTION
