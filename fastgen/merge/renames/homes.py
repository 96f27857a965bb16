"""Finds the file to which the user moved a definition."""

import ast
from collections import Counter
from pathlib import PurePosixPath

from fastgen.merge.python.toplevel import (
    definitions_in,
    kind_of,
    parsed,
    same_statement,
)
from fastgen.merge.scopes.imports import absolute_module, package_at
from fastgen.merge.structure.matching import ALIKE
from fastgen.tree import Files, Tree


def home_of(
    name: str, node: ast.stmt, path: str, base: Tree, user: Files
) -> str | None:
    """The file in which the user now has the definition `name`, or None.

    It is the file from which the file at `path` imports the name, or else the file
    whose definition is most like `node`, the definition in base at `path`. `base` holds
    its files at the user's paths.
    """
    likeness: dict[str, float] = {}
    for other, file in user.items():
        if (
            other == path
            or not other.endswith(".py")
            or name.encode() not in file.content
        ):
            continue
        if other in base and name in (definitions_in(other, base[other].content) or {}):
            continue  # fastgen's own definition of the same name
        found = (definitions_in(other, file.content) or {}).get(name)
        if found is None or kind_of(found) is not kind_of(node):
            continue
        if _imports_from(name, path, other, user):
            return other
        likeness[other] = _likeness(node, found)
    best = max(likeness, key=likeness.__getitem__, default=None)
    if best is None or likeness[best] <= ALIKE:
        return None
    return best if [*likeness.values()].count(likeness[best]) == 1 else None


def _imports_from(name: str, path: str, other: str, user: Files) -> bool:
    """Whether the user's file `path` imports `name` from the file `other`."""
    module = (
        parsed(user[path].content.decode(errors="replace")) if path in user else None
    )
    place = PurePosixPath(other).with_suffix("")
    place = place.parent if place.name == "__init__" else place
    wanted = ".".join(place.parts)
    for node in module.body if module else ():
        if not isinstance(node, ast.ImportFrom):
            continue
        if name not in {alias.name for alias in node.names}:
            continue
        found = absolute_module(node.module or "", node.level, package_at(path, "."))
        if found == wanted or (not node.level and wanted.endswith(f".{found}")):
            return True
    return False


def _likeness(one: ast.stmt, other: ast.stmt) -> float:
    if isinstance(one, ast.Assign | ast.AnnAssign):
        return float(same_statement(one, other))
    lines = [Counter(ast.unparse(node).splitlines()[1:]) for node in (one, other)]
    return (lines[0] & lines[1]).total() / max(1, *(each.total() for each in lines))
