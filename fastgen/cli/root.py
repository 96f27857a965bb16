"""The current folder and the project that contains it."""

from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tree import SPEC_PATH


class FolderGone(NeedsPerson):
    """The current folder was deleted; go into one that is there."""


class NotAProject(WrongUsage):
    """There is no fastgen.toml in {folder} or above it, so this is not a fastgen
    project; go into one, or make one with `fastgen new NAME`."""


def current_folder() -> Path:
    """The current folder. Raises FolderGone if it was deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise FolderGone from None


def find_root(start: Path) -> Path:
    """The root of the project that contains `start`. Raises NotAProject."""
    for folder in (start, *start.parents):
        if (folder / SPEC_PATH).is_file():
            return folder
    raise NotAProject(folder=start)
