"""Conditions that select a branch of a migration."""

import ast
import re

from fastgen.migrations.literals import UNKNOWN, is_known
from fastgen.migrations.scope import Function, Namespace

_GUARDS = re.compile(
    r"\b(inspect|has_table|has_column|has_index|get_table_names|get_columns|get_indexes"
    r"|get_unique_constraints|get_foreign_keys|information_schema|sqlite_master"
    r"|pg_catalog|to_regclass|table_info)\b"
)
"""Words in conditions about the current state of the database."""


def is_guard(test: ast.expr, scope: Namespace) -> bool:
    """Whether a condition checks if a table or column exists."""
    texts = [ast.unparse(test)]
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            function = scope.names.get(node.id)
            if isinstance(function, Function):
                texts.append(ast.unparse(function.node))
    return any(_GUARDS.search(text) for text in texts)


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
