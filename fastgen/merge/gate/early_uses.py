"""Names that a function would look for before there is anything to find."""

import ast
from collections.abc import Iterator

from fastgen.merge.gate.imports import UNPARSABLE

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


def early_uses(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, message) for each use of `app` in a function that `app = function()` at
    the top of the module calls: ruff takes it for the global, which is not there yet.

    Such a line comes about where the user has given the function's own `app` another
    name, and fastgen adds a statement that speaks of it.
    """
    try:
        body = ast.parse(content).body
    except UNPARSABLE:
        return
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    made: set[str] = set()
    for node in body:
        names = _assigned(node) - made
        made |= names
        if names and isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for name in _called(node.value) & functions.keys():
                yield from _uses(functions[name], names)


def _assigned(node: ast.stmt) -> set[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _called(value: ast.expr) -> set[str]:
    calls = (node.func for node in ast.walk(value) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def _uses(function: ast.FunctionDef, names: set[str]) -> Iterator[tuple[int, str]]:
    """The uses of the globals `names` in what `function` itself runs."""
    arguments = (n.arg for n in ast.walk(function.args) if isinstance(n, ast.arg))
    inside = [node for statement in function.body for node in _own(statement)]
    local = {n.id for n in inside if isinstance(n, ast.Name) and not _is_read(n)}
    local |= {*arguments, *(n.name for n in inside if hasattr(n, "name") and n.name)}
    for node in inside:
        if isinstance(node, ast.Name) and _is_read(node) and node.id in names - local:
            message = f"`{node.id}` is used in {function.name}() before it is made"
            yield node.lineno, message


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what is in it, without the bodies of functions defined there."""
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _own(child)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)
