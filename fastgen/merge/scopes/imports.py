"""First-party imports: imports in a Python file from its own project."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from fastgen.merge.scopes.bindings import bound_name, names_at_top

SOURCES = "src"

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""Errors that `ast` raises for text that is not Python, contains NUL, or is nested too
deeply for Python's parser."""


@dataclass(frozen=True)
class Import:
    """`import {module}`, or `from {module} import {attribute}`, in line `line`."""

    path: str
    line: int
    module: str
    attribute: str | None = None
    sources: str = SOURCES
    bound: str = ""
    """The name that the import binds; empty for `*`."""

    @property
    def name(self) -> str:
        return f"{self.module}.{self.attribute}" if self.attribute else self.module

    def fails_in(self, code: Mapping[str, bytes]) -> bool:
        """Whether the import finds nothing in `code`, the project's Python files by
        path."""
        found = module_path(self.module, code, self.sources)
        if found is None:
            # A namespace package exists as long as it contains something.
            if not _has_children(self.module, code, self.sources):
                return True
            return self.attribute is not None and not self._is_module(code)
        if self.attribute is None or self.attribute == "*":
            return False
        try:
            names = bound_names(code[found])
        except UNPARSABLE:
            return False
        bound = not {self.attribute, "*", "__getattr__"}.isdisjoint(names)
        return not bound and not self._is_module(code)

    def _is_module(self, code: Mapping[str, bytes]) -> bool:
        if module_path(self.name, code, self.sources) is not None:
            return True
        return _has_children(self.name, code, self.sources)


def source_folder(package: str, code: Mapping[str, bytes]) -> str:
    """The folder that contains `package`: `src`, unless the user has moved it; empty
    for the project's root."""
    inside = f"{package}/__init__.py"
    if f"{SOURCES}/{inside}" in code:
        return SOURCES
    found = [p for p in code if p == inside or p.endswith(f"/{inside}")]
    if not found:
        return SOURCES
    return min(found, key=len).removesuffix(inside).rstrip("/")


def first_party_imports(
    content: bytes, path: str, package: str, sources: str = SOURCES
) -> Iterator[Import]:
    """The imports of `package` and its modules in a file; relative imports are
    resolved. `sources` is the folder that contains `package`."""
    try:
        tree = ast.parse(content)
    except UNPARSABLE:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_in(alias.name, package):
                    bound = bound_name(alias)
                    yield Import(path, node.lineno, alias.name, None, sources, bound)
        elif isinstance(node, ast.ImportFrom):
            package_here = package_at(path, sources)
            module = absolute_module(node.module or "", node.level, package_here)
            if _is_in(module, package):
                for alias in node.names:
                    name = alias.name
                    bound = "" if name == "*" else bound_name(alias)
                    yield Import(path, node.lineno, module, name, sources, bound)


@cache
def bound_names(content: bytes) -> frozenset[str]:
    """The names that a module binds at its top level, with `*` for a star import.
    Cached, because many files import from one module."""
    return frozenset(names_at_top(ast.parse(content)))


def module_path(
    module: str, code: Mapping[str, bytes], sources: str = SOURCES
) -> str | None:
    """The file of a module with a dotted name, or None."""
    return file_of(_stem(module, sources), code)


def file_of(stem: str, code: Mapping[str, bytes]) -> str | None:
    """The file of a module, or None. `stem` is its path without a suffix."""
    paths = (f"{stem}.py", f"{stem}/__init__.py")
    return next((path for path in paths if path in code), None)


def _has_children(module: str, code: Mapping[str, bytes], sources: str) -> bool:
    folder = f"{_stem(module, sources)}/"
    return any(path.startswith(folder) for path in code)


def _stem(module: str, sources: str) -> str:
    """The path of a module with a dotted name, without a suffix."""
    return str(PurePosixPath(sources, *module.split(".")))


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def package_at(path: str, sources: str) -> str:
    """The dotted name of the package that contains the file at `path`."""
    where = PurePosixPath(path).parent
    if where.is_relative_to(sources):
        where = where.relative_to(sources)
    return ".".join(where.parts)


def absolute_module(module: str, level: int, package: str) -> str:
    """The absolute name of an import with `level` dots and `module` in a file of
    `package`."""
    if not level:
        return module
    # One dot is the package of the file.
    parents = package.split(".") if package else []
    parents = parents[: max(0, len(parents) - (level - 1))]
    return ".".join([*parents, *([module] if module else [])])
