"""Local variables that the user renamed, renamed in base and next too."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from fastgen.encoding import code_lines

Function = ast.FunctionDef | ast.AsyncFunctionDef


def with_users_names(base: str, next_: str, user: str) -> tuple[str, str]:
    """`base` and `next_` with the user's names for local variables.

    A variable counts as renamed if a function of base assigns exactly one name that the
    user's function lacks, the user's function assigns exactly one new name, and the
    renaming makes more lines equal. Texts that are not Python stay as they are.
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
            # Renaming shifts the positions of the other functions: start again.
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
    """`text` with the variable renamed in `function`, or None if that is not safe."""
    for node in ast.walk(function):
        # Before Python 3.12, f-strings have no positions for their parts.
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
    """The number of lines that `text` and `user` have in common."""
    return (Counter(text.splitlines()) & Counter(user.splitlines())).total()
