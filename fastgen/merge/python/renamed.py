"""A local that the user has given another name is followed in base and next."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from fastgen.encoding import code_lines

Function = ast.FunctionDef | ast.AsyncFunctionDef


def with_users_names(base: str, next_: str, user: str) -> tuple[str, str]:
    """`base` and `next_`, with locals named as the user has renamed them.

    A local counts as renamed where a function of the base assigns one name that the
    user's function no longer has, that one assigns one name which is new, and with it
    more lines of the two agree. A text that is not Python is left alone.
    """
    try:
        trees = [ast.parse(text) for text in (base, next_, user)]
    except (SyntaxError, ValueError):
        return base, next_
    in_base, in_next, in_user = (dict(_functions(tree)) for tree in trees)
    for name in in_base.keys() & in_user.keys():
        pair = _renamed(in_base[name], in_user[name])
        if pair is None or (name in in_next and pair[1] in _names(in_next[name])):
            continue
        renamed = _with_name(base, in_base[name], *pair)
        if renamed is None or _alike(renamed, user) <= _alike(base, user):
            continue
        following = (
            _with_name(next_, in_next[name], *pair) if name in in_next else next_
        )
        if following is not None:
            # Positions of the other functions are no longer right: begin again.
            return with_users_names(renamed, following, user)
    return base, next_


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _renamed(base: Function, user: Function) -> tuple[str, str] | None:
    gone = _assigned(base) - _names(user).keys()
    come = _assigned(user) - _names(base).keys()
    return (gone.pop(), come.pop()) if len(gone) == len(come) == 1 else None


def _assigned(function: Function) -> set[str]:
    return {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _names(function: Function) -> Mapping[str, int]:
    names = [node.id for node in ast.walk(function) if isinstance(node, ast.Name)]
    arguments = [node.arg for node in ast.walk(function) if isinstance(node, ast.arg)]
    return Counter(names + arguments)


def _with_name(text: str, function: Function, old: str, new: str) -> str | None:
    """`text` with the local renamed in `function`; None where that is not sure."""
    for node in ast.walk(function):
        # Before Python 3.12 the positions inside of an f-string are not to be had.
        if isinstance(node, ast.JoinedStr) and old in {
            n.id for n in ast.walk(node) if isinstance(n, ast.Name)
        }:
            return None
    places = {
        (node.lineno, node.col_offset)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == old
    }
    lines = [line.encode() for line in code_lines(text)]
    for row, column in sorted(places, reverse=True):
        line = lines[row - 1]
        rest = line[column + len(old.encode()) :]
        lines[row - 1] = line[:column] + new.encode() + rest
    return b"".join(lines).decode()


def _alike(text: str, user: str) -> int:
    """How many lines of `text` the user has too."""
    return (Counter(text.splitlines()) & Counter(user.splitlines())).total()
