"""Conditions that select a branch of a migration."""

import ast
import re
from collections.abc import Iterable, Iterator

from fastgen.migrations.literals import UNKNOWN, is_known
from fastgen.migrations.op_calls import EXECUTING, last_name
from fastgen.migrations.operations import argument
from fastgen.migrations.scope import Function, Namespace
from fastgen.migrations.steps import Either, Operation, Step

_GUARDS = re.compile(
    r"\b(inspect|has_table|has_column|has_index|get_table_names|get_columns|get_indexes"
    r"|get_unique_constraints|get_check_constraints|get_foreign_keys"
    r"|information_schema|sqlite_master"
    r"|pg_catalog|to_regclass|table_info)\b"
)
"""Words in conditions about the current state of the database."""


_OF_A_TABLE = frozenset(
    {"get_columns", "get_indexes", "get_unique_constraints", "get_check_constraints"}
    | {"get_foreign_keys", "get_pk_constraint", "has_column", "has_index"}
)
"""Questions about a part of the table that is their first argument."""

_TABLE = re.compile(
    r"\b(?:table_name|tablename|tbl_name)\s*=\s*'(\w+)'"
    r"|\btable_info\s*\(\s*['\"]?(\w+)['\"]?\s*\)",
    re.IGNORECASE,
)
"""The table whose parts an SQL query is about."""

_LITERAL = re.compile(r"'(\w+)'")

_CREATED = re.compile(
    r"\b(?:add(?:\s+column)?|create\s+table|to)(?:\s+if\s+not\s+exists)?\s+\W?(\w+)",
    re.IGNORECASE,
)
"""A name that an SQL statement creates."""


def asks_database(test: ast.expr, scope: Namespace) -> bool:
    """Whether a condition is about the current state of the database."""
    texts = [ast.unparse(test)]
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            function = scope.names.get(node.id)
            if isinstance(function, Function):
                texts.append(ast.unparse(function.node))
    return any(_GUARDS.search(text) for text in texts)


def is_guard(test: ast.expr, steps: Iterable[Step], *, holds: bool = True) -> bool:
    """Whether `steps`, which run if `test` is `holds`, run on every database that has
    not run them before.

    So it is if the condition asks for what they create, which must be missing, or for
    what each of them changes, which must exist.
    """
    match test:
        case ast.Constant(value):
            return bool(value) == holds
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return is_guard(operand, steps, holds=not holds)
        case ast.BoolOp(values=values):
            known = [*steps]
            return all(is_guard(each, known, holds=holds) for each in values)
    existing, missing = set[str](), set[str]()
    for name, exists in _asked(test, exists=holds):
        (existing if exists else missing).add(name)
    every, tables = [*_flat(steps)], {*_tables_in(test)}
    if tables and not all(_words(each) & tables for each in every):
        return False
    if any(_created(each) & missing for each in every):
        return True
    return all(
        _words(each) & existing and not _created(each) & existing for each in every
    )


def _asked(node: ast.AST, *, exists: bool) -> Iterator[tuple[str, bool]]:
    """The names in a condition, and whether each exists if the condition holds."""
    match node:
        case ast.Constant(str(text)):
            found = _LITERAL.findall(_TABLE.sub("", text))
            for word in found if re.search(r"\s", text) else _names_in(text):
                yield word, exists
        case ast.Call(func=function, args=arguments) if (
            last_name(function) in _OF_A_TABLE
        ):
            for each in arguments[1:]:
                yield from _asked(each, exists=exists)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _asked(operand, exists=not exists)
        case ast.Compare(left=left, ops=[ast.NotIn()], comparators=[right]):
            yield from _asked(left, exists=not exists)
            yield from _asked(right, exists=True)
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
            yield from _asked(left, exists=exists)
            yield from _asked(right, exists=True)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            is_empty = isinstance(right, ast.Constant) and not right.value
            if isinstance(operator, ast.Eq | ast.Is):
                exists = exists != is_empty
            elif isinstance(operator, ast.NotEq | ast.IsNot):
                exists = exists == is_empty
            elif not (isinstance(operator, ast.Gt) and is_empty):
                return
            for each in (left, right):
                yield from _asked(each, exists=exists)
        case ast.Compare():
            return
        case ast.Subscript(value=value):
            yield from _asked(value, exists=exists)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _asked(child, exists=exists)


def _tables_in(test: ast.AST) -> Iterator[str]:
    """The tables whose parts a condition is about."""
    for node in ast.walk(test):
        match node:
            case ast.Constant(str(text)):
                for names in _TABLE.findall(text):
                    yield from filter(None, names)
            case ast.Call(func=function, args=[ast.Constant(str(table)), *_]) if (
                last_name(function) in _OF_A_TABLE
            ):
                yield table


def _flat(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Either):
            for branch in step.branches:
                yield from _flat(branch)
        else:
            yield step


def _created(step: Step) -> set[str]:
    """The names of the tables, columns, constraints and indexes that a step creates."""
    if not isinstance(step, Operation):
        return set()
    call = step.call
    name = last_name(call.func)
    node: ast.expr | None = None
    if name == "add_column":
        given = [*call.args, *(word.value for word in call.keywords)]
        columns = [each for each in given if isinstance(each, ast.Call)]
        node = argument(columns[0], 0, "name") if columns else None
    elif name == "rename_table":
        node = argument(call, 1, "new_table_name")
    elif name == "alter_column":
        words = {word.arg: word.value for word in call.keywords}
        node = words.get("new_column_name")
    elif name.startswith("create_"):
        node = argument(call, 0, "table_name", "index_name", "constraint_name")
    elif name in EXECUTING:
        texts = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant)]
        found = (_CREATED.findall(text) for text in texts if isinstance(text, str))
        return {word for words in found for word in words}
    return {str(node.value)} if isinstance(node, ast.Constant) else set()


def _words(step: Step) -> set[str]:
    """The names in an operation; empty if it is not readable."""
    if not isinstance(step, Operation):
        return set()
    texts = [n.value for n in ast.walk(step.call) if isinstance(n, ast.Constant)]
    return {w for text in texts if isinstance(text, str) for w in _names_in(text)}


def _names_in(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def case_branches(statement: ast.Match, subject: ast.expr) -> list[ast.stmt]:
    """The cases of `match` as branches of `if`. `subject` is folded."""
    chosen: list[ast.stmt] = []
    for case in reversed(statement.cases):
        tests = [_test_of(case.pattern, subject), *([case.guard] if case.guard else [])]
        test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
        branch = ast.If(test=test, body=case.body, orelse=chosen)
        chosen = [ast.copy_location(branch, statement)]
    return chosen


def _test_of(pattern: ast.pattern, subject: ast.expr) -> ast.expr:
    """A test whether `subject` matches; unknown for complex patterns."""
    match pattern:
        case ast.MatchAs(pattern=None):
            return ast.Constant(True)
        case ast.MatchOr(patterns=options):
            pass
        case _:
            options = [pattern]
    values = [each.value for each in options if isinstance(each, ast.MatchValue)]
    if len(values) < len(options) or not is_known(subject):
        return ast.Name(UNKNOWN, ast.Load())
    return ast.Compare(subject, [ast.In()], [ast.Tuple(elts=values, ctx=ast.Load())])
