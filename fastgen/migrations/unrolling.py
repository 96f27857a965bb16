"""The operations of a migration in sequence.

Loops over literals are unrolled, functions of the migration are inlined, and branches
on the database are decided.
"""

import ast
from collections.abc import Generator, Iterator, Sequence
from copy import copy
from functools import cache

from fastgen.migrations.bindings import (
    forget_items,
    forget_stored,
    import_name,
    names_changed_by_functions,
)
from fastgen.migrations.calls import may_operate, steps_of, unread
from fastgen.migrations.conditions import asks_database, case_branches, is_guard
from fastgen.migrations.flow import (
    AGAIN,
    ENDING,
    NEXT,
    Flow,
    Flows,
    jumps_of,
    leaving,
    merged_flows,
    own_nodes,
)
from fastgen.migrations.folding import bound_arguments, folded
from fastgen.migrations.limits import STATEMENT, UNREADABLE
from fastgen.migrations.literals import elements, holds
from fastgen.migrations.op_calls import batch_of, last_name
from fastgen.migrations.scope import Function, Namespace, Opaque
from fastgen.migrations.steps import Either, Step, Unread

_Steps = Generator[Step, None, Flows]
_Parts = Generator[Step, None, tuple[Flows, bool]]
_JUMPS = (ast.Return, ast.Continue, ast.Break, ast.Raise)


@cache
def upgrade_steps(
    text: str, dialect: str, constants: tuple[tuple[str, str], ...] = ()
) -> tuple[Step, ...]:
    """The steps of `upgrade` in the migration `text` for a database of `dialect`, which
    may be empty.

    `constants` are the literals that it imports from the project, as pairs of dotted
    name and Python text. Cached because a command asks for the steps several times.
    """
    whole: ast.AST = ast.Constant("")
    try:
        whole = module = ast.parse(text)
        scope = Namespace(
            dialect=dialect,
            constants={
                name: ast.parse(value, mode="eval").body for name, value in constants
            },
            changing=names_changed_by_functions(module),
        )
        for _ in _block(module.body, scope):
            pass  # Statements of the module itself only assign names.
        function = scope.names.get("upgrade")
        if not isinstance(function, Function):
            return (Unread((module,), 1),)
        call = ast.Call(ast.Name("upgrade", ast.Load()), [], [])
        if bound_arguments(function, call, scope) is None:
            return (Unread((module,), 1),)
        return tuple(_inlined(function, call, scope, function.node.lineno))
    except UNREADABLE:
        return (Unread((whole,), 1),)


def _block(statements: Sequence[ast.stmt], scope: Namespace) -> _Steps:
    for number, statement in enumerate(statements):
        rest = statements[number + 1 :]
        scope.budget.spend(STATEMENT)
        flows, ended = yield from _statement(statement, rest, scope)
        if ended or Flow.NEXT not in flows:
            return flows
        if flows != NEXT:
            steps, after, names = _ran(rest, scope)
            yield from _either(statement, [steps, ()])
            _merge_names(scope, [names, scope.copy()])
            return merged_flows(flows - NEXT, after)
    return NEXT


def _statement(
    statement: ast.stmt, rest: Sequence[ast.stmt], scope: Namespace
) -> _Parts:
    """How the statement ends, and whether its steps include the statements after it,
    `rest`."""
    flows = NEXT
    match statement:
        case ast.If():
            return (yield from _branched(statement, rest, scope))
        case ast.For():
            return (yield from _loop(statement, rest, scope))
        case ast.While():
            return (yield from _repeated(statement, rest, scope))
        case ast.Try() | ast.TryStar():
            return (yield from _tried(statement, rest, scope))
        case ast.With():
            return (yield from _entered(statement, rest, scope))
        case ast.Match():
            subject = folded(statement.subject, scope)
            yield from _made(subject, scope, statement)
            patterns = (case.pattern for case in statement.cases)
            forget_stored(patterns, scope)
            flows = yield from _block(case_branches(statement, subject), scope)
        case ast.Return(value=value):
            if value is not None:
                yield from _calls(value, scope, statement)
            flows = frozenset({Flow.RETURN})
        case ast.Raise():
            flows = frozenset({Flow.RAISE})
        case ast.Break():
            flows = frozenset({Flow.BREAK})
        case ast.Continue():
            flows = frozenset({Flow.CONTINUE})
        case _:
            yield from _simple(statement, scope)
    return flows, False


