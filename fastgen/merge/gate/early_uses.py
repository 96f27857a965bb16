"""Names that a function would look for before there is anything to find."""

import ast
from collections.abc import Iterator

from fastgen.merge.gate.imports import UNPARSABLE
from fastgen.merge.renames.scopes import Bindings, bindings_of, bound_by


def early_uses(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, message) for each use of `app` in a function that `app = function()` at
    the top of the module calls: ruff takes it for the global, which is not there yet.

    Such a line comes about where the user has given the function's own `app` another
    name, and fastgen adds a statement that speaks of it.
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
    """The uses of the globals `names` in what `function` itself runs."""
    for name in sorted(names):
        for node in bindings.names.get(name, ()):
            inside = bindings.places[node].running.node is function
            if inside and bindings.owner(node) is bindings.top:
                message = f"`{name}` is used in {function.name}() before it is made"
                yield node.lineno, message
