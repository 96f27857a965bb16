"""Edits of Python that change what fastgen wrote, or take it away."""

import ast
import re

from .editing import Editing, text_edit
from .source import (
    PYTHON,
    arguments_of,
    bodies,
    end_line,
    first_line,
    found,
    indent,
    is_docstring,
    lines_of,
    replaced,
    source_of,
    with_lines,
)

GROUP = "Python"
TESTS = r"^tests/test_\w+\.py$"


@text_edit(GROUP, PYTHON, "another number", may_conflict=True)
def number(text: str, editing: Editing) -> str | None:
    nodes = [
        (n, n.value)
        for n in found(text, ast.Constant)
        if type(n.value) is int and n.value > 1
    ]
    if not nodes:
        return None
    node, known = editing.random.choice(nodes)
    return replaced(text, node, str(known + 17))


@text_edit(GROUP, PYTHON, "another text", may_conflict=True)
def string(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Constant)
        if isinstance(n.value, str)
        and " " in n.value
        and source_of(text, n).startswith('"')
        and not source_of(text, n).startswith('"""')
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    return replaced(text, node, f'{source_of(text, node)[:-1]} {editing.mark()}"')


@text_edit(GROUP, PYTHON, "another value of an argument", may_conflict=True)
def argument_value(text: str, editing: Editing) -> str | None:
    values = [
        n.value
        for n in found(text, ast.keyword)
        if n.arg and isinstance(n.value, ast.Constant)
    ]
    if not values:
        return None
    value = editing.random.choice(values)
    known: dict[object, str] = {True: "False", False: "True", None: "0"}
    new = known.get(value.value, f'"{editing.mark()}"')
    return replaced(text, value, new)


@text_edit(GROUP, PYTHON, "an argument that is deleted", may_conflict=True)
def without_argument(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.Call) if len(n.keywords) > 1 and n.keywords[-1].arg
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    gone, before = node.keywords[-1], node.keywords[-2]
    lines = lines_of(text)
    if gone.lineno == gone.end_lineno and lines[gone.lineno - 1].strip().rstrip(
        ","
    ) == source_of(text, gone):
        del lines[gone.lineno - 1]
        return "".join(lines)
    start = text.index(source_of(text, gone), text.index(source_of(text, before)))
    rest = text[start + len(source_of(text, gone)) :]
    return text[:start].rstrip().removesuffix(",") + rest


@text_edit(GROUP, PYTHON, "another type of a field", may_conflict=True)
def annotation(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.AnnAssign)
        if "None" not in source_of(text, n.annotation)
        and isinstance(n.annotation, ast.Name)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes).annotation
    return replaced(text, node, f"{source_of(text, node)} | None")


@text_edit(GROUP, PYTHON, "another default of a field", may_conflict=True)
def default(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.AnnAssign) if isinstance(n.value, ast.Constant)]
    if not nodes:
        return None
    return replaced(text, editing.random.choice(nodes).value, f'"{editing.mark()}"')


@text_edit(GROUP, PYTHON, "another argument of a decorator", may_conflict=True)
def decorator_argument(text: str, editing: Editing) -> str | None:
    nodes = [
        d
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        for d in n.decorator_list
        if isinstance(d, ast.Call) and d.args
    ]
    if not nodes:
        return None
    ends = arguments_of(editing.random.choice(nodes))[-1]
    return replaced(text, ends, f'{source_of(text, ends)}, summary="{editing.mark()}"')


@text_edit(GROUP, PYTHON, "a mixin of a class", may_conflict=True)
def mixin(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.ClassDef) if n.bases and n.col_offset == 0]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    name = editing.mark()
    text = replaced(text, node.bases[0], f"{name}, {source_of(text, node.bases[0])}")
    return with_lines(text, first_line(node), f"class {name}:", "    pass", "", "")


