"""The user's modules that import a renamed definition and from which other files import
it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.renames.meanings import Meanings
from fastgen.merge.renames.moved_names import MovedNames
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.users_code import may_follow
from fastgen.merge.scopes.bindings import bindings_of


@dataclass(frozen=True)
class SourceModule:
    """A Python file: its dotted name, and its text."""

    name: str
    text: str
    is_package: bool


def with_reexports(moved: MovedNames, modules: list[SourceModule]) -> MovedNames:
    """`moved` with the names that `modules` import, so that imports from these modules
    change too."""
    words = {name for names in moved.names.values() for name in names}
    words |= {name for _, name in moved.models}
    imports = [found for each in modules for found in _imports(each, words, moved)]
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
    meanings: Meanings

    def binds(self, name: str) -> bool:
        """Whether the module binds `name` itself."""
        return name in self.meanings.bindings.top.binders

    def may_follow(self, new: str) -> bool:
        bindings = self.meanings.bindings
        return may_follow(self.alias, new, bindings.top, bindings, self.meanings)


def _imports(
    module: SourceModule, words: set[str], moved: MovedNames
) -> Iterator[_Import]:
    """The imports at the top of `module`, if its text has one of `words` or a star
    import."""
    if "import *" not in module.text and not any(w in module.text for w in words):
        return
    tree = parsed(module.text)
    if tree is None:
        return
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    meanings = Meanings(moved, bindings_of(tree), module.name, package)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield _Import(module.name, meanings.source(node), alias, meanings)


def _add(
    found: _Import,
    moved: MovedNames,
    names: dict[str, dict[str, str]],
    models: set[Definition],
) -> None:
    """Add the names and models that `found` imports to those of its module."""
    given: Mapping[str, str] = moved.names.get(found.source, {})
    alias, own = found.alias, found.module
    if alias.name == "*":
        for old, new in given.items():
            if not old.startswith("_") and not found.binds(old):
                names.setdefault(own, {}).setdefault(old, new)
        models |= {(own, name) for owner, name in models if owner == found.source}
        return
    name = given.get(alias.name, alias.name)
    if name != alias.name and found.may_follow(name):
        names.setdefault(own, {}).setdefault(alias.name, name)
    if (found.source, alias.name) in models:
        models.add((own, alias.asname or alias.name))
