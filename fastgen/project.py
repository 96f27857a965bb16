"""Reading a project from the disk. Nothing here writes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tree import SPEC_PATH, File, Files

# Never the user's own text, and often enormous.
_SKIPPED = {".git", ".hg", ".svn", ".fastgen", "__pycache__", "node_modules"}
_ENVIRONMENT_MARK = "pyvenv.cfg"

LARGEST_SOURCE = 1_000_000
"""Bytes; a larger file is data, not a file that was once a template's."""


class NotAProject(WrongUsage):
    """There is no fastgen.toml in {folder} or above it, so this is not a fastgen
    project; go into one, or make one with `fastgen new NAME`."""


class Unreadable(NeedsPerson):
    """{path} cannot be read ({reason}); give yourself access to it, then run the
    command again."""


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


def read_similar(root: Path, missing: Iterable[str]) -> Files:
    """Every file that one of `missing` could have been moved to: of the same kind."""
    endings = {_ending(path) for path in missing}
    paths = (path for path in walk(root) if _ending(path) in endings)
    return read_files(root, (p for p in paths if _is_small(root / p)))


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


def _is_small(place: Path) -> bool:
    return place.is_file() and place.stat().st_size <= LARGEST_SOURCE


def _ending(path: str) -> str:
    return Path(path).suffix or Path(path).name
