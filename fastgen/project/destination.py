"""Whether `fastgen new` may create a project in an existing folder."""

import re
from pathlib import Path

from fastgen.errors import WrongUsage
from fastgen.tools.git import check_git

# Files that a code host or an editor creates in an empty repository.
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
    """Raise an error unless `root` is missing or holds only files of a fresh clone.

    Raises FileInTheWay and FolderInUse, and GitNeeded if `git` is true.
    """
    if git:
        check_git()
    if root.exists() and not root.is_dir():
        raise FileInTheWay(root=root)
    if root.is_dir():
        names = sorted(p.name for p in root.iterdir() if not _WELCOME.fullmatch(p.name))
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            raise FolderInUse(root=root, names=", ".join(names[:_SHOWN]) + more)
