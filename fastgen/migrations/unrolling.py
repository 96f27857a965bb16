"""The operations of a migration one after another: loops over literals are unrolled,
the migration's own functions are inlined, and branches on the database are decided."""

import ast
from collections.abc import Generator, Iterator, Sequence
from enum import Enum, auto
from functools import cache

from fastgen.migrations.bindings import (
    forget,
    forget_changed,
    import_name,
    is_imported,
    is_log,
)
from fastgen.migrations.conditions import case_branches, is_guard
from fastgen.migrations.folding import bound_arguments, folded
from fastgen.migrations.literals import elements, truth
from fastgen.migrations.op_calls import (
    CallKind,
    kind_of_call,
    mentions_op,
)
from fastgen.migrations.scope import Function, Namespace, TooLarge
from fastgen.migrations.steps import Either, Operation, Step, Unread


class _Flow(Enum):
    """How a block ends."""

    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


_Steps = Generator[Step, None, _Flow]
_Parts = Generator[Step, None, tuple[_Flow, bool]]
_LEAVING = (ast.Return, ast.Continue, ast.Break)
_JUMPS = (*_LEAVING, ast.Raise)


@cache
def upgrade_steps(text: str, dialect: str) -> tuple[Step, ...]:
    """What `upgrade` does in the migration `text` on a database of `dialect`, which
    may be empty. Kept, since a command asks for it several times."""
    module = ast.parse(text)
    scope = Namespace(dialect=dialect)
    try:
        for _ in _block(module.body, scope):
            pass  # Statements of the module itself only give names values.
        function = scope.names.get("upgrade")
        if not isinstance(function, Function):
            return (Unread(module, 1),)
        call = ast.Call(ast.Name("upgrade", ast.Load()), [], [])
        if bound_arguments(function, call, scope) is None:
            return (Unread(module, 1),)
        return tuple(_inlined(function, call, scope, function.node.lineno))
    except (TooLarge, RecursionError):
        return (Unread(module, 1),)


def _inside(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)


def _block(statements: Sequence[ast.stmt], scope: Namespace) -> _Steps:
    for number, statement in enumerate(statements):
        rest, ended = statements[number + 1 :], False
        scope.spend()
        match statement:
            case ast.If():
                flow, ended = yield from _branched(statement, rest, scope)
            case ast.Match():
                flow = yield from _block(case_branches(statement, scope), scope)
            case ast.For():
                flow, ended = yield from _loop(statement, rest, scope)
            case ast.With(items=items, body=body):
                yield from _entered(items, scope)
                flow = yield from _block(body, scope)
            case ast.Try(handlers=[]):
                flow = yield from _block(
                    [*statement.body, *statement.orelse, *statement.finalbody], scope
                )
            case ast.Try():
                flow, ended = yield from _tried(statement, rest, scope)
            case ast.While():
                flow, ended = yield from _repeated(statement, rest, scope)
            case ast.Return(value=value):
                if value is not None:
                    yield from _calls(folded(value, scope), scope, statement)
                return _Flow.RETURN
            case ast.Raise():
                return _Flow.RAISE
            case ast.Break():
                return _Flow.BREAK
            case ast.Continue():
                return _Flow.CONTINUE
            case _:
                yield from _simple(statement, scope)
                flow = _Flow.NEXT
        if ended or flow is not _Flow.NEXT:
            return flow
    return _Flow.NEXT


def _branched(statement: ast.If, rest: Sequence[ast.stmt], scope: Namespace) -> _Parts:
    """How the branch that runs ends, and whether the statements after it, `rest`, are
    among its steps."""
    body, orelse = statement.body, statement.orelse
    test = folded(statement.test, scope)
    yield from _calls(test, scope, statement)
    known = truth(test)
    if known is None and not orelse and is_guard(test, scope):
        # `if not has_column(...)` leaves the same tables, whether its body runs or not.
        known = not isinstance(body[-1], _JUMPS)
    if known is not None:
        flow = yield from _block(body if known else orelse, scope)
        return flow, flow is not _Flow.NEXT
    branches = [(body, scope), (orelse, scope)]
    return (yield from _one_of(statement, branches, rest, scope))


def _may_leave(body: Sequence[ast.stmt]) -> bool:
    """Whether it may end without what stands below it; a branch that raises is not
    read."""
    return any(isinstance(node, _LEAVING) for node in _inside(body))


