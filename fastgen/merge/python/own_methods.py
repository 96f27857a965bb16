"""Methods that the user added to classes of a generated file."""

import ast
from collections.abc import Collection, Iterator

from fastgen.encoding import code_lines, column_of
from fastgen.merge.python.toplevel import parsed
from fastgen.merge.scopes.bindings import LexicalScope, bindings_of
from fastgen.merge.scopes.import_words import Position

_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def methods_of(text: str) -> Iterator[str]:
    """The methods of the classes in `text`, such as `Product.price_text`."""
    module = parsed(text)
    for definition in module.body if module else ():
        if isinstance(definition, ast.ClassDef):
            for node in definition.body:
                if isinstance(node, _FUNCTIONS):
                    yield f"{definition.name}.{node.name}"


def variables_of_own_methods(
    text: str, module: ast.Module, known: Collection[str]
) -> set[Position]:
    """The positions of parameters and variables of methods that are not in `known`.
    Only their names could be the same as those of fields."""
    bindings, lines = bindings_of(module), code_lines(text)
    own = {scope for scope in bindings.scopes if _is_own_method(scope, known)}
    found = set()
    for node, scope in bindings.places.items() if own else ():
        match node:
            case ast.Name():
                owner = bindings.owner(node)
            case ast.arg():
                owner = scope
            case _:
                continue
        if owner and any(owner.is_in(each) for each in own):
            column = column_of(lines, node.lineno, node.col_offset)
            found.add((node.lineno, column))
    return found


def _is_own_method(scope: LexicalScope, known: Collection[str]) -> bool:
    outer = scope.outer.node if scope.outer else None
    if not isinstance(outer, ast.ClassDef) or not isinstance(scope.node, _FUNCTIONS):
        return False
    return f"{outer.name}.{scope.node.name}" not in known
