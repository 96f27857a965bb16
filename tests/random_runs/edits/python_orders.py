"""Edits of Python that put things in another order, or write imports otherwise."""

import ast
from itertools import pairwise
from typing import TypeVar

from .editing import Editing, text_edit
from .source import (
    PYTHON,
    Function,
    bodies,
    end_line,
    first_line,
    found,
    lines_of,
    parsed,
    replaced,
    source_of,
    with_lines,
)

GROUP = "Python layout"

S = TypeVar("S", bound=ast.stmt)


def _imports(text: str) -> list[ast.ImportFrom]:
    tree = parsed(text)
    return (
        [
            n
            for n in tree.body
            if isinstance(n, ast.ImportFrom) and n.module != "__future__"
        ]
        if tree
        else []
    )


@text_edit(GROUP, PYTHON, "imports in another order")
def imports(text: str, editing: Editing) -> str | None:
    nodes = _imports(text)
    pairs = [(a, b) for a, b in pairwise(nodes) if end_line(a) == first_line(b)]
    if not pairs:
        return None
    return _swapped(text, *editing.random.choice(pairs))


@text_edit(GROUP, PYTHON, "the names of an import in another order")
def imported_names(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in _imports(text) if len(n.names) > 1 and "#" not in source_of(text, n)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    names = [source_of(text, alias) for alias in reversed(node.names)]
    return replaced(text, node, f"from {node.module} import {', '.join(names)}")


@text_edit(GROUP, PYTHON, "an import in two")
def split_import(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in _imports(text)
        if len(n.names) > 1 and n.level == 0 and "#" not in source_of(text, n)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    first, *others = [source_of(text, alias) for alias in node.names]
    head = f"from {node.module} import"
    return replaced(text, node, f"{head} {first}\n{head} {', '.join(others)}")


@text_edit(GROUP, PYTHON, "each name of an import on its line")
def exploded_import(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in _imports(text)
        if n.lineno == n.end_lineno and "#" not in lines_of(text)[n.lineno - 1]
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    inner = "".join(f"    {source_of(text, alias)},\n" for alias in node.names)
    return replaced(
        text, node, f"from {'.' * node.level}{node.module or ''} import (\n{inner})"
    )


@text_edit(GROUP, PYTHON, "a blank line and a heading between imports")
def grouped_imports(text: str, editing: Editing) -> str | None:
    nodes = _imports(text)
    if not nodes:
        return None
    return with_lines(
        text, first_line(editing.random.choice(nodes)), "", f"# {editing.mark()}:"
    )


@text_edit(GROUP, r"^src/.*\.py$", "a relative import")
def relative_import(text: str, editing: Editing) -> str | None:
    package = f"{editing.package}."
    inner = editing.path.removeprefix(f"{editing.package_folder}/").count("/")
    nodes = [
        n for n in _imports(text) if n.level == 0 and f"{n.module}".startswith(package)
    ]
    nodes = [n for n in nodes if "#" not in source_of(text, n)]
    if (
        not nodes
        or "/migrations/" in editing.path
        or not editing.path.startswith(editing.package_folder)
    ):
        return None
    node = editing.random.choice(nodes)
    module = f"{node.module}".removeprefix(package)
    names = ", ".join(source_of(text, alias) for alias in node.names)
    return replaced(text, node, f"from {'.' * (inner + 1)}{module} import {names}")


@text_edit(GROUP, PYTHON, "an import inside of a function")
def inner_import(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if first_line(n.body[0]) > n.lineno - 1
    ]
    if not nodes:
        return None
    body = editing.random.choice(nodes).body
    space = " " * body[-1].col_offset
    return with_lines(
        text,
        first_line(body[-1]),
        f"{space}import json as {editing.mark()}  # noqa: F401",
    )


def _swapped(text: str, first: ast.stmt, second: ast.stmt) -> str:
    lines = lines_of(text)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    a, b, c, d = (
        first_line(first),
        end_line(first),
        first_line(second),
        end_line(second),
    )
    return "".join([*lines[:a], *lines[c:d], *lines[b:c], *lines[a:b], *lines[d:]])


def _pairs(text: str, kind: type[S]) -> list[tuple[S, S]]:
    return [
        (first, second)
        for body in bodies(text)
        for first, second in pairwise(body)
        if isinstance(first, kind) and isinstance(second, kind)
    ]


@text_edit(GROUP, PYTHON, "two functions in another order")
def functions(text: str, editing: Editing) -> str | None:
    pairs = [
        (a, b)
        for a, b in _pairs(text, ast.stmt)
        if isinstance(a, Function) and isinstance(b, Function) and not _uses(b, a)
    ]
    return _swapped(text, *editing.random.choice(pairs)) if pairs else None


def _uses(second: Function, first: Function) -> bool:
    """Whether a decorator or a default of `second` needs `first`."""
    name = first.name
    heads: list[ast.AST] = [*second.decorator_list, second.args]
    return any(
        isinstance(n, ast.Name) and n.id == name for h in heads for n in ast.walk(h)
    )


@text_edit(GROUP, PYTHON, "two fields of a class in another order")
def class_fields(text: str, editing: Editing) -> str | None:
    pairs = _pairs(text, ast.AnnAssign)
    pairs = [(a, b) for a, b in pairs if (a.value is None) == (b.value is None)]
    return _swapped(text, *editing.random.choice(pairs)) if pairs else None


@text_edit(GROUP, PYTHON, "two calls in another order")
def calls(text: str, editing: Editing) -> str | None:
    pairs = [
        (a, b)
        for a, b in _pairs(text, ast.Expr)
        if isinstance(a.value, ast.Call) and isinstance(b.value, ast.Call)
    ]
    return _swapped(text, *editing.random.choice(pairs)) if pairs else None


@text_edit(GROUP, PYTHON, "keyword arguments in another order")
def keywords(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if len(n.keywords) > 1
        and all(k.arg for k in n.keywords)
        and "#" not in source_of(text, n)
    ]
    if not nodes:
        return None
    first, second = editing.random.choice(nodes).keywords[:2]
    if second.lineno < first.end_lineno:
        return None
    one, other = source_of(text, first), source_of(text, second)
    return replaced(replaced(text, second, one), first, other)


@text_edit(GROUP, PYTHON, "elements of a list in another order")
def elements(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.List, ast.Tuple, ast.Set) if len(n.elts) > 1]
    if not nodes:
        return None
    elements = editing.random.choice(nodes).elts
    at = editing.random.randrange(len(elements) - 1)
    one, other = source_of(text, elements[at]), source_of(text, elements[at + 1])
    return replaced(replaced(text, elements[at + 1], one), elements[at], other)
