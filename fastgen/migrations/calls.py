"""The effects of calls in an expression of a migration."""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy

from fastgen.migrations.literals import make_unknown
from fastgen.migrations.op_calls import (
    CallKind,
    is_op,
    kind_of_call,
    last_name,
    mentions_op,
    operates,
)
from fastgen.migrations.scope import Function, Imported, Namespace, Opaque, Value
from fastgen.migrations.steps import Either, Operation, Step, Unread

Names = Mapping[str, Value]

Follow = Callable[[Function, ast.Call, Namespace, int], Iterator[Step]]
"""A function that returns the steps of a call of a function in the migration."""

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_RUNNING = frozenset({"exec", "eval", "compile", "__import__"})
_HARMLESS = frozenset(dir(builtins)) - _RUNNING


def steps_of(
    node: ast.AST, scope: Namespace, line: int, follow: Follow, *, is_alone: bool
) -> Iterator[Step]:
    """The steps of a folded expression in execution order. `is_alone` tells that its
    value is unused."""

    def run(*nodes: ast.AST, is_alone: bool = is_alone) -> tuple[Step, ...]:
        return tuple(
            step
            for each in nodes
            for step in steps_of(each, scope, line, follow, is_alone=is_alone)
        )

    match node:
        case ast.Lambda():
            return  # The body runs when the lambda is called.
        case ast.BoolOp(values=[first, *others]):
            yield from run(first, is_alone=False)
            branches = run(*others), tuple[Step, ...]()
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from run(test, is_alone=False)
            branches = (run(body), run(orelse))
        case _ if isinstance(node, _COMPREHENSIONS):
            parts = ast.iter_child_nodes(node)
            branches = run(*parts, is_alone=False), tuple[Step, ...]()
        case _:
            yield from run(*ast.iter_child_nodes(node), is_alone=False)
            if isinstance(node, ast.Call):
                yield from _called(node, scope, line, follow, is_alone=is_alone)
            return
    if any(branches):
        yield Either(branches, line)


def _called(
    call: ast.Call, scope: Namespace, line: int, follow: Follow, *, is_alone: bool
) -> Iterator[Step]:
    known = scope.names.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if isinstance(known, Function):
        yield from follow(known, call, scope, line)
        return
    kind = kind_of_call(call)
    is_read = _is_read(call, scope, is_alone=is_alone)
    if kind is CallKind.UNKNOWN or not is_read:
        for each in call.args:
            make_unknown(each)
        yield unread(call, scope, line)
    elif kind is CallKind.OPERATION:
        # Lists in the arguments may change later.
        yield Operation(deepcopy(call), line)


def _is_read(call: ast.Call, scope: Namespace, *, is_alone: bool) -> bool:
    """Whether all effects of a call besides those of `op` are known.

    A function with unread code is assumed to change no table if its value is used.
    """
    given = [*call.args, *(word.value for word in call.keywords)]
    handed = [each for value in given for each in _handed_over(value)]
    is_getattr = isinstance(call.func, ast.Name) and call.func.id == "getattr"
    if not is_getattr and any(may_operate(each, scope.names) for each in handed):
        return False
    if last_name(call.func) in _APPLYING and any(
        _is_imported(g, scope.names) for g in given
    ):
        return False
    match root_of(call.func), call.func:
        case ast.Lambda(), _:
            return not may_operate(call.func, scope.names)
        case ast.Name(name), function:
            value = scope.names.get(name)
            is_method = isinstance(value, Function) and not any(
                isinstance(each, ast.Call) for each in ast.walk(function)
            )
            if isinstance(value, Opaque) or is_method:
                return not may_operate(function, scope.names)
            is_used = not is_alone or last_name(function) in _LOGS
            if isinstance(value, Imported):
                return is_used and not any(map(mentions_op, given))
            if function is root_of(function):
                is_named = value is not None or name in _HARMLESS
                return name not in _RUNNING and (is_named or is_used)
    is_named = isinstance(call.func, ast.Attribute)
    if not is_named and may_operate(call.func, scope.names):
        return False
    return is_named or not is_alone


_LOGS = ("debug", "info", "warning", "error", "exception")
_APPLYING = ("filter", "map", "partial", "reduce", "starmap")


def _is_imported(node: ast.expr, names: Names) -> bool:
    root = root_of(node)
    return isinstance(root, ast.Name) and isinstance(names.get(root.id), Imported)


def root_of(function: ast.expr) -> ast.expr:
    """The root of a call: `helpers` in `helpers.add_columns` and
    `helpers.made["x"]().add`."""
    while isinstance(function, ast.Attribute | ast.Call | ast.Subscript):
        function = function.func if isinstance(function, ast.Call) else function.value
    return function


def _handed_over(value: ast.expr) -> Iterator[ast.expr]:
    """Functions, and values that may be functions, in an argument without a call."""
    match value:
        case ast.Lambda() | ast.Name():
            yield value
        case ast.Attribute(value=owner):
            if is_op(owner):
                yield value
        case ast.Call(args=args, keywords=words):
            for each in (*args, *(word.value for word in words)):
                yield from _handed_over(each)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for each in items:
                yield from _handed_over(each)
        case ast.Dict(values=values):
            for each in values:
                yield from _handed_over(each)
        case ast.Starred(value=inner):
            yield from _handed_over(inner)


def may_operate(node: ast.AST, names: Names) -> bool:
    """Whether the code in `node`, including referenced code of the migration, may
    change tables."""
    return any(
        operates(each) or _calls_imported(each, known)
        for each, known in _reached(node, names)
    )


def _calls_imported(node: ast.AST, names: Names) -> bool:
    roots = [
        root_of(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)
    ]
    return any(
        isinstance(root, ast.Name) and isinstance(names.get(root.id), Imported)
        for root in roots
    )


def _reached(node: ast.AST, names: Names) -> Iterator[tuple[ast.AST, Names]]:
    """`node` and all code that it refers to by name, each with its names."""
    todo, seen = [(node, names)], set[int]()
    while todo:
        each, known = todo.pop()
        yield each, known
        for name in (n.id for n in ast.walk(each) if isinstance(n, ast.Name)):
            value = known.get(name)
            if value is None or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, Function | Opaque):
                todo.append((value.node, value.names))
            elif isinstance(value, ast.expr):
                todo.append((value, known))


def unread(node: ast.AST, scope: Namespace, line: int) -> Unread:
    """An unread call with the code that it may run."""
    reached = [each for each, _ in _reached(node, scope.names)]
    scope.budget.spend(sum(1 for each in reached for _ in ast.walk(each)))
    return Unread(tuple(reached), line)
