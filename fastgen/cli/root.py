"""The folder that a command runs in, and the project around it."""

from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tree import SPEC_PATH


class FolderGone(NeedsPerson):
    """The current folder was deleted; go into one that is there."""


class NotAProject(WrongUsage):
    """There is no fastgen.toml in {folder} or above it, so this is not a fastgen
    project; go into one, or make one with `fastgen new NAME`."""


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
