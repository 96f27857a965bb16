"""Variables of the user that a rename would join with others."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.scopes.bindings import (
    Bindings,
    LexicalScope,
    bindings_of,
    bound_by,
)

_Variable = tuple[int, str]
"""The number of the scope that owns the variable, and its name. The number is -1 if the
file does not bind the name."""


@dataclass(frozen=True)
class Capture:
    """A variable `new` that has the same name and scope as `old` after a rename."""

    scope: str
    old: str
    new: str
    line: int
    """The first line that has the variable `new` before the rename."""


def captures(before: str, after: str) -> Iterator[Capture]:
    """The variables of `before` that `after`, the same code with new names, no longer
    keeps apart."""
    module, changed = parsed(before), parsed(after)
    if before == after or not module or not changed:
        return
    old, new = bindings_of(module), bindings_of(changed)
    found: dict[_Variable, dict[_Variable, int]] = {}
    pairs = zip(_variables(old), _variables(new), strict=False)
    for (variable, line), (renamed, _) in pairs:
        lines = found.setdefault(renamed, {})
        lines[variable] = min(line, lines.get(variable, line))
    for (number, name), lines in found.items():
        theirs = [line for (_, word), line in lines.items() if word == name]
        others = [word for _, word in lines if word != name]
        if theirs and others:
            scope = _scope_name(new, number)
            yield Capture(scope, others[0], name, min(theirs))


def _variables(bindings: Bindings) -> Iterator[tuple[_Variable, int]]:
    """Each variable that a node of the file reads or binds, with the node's line; an
    attribute of `self` or `cls` is a variable of the class."""
    numbers = {scope: number for number, scope in enumerate(bindings.scopes)}
    for node, scope in bindings.places.items():
        match node:
            case ast.Attribute(value=ast.Name("self" | "cls"), attr=attribute):
                if around := _class_around(scope):
                    yield (numbers[around], attribute), node.lineno
        names = [node.id] if isinstance(node, ast.Name) else bound_by(node)
        for name in names:
            owner = scope.find(name)
            line: int = getattr(node, "lineno", 0)
            yield ((numbers[owner] if owner else -1), name), line


def _class_around(scope: LexicalScope) -> LexicalScope | None:
    around: LexicalScope | None = scope
    while around and not isinstance(around.node, ast.ClassDef):
        around = around.outer
    return around


def _scope_name(bindings: Bindings, number: int) -> str:
    scope = bindings.scopes[number] if number >= 0 else None
    parts: list[str] = []
    while scope:
        parts.insert(0, getattr(scope.node, "name", type(scope.node).__name__))
        scope = scope.outer
    return ".".join(parts)
