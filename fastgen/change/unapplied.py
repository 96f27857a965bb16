"""Checks whether the project has the parts that fastgen.toml records, which users can
also add by hand."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.catalog.catalog import generators_of
from fastgen.change.file_states import survey
from fastgen.change.recorded_parts import missing_parts
from fastgen.errors import Refusal
from fastgen.plan import Finding
from fastgen.project.reading import Project, read_file
from fastgen.render.render import rendered_tree
from fastgen.spec.resource_edits import with_served_resources
from fastgen.spec.side import Side
from fastgen.tree import SPEC_PATH, Tree

Without = Callable[[Project], Side]
"""A function that returns the project's side without a part."""

_CODE = (".py", ".toml")


@dataclass(frozen=True)
class _Line:
    """A line of a shared file, without white space and commas."""

    path: str
    text: str


@dataclass(frozen=True)
class _Rest:
    """The difference between `before` and the project's side."""

    before: Side
    lines: Sequence[_Line]
    """The lines that the project's side adds to shared files."""
    absent: Sequence[_Line]
    """The `lines` that the project does not have."""
    has_files: bool
    """Whether the project has one of the added files."""
    replaced: Sequence[_Line]
    """The lines that only `before` has; a whole file counts as one line."""
    left: Sequence[_Line]
    """The `replaced` lines that the project has."""

    @property
    def is_unapplied(self) -> bool:
        if self.has_files or len(self.absent) < len(self.lines):
            return False
        return bool(self.lines) or self.has_most_of_before

    @property
    def has_most_of_before(self) -> bool:
        """Whether the project has most of the replaced lines."""
        return bool(self.replaced) and 2 * len(self.left) > len(self.replaced)


def side_before(project: Project, without: Without) -> Side | None:
    """The project's side as `without` returns it, if no file has a line of the removed
    part. No command has applied that part then."""
    rest = _rest(project, without)
    return rest.before if rest and rest.is_unapplied else None


def side_changed_from(project: Project, edit: Callable[[Side], Side]) -> Side | None:
    """The side that `edit` returns, if the files match that side and have nothing of
    what fastgen.toml records instead."""
    rest = _rest(project, lambda project: edit(project.side))
    if rest is None or not rest.is_unapplied:
        return None
    return rest.before if rest.has_most_of_before or not rest.replaced else None


@dataclass(frozen=True, order=True)
class Match:
    """How well the project's lines with a word match a side; the lowest is the best."""

    absent: int
    """The lines of the side that the project does not have."""
    present: int
    """The lines of the side that the project has, as a negative number."""


def match_of(project: Project, other: Side, word: str) -> Match | None:
    """How well the project's lines with `word` match `other`.

    None unless the project has all of these lines that only `other` adds, and none that
    only the project's own side adds.
    """
    try:
        trees = rendered_tree(other), rendered_tree(project.side)
    except Refusal:
        return None
    removed, added = (
        [line for line in _added_lines(*sides) if word.lower() in line.text.lower()]
        for sides in (trees[::-1], trees)
    )
    if not removed and not added:
        return None
    if any(_is_there(project, line) for line in added):
        return None
    if not all(_is_there(project, line) for line in removed):
        return None
    there = [_is_there(project, line) for line in _lines_with(word, trees[0])]
    return Match(there.count(False), -there.count(True))


def _lines_with(word: str, tree: Tree) -> Iterator[_Line]:
    for path in tree.keys() - {SPEC_PATH}:
        for line in tree[path].content.decode(errors="replace").splitlines():
            if word.lower() in line.lower():
                yield _Line(path, _condensed(line))


def unapplied(
    project: Project, without: Without
) -> tuple[Side | None, tuple[Finding, ...]]:
    """The side that `side_before` finds, or None if there is nothing to do. The
    findings name the missing parts."""
    rest = _rest(project, without)
    if rest is None:
        return None, ()
    if rest.is_unapplied:
        return rest.before, ()
    if any(line.path.endswith(_CODE) for line in rest.absent):
        return None, tuple(missing_parts(project, survey(project), rest.before))
    return None, ()


def _rest(project: Project, without: Without) -> _Rest | None:
    """The part that `without` removes from the project's side, or None if it removes
    nothing."""
    try:
        before = _served(without(project))
        if before.spec == project.spec:
            return None
        base, next_ = rendered_tree(before), rendered_tree(project.side)
    except Refusal:
        return None
    lines = [*_added_lines(base, next_)]
    absent = [line for line in lines if not _is_there(project, line)]
    has_files = any((project.root / p).exists() for p in next_.keys() - base.keys())
    replaced = [*_added_lines(next_, base)]
    left = [line for line in replaced if _is_there(project, line)]
    files = [_Line(path, "") for path in base.keys() - next_.keys()]
    there = [line for line in files if (project.root / line.path).exists()]
    return _Rest(before, lines, absent, has_files, [*replaced, *files], [*left, *there])


def _served(side: Side) -> Side:
    """`side` without the resources and generated code that its modules cannot
    render."""
    side = with_served_resources(side)
    kinds = generators_of(side.modules)
    generated = tuple(item for item in side.spec.generated if item.kind in kinds)
    return side.with_spec(replace(side.spec, generated=generated))


def _added_lines(base: Tree, next_: Tree) -> Iterator[_Line]:
    """The lines that `next_` adds to files that `base` also has."""
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
    """`text` without the white space, commas and quotes that a formatter may change."""
    return re.sub(r"[\s,]+", "", text).replace("'", '"')
