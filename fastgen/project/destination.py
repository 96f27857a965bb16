"""Whether a new project may be made in a folder that is there already."""

import re
from pathlib import Path

from fastgen.errors import WrongUsage
from fastgen.tools.git import check_git

# What a code host or an editor puts into a repository before there is any code.
_WELCOME = re.compile(
    r"\.git|\.github|\.gitlab|\.gitignore|\.gitattributes|\.editorconfig|\.vscode|\.idea"
    r"|\.zed|\.fastgen|\.DS_Store|\.env|README(\..+)?|LICEN[CS]E(\..+)?|COPYING(\..+)?"
    r"|NOTICE(\..+)?|CODE_OF_CONDUCT.*|CONTRIBUTING.*|SECURITY.*",
    re.IGNORECASE,
)
_SHOWN = 10


class FolderInUse(WrongUsage):
    """{root} is not empty; in the way: {names}. Nothing was written: choose another
    name, or move these away."""


class FileInTheWay(WrongUsage):
    """{root} is a file, and the project needs a folder; choose another name."""


def check_place(root: Path, *, git: bool) -> None:
    """Refuse a folder that holds more than a fresh clone does."""
    if git:
        check_git()
    if root.exists() and not root.is_dir():
        raise FileInTheWay(root=root)
    if root.is_dir():
        names = sorted(p.name for p in root.iterdir() if not _WELCOME.fullmatch(p.name))
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            raise FolderInUse(root=root, names=", ".join(names[:_SHOWN]) + more)
