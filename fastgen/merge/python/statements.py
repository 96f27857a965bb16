"""Python statements as blocks with keys."""

import ast
import re
from collections.abc import Iterator, Sequence

from fastgen.merge.python.compound import (
    Definition,
    compound_parts,
    end_of_comments,
    is_laid_out,
    with_unordered_variables,
)
from fastgen.merge.python.docstrings import DOCSTRING
from fastgen.merge.python.elements import Parts, expression_parts, names_group
from fastgen.merge.python.keys import identity
from fastgen.merge.python.source import Source, parsed_source
from fastgen.merge.structure.blocks import Block, Group, split_trivia

_TAIL = re.compile(r"([^#\n]*?)([ \t]*(?:#[^\n]*)?)(\n?)\Z")


def module_group(text: str) -> Group:
    """`text` as a group of statements. Raises Unreadable if it is not Python."""
    source = parsed_source(text)
    group, _ = suite(source, source.module.body, 0, "", room=2)
    assert group.text == text
    return with_unordered_variables(group, source.module)


def suite(
    source: Source, statements: Sequence[ast.stmt], at: int, margin: str, room: int = 1
) -> tuple[Group, int]:
    """The statements from the line at offset `at` on, and the offset after them.

    `room` is the number of blank lines around a definition.
    """
    children: list[Block] = []
    for line in _by_line(statements):
        block, at = _block(source, line, at, room, is_first=not children)
        children.append(block)
    inner = children[0].indent if children else ""
    stop = end_of_comments(source, at, inner)
    gap, comments = split_trivia(source.text[at:stop])
    group = Group(
        tuple(children), gap=gap, comments=comments, margin=margin, inner=inner
    )
    return group, stop


def _block(
    source: Source, line: Sequence[ast.stmt], at: int, room: int, *, is_first: bool
) -> tuple[Block, int]:
    text, start = source.text, source.statement_start(line[0])
    begin = source.line_start(start)
    gap, comments = split_trivia(text[at:begin])
    parts, end = _parts(source, line, start, text[begin:start])
    stop = end if text[end - 1] == "\n" else source.line_end(end)
    tail = _TAIL.match(text[end:stop])
    assert tail is not None
    known = identity(source, line, is_first=is_first)
    block = Block(
        key=known.key,
        parts=_with_more(parts, tail[1]),
        gap=gap,
        comments=comments,
        indent=text[begin:start],
        note=tail[2],
        end=tail[3],
        line=source.line(start),
        order=known.order,
        rank=known.rank,
        loose=known.loose,
        family=known.family,
        room=room if isinstance(line[0], Definition) else 0,
        leaf=DOCSTRING if is_first and known.key == "docstring" else None,
    )
    return block, stop


def _by_line(statements: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The statements grouped by line; statements joined by semicolons form one
    block."""
    line: list[ast.stmt] = []
    for statement in statements:
        if line and statement.lineno != line[-1].end_lineno:
            yield line
            line = []
        line.append(statement)
    if line:
        yield line


def _parts(
    source: Source, line: Sequence[ast.stmt], start: int, margin: str
) -> tuple[Parts, int]:
    """The pieces of a statement, and the offset after it."""
    node, end = line[0], source.span(line[-1])[1]
    if len(line) > 1:
        return (source.text[start:end],), end
    if is_laid_out(source, node):
        return compound_parts(source, node, start, margin, suite)
    match node:
        case ast.ImportFrom():
            return names_group(source, node) or (source.text[start:end],), end
        case ast.Raise(exc=value):
            return expression_parts(source, value, start, end), end
        case (
            ast.Assign(value=value)
            | ast.AnnAssign(value=value)
            | ast.AugAssign(value=value)
            | ast.Return(value=value)
            | ast.Expr(value=value)
        ):
            return expression_parts(source, value, start, end), end
    return (source.text[start:end],), end


def _with_more(parts: Parts, text: str) -> Parts:
    if not text:
        return parts
    last = parts[-1]
    return (*parts[:-1], last + text) if isinstance(last, str) else (*parts, text)