@text_edit(GROUP, PYTHON, "a condition with one more part", may_conflict=True)
def condition(text: str, editing: Editing) -> str | None:
    nodes = found(text, ast.If)
    if not nodes:
        return None
    test = editing.random.choice(nodes).test
    return replaced(
        text, test, f'({source_of(text, test)}) and "{editing.mark()}" != ""'
    )


@text_edit(GROUP, PYTHON, "a result that has a name first", may_conflict=True)
def named_result(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.Return) if n.value is not None]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    space = indent(lines_of(text)[first_line(node)])
    name = editing.mark()
    value = source_of(text, node.value)
    return replaced(text, node, f"{name} = {value}\n{space}return {name}")


def _wrapped(text: str, editing: Editing, head: str, *tail: str) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Expr, ast.Assign, ast.For, ast.If, ast.Assert)
        if not is_docstring(n) and n.col_offset > 0 and '"""' not in source_of(text, n)
    ]
    nodes = [
        n
        for n in nodes
        if not lines_of(text)[first_line(n)].lstrip().startswith("elif")
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    lines = lines_of(text)
    at, end = first_line(node), end_line(node)
    space = indent(lines[at])
    inner = [f"    {line}" if line.strip() else line for line in lines[at:end]]
    lines[at:end] = [f"{space}{head}\n", *inner, *(f"{space}{line}\n" for line in tail)]
    return "".join(lines)


@text_edit(GROUP, PYTHON, "a statement in a try", may_conflict=True)
def in_try(text: str, editing: Editing) -> str | None:
    return _wrapped(
        text,
        editing,
        "try:",
        "except ValueError:",
        f'    raise RuntimeError("{editing.mark()}") from None',
    )


@text_edit(GROUP, PYTHON, "a statement in an if", may_conflict=True)
def in_if(text: str, editing: Editing) -> str | None:
    return _wrapped(text, editing, f'if "{editing.mark()}":')


@text_edit(GROUP, PYTHON, "a statement in a with", may_conflict=True)
def in_with(text: str, editing: Editing) -> str | None:
    return _wrapped(text, editing, f'with open("{editing.mark()}"):')


@text_edit(GROUP, TESTS, "a test that is deleted")
def without_test(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.name.startswith("test_")
    ]
    if len(nodes) < 2:
        return None
    node = editing.random.choice(nodes)
    lines = lines_of(text)
    del lines[first_line(node) : end_line(node)]
    return "".join(lines)


@text_edit(GROUP, PYTHON, "a statement that is deleted")
def without_statement(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for body in bodies(text)
        for n in body
        if isinstance(n, ast.Expr) and len(body) > 1 and not is_docstring(n)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    lines = lines_of(text)
    del lines[first_line(node) : end_line(node)]
    return "".join(lines)


@text_edit(
    GROUP, r"/schemas\.py$", "a field that is deleted from a schema", may_conflict=True
)
def without_field(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for c in found(text, ast.ClassDef)
        if re.search(r"(Read|Update)$", c.name)
        for n in c.body
        if isinstance(n, ast.AnnAssign)
    ]
    if len(nodes) < 2:
        return None
    node = editing.random.choice(nodes)
    lines = lines_of(text)
    del lines[first_line(node) : end_line(node)]
    return "".join(lines)


@text_edit(GROUP, TESTS, "a skipped test")
def skipped(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.name.startswith("test_")
    ]
    if not nodes or "import pytest" not in text:
        return None
    return with_lines(
        text,
        first_line(editing.random.choice(nodes)),
        f'@pytest.mark.skip(reason="{editing.mark()}")',
    )


@text_edit(GROUP, TESTS, "another expectation of a test", may_conflict=True)
def expectation(text: str, editing: Editing) -> str | None:
    nodes = found(text, ast.Assert)
    if not nodes:
        return None
    test = editing.random.choice(nodes).test
    return replaced(text, test, f'({source_of(text, test)}) or "{editing.mark()}"')
