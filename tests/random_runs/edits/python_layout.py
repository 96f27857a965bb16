"""Edits of Python that change no code: comments, docstrings, blank lines, layout."""

import ast
import re

from .editing import Editing, text_edit
from .source import (
    PYTHON,
    after_imports,
    arguments_of,
    bodies,
    end_line,
    first_line,
    found,
    indent,
    is_docstring,
    lines_of,
    one_of,
    replaced,
    source_of,
    span,
    with_lines,
)

GROUP = "Python layout"


def _statement(text: str, editing: Editing) -> ast.stmt | None:
    body = [*bodies(text)]
    return (
        editing.random.choice(editing.random.choice(body)) if body and body[0] else None
    )


@text_edit(GROUP, PYTHON, "a comment above a statement")
def comment_above(text: str, editing: Editing) -> str | None:
    node = _statement(text, editing)
    if node is None:
        return None
    at = first_line(node)
    return with_lines(
        text, at, f"{indent(lines_of(text)[at])}# {editing.mark()} looks here"
    )


@text_edit(GROUP, PYTHON, "a comment of several lines above a definition")
def long_comment(text: str, editing: Editing) -> str | None:
    node = one_of(
        text, editing.random, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    )
    if node is None:
        return None
    at = first_line(node)
    space = indent(lines_of(text)[at])
    return with_lines(
        text, at, *(f"{space}# {editing.mark()} was measured" for _ in range(3))
    )


@text_edit(GROUP, PYTHON, "a comment at the end of a line")
def trailing_comment(text: str, editing: Editing) -> str | None:
    node = _statement(text, editing)
    if node is None or (isinstance(node, ast.Expr) and is_docstring(node)):
        return None
    lines = lines_of(text)
    at = first_line(node)
    if "#" in lines[at] or lines[at].rstrip().endswith(("\\", '"""')):
        return None
    lines[at] = f"{lines[at].rstrip()}  # {editing.mark()}\n"
    return "".join(lines)


@text_edit(GROUP, PYTHON, "noqa and type: ignore at the end of a line")
def ignored_line(text: str, editing: Editing) -> str | None:
    lines = lines_of(text)
    places = [
        n
        for n, line in enumerate(lines)
        if re.search(r"^\s*(from|import|return) ", line)
    ]
    places = [
        n
        for n in places
        if "#" not in lines[n] and not lines[n].rstrip().endswith(("(", "\\"))
    ]
    if not places:
        return None
    at = editing.random.choice(places)
    sign = editing.random.choice(("noqa: E501", "type: ignore", "pragma: no cover"))
    lines[at] = f"{lines[at].rstrip()}  # {sign}, {editing.mark()}\n"
    return "".join(lines)


@text_edit(GROUP, PYTHON, "a comment at the end of a file")
def last_comment(text: str, editing: Editing) -> str | None:
    return f"{text}\n# {editing.mark()}: the end\n" if text.endswith("\n") else None


@text_edit(GROUP, PYTHON, "a licence at the top")
def licence(text: str, editing: Editing) -> str | None:
    if text.startswith("#"):
        return None
    return f"# SPDX-License-Identifier: MIT\n# Copyright {editing.mark()}\n{text}"


@text_edit(GROUP, PYTHON, "a comment in the brackets of a call or a list")
def comment_in_brackets(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call, ast.List, ast.Dict, ast.Tuple)
        if n.end_lineno - n.lineno > 1
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = editing.random.randint(node.lineno, node.end_lineno - 1)
    return with_lines(
        text, at, f"{indent(lines_of(text)[at])}    # {editing.mark()} stays"
    )


@text_edit(GROUP, PYTHON, "a TODO in a function")
def todo(text: str, editing: Editing) -> str | None:
    node = one_of(text, editing.random, ast.FunctionDef, ast.AsyncFunctionDef)
    if node is None or len(node.body) < 2:
        return None
    at = first_line(node.body[-1])
    return with_lines(
        text, at, f"{indent(lines_of(text)[at])}# TODO({editing.mark()}): faster"
    )


@text_edit(GROUP, PYTHON, "a docstring where there was none")
def docstring(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if not is_docstring(n.body[0]) and first_line(n.body[0]) > n.lineno - 1
    ]
    if not nodes:
        return None
    at = first_line(editing.random.choice(nodes).body[0])
    return with_lines(
        text, at, f'{indent(lines_of(text)[at])}"""{editing.mark()} knows why."""'
    )


