"""Compound statements: definitions, branches, loops, handlers."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fastgen.merge.python.elements import (
    Parts,
    base_elements,
    bracket_group,
    expression_parts,
)
from fastgen.merge.python.source import Source
from fastgen.merge.python.toplevel import name_of
from fastgen.merge.structure.blocks import Block, Group, Kind, split_trivia

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Clause = tuple[str, Sequence[ast.stmt]]
"""The key of a clause, and its statements."""

Suite = Callable[[Source, Sequence[ast.stmt], int, str], tuple[Group, int]]
"""The function that reads the statements in a suite: `statements.suite`, which calls
`compound_parts` for compound statements."""


def is_laid_out(source: Source, node: ast.stmt) -> bool:
    """Whether `node` has suites, and each starts on its own line."""
    suites = list(_suites(source, node))
    return bool(suites) and all(
        source.margin(start) == source.text[source.line_start(start) : start]
        for start in (source.statement_start(suite[0]) for suite in suites)
    )


def _suites(source: Source, node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    if isinstance(node, ast.Match):
        yield from (case.body for case in node.cases)
    elif isinstance(
        node,
        Definition
        | ast.If
        | ast.For
        | ast.AsyncFor
        | ast.While
        | ast.With
        | ast.AsyncWith
        | ast.Try
        | ast.TryStar,
    ):
        yield node.body
        yield from (statements for _, statements in _clauses(source, node))


def compound_parts(
    source: Source, node: ast.stmt, start: int, margin: str, suite: Suite
) -> tuple[Parts, int]:
    """The pieces of the statement, and the offset after it, at the beginning of a
    line."""
    decorators: Parts = ()
    head_start = start
    if isinstance(node, Definition):
        head_start = source.span(node)[0]
        decorators = (_decorator_group(source, node),)
    head, at = _head(source, node, head_start)
    if isinstance(node, ast.Match):
        cases = [(_case_key(source, case), case.body) for case in node.cases]
        group, at = _clause_group(source, cases, at, margin, suite)
        return (*head, group), at
    assert hasattr(node, "body")
    body, at = suite(source, node.body, at, margin)
    body = replace(body, heads=_heads(source, node))
    if isinstance(node, ast.ClassDef):
        body = with_unordered_variables(body, node)
    if isinstance(node, Definition | ast.With | ast.AsyncWith):
        return (*decorators, *head, body), at
    clauses, at = _clause_group(source, _clauses(source, node), at, margin, suite)
    return (*head, body, clauses), at


def with_unordered_variables(body: Group, node: ast.Module | ast.ClassDef) -> Group:
    """The statements of a module or a class, with its variables and fields marked as
    unordered."""
    names = {name_of(s) for s in node.body if isinstance(s, ast.Assign | ast.AnnAssign)}
    marked = (replace(c, is_unordered=c.key in names) for c in body.children)
    return replace(body, children=tuple(marked))


def _heads(source: Source, node: ast.stmt) -> tuple[str, ...]:
    """The text that the statements inside depend on, such as base classes or a
    condition. Empty for functions, whose name may change."""
    match node:
        case ast.ClassDef(bases=bases):
            return tuple(_text(source, base) for base in bases)
        case ast.If(test=test) | ast.While(test=test):
            return (_text(source, test),)
        case ast.For(target=target, iter=each) | ast.AsyncFor(target=target, iter=each):
            return (f"{_text(source, target)} in {_text(source, each)}",)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return tuple(_text(source, item.context_expr) for item in items)
    return ()


def _head(source: Source, node: ast.stmt | None, start: int) -> tuple[Parts, int]:
    """The line with the colon, split after the colon, and the offset after the line."""
    end = source.logical_end(start)
    stop = source.line_end(end)
    tail = source.text[end:stop]
    opener = _bracket(source, node, start) if isinstance(node, Definition) else None
    if opener is None:
        return (source.text[start:end], tail), stop
    elements = base_elements(source, node) if isinstance(node, ast.ClassDef) else None
    group = bracket_group(source, opener, Kind.CALL, elements)
    if group is None:
        return (source.text[start:end], tail), stop
    after = source.text[source.closers[opener] + 1 : end]
    return (source.text[start:opener], group, after, tail), stop


def _bracket(source: Source, node: Definition, start: int) -> int | None:
    """The offset of the parameters or the bases, or None."""
    if isinstance(node, ast.ClassDef) and not node.bases and not node.keywords:
        return None
    opener = source.opener(start)
    if source.text[opener] == "[":
        opener = source.opener(source.closers[opener])
    return opener


def _decorator_group(source: Source, node: Definition) -> Group:
    children = []
    starts = [source.decorator_start(each) for each in node.decorator_list]
    stops = [*starts[1:], source.span(node)[0]]
    for decorator, at, stop in zip(node.decorator_list, starts, stops, strict=False):
        end = source.logical_end(at)
        note, feed, rest = source.text[end:stop].partition("\n")
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        begin, name_end = source.span(named)
        children.append(
            Block(
                key=f"@{source.text[begin:name_end]}",
                parts=expression_parts(source, decorator, at, end),
                note=note,
                end=feed + rest,
                line=source.line(at),
            )
        )
    return Group(tuple(children))


def _clauses(source: Source, node: ast.stmt) -> list[Clause]:
    found: list[Clause] = []
    if isinstance(node, ast.Try | ast.TryStar):
        for handler in node.handlers:
            kind = _text(source, handler.type) if handler.type else ""
            found.append((f"except {kind}", handler.body))
    orelse: Sequence[ast.stmt] = getattr(node, "orelse", ())
    while len(orelse) == 1 and isinstance(orelse[0], ast.If):
        inner = orelse[0]
        if not source.text.startswith("elif", source.span(inner)[0]):
            break
        found.append((f"elif {_text(source, inner.test)}", inner.body))
        orelse = inner.orelse
    if orelse:
        found.append(("else", orelse))
    if isinstance(node, ast.Try | ast.TryStar) and node.finalbody:
        found.append(("finally", node.finalbody))
    return found


def _clause_group(
    source: Source, clauses: Sequence[Clause], at: int, margin: str, suite: Suite
) -> tuple[Group, int]:
    children: list[Block] = []
    for rank, (key, statements) in enumerate(clauses):
        begin = _code_line(source, at)
        indent = source.margin(begin)
        gap, comments = split_trivia(source.text[at:begin])
        head, at = _head(source, None, begin + len(indent))
        body, at = suite(source, statements, at, indent)
        body = replace(body, heads=(key,))
        children.append(
            Block(
                key=key,
                parts=(*head, body),
                gap=gap,
                comments=comments,
                indent=indent,
                line=source.line(begin),
                rank=rank if key in ("else", "finally") else 0,
            )
        )
    inner = children[0].indent if children else margin
    if len(inner) <= len(margin):
        return Group(tuple(children), margin=margin, inner=inner), at
    stop = end_of_comments(source, at, inner)
    gap, comments = split_trivia(source.text[at:stop])
    group = Group(
        tuple(children), gap=gap, comments=comments, margin=margin, inner=inner
    )
    return group, stop


def end_of_comments(source: Source, at: int, inner: str) -> int:
    """The offset after the comments from `at` on that have the indentation `inner`."""
    if not inner:
        return len(source.text)
    stop = at
    while at < len(source.text):
        line = source.text[at : source.line_end(at)]
        at += len(line)
        if line.strip():
            column = len(line) - len(line.lstrip())
            if line.lstrip()[0] != "#" or column < len(inner):
                break
            stop = at
    return stop


def _code_line(source: Source, at: int) -> int:
    """The first line from `at` on that is neither blank nor a comment."""
    while source.text[at : source.line_end(at)].strip()[:1] in ("", "#"):
        at = source.line_end(at)
    return at


def _case_key(source: Source, case: ast.match_case) -> str:
    pattern = case.pattern
    assert pattern.end_lineno is not None
    assert pattern.end_col_offset is not None
    start = source.offset(pattern.lineno, pattern.col_offset)
    end = source.offset(pattern.end_lineno, pattern.end_col_offset)
    guard = f" if {_text(source, case.guard)}" if case.guard else ""
    return f"case {source.text[start:end]}{guard}"


def _text(source: Source, node: ast.expr) -> str:
    start, end = source.span(node)
    return " ".join(source.text[start:end].split())
