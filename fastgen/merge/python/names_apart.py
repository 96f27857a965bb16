"""A merged Python text split in two, one for each meaning of a name."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from fastgen.encoding import code_lines
from fastgen.merge.python.toplevel import parsed
from fastgen.merge.structure.blocks import Clash

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Lines = range


def names_apart(
    user: str, next_: str, merged: tuple[str, str], clashes: Iterable[Clash]
) -> tuple[str, str]:
    """`merged` with one meaning for each clashing name.

    `merged` is the merge with the user's side at each conflict, and the merge with
    fastgen's. Each loses the statements in which the name of a clash has the other
    side's meaning. fastgen's statements move to the position of the user's first one.
    """
    kept, taken = merged
    for clash in clashes:
        *scope, name = clash.where.split(" > ")
        mine, fastgens = _saying(user, scope, name), _saying(next_, scope, name)
        own, added = mine.keys() - fastgens.keys(), fastgens.keys() - mine.keys()
        kept = _without(kept, _lines(kept, scope, name, added))
        others = _lines(taken, scope, name, own)
        if others:
            taken = _moved(taken, _lines(taken, scope, name, added), others[0])
    return kept, taken


def _saying(text: str, scope: Sequence[str], name: str) -> dict[str, ast.stmt]:
    """The statements of `scope` that use `name`, by their syntax tree as text."""
    module = parsed(text)
    found = _statements(module.body, scope) if module else ()
    return {ast.dump(each): each for each in found if _says(each, name)}


def _lines(
    text: str, scope: Sequence[str], name: str, wanted: Iterable[str]
) -> list[Lines]:
    """The 0-based line ranges of the statements `wanted` in `text`."""
    found = _saying(text, scope, name)
    return sorted(
        (_span(found[meaning]) for meaning in wanted if meaning in found),
        key=lambda lines: lines.start,
    )


def _statements(body: Sequence[ast.stmt], scope: Sequence[str]) -> Iterator[ast.stmt]:
    """The statements of the scope with the titles `scope`, including those in `if` and
    other compound statements."""
    for statement in body:
        if isinstance(statement, Definition):
            word = "class" if isinstance(statement, ast.ClassDef) else "def"
            if not scope:
                yield statement
            elif scope[0] == f"{word} {statement.name}":
                yield from _statements(statement.body, scope[1:])
            continue
        inner = [s for s in ast.iter_child_nodes(statement) if isinstance(s, ast.stmt)]
        if inner:
            yield from _statements(inner, scope)
        elif not scope:
            yield statement


def _says(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, Definition):
        return statement.name == name
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.alias) and (node.asname or node.name) == name)
        for node in ast.walk(statement)
    )


def _span(statement: ast.stmt) -> Lines:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(node.lineno for node in decorators)])
    return range(first - 1, statement.end_lineno or first)


def _without(text: str, places: Iterable[Lines]) -> str:
    gone = {number for lines in places for number in lines}
    lines = code_lines(text)
    return "".join(line for number, line in enumerate(lines) if number not in gone)


def _moved(text: str, places: Sequence[Lines], place: Lines) -> str:
    """`text` with the lines `places` at the position of the lines `place`, which they
    replace."""
    gone = {number for lines in (*places, place) for number in lines}
    lines = code_lines(text)
    moved = [lines[number] for each in places for number in each]
    rest = [
        [*(moved if number == place.start else []), *([] if number in gone else [line])]
        for number, line in enumerate(lines)
    ]
    return "".join(line for part in rest for line in part)
