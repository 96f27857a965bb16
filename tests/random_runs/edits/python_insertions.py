"""Edits of Python that add something to a statement or to a function."""

import ast

from .editing import Editing, text_edit
from .source import (
    PYTHON,
    after_imports,
    arguments_of,
    below_docstring,
    end_line,
    first_line,
    found,
    indent,
    lines_of,
    one_of,
    parsed,
    replaced,
    source_of,
    with_lines,
)

GROUP = "Python"
TESTS = r"^tests/test_\w+\.py$"
MODELS = r"/(?!db/)\w+/models\.py$"
SCHEMAS = r"/schemas\.py$"
ROUTERS = r"/router\.py$"


@text_edit(GROUP, PYTHON, "a decorator", may_conflict=True)
def decorator(text: str, editing: Editing) -> str | None:
    node = one_of(text, editing.random, ast.FunctionDef)
    if node is None:
        return None
    line = lines_of(text)[node.lineno - 1]
    name = editing.mark()
    text = with_lines(text, first_line(node), f"{indent(line)}@{name}")
    return with_lines(
        text,
        after_imports(text),
        "",
        "",
        f"def {name}(function):",
        "    return function",
        "",
    )


@text_edit(GROUP, PYTHON, "a parameter of a function", may_conflict=True)
def parameter(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.args.args and not (n.args.defaults or n.args.kwonlyargs or n.args.vararg)
    ]
    if not nodes:
        return None
    last = editing.random.choice(nodes).args.args[-1]
    return replaced(text, last, f"{source_of(text, last)}, {editing.mark()}: int = 0")


@text_edit(GROUP, PYTHON, "an argument of a call", may_conflict=True)
def argument(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if n.keywords and n.keywords[-1].arg and "#" not in source_of(text, n)
    ]
    if not nodes:
        return None
    last = editing.random.choice(nodes).keywords[-1]
    return replaced(text, last, f"{source_of(text, last)}, {editing.mark()}=1")


@text_edit(GROUP, MODELS, "a comment on a column", may_conflict=True)
def column_comment(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if "mapped_column" in source_of(text, n.func)
        or source_of(text, n.func) == "Field"
    ]
    nodes = [n for n in nodes if n.args or n.keywords]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    last = arguments_of(node)[-1]
    name = "comment" if "mapped_column" in source_of(text, node.func) else "title"
    return replaced(text, last, f'{source_of(text, last)}, {name}="{editing.mark()}"')


@text_edit(GROUP, PYTHON, "an element of a list")
def element(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.List)
        if n.elts
        and isinstance(n.elts[0], ast.Constant)
        and isinstance(n.elts[0].value, str)
    ]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).elts)
    return replaced(text, which, f'{source_of(text, which)}, "{editing.mark()}"')


@text_edit(GROUP, PYTHON, "a key of a dict")
def key(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Dict)
        if n.keys
        and isinstance(n.keys[0], ast.Constant)
        and isinstance(n.keys[0].value, str)
    ]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).values)
    return replaced(text, which, f'{source_of(text, which)}, "{editing.mark()}": None')


@text_edit(GROUP, TESTS, "a row of parametrize")
def parametrized_row(text: str, editing: Editing) -> str | None:
    nodes = [
        n.args[1]
        for n in found(text, ast.Call)
        if source_of(text, n.func).endswith("parametrize")
        and len(n.args) > 1
        and isinstance(n.args[1], ast.List)
        and n.args[1].elts
        and isinstance(n.args[1].elts[0], ast.Tuple)
        and len(n.args[1].elts[0].elts) == 2
    ]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).elts)
    space = " " * which.col_offset
    return replaced(
        text, which, f'{source_of(text, which)},\n{space}("{editing.mark()}", 1)'
    )


@text_edit(GROUP, PYTHON, "a statement at the beginning of a function")
def first_statement(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if first_line(n.body[0]) > n.lineno - 1
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = below_docstring(node)
    space = indent(lines_of(text)[first_line(node.body[0])])
    return with_lines(
        text, at, f'{space}{editing.mark()} = "{editing.mark()}"  # noqa: F841'
    )


@text_edit(GROUP, PYTHON, "an early return")
def early_return(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef) if len(n.body) > 2
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = first_line(node.body[-1])
    space = indent(lines_of(text)[at])
    return with_lines(
        text,
        at,
        f'{space}if "{editing.mark()}" == "":',
        f"{space}    raise RuntimeError",
    )


@text_edit(GROUP, r"/main\.py$", "a statement in create_app")
def in_create_app(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.FunctionDef) if n.name == "create_app"]
    if not nodes:
        return None
    body = [n for n in nodes[0].body if "app" in source_of(text, n)]
    places = [end_line(n) for n in body[:-1] if not isinstance(n, ast.Return)]
    if not places or "app = " not in text:
        return None
    first = next(
        (n for n in nodes[0].body if source_of(text, n).startswith("app = ")), None
    )
    if first is None:
        return None
    at = editing.random.choice(
        [place for place in places if place >= end_line(first)] or [end_line(first)]
    )
    return with_lines(text, at, f'    app.state.{editing.mark()} = "own"')


@text_edit(GROUP, PYTHON, "__all__")
def exported(text: str, editing: Editing) -> str | None:
    tree = parsed(text)
    names = (
        [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        if tree
        else []
    )
    if not names or "__all__" in text:
        return None
    quoted = ", ".join(f'"{name}"' for name in names[:3])
    return with_lines(
        text, after_imports(text), "", f"__all__ = [{quoted}]  # {editing.mark()}"
    )
