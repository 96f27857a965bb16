"""Which branch of a migration runs."""

import ast
import re
from collections.abc import Sequence

from fastgen.migrations.folding import folded
from fastgen.migrations.scope import Function, Namespace

_GUARDS = re.compile(
    r"\b(inspect|has_table|has_column|has_index|get_table_names|get_columns|get_indexes"
    r"|get_unique_constraints|get_foreign_keys|information_schema|sqlite_master"
    r"|pg_catalog|to_regclass|table_info)\b"
)
"""Words of a condition about the current content of the database."""


def is_guard(test: ast.expr, scope: Namespace) -> bool:
    """Whether a condition asks if a table or a column is there."""
    texts = [ast.unparse(test)]
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            function = scope.names.get(node.id)
            if isinstance(function, Function):
                texts.append(ast.unparse(function.node))
    return any(_GUARDS.search(text) for text in texts)


def case_branches(statement: ast.Match, scope: Namespace) -> Sequence[ast.stmt]:
    """The body of the case that `match` chooses; otherwise all cases as branches."""
    subject = folded(statement.subject, scope)
    chosen: list[ast.stmt] = []
    for case in reversed(statement.cases):
        test: ast.expr = ast.Constant(True)
        if not (isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None):
            options = (
                case.pattern.patterns
                if isinstance(case.pattern, ast.MatchOr)
                else [case.pattern]
            )
            values: list[ast.expr] = [
                each.value if isinstance(each, ast.MatchValue) else ast.Name("_")
                for each in options
            ]
            listed = ast.Tuple(elts=values, ctx=ast.Load())
            test = ast.Compare(subject, [ast.In()], [listed])
        branch = ast.If(test=test, body=case.body, orelse=chosen)
        chosen = [ast.copy_location(branch, statement)]
    return chosen
