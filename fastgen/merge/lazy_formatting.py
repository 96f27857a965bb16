"""What base and next have in common is formatted only if somebody asks for it.

Most of a large project is the same on both sides of a change, and the user's file stays
whatever is in it. Such a path has one entry, the same object in both trees.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from fastgen.tools.python_modules import INIT, importable, may_name, outermost
from fastgen.tools.ruff import PYPROJECT, configuration_of, formatted
from fastgen.tree import Tree


def formatted_pair(
    base: Tree, next_: Tree, wanted: Collection[str] = ()
) -> tuple[Tree, Tree]:
    """`base` and `next_` with their Python files formatted: those that differ and those
    at `wanted` now, the others when the content of one of them is asked for."""
    common = _common(base, next_)
    now = {path for path in base.keys() | next_.keys() if path not in common}
    ready_base, ready_next = formatted((base, next_), paths={*now, *wanted})
    later = _Later(base, {path for path in common if path.endswith(".py")})
    shared = {
        path: replace(base[path], source=partial(later.content, path))
        if path in later.paths and path not in wanted
        else ready_base[path]
        for path in common
    }
    return {**ready_base, **shared}, {**ready_next, **shared}


class _Later:
    """The files of `tree` at `paths`, formatted all at once and only when needed."""

    def __init__(self, tree: Tree, paths: Collection[str]) -> None:
        self._tree, self.paths = tree, paths

    @cached_property
    def _formatted(self) -> Tree:
        return formatted([self._tree], paths=self.paths)[0]

    def content(self, path: str) -> bytes:
        return self._formatted[path].content


def _common(base: Tree, next_: Tree) -> set[str]:
    """The paths that get the same bytes in both trees.

    ruff forms them from the file itself, from its rules, and from what lies beside the
    file: by this it tells which imports are the project's own.
    """
    alike = {p for p in base.keys() & next_.keys() if base[p] == next_[p]}
    rules = _rules(base)
    if rules != _rules(next_):
        return {path for path in alike if not path.endswith(".py")}
    differing = base.keys() ^ next_.keys()
    names = outermost(importable(base) ^ importable(next_), rules.sources)
    packages = tuple(
        path.removesuffix(INIT) for path in differing if path.endswith(INIT)
    )
    return {
        path
        for path in alike
        if not path.endswith(".py")
        or not (
            path.startswith(packages)
            or any(may_name(base[path].content, name) for name in names)
        )
    }


@dataclass(frozen=True)
class _Rules:
    """What ruff reads of a configuration."""

    table: Mapping[str, Any]
    python: str
    files: Mapping[str, bytes]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.table.get("src", (".", "src")))


def _rules(tree: Tree) -> _Rules:
    files = dict(configuration_of(tree))
    pyproject = tomllib.loads(files.pop(PYPROJECT, b"").decode())
    python = pyproject.get("project", {}).get("requires-python", "")
    return _Rules(pyproject.get("tool", {}).get("ruff", {}), python, files)
