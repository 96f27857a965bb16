"""Places in a Python text."""

import ast
from collections.abc import Iterator
from random import Random
from typing import Any, TypeVar, overload

PYTHON = r"^(src|tests|app|[a-z]+)/(?!.*migrations/).*\.py$"

A = TypeVar("A", bound=ast.AST)
B = TypeVar("B", bound=ast.AST)

Located = ast.stmt | ast.expr | ast.alias | ast.keyword | ast.arg | ast.excepthandler
"""A node with a place in the text."""

Block = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


@overload
def found(text: str, kind: type[A], /) -> list[A]: ...
@overload
def found(text: str, kind: type[A], other: type[B], /) -> list[A | B]: ...
@overload
def found(text: str, *kinds: type[ast.AST]) -> list[Any]: ...
def found(text: str, *kinds: type[ast.AST]) -> list[Any]:
    """The nodes of these kinds; none if the text does not parse."""
    tree = parsed(text)
    return [n for n in ast.walk(tree) if isinstance(n, kinds)] if tree else []


@overload
def one_of(text: str, random: Random, kind: type[A], /) -> A | None: ...
@overload
def one_of(
    text: str, random: Random, kind: type[A], other: type[B], /
) -> A | B | None: ...
@overload
def one_of(text: str, random: Random, *kinds: type[ast.AST]) -> Any: ...
def one_of(text: str, random: Random, *kinds: type[ast.AST]) -> Any:
    nodes = found(text, *kinds)
    return random.choice(nodes) if nodes else None


def bodies(text: str) -> Iterator[list[ast.stmt]]:
    """The bodies of the module, and of each class and function."""
    for node in found(
        text, ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
    ):
        yield node.body


def first_line(node: Located) -> int:
    """The index of the line of a statement, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)]) - 1


def end_line(node: Located) -> int:
    """The index of the line below a statement."""
    assert node.end_lineno is not None
    return node.end_lineno


def offset(text: str, line: int, column: int) -> int:
    """The offset of a place that the parser gives as line and column in bytes."""
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def span(text: str, node: Located) -> tuple[int, int]:
    """The offsets at which a node begins and ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (
        offset(text, node.lineno, node.col_offset),
        offset(text, node.end_lineno, node.end_col_offset),
    )


def arguments_of(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments in the order of the text."""
    return sorted([*call.args, *call.keywords], key=lambda n: (n.lineno, n.col_offset))


def replaced(text: str, node: Located, new: str) -> str:
    start, end = span(text, node)
    return text[:start] + new + text[end:]


def source_of(text: str, node: Located) -> str:
    start, end = span(text, node)
    return text[start:end]


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def with_lines(text: str, index: int, *new: str) -> str:
    """`text` with new lines before the one at `index`."""
    lines = lines_of(text)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines[index:index] = [f"{line}\n" for line in new]
    return "".join(lines)


def indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def after_imports(text: str) -> int:
    """The index of the line behind the imports at the top."""
    tree = parsed(text)
    if tree is None:
        return 0
    last = 0
    for number, node in enumerate(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom) or (
            number == 0 and _is_text(node)
        ):
            last = end_line(node)
        else:
            break
    return last


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_docstring(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def below_docstring(node: Block) -> int:
    """The index of the line where the code of a function or class begins."""
    body = node.body
    if is_docstring(body[0]) and len(body) > 1:
        return first_line(body[1])
    if is_docstring(body[0]):
        return end_line(body[0])
    return first_line(body[0])
