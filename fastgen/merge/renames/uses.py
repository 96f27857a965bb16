"""The modules and definitions of the project that a Python file uses."""

import ast
from collections.abc import Mapping

from fastgen.merge.gate.imports import SOURCES, absolute_module
from fastgen.merge.renames.modules import TEST_SOURCES, is_test
from fastgen.merge.renames.names import Definition


def sources_at(path: str) -> str:
    """The folder that the imports of the file at `path`, in base, start from."""
    return TEST_SOURCES if is_test(path) else SOURCES


def bound_modules(module: ast.Module, path: str) -> Mapping[str, str]:
    """What the names that imports bind stand for, if they stand for modules."""
    found: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            origin = absolute_module(
                node.module or "", node.level, path, sources_at(path)
            )
            for alias in node.names:
                found[alias.asname or alias.name] = f"{origin}.{alias.name}"
        elif isinstance(node, ast.Import):
            found |= {
                alias.asname or alias.name: alias.name
                for alias in node.names
                if alias.asname or "." not in alias.name
            }
    return found


def used_definitions(module: ast.Module, path: str) -> set[Definition]:
    """What the file at `path` imports from modules, or reads as their attributes."""
    found: set[Definition] = set()
    bound = bound_modules(module, path)
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            origin = absolute_module(
                node.module or "", node.level, path, sources_at(path)
            )
            found |= {(origin, alias.name) for alias in node.names}
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in bound
        ):
            found.add((bound[node.value.id], node.attr))
    return found