def _branched(statement: ast.If, rest: Sequence[ast.stmt], scope: Namespace) -> _Parts:
    body, orelse = statement.body, statement.orelse
    test = folded(statement.test, scope)
    yield from _made(test, scope, statement)
    known = holds(test)
    if known is None and not orelse and asks_database(test, scope):
        # The resulting tables are the same whether the body of `if not has_column(...)`
        # runs or not.
        skips = isinstance(body[-1], _JUMPS)
        steps, flows, names = _ran(rest if skips else body, scope)
        if is_guard(test, steps, holds=not skips):
            yield from steps
            _merge_names(scope, [names])
            return flows, skips
    if known is not None:
        return (yield from _block(body if known else orelse, scope)), False
    branches = [(body, scope), (orelse, scope)]
    return (yield from _one_of(statement, branches, rest, scope))


def _one_of(
    statement: ast.stmt,
    branches: Sequence[tuple[Sequence[ast.stmt], Namespace]],
    rest: Sequence[ast.stmt],
    scope: Namespace,
) -> _Parts:
    """The steps of alternative `branches`, each with its own names."""
    jumps = any(leaving(body) for body, _ in branches)
    after = rest if jumps else ()
    ran = [_ran([*body, *after], names) for body, names in branches]
    left = [each for each in ran if each[1] != {Flow.RAISE}] or ran
    yield from _either(statement, [steps for steps, _, _ in left])
    _merge_names(scope, [names for _, _, names in left])
    return merged_flows(*(flows for _, flows, _ in left)), jumps


def _either(
    statement: ast.stmt, branches: Sequence[tuple[Step, ...]]
) -> Iterator[Step]:
    if len(branches) == 1:
        yield from branches[0]
    elif any(branches):
        yield Either(tuple(branches), statement.lineno)


def _ran(
    body: Sequence[ast.stmt], scope: Namespace
) -> tuple[tuple[Step, ...], Flows, Namespace]:
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
    yield from _made(source, scope, statement)
    for item in [*(elements(source) or ())]:
        scope.bind(statement.target, item)
        flows = yield from _block(statement.body, scope)
        if flows == {Flow.BREAK}:
            return NEXT, False
        if flows <= ENDING:
            return flows, False
        if not flows <= AGAIN or elements(source) is None:
            # The loop may have ended, or its body changes the list.
            return (yield from _repeated(statement, rest, scope))
    if elements(source) is None:
        return (yield from _repeated(statement, rest, scope))
    return (yield from _block(statement.orelse, scope)), False


def _repeated(
    statement: ast.For | ast.While, rest: Sequence[ast.stmt], scope: Namespace
) -> _Parts:
    """The steps of a loop whose body may run any number of times."""
    forget_stored([statement], scope)
    if isinstance(statement, ast.While):
        yield from _calls(statement.test, scope, statement)
    steps, _, _ = _ran(statement.body, scope)
    yield from _either(statement, [steps, ()])
    jumps = leaving(statement.body) - AGAIN
    bodies = [statement.orelse, *([[]] if Flow.BREAK in jumps else [])]
    bodies += jumps_of(jumps - {Flow.BREAK})
    branches = [(body, scope) for body in bodies]
    return (yield from _one_of(statement, branches, rest, scope))


def _tried(
    statement: ast.Try | ast.TryStar, rest: Sequence[ast.stmt], scope: Namespace
) -> _Parts:
    """The steps of the whole body, or of a handler after a part of the body."""
    if statement.finalbody:
        inner = copy(statement)
        inner.finalbody = []
        flows = yield from _block([inner], scope)
        last = yield from _block(statement.finalbody, scope)
        is_through = Flow.NEXT in last
        return merged_flows(last - NEXT, flows) if is_through else last, False
    body = [*statement.body, *statement.orelse]
    if not statement.handlers:
        return (yield from _block(body, scope)), False
    failed = scope.copy()
    forget_stored(statement.body, failed)
    branches = [(body, scope)]
    if any(isinstance(n, ast.Raise) for each in statement.body for n in ast.walk(each)):
        # A part of the body may run before a handler.
        steps, _, _ = _ran(statement.body, scope)
        yield from _either(statement, [steps, ()])
        every = [[], *jumps_of(leaving(statement.body))]
        branches = [([*each, *statement.orelse], failed) for each in every]
    for handler in statement.handlers:
        names = failed.copy()
        names.give(handler.name or "", None)
        branches.append((handler.body, names))
    return (yield from _one_of(statement, branches, rest, scope))


