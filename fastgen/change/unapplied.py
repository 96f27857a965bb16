"""Whether the project has what fastgen.toml records: a table can be written by hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastgen.change.file_states import survey
from fastgen.change.proposal import finding_text
from fastgen.change.recorded_parts import missing_parts
from fastgen.errors import NeedsPerson, Refusal
from fastgen.project.reading import Project, read_file
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH, Tree

_CODE = (".py", ".toml")


class PartlyRecorded(NeedsPerson):
    """fastgen.toml has this already, but {first}{more}. Nothing was written; `fastgen
    doctor` shows everything that is missing."""


@dataclass(frozen=True)
class _Line:
    """A line of a shared file, without white space and commas."""

    path: str
    text: str


def unapplied(project: Project, without: Callable[[Side], Side]) -> Side | None:
    """The project's side as `without` leaves it, if no file has any line of the rest:
    the change from there to the recorded side was never made. None: there is nothing to
    do.

    Raises PartlyRecorded if the project has some of it, and a part is missing.
    """
    try:
        old = without(project.side)
    except Refusal:
        return None
    if old.spec == project.spec:
        return None
    base, next_ = rendered_tree(old), rendered_tree(project.side)
    lines = [*_added_lines(base, next_)]
    absent = [line for line in lines if not _is_there(project, line)]
    has_files = any((project.root / p).exists() for p in next_.keys() - base.keys())
    if lines and len(absent) == len(lines) and not has_files:
        return old
    if any(line.path.endswith(_CODE) for line in absent):
        _check_complete(project, old)
    return None


def _check_complete(project: Project, old: Side) -> None:
    found = [*missing_parts(project, survey(project), old)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise PartlyRecorded(first=finding_text(found[0]), more=more)


def _added_lines(base: Tree, next_: Tree) -> Iterator[_Line]:
    """What `next_` adds to the files that `base` has as well."""
    for path in base.keys() & next_.keys() - {SPEC_PATH}:
        if base[path].is_like(next_[path]):
            continue
        old, new = (
            tree[path].content.decode(errors="replace") for tree in (base, next_)
        )
        known = _condensed(old)
        for line in new.splitlines():
            text = _condensed(line)
            if re.search(r"\w", text) and text not in known:
                yield _Line(path, text)


def _is_there(project: Project, line: _Line) -> bool:
    file = read_file(project.root, line.path)
    text = file.content.decode(errors="replace") if file else ""
    return line.text in _condensed(text)


def _condensed(text: str) -> str:
    """`text` without what a formatter changes."""
    return re.sub(r"[\s,]+", "", text)
