"""The definitions in a package, and their uses."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fastgen.merge.scopes.imports import (
    UNPARSABLE,
    Import,
    first_party_imports,
    module_path,
    source_folder,
)

Symbol = tuple[str, str]
"""The dotted name of a module, and a name in it."""


@dataclass(frozen=True)
class Attribute:
    """`name: annotation` or `name = value` in the body of a class."""

    path: str
    owner: str
    """The name of the class."""
    name: str
    words: frozenset[str] = field(compare=False)
    """The names in the annotation and the value, including those in strings."""
    line: int = field(compare=False)


@dataclass(frozen=True)
class Package:
    """The Python files of the package `name`, by path, without tests."""

    name: str
    code: Mapping[str, bytes]

    @classmethod
    def of(cls, name: str, files: Mapping[str, bytes]) -> "Package":
        """The package `name` in `files`, the Python files of a project."""
        folder = f"{source_folder(name, files)}/{name}/".lstrip("/")
        code = {path: text for path, text in files.items() if path.startswith(folder)}
        return cls(name, code)

    @cached_property
    def sources(self) -> str:
        return source_folder(self.name, self.code)

    @cached_property
    def modules(self) -> Mapping[str, ast.Module]:
        """The syntax tree of each file that parses."""
        found = {path: _parsed(text) for path, text in self.code.items()}
        return {path: module for path, module in found.items() if module}

    @cached_property
    def unparsed(self) -> str:
        """The text of the files that do not parse."""
        others = (text for path, text in self.code.items() if path not in self.modules)
        return "\n".join(text.decode(errors="replace") for text in others)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(
            found
            for path, text in self.code.items()
            for found in first_party_imports(text, path, self.name, self.sources)
        )

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes that classes define in their bodies."""
        return tuple(
            attribute
            for path, module in self.modules.items()
            for node in ast.walk(module)
            if isinstance(node, ast.ClassDef)
            for attribute in _attributes(node, path)
        )

    @cached_property
    def parents(self) -> Mapping[str, frozenset[str]]:
        """The names of the direct base classes of each class, by its name."""
        found: dict[str, frozenset[str]] = {}
        for module in self.modules.values():
            for node in ast.walk(module):
                if isinstance(node, ast.ClassDef):
                    words = frozenset(w for base in node.bases for w in _words(base))
                    found[node.name] = found.get(node.name, frozenset()) | words
        return found

    def file_of(self, module: str) -> str | None:
        return module_path(module, self.code, self.sources)

    def module_of(self, path: str) -> str:
        """The dotted name of the module at `path`."""
        inside = path.removeprefix(f"{self.sources}/") if self.sources else path
        stem = inside.removesuffix(".py").removesuffix("/__init__")
        return stem.replace("/", ".")

    def names_of(self, symbol: Symbol) -> Collection[Symbol]:
        """All names under which modules of the package know `symbol`."""
        known, count = {symbol}, 0
        while len(known) > count:
            count = len(known)
            for found in self.imports:
                here = self.module_of(found.path)
                if (found.module, found.attribute) in known:
                    known.add((here, found.bound))
                elif found.attribute == "*":
                    known |= {(here, n) for m, n in known if m == found.module}
        return known

    def uses_of(self, symbol: Symbol) -> Iterator[tuple[str, int]]:
        """The path and line of each use of `symbol`. In its own file only positional
        arguments count, as in `app.add_middleware(OwnMiddleware)`."""
        module, _ = symbol
        known = self.names_of(symbol)
        imported = {(found.path, found.name) for found in self.imports}
        for path, tree in self.modules.items():
            here = self.module_of(path)
            for node in _arguments(tree) if here == module else ast.walk(tree):
                match node:
                    case ast.Name(id=word) if (here, word) in known:
                        yield path, node.lineno
                    case ast.Attribute(attr=word) if any(
                        name == word and (path, origin) in imported
                        for origin, name in known
                    ):
                        yield path, node.lineno

    def has_attribute(self, owner: str, name: str) -> bool:
        """Whether the class `owner` or one of its base classes defines `name`."""
        owners, count = {owner}, 0
        while len(owners) > count:
            count = len(owners)
            owners |= {p for o in owners for p in self.parents.get(o, ())}
        return any(a.owner in owners and a.name == name for a in self.attributes)


def _parsed(text: bytes) -> ast.Module | None:
    try:
        return ast.parse(text)
    except UNPARSABLE:
        return None


def _arguments(tree: ast.Module) -> Iterator[ast.expr]:
    """The positional arguments of all calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from node.args


def _attributes(node: ast.ClassDef, path: str) -> Iterator[Attribute]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            targets: list[ast.expr] = [statement.target]
        elif isinstance(statement, ast.Assign):
            targets = statement.targets
        else:
            continue
        words = frozenset(_words(statement))
        for target in targets:
            if isinstance(target, ast.Name):
                line = statement.lineno
                yield Attribute(path, node.name, target.id, words, line)


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from each.value.replace("[", " ").replace("]", " ").split()
