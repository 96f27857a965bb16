"""Formatting of base and next that skips unchanged files until their content is needed.

Most files of a large project are the same in base and next, and the user's file stays
as it is. Such a path has one entry, which both trees share.
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
    """`base` and `next_` with formatted Python files. Files that differ and files at
    `wanted` are formatted now, the others when their content is first read."""
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
    """The files of `tree` at `paths`, formatted together on first use."""

    def __init__(self, tree: Tree, paths: Collection[str]) -> None:
        self._tree, self.paths = tree, paths

    @cached_property
    def _formatted(self) -> Tree:
        return formatted([self._tree], paths=self.paths)[0]

    def content(self, path: str) -> bytes:
        return self._formatted[path].content


def _common(base: Tree, next_: Tree) -> set[str]:
    """The paths whose formatted content is the same in both trees.

    It depends on the file, on ruff's rules, and on the modules in the project: ruff
    uses them to recognize first-party imports.
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
    """The parts of a configuration that affect ruff."""

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