def _one_of(
    statement: ast.stmt,
    branches: Sequence[tuple[Sequence[ast.stmt], Namespace]],
    rest: Sequence[ast.stmt],
    scope: Namespace,
) -> _Parts:
    """The steps of `branches`, each with the values that it sees, of which one runs."""
    jumps = any(_may_leave(body) for body, _ in branches)
    after = rest if jumps else ()
    ran = [_ran([*body, *after], names) for body, names in branches]
    left = [each for each in ran if each[1] is not _Flow.RAISE] or ran
    if len(left) == 1 or any(steps for steps, _, _ in left):
        yield from _either(statement, [steps for steps, _, _ in left])
    _merge_names(scope, [names for _, _, names in left])
    flows = {flow for _, flow, _ in left}
    flow = flows.pop() if len(flows) == 1 else _Flow.NEXT
    return flow, jumps


def _either(
    statement: ast.stmt, branches: Sequence[tuple[Step, ...]]
) -> Iterator[Step]:
    if len(branches) == 1:
        yield from branches[0]
    else:
        yield Either(tuple(branches), statement.lineno)


def _ran(
    body: Sequence[ast.stmt], scope: Namespace
) -> tuple[tuple[Step, ...], _Flow, Namespace]:
    inner = scope.copy()
    steps: list[Step] = []
    block = _block(body, inner)
    while True:
        try:
            steps.append(next(block))
        except StopIteration as end:
            return tuple(steps), end.value, inner


def _merge_names(scope: Namespace, others: Sequence[Namespace]) -> None:
    """Keep the values that are the same in all of `others`."""
    first = others[0].names
    same = {
        name: value
        for name, value in first.items()
        if all(other.names.get(name) is value for other in others)
    }
    scope.names.clear()
    scope.names.update(same)


def _loop(statement: ast.For, rest: Sequence[ast.stmt], scope: Namespace) -> _Parts:
    source = folded(statement.iter, scope)
    yield from _calls(source, scope, statement)
    items = elements(source)
    if items is None:
        scope.bind(statement.target, None)
        return (yield from _repeated(statement, rest, scope))
    for item in items:
        scope.bind(statement.target, item)
        flow = yield from _block(statement.body, scope)
        if flow is _Flow.BREAK:
            return _Flow.NEXT, False
        if flow in (_Flow.RETURN, _Flow.RAISE):
            return flow, False
    flow = yield from _block(statement.orelse, scope)
    return flow, False


def _repeated(
    statement: ast.For | ast.While, rest: Sequence[ast.stmt], scope: Namespace
) -> _Parts:
    """The steps of a loop whose body may run any number of times."""
    _forget(statement.body, scope)
    steps, _, _ = _ran(statement.body, scope)
    if steps:
        yield Either((steps, ()), statement.lineno)
    if any(isinstance(node, ast.Break) for node in _inside(statement.body)):
        branches = [(statement.orelse, scope), ([], scope)]
        return (yield from _one_of(statement, branches, rest, scope))
    flow = yield from _block(statement.orelse, scope)
    return flow, False


def _tried(statement: ast.Try, rest: Sequence[ast.stmt], scope: Namespace) -> _Parts:
    """The steps of the whole body, or of a handler after any part of it."""
    failed = scope.copy()
    _forget(statement.body, failed)
    branches = [([*statement.body, *statement.orelse], scope)]
    branches += [(each.body, failed) for each in statement.handlers]
    if any(_may_leave(body) for body, _ in branches):
        flow, ended = yield from _one_of(statement, branches, rest, scope)
        yield from _ran(statement.finalbody, scope)[0]  # runs in spite of a jump
        return flow, ended
    last = statement.finalbody
    branches = [([*body, *last], names) for body, names in branches]
    return (yield from _one_of(statement, branches, rest, scope))


def _forget(body: Sequence[ast.stmt], scope: Namespace) -> None:
    for node in _inside(body):
        match node:
            case ast.Name(ctx=ast.Store()):
                scope.bind(node, None)
            case ast.Expr(value=value):
                forget_changed(value, scope)


def _entered(items: Sequence[ast.withitem], scope: Namespace) -> Iterator[Step]:
    for item in items:
        value = folded(item.context_expr, scope)
        yield from _calls(value, scope, item.context_expr)
        if item.optional_vars:
            scope.bind(item.optional_vars, value)


