"""Reading a project from the disk. Nothing here writes."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tree import SPEC_PATH, File, Files

# Never the user's own text, and often enormous.
_SKIPPED = {".git", ".hg", ".svn", ".fastgen", "__pycache__", "node_modules"}
_ENVIRONMENT_MARK = "pyvenv.cfg"

SLACK = 200
"""Bytes by which a small file may have grown beyond its double."""


class NotAProject(WrongUsage):
    """There is no fastgen.toml in {folder} or above it, so this is not a fastgen
    project; go into one, or make one with `fastgen new NAME`."""


class FolderGone(NeedsPerson):
    """The current folder was deleted; go into one that is there."""


class Unreadable(NeedsPerson):
    """{path} cannot be read ({reason}); give yourself access to it, then run the
    command again."""


def current_folder() -> Path:
    """Raises FolderGone where it was deleted under our feet."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise FolderGone from None


def find_root(start: Path) -> Path:
    """The project that `start` lies in. Raises NotAProject."""
    for folder in (start, *start.parents):
        if (folder / SPEC_PATH).is_file():
            return folder
    raise NotAProject(folder=start)


def read_file(root: Path, path: str) -> File | None:
    """The file at `path`, or None where no regular file is."""
    place = root / path
    try:
        if not place.is_file():
            return None
        return File(place.read_bytes(), place.stat().st_mode & 0o777)
    except OSError as error:
        raise Unreadable(path=path, reason=error.strerror) from None


def read_files(root: Path, paths: Iterable[str]) -> Files:
    """Those of `paths` that are there."""
    found = ((path, read_file(root, path)) for path in sorted(set(paths)))
    return {path: file for path, file in found if file is not None}


def read_similar(root: Path, missing: Mapping[str, int]) -> Files:
    """Every file that one of `missing` (sizes in bytes, by path) could have become: of
    the same kind, and at most twice or half as large."""
    sizes: dict[str, list[int]] = {}
    for path, size in missing.items():
        sizes.setdefault(_ending(path), []).append(size)
    paths = (p for p in walk(root) if _is_near(root / p, sizes.get(_ending(p), [])))
    return read_files(root, paths)


def read_python(root: Path, folder: str = "") -> Files:
    """The Python files below `folder` of the project."""
    return read_files(root, (p for p in walk(root, folder) if p.endswith(".py")))


def walk(root: Path, folder: str = "") -> Iterator[str]:
    """The paths of all files below `folder`, without environments and caches."""
    for where, folders, names in os.walk(root / folder):
        if _ENVIRONMENT_MARK in names:
            folders.clear()
            continue
        folders[:] = sorted(
            name for name in folders if name not in _SKIPPED and not _is_cache(name)
        )
        inside = Path(where).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        yield from (prefix + name for name in sorted(names))


def _is_cache(name: str) -> bool:
    return name.startswith(".") and name.endswith("_cache")


def _is_near(place: Path, sizes: list[int]) -> bool:
    if not sizes or not place.is_file():
        return False
    size = place.stat().st_size
    return any(
        size <= 2 * other + SLACK and other <= 2 * size + SLACK for other in sizes
    )


def _ending(path: str) -> str:
    return Path(path).suffix or Path(path).name