@text_edit(GROUP, PYTHON, "a longer docstring")
def longer_docstring(text: str, editing: Editing) -> str | None:
    nodes = [
        n.body[0]
        for n in found(
            text, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module
        )
        if n.body and is_docstring(n.body[0])
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    old = source_of(text, node)
    if not old.endswith('"""'):
        return None
    space = " " * node.col_offset
    return replaced(
        text, node, f'{old[:-3]}\n\n{space}And {editing.mark()}.\n{space}"""'
    )


@text_edit(GROUP, PYTHON, "a docstring for the module")
def module_docstring(text: str, editing: Editing) -> str | None:
    if text.lstrip().startswith(('"""', "#", "from __future__")):
        return None
    return f'"""What {editing.mark()} wrote."""\n\n{text}'


@text_edit(GROUP, PYTHON, "a docstring that is deleted")
def without_docstring(text: str, editing: Editing) -> str | None:
    nodes = [
        n.body[0]
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if is_docstring(n.body[0]) and len(n.body) > 1
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    lines = lines_of(text)
    del lines[first_line(node) : end_line(node)]
    return "".join(lines)


@text_edit(GROUP, PYTHON, "a comment that is deleted")
def without_comment(text: str, editing: Editing) -> str | None:
    lines = lines_of(text)
    places = [n for n, line in enumerate(lines) if line.lstrip().startswith("# ")]
    if not places:
        return None
    del lines[editing.random.choice(places)]
    return "".join(lines)


@text_edit(GROUP, PYTHON, "a comment in other words")
def other_comment(text: str, editing: Editing) -> str | None:
    lines = lines_of(text)
    places = [n for n, line in enumerate(lines) if line.lstrip().startswith("# ")]
    if not places:
        return None
    at = editing.random.choice(places)
    lines[at] = f"{indent(lines[at])}# {editing.mark()} says it better\n"
    return "".join(lines)


@text_edit(GROUP, PYTHON, "blank lines between statements")
def blank_lines(text: str, editing: Editing) -> str | None:
    node = _statement(text, editing)
    if node is None:
        return None
    return with_lines(text, first_line(node), *([""] * editing.random.randint(1, 3)))


@text_edit(GROUP, PYTHON, "blank lines that are deleted")
def without_blank_lines(text: str, editing: Editing) -> str | None:
    lines = lines_of(text)
    places = [n for n, line in enumerate(lines) if not line.strip()]
    if not places:
        return None
    del lines[editing.random.choice(places)]
    return "".join(lines)


@text_edit(GROUP, PYTHON, "spaces at the end of lines")
def trailing_spaces(text: str, editing: Editing) -> str | None:
    lines = lines_of(text)
    places = [
        n for n, line in enumerate(lines) if line.endswith(("\n",)) and '"' not in line
    ]
    for at in editing.random.sample(places, min(3, len(places))):
        lines[at] = f"{lines[at][:-1]}   \n"
    new = "".join(lines)
    return new if '"""' not in text else None


@text_edit(GROUP, PYTHON, "a string in single quotes")
def single_quotes(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Constant)
        if isinstance(n.value, str)
        and re.fullmatch(r'"[^"\'\\\n{}]*"', source_of(text, n))
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    return replaced(text, node, f"'{source_of(text, node)[1:-1]}'")


@text_edit(GROUP, PYTHON, "a call over several lines")
def exploded_call(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if n.lineno == n.end_lineno and len(n.args) + len(n.keywords) > 1
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    start, end = span(text, node)
    space = indent(lines_of(text)[node.lineno - 1])
    arguments = arguments_of(node)
    head = source_of(text, node.func)
    inner = "".join(f"{space}    {source_of(text, a)},\n" for a in arguments)
    return f"{text[:start]}{head}(\n{inner}{space}){text[end:]}"


@text_edit(GROUP, PYTHON, "a call on one line")
def joined_call(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call, ast.List)
        if n.lineno < n.end_lineno < n.lineno + 7
        and "#" not in source_of(text, n)
        and '"""' not in source_of(text, n)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    flat = " ".join(line.strip() for line in source_of(text, node).splitlines())
    flat = re.sub(r",? ?([\])])", r"\1", flat.replace("( ", "(").replace("[ ", "["))
    return replaced(text, node, flat)


@text_edit(GROUP, PYTHON, "a region that the formatter leaves alone")
def fmt_off(text: str, editing: Editing) -> str | None:
    node = _statement(text, editing)
    if node is None:
        return None
    space = indent(lines_of(text)[first_line(node)])
    text = with_lines(text, end_line(node), f"{space}# fmt: on")
    return with_lines(text, first_line(node), f"{space}# fmt: off, {editing.mark()}")


@text_edit(GROUP, PYTHON, "unicode in a comment")
def unicode_comment(text: str, editing: Editing) -> str | None:
    at = after_imports(text)
    return with_lines(
        text, at, "", f"# {editing.mark()} — für Zoë, 価格は税込み 🐍\u00a0"
    )


@text_edit(GROUP, PYTHON, "a very long line")
def long_line(text: str, editing: Editing) -> str | None:
    line = f"# {editing.mark()}: {'x' * 400}"
    return with_lines(text, after_imports(text), "", line)
