"""Names that a function uses before they are assigned."""

import ast
from collections.abc import Iterator

from fastgen.merge.scopes.bindings import Bindings, bindings_of, bound_by
from fastgen.merge.scopes.imports import UNPARSABLE


def early_uses(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, message) for each use of `app` in a function that `app = function()` calls
    at the top of the module. ruff sees the global `app`, which is not assigned yet.

    Such a line appears if the user has renamed the function's local `app` and fastgen
    adds a statement that uses it.
    """
    try:
        module = ast.parse(content)
    except UNPARSABLE:
        return
    functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
    bindings: Bindings | None = None
    made: set[str] = set()
    for node in module.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not node.value:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {name for each in targets for name in bound_by(each)} - made
        made |= names
        called = _called(node.value) & functions.keys() if names else ()
        for name in called:
            bindings = bindings or bindings_of(module)
            yield from _uses(functions[name], names, bindings)


def _called(value: ast.expr) -> set[str]:
    calls = (node.func for node in ast.walk(value) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def _uses(
    function: ast.FunctionDef, names: set[str], bindings: Bindings
) -> Iterator[tuple[int, str]]:
    """The uses of the globals `names` in the body of `function` itself."""
    for name in sorted(names):
        for node in bindings.names.get(name, ()):
            inside = bindings.places[node].running.node is function
            if inside and bindings.owner(node) is bindings.top:
                message = f"`{name}` is used in {function.name}() before it is made"
                yield node.lineno, message
