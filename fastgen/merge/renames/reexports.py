"""Modules of the user's that import a renamed definition, and from which other files
import it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.scopes import assigned_names
from fastgen.merge.renames.users_code import (
    MovedNames,
    absolute,
    may_follow,
)


@dataclass(frozen=True)
class SourceModule:
    """A Python file: its dotted name, and its text."""

    name: str
    text: str
    is_package: bool


def with_reexports(moved: MovedNames, modules: list[SourceModule]) -> MovedNames:
    """`moved`, with the names that `modules` only import: who imports them from there
    follows too."""
    words = {name for names in moved.names.values() for name in names}
    words |= {name for _, name in moved.models}
    imports = [found for each in modules for found in _imports(each, words)]
    while True:
        names = {module: dict(found) for module, found in moved.names.items()}
        models = {*moved.models}
        for found in imports:
            _add(found, moved, names, models)
        following = replace(moved, names=names, models=frozenset(models))
        if following == moved:
            return moved
        moved = following


@dataclass(frozen=True)
class _Import:
    module: str
    source: str
    alias: ast.alias
    assigned: frozenset[str]


def _imports(module: SourceModule, words: set[str]) -> Iterator[_Import]:
    """The imports at the top of `module`, if its text has one of `words` or a star."""
    if "import *" not in module.text and not any(w in module.text for w in words):
        return
    tree = parsed(module.text)
    if tree is None:
        return
    assigned = frozenset(assigned_names(tree))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            source = absolute(node, module.name, is_package=module.is_package)
            for alias in node.names:
                yield _Import(module.name, source, alias, assigned)


def _add(
    found: _Import,
    moved: MovedNames,
    names: dict[str, dict[str, str]],
    models: set[Definition],
) -> None:
    """Add what `found` imports to the names and the models of its module."""
    given: Mapping[str, str] = moved.names.get(found.source, {})
    alias, own = found.alias, found.module
    if alias.name == "*":
        for old, new in given.items():
            if not old.startswith("_") and old not in found.assigned:
                names.setdefault(own, {}).setdefault(old, new)
        models |= {(own, name) for owner, name in models if owner == found.source}
        return
    name = given.get(alias.name, alias.name)
    if name != alias.name and may_follow(alias, name, found.assigned):
        names.setdefault(own, {}).setdefault(alias.name, name)
    if (found.source, alias.name) in models:
        models.add((own, alias.asname or alias.name))
