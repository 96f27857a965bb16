"""The effect of SQL that a migration executes."""

import ast
import re

from fastgen.migrations.op_calls import last_name
from fastgen.migrations.operations import Context
from fastgen.migrations.schema import Schema
from fastgen.migrations.sql import after_sql

_ROWS = frozenset(
    """
    bindparams delete from_select insert on_conflict_do_nothing on_conflict_do_update
    returning select select_from update values where
    """.split()  # noqa: SIM905
)
"""SQLAlchemy methods and functions that create statements about rows."""

_ROW_TEXT = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|SELECT|MERGE|REPLACE|TRUNCATE|PRAGMA|SET|COPY)\b", re.I
)
_TEXTS = ("text", "DDL")


def executed(schema: Schema, call: ast.Call, context: Context) -> Schema:
    """The schema after `execute(...)`."""
    given = [*call.args, *(word.value for word in call.keywords)]
    said = _said(given[0]) if given else None
    match said:
        case None:
            return schema
        case ast.Constant(str(text)):
            return after_sql(schema, text, context)
        case ast.Constant():
            return schema
    start = _start(said)
    if start is not None and _ROW_TEXT.match(start):
        return schema
    if start is None and _is_about_rows(said):
        return schema
    schema = schema.not_read(context.statement)
    return schema.maybe_making(context.statement, ())


def _said(node: ast.expr) -> ast.expr:
    """The text in `sa.text(...)`, without bound parameters."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="bindparams")):
            return _said(owner)
        case ast.Call(func=function, args=[inner, *_]) if last_name(function) in _TEXTS:
            return inner
    return node


def _start(node: ast.expr) -> str | None:
    """The known start of a text whose rest is unknown; None without one."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]):
            return _start(first) or ""
        case ast.BinOp(left=left):
            return _start(left)
        case ast.Call(func=ast.Attribute(value=ast.expr() as owner, attr="format")):
            return _start(owner)
    return None


def _is_about_rows(node: ast.expr) -> bool:
    """Whether the expression is a statement about rows, such as
    `table.update().where(...)`."""
    while isinstance(node, ast.Call):
        if last_name(node.func) in _ROWS:
            return True
        node = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return False
