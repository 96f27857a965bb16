"""Names that the user and fastgen both introduced in one scope with different meanings.

A line merge does not detect them, and Python does not either: the last one wins.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.structure.blocks import Clash

NAME_TAKEN = "fastgen uses that name here for something of its own; rename yours"

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


@dataclass
class _Scope:
    """A module, a class or a function."""

    bound: dict[str, set[str]] = field(default_factory=dict)
    """The values that each name is bound to, as text."""
    read: set[str] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)
    """The first line of each name."""

    @property
    def said(self) -> set[str]:
        return self.read | self.bound.keys()


@dataclass(frozen=True)
class Given:
    clashes: tuple[Clash, ...] = ()
    """One for each name that is new on both sides and has two meanings."""
    alike: bool = False
    """Whether both sides bind a new name, to the same value or to collections."""


def names_given_twice(base: str, next_: str, user: str) -> Given:
    modules = [parsed(text) for text in (base, next_, user)]
    if None in modules:
        return Given()
    base_scopes, next_scopes, user_scopes = (
        dict(_scopes(module)) for module in modules if module
    )
    common = [
        where for where in user_scopes if where in base_scopes and where in next_scopes
    ]
    clashes = (
        Clash(f"{where}{name}", user_scopes[where].lines[name], NAME_TAKEN)
        for where in common
        for name in _taken(base_scopes[where], next_scopes[where], user_scopes[where])
    )
    return Given(
        tuple(sorted(clashes, key=lambda clash: (clash.line, clash.where))),
        any(
            (next_scopes[where].bound.keys() & user_scopes[where].bound.keys())
            - base_scopes[where].bound.keys()
            for where in common
        ),
    )


def _taken(base: _Scope, next_: _Scope, user: _Scope) -> set[str]:
    new, own = next_.said - base.said, user.said - base.said
    return {
        name
        for name in new & own
        if (name in next_.bound or name in user.bound)
        and next_.bound.get(name) != user.bound.get(name)
    }


def _scopes(node: ast.AST, where: str = "") -> Iterator[tuple[str, _Scope]]:
    scope = _Scope()
    inside = [*ast.iter_child_nodes(node)]
    while inside:
        child = inside.pop()
        for name, meaning in _bindings(child):
            scope.bound.setdefault(name, set()).add(meaning)
            _see(scope, name, child)
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
            scope.read.add(child.id)
            _see(scope, child.id, child)
        if isinstance(child, _Definition):
            word = "class" if isinstance(child, ast.ClassDef) else "def"
            yield from _scopes(child, f"{where}{word} {child.name} > ")
        elif not isinstance(child, _SCOPES):
            inside += ast.iter_child_nodes(child)
    yield where, scope


def _meaning(value: ast.expr) -> str:
    """The meaning of a value as text. All collections of one type have the same
    meaning, because they are merged by element."""
    if isinstance(value, ast.List | ast.Tuple | ast.Set | ast.Dict):
        return type(value).__name__
    return ast.dump(value)


def _see(scope: _Scope, name: str, node: ast.AST) -> None:
    line: int = getattr(node, "lineno", 1)
    scope.lines[name] = min(scope.lines.get(name, line), line)


def _bindings(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that a statement binds, with their meanings."""
    match node:
        case ast.ImportFrom():
            for alias in node.names:
                origin = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                yield alias.asname or alias.name, origin
        case ast.Import():
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], "import"
        case _ if isinstance(node, _Definition):
            yield node.name, ast.dump(node)
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() if node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        yield name.id, _meaning(node.value)
        case ast.AnnAssign(target=ast.Name(name)):
            yield name, ast.dump(node.annotation)
