"""What an edit is, and the table of their kinds."""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ..laws import problem
from ..snapshot import SKIPPED

_TRIES = 8
_OFTEN = 4
"""How much likelier a file is edited that several modules write to."""

_SHARED = re.compile(
    r"main\.py$|settings\.py$|lifespan\.py$|conftest\.py$|/models\.py$|schemas\.py$"
    r"|service\.py$|queries\.py$|/router\.py$|health\.py$|tests/test_[a-z]*s\.py$"
    r"|pyproject\.toml$|compose\.yaml$|ci\.yml$|README\.md$|AGENTS\.md$"
)


@dataclass
class Editing:
    """An edit under way: where, with what, and what it touched."""

    root: Path
    random: Random
    number: int
    """Marks of this edit begin with this number."""
    path: str = ""
    """The file that is edited."""
    touched: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """The new place of each file that was moved."""
    _marks: int = 0

    def mark(self) -> str:
        """A word that stands nowhere else."""
        self._marks += 1
        return f"mine{self.number}{self._marks:02}q"

    @property
    def package(self) -> str:
        """The name of the package."""
        return self.package_folder.rpartition("/")[2]

    @property
    def package_folder(self) -> str:
        """The folder of the package: `src/shop`."""
        found = [*self.root.glob("src/*/main.py"), *self.root.glob("*/main.py")]
        if not found:
            return "src/none"
        return found[0].parent.relative_to(self.root).as_posix()

    def paths(self, pattern: str = "") -> list[str]:
        """The files of the project whose path fits `pattern`; no links."""
        return [path for path in _walk(self.root, "") if re.search(pattern, path)]

    def read(self, path: str) -> str:
        """The text of a file, with line feeds only."""
        content = (self.root / path).read_bytes().removeprefix(codecs.BOM_UTF8)
        return content.decode(errors="surrogateescape").replace("\r\n", "\n")

    def write(self, path: str, text: str) -> None:
        """Write a text with the line ends and the mark at the front that it had."""
        place = self.root / path
        old = place.read_bytes() if place.exists() else b""
        content = text.encode(errors="surrogateescape")
        if b"\r\n" in old:
            content = content.replace(b"\n", b"\r\n")
        if old.startswith(codecs.BOM_UTF8):
            content = codecs.BOM_UTF8 + content
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.touched.append(path)

    def move(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)
        self.moved[old] = new
        self.touched.append(new)

    def delete(self, path: str) -> None:
        (self.root / path).unlink()
        self.touched.append(path)

    def chosen(self, found: Sequence[str]) -> str:
        """One of the paths; files that several modules write to come more often."""
        weights = [_OFTEN if _SHARED.search(path) else 1 for path in found]
        return self.random.choices(found, weights)[0]


def _walk(root: Path, prefix: str) -> Iterator[str]:
    for place in sorted((root / prefix).iterdir()):
        path = f"{prefix}{place.name}"
        if place.is_symlink() or place.name in SKIPPED:
            continue
        if place.is_dir():
            yield from _walk(root, f"{path}/")
        elif path not in (".env", "fastgen.toml"):
            yield path


Edit = Callable[[Editing], bool]
"""Makes the edit; whether it could."""

TextEdit = Callable[[str, Editing], str | None]
"""The edited text; None where the file has no place for this edit."""


@dataclass(frozen=True)
class Kind:
    """A kind of edit. `may_conflict` says that it changes something that fastgen may
    change as well, so that a person would see a conflict there, too."""

    name: str
    group: str
    edit: Edit
    may_conflict: bool = False
    rare: bool = False
    """An edit of the whole project, which people make once."""

    @property
    def is_code(self) -> bool:
        """Whether a file with such an edit has code of the user's."""
        return self.group not in _NO_CODE


_NO_CODE = ("Python layout", "files", "moves")

KINDS: dict[str, Kind] = {}


def project_edit(
    group: str, name: str, *, may_conflict: bool = False, rare: bool = False
) -> Callable[[Edit], Edit]:
    """Register an edit of several files."""

    def register(edit: Edit) -> Edit:
        _put(Kind(name, group, edit, may_conflict, rare))
        return edit

    return register


def text_edit(
    group: str, pattern: str, name: str, *, may_conflict: bool = False
) -> Callable[[TextEdit], TextEdit]:
    """Register an edit of one file, whose path fits `pattern`."""

    def register(edit: TextEdit) -> TextEdit:
        def of_some_file(editing: Editing) -> bool:
            found = editing.paths(pattern)
            for _ in range(_TRIES if found else 0):
                if edited(editing, editing.chosen(found), edit):
                    return True
            return False

        _put(Kind(name, group, of_some_file, may_conflict))
        return edit

    return register


def edited(editing: Editing, path: str, edit: TextEdit) -> bool:
    """Edit one file; whether that could be done, and left it as valid as it was."""
    editing.path = path
    text = editing.read(path)
    new = edit(text, editing)
    if new is None or new == text or not _is_text(text):
        return False
    if problem(path, new.encode()) and not problem(path, text.encode()):
        return False
    editing.write(path, new)
    return True


def _is_text(text: str) -> bool:
    """Whether a file that was read is UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _put(kind: Kind) -> None:
    name = f"{kind.group}: {kind.name}"
    assert name not in KINDS, name
    KINDS[name] = kind
