"""The top-level statements of a Python file: their names, and a file split in two by
them."""

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from fastgen.encoding import Undecodable, code_lines, decoded
from fastgen.merge.scopes.bindings import Imported, bound_name
from fastgen.merge.scopes.imports import UNPARSABLE

Alias = tuple[str, str]
"""The module of an import (with dots; empty for a whole module), and the imported
name."""


def parsed(text: str) -> ast.Module | None:
    """The syntax tree of `text`, or None if it is not Python."""
    try:
        return ast.parse(text)
    except UNPARSABLE:
        return None


def named(module: ast.Module) -> dict[str, ast.stmt]:
    """The functions, classes and variables that are bound exactly once, by name."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in module.body:
        if name := name_of(statement):
            found.setdefault(name, []).append(statement)
    return {name: each[0] for name, each in found.items() if len(each) == 1}


@cache
def definitions_in(path: str, content: bytes) -> Mapping[str, ast.stmt] | None:
    """The result of `named` for the file at `path`, or None if it is not Python.
    Cached, because callers look for several definitions in one file."""
    try:
        module = parsed(decoded(path, content))
    except Undecodable:
        return None
    return named(module) if module else None


def same_statement(one: ast.stmt, other: ast.stmt) -> bool:
    return ast.dump(one) == ast.dump(other)


def name_of(statement: ast.stmt) -> str | None:
    match statement:
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
            | ast.Assign(targets=[ast.Name(id=name)])
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            return name
    return None


def kind_of(statement: ast.stmt) -> type:
    """The kind of a definition: a function, a class, or a variable (an assignment)."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return ast.FunctionDef
    return ast.ClassDef if isinstance(statement, ast.ClassDef) else ast.Assign


def aliases(module: ast.Module) -> dict[Alias, str]:
    """The imports at the top of `module`, with the names that they bind."""
    return {
        (_origin(statement), alias.name): bound_name(alias)
        for statement in module.body
        if isinstance(statement, Imported)
        for alias in statement.names
    }


def cut(text: str, names: Collection[str]) -> tuple[str, str]:
    """`text` without the statements that bind `names`, and a text of those statements;
    each with the imports that it uses."""
    module = ast.parse(text)
    taken = [s for s in module.body if name_of(s) in names]
    left = [s for s in module.body if s not in taken and not isinstance(s, Imported)]
    needed, used = uses(taken), uses(left)
    rest: list[str] = []
    imports: list[str] = []
    part: list[str] = []
    for source, statement in _sources(text, module):
        if statement in taken:
            part.append(source)
        elif not isinstance(statement, Imported):
            rest.append(source)
        else:
            stays = _only(statement, lambda n: n not in needed or n in used)
            rest.append(source if stays is statement else _unparsed(stays))
            imports.append(_unparsed(_only(statement, needed.__contains__)))
    return "".join(rest), "".join([*imports, *part])


def with_imports(text: str, wanted: Collection[Alias]) -> str:
    """`text` with only those of its imports that are in `wanted`."""
    module = ast.parse(text)
    result = []
    for source, statement in _sources(text, module):
        if isinstance(statement, Imported):
            origin = _origin(statement)
            chosen = [a for a in statement.names if (origin, a.name) in wanted]
            source = _unparsed(_with_names(statement, chosen))
        result.append(source)
    return "".join(result)


def _sources(text: str, module: ast.Module) -> Iterator[tuple[str, ast.stmt | None]]:
    """The text of each top-level statement with the comments directly above it, in
    order. The text in between has None as its statement."""
    lines = code_lines(text)
    at = 0
    for statement in module.body:
        first = _first_line(statement)
        if first < at:  # after a semicolon
            continue
        start = first
        while start > at and lines[start - 1].startswith("#"):
            start -= 1
        yield "".join(lines[at:start]), None
        at = statement.end_lineno or first + 1
        yield "".join(lines[start:at]), statement
    yield "".join(lines[at:]), None


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)]) - 1


def uses(statements: Collection[ast.stmt]) -> set[str]:
    """The names that `statements` use."""
    return {
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }


def _only(statement: Imported, holds: Callable[[str], bool]) -> Imported | None:
    return _with_names(statement, [a for a in statement.names if holds(bound_name(a))])


def _with_names(statement: Imported, names: list[ast.alias]) -> Imported | None:
    if names == statement.names:
        return statement
    if not names:
        return None
    if isinstance(statement, ast.Import):
        return ast.Import(names=names)
    return ast.ImportFrom(statement.module, names, statement.level)


def _unparsed(statement: Imported | None) -> str:
    return f"{ast.unparse(statement)}\n" if statement else ""


def _origin(statement: Imported) -> str:
    if isinstance(statement, ast.Import):
        return ""
    return "." * statement.level + (statement.module or "")