def _simple(statement: ast.stmt, scope: Namespace) -> Iterator[Step]:
    match statement:
        case ast.Expr(value=value):
            forget_changed(value, scope)
            yield from _calls(folded(value, scope), scope, statement)
        case ast.Assign(targets=targets, value=value):
            yield from _assigned(targets, value, scope, statement)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned([target], value, scope, statement)
        case ast.AugAssign(target=target, value=value):
            yield from _calls(folded(value, scope), scope, statement)
            if isinstance(target, ast.Name):
                forget(target.id, scope)
        case ast.FunctionDef(name=name):
            scope.names[name] = Function(statement, scope.names)
        case ast.Import(names=names):
            for alias in names:
                bound = alias.asname or alias.name.partition(".")[0]
                import_name(bound, alias.name, "", scope)
        case ast.ImportFrom(module=module, names=names):
            for alias in names:
                bound = alias.asname or alias.name
                source = "." * statement.level + (module or "")
                import_name(bound, source, alias.name, scope)
        case ast.ClassDef() | ast.Pass() | ast.Assert() | ast.Global():
            return
        case _ if mentions_op(statement):
            yield Unread(statement, statement.lineno)


def _assigned(
    targets: Sequence[ast.expr], value: ast.expr, scope: Namespace, statement: ast.stmt
) -> Iterator[Step]:
    result = folded(value, scope)
    steps = [*_calls(result, scope, statement)]
    yield from steps
    for target in targets:
        # A value whose making changes tables is not made again where its name is read.
        scope.bind(target, None if steps else result)
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            forget(target.value.id, scope)


def _calls(node: ast.expr, scope: Namespace, place: ast.AST) -> Iterator[Step]:
    """What the calls inside of a folded expression do."""
    line = getattr(place, "lineno", 1)
    yield from _evaluated(node, scope, line, is_alone=isinstance(place, ast.Expr))


def _evaluated(
    node: ast.AST, scope: Namespace, line: int, *, is_alone: bool
) -> Iterator[Step]:
    """The steps in the order in which they run; `is_alone` says that nothing uses the
    value."""

    def run(*nodes: ast.AST, is_alone: bool = is_alone) -> tuple[Step, ...]:
        return tuple(
            step
            for each in nodes
            for step in _evaluated(each, scope, line, is_alone=is_alone)
        )

    match node:
        case ast.BoolOp(values=[first, *others]):
            yield from run(first, is_alone=False)
            branches = run(*others), tuple[Step, ...]()
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from run(test, is_alone=False)
            branches = (run(body), run(orelse))
        case _:
            yield from run(*ast.iter_child_nodes(node), is_alone=False)
            if isinstance(node, ast.Call):
                yield from _called(node, scope, line, is_alone=is_alone)
            return
    if any(branches):
        yield Either(branches, line)


def _called(
    call: ast.Call, scope: Namespace, line: int, *, is_alone: bool
) -> Iterator[Step]:
    match call.func:
        case ast.Name(name) if isinstance(scope.names.get(name), Function):
            function = scope.names[name]
            assert isinstance(function, Function)
            yield from _inlined(function, call, scope, line)
        case _:
            kind = kind_of_call(call)
            if is_alone and isinstance(call.func, ast.Subscript):
                kind = CallKind.UNKNOWN  # a function out of a list
            if is_imported(call.func, scope) and kind is CallKind.OTHER:
                is_used = not is_alone or is_log(call)
                if not is_used or any(map(mentions_op, call.args)):
                    kind = CallKind.UNKNOWN
            if kind is CallKind.OPERATION:
                yield Operation(call, line)
            elif kind is CallKind.UNKNOWN:
                yield Unread(call, line)


def _may_operate(function: Function, seen: frozenset[str]) -> bool:
    """Whether `function`, or one that it calls, uses `op`."""
    if mentions_op(function.node):
        return True
    names = {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)} - seen
    for other in (function.names.get(name) for name in names):
        if isinstance(other, Function) and _may_operate(other, seen | names):
            return True
        if isinstance(other, ast.expr) and mentions_op(other):
            return True
    return False


def _inlined(
    function: Function, call: ast.Call, scope: Namespace, line: int
) -> Iterator[Step]:
    inner = scope.inner(function.names)
    names = bound_arguments(function, call, scope)
    if names is None or inner.is_deep:
        if _may_operate(function, frozenset()) or mentions_op(call):
            yield Unread(call, line)
        return
    inner.names.update(names)
    yield from _block(function.node.body, inner)
