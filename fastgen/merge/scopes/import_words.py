"""The words of a file that belong to certain imports, which a rename must not
change."""

import ast
import re
from collections.abc import Callable, Iterator

from fastgen.encoding import code_lines, column_of
from fastgen.merge.scopes.bindings import Imported, bindings_of

Position = tuple[int, int]
"""A 1-based line, and a column in characters."""

ImportKey = tuple[str, str, str | None]
"""The module with its dots (empty for `import`), the name, and the alias."""

_WORD = re.compile(r"[^\W\d]\w*")


def import_key(node: Imported, alias: ast.alias) -> ImportKey:
    module = ""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
    return module, alias.name, alias.asname


def words_of_imports(
    text: str, module: ast.Module, is_meant: Callable[[ImportKey], bool]
) -> set[Position]:
    """The positions of words that belong to the imports whose key `is_meant` accepts.

    These are the words of the import, the names that it binds, and the attributes and
    keyword arguments used with these names. `module` is the syntax tree of `text`.
    """
    bindings = bindings_of(module)
    lines = code_lines(text)
    meant: set[ast.AST] = set()
    places: set[Position] = set()
    for _, node in bindings.imports:
        chosen = [a for a in node.names if is_meant(import_key(node, a))]
        meant.update(chosen)
        for alias in chosen:
            places |= {*_words(lines, alias)}
        if len(chosen) == len(node.names):
            places |= {*_words(lines, node)}
    if not meant:
        return set()
    for each in bindings.places:
        if isinstance(each, ast.Name | ast.Attribute | ast.Call):
            binders = bindings.binders(root) if (root := _root(each)) else ()
            if binders and meant.issuperset(binders):
                places |= {*_read(lines, each)}
    return places


def _read(
    lines: list[str], node: ast.Name | ast.Attribute | ast.Call
) -> Iterator[Position]:
    """The position of a name, of the last name of a dotted name, or of the names of
    keyword arguments."""
    if isinstance(node, ast.Call):
        yield from (_start(lines, word) for word in node.keywords)
    elif isinstance(node, ast.Name):
        yield _start(lines, node)
    else:
        row, column = node.end_lineno or 1, node.end_col_offset or 0
        yield row, column_of(lines, row, column) - len(node.attr)


def _root(node: ast.expr) -> ast.Name | None:
    """The first name of an expression: `stripe` for `stripe.Product.create(...)`."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node if isinstance(node, ast.Name) else None


def _words(lines: list[str], node: ast.stmt | ast.alias) -> Iterator[Position]:
    """The positions of the words in the first line of `node`."""
    row, start = _start(lines, node)
    end = len(lines[row - 1])
    if node.end_lineno == row and node.end_col_offset is not None:
        end = column_of(lines, row, node.end_col_offset)
    for found in _WORD.finditer(lines[row - 1], start, end):
        yield row, found.start()


def _start(
    lines: list[str], node: ast.expr | ast.stmt | ast.alias | ast.keyword
) -> Position:
    return node.lineno, column_of(lines, node.lineno, node.col_offset)
