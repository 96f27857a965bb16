"""Calls that fastgen adds to a sequence of calls that the user moved elsewhere."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from fastgen.merge.python.toplevel import parsed

_Function = ast.FunctionDef | ast.AsyncFunctionDef
Call = tuple[str, str]
"""The called name of a statement, and the text of the statement."""


def lost_neighbours(
    base: str, next_: str, user: str, merged: str
) -> Iterator[tuple[int, str]]:
    """(line in `merged`, message) for each call that `next_` adds to a function next to
    other calls of the same name, such as `app.add_middleware(...)`.

    Only for functions from which the user has removed all of these calls: nothing tells
    where the new call belongs.
    """
    modules = [parsed(text) for text in (base, next_, user, merged)]
    if None in modules:
        return
    in_base, in_next, in_user, in_merged = (_functions(m) for m in modules if m)
    for name in in_base.keys() & in_next.keys() & in_user.keys() & in_merged.keys():
        before, left = (_calls(side[name]) for side in (in_base, in_user))
        lost = {called for called, _ in before} - {called for called, _ in left}
        added = {*_calls(in_next[name])} - {*before}
        for called, text in sorted(added):
            line = _calls(in_merged[name]).get((called, text))
            if called in lost and line:
                lines = [t for c, t in before if c == called]
                now = _where(called, lines, in_user)
                yield line, _message(called, now)


def _message(called: str, now: str) -> str:
    where = f"in {now}() now" if now else "no longer in this file"
    return (
        f"fastgen adds this call of {called}, and the calls that stood beside it are"
        f" {where}: check that the order is right"
    )


def _where(
    called: str, lines: Sequence[str], functions: Mapping[str, _Function]
) -> str:
    """The user's function that now has one of the calls `lines`, on any object; empty
    if none has."""
    method = called.rpartition(".")[2]
    rest = {line.removeprefix(called) for line in lines}
    for name, function in functions.items():
        for other, text in _calls(function):
            same = other.rpartition(".")[2] == method
            if same and text.removeprefix(other) in rest:
                return name
    return ""


def _functions(module: ast.Module) -> Mapping[str, _Function]:
    return {node.name: node for node in module.body if isinstance(node, _Function)}


def _calls(function: _Function) -> Mapping[Call, int]:
    """The call statements in the body of a function, with their lines."""
    return {
        (ast.unparse(node.value.func), ast.unparse(node)): node.lineno
        for node in function.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    }