def _entered(statement: ast.With, rest: Sequence[ast.stmt], scope: Namespace) -> _Parts:
    stops_errors = False
    for item in statement.items:
        value = folded(item.context_expr, scope)
        is_alone = item.optional_vars is None and not batch_of(value)
        steps = [*_made(value, scope, statement, is_alone=is_alone)]
        yield from steps
        if isinstance(value, ast.Call) and last_name(value.func) == "suppress":
            stops_errors = True
        if item.optional_vars:
            scope.bind(item.optional_vars, None if steps else value)
    if not stops_errors:
        return (yield from _block(statement.body, scope)), False
    branches = [(statement.body, scope), ([], scope.copy())]
    forget_stored(statement.body, branches[1][1])
    return (yield from _one_of(statement, branches, rest, scope))


def _simple(statement: ast.stmt, scope: Namespace) -> Iterator[Step]:
    match statement:
        case ast.Expr(value=value):
            yield from _calls(value, scope, statement, is_alone=True)
        case ast.Assert(test=value):
            yield from _calls(value, scope, statement)
        case ast.Assign(targets=targets, value=value):
            yield from _assigned(targets, value, scope, statement)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned([target], value, scope, statement)
        case ast.AugAssign(target=target, value=value):
            yield from _calls(value, scope, statement)
            forget_stored([statement], scope)
        case ast.FunctionDef() if _is_plain(statement):
            yield from _defined(statement, scope)
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            scope.give(name, Opaque(statement, scope.names))
        case ast.Import(names=names):
            for alias in names:
                top = alias.name.partition(".")[0]
                is_whole = alias.asname is not None or alias.name == "alembic.op"
                module = alias.name if is_whole else top
                import_name(alias.asname or top, module, "", scope)
        case ast.ImportFrom(module=source, names=names):
            for alias in names:
                bound = alias.asname or alias.name
                dots = "." * statement.level
                import_name(bound, dots + (source or ""), alias.name, scope)
        case ast.Delete():
            forget_stored([statement], scope)
        case _ if may_operate(statement, scope.names):
            yield unread(statement, scope, statement.lineno)


def _is_plain(function: ast.FunctionDef) -> bool:
    """Whether a call only runs the body of the function."""
    own = own_nodes(function.body)
    is_generator = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own)
    return not (function.decorator_list or is_generator)


def _defined(function: ast.FunctionDef, scope: Namespace) -> Iterator[Step]:
    said = copy(function.args)
    for default in filter(None, (*said.defaults, *said.kw_defaults)):
        yield from _calls(default, scope, function)
    said.defaults = [folded(each, scope) for each in said.defaults]
    said.kw_defaults = [each and folded(each, scope) for each in said.kw_defaults]
    node = copy(function)
    node.args = said
    scope.give(node.name, Function(node, scope.frame, scope.names))


def _assigned(
    targets: Sequence[ast.expr], value: ast.expr, scope: Namespace, statement: ast.stmt
) -> Iterator[Step]:
    result = folded(value, scope)
    steps = [*_made(result, scope, statement)]
    yield from steps
    for target in targets:
        # If computing a value changes tables, do not compute it again on use.
        scope.bind(target, None if steps else result)
        if isinstance(target, ast.Subscript | ast.Attribute):
            forget_items(target, scope)


def _calls(
    node: ast.expr, scope: Namespace, place: ast.stmt, *, is_alone: bool = False
) -> Iterator[Step]:
    """The steps of the calls in an expression."""
    yield from _made(folded(node, scope), scope, place, is_alone=is_alone)


def _made(
    node: ast.expr, scope: Namespace, place: ast.stmt, *, is_alone: bool = False
) -> Iterator[Step]:
    """The steps of the calls in a folded expression."""
    yield from steps_of(node, scope, place.lineno, _inlined, is_alone=is_alone)


def _inlined(
    function: Function, call: ast.Call, scope: Namespace, line: int
) -> Iterator[Step]:
    names = bound_arguments(function, call, scope)
    if names is None or scope.is_deep:
        if may_operate(call, scope.names):
            yield unread(call, scope, line)
        return
    yield from _block(function.node.body, scope.inner(names))
