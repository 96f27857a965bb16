"""The project's modules and definitions that a Python file uses."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from fastgen.merge.renames.modules import TEST_SOURCES, is_test
from fastgen.merge.renames.names import Definition
from fastgen.merge.scopes.bindings import Imported, bound_name
from fastgen.merge.scopes.imports import SOURCES, absolute_module, package_at


def origin_of(node: ast.ImportFrom, path: str) -> str:
    """The absolute module that `node` imports from in the file at `path` in base."""
    sources = TEST_SOURCES if is_test(path) else SOURCES
    return absolute_module(node.module or "", node.level, package_at(path, sources))


def whole_name(alias: ast.alias) -> str:
    """The name that stands for the whole import `alias`; empty after `import a.b`."""
    return bound_name(alias) if alias.asname or "." not in alias.name else ""


def imported_definitions(node: Imported, path: str) -> Iterator[tuple[Definition, str]]:
    """The definitions that `node`, in the file at `path`, imports, each with the name
    that it binds. For a whole module, the name in the definition is empty."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield (origin_of(node, path), alias.name), whole_name(alias)
        elif bound := whole_name(alias):
            yield (alias.name, ""), bound


def bound_modules(module: ast.Module, path: str) -> Mapping[str, str]:
    """The dotted name behind each name that an import binds, as if it were a module."""
    found: dict[str, str] = {}
    for node in _imports(module):
        for (origin, name), bound in imported_definitions(node, path):
            found[bound] = f"{origin}.{name}" if name else origin
    return found


def used_definitions(
    text: str, module: ast.Module, path: str, index: Collection[str]
) -> Iterator[Definition]:
    """The definitions that the file at `path` imports from the modules `index`, or
    reads as their attributes. `module` is the syntax tree of `text`."""
    for node in _imports(module):
        if isinstance(node, ast.ImportFrom):
            origin = origin_of(node, path)
            if origin in index:
                yield from ((origin, alias.name) for alias in node.names)
    bound = bound_modules(module, path)
    own = {name: origin for name, origin in bound.items() if origin in index}
    if own:
        attribute = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, own))})\.(\w+)")
        for name, attr in attribute.findall(text):
            yield own[name], attr


def _imports(module: ast.Module) -> Iterator[Imported]:
    """The import statements at any depth, without walking expressions."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Imported):
            yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, name, ())
            waiting += inner if isinstance(inner, list) else ()
