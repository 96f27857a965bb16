"""Calls in a migration that change tables."""

import ast
from enum import Enum, auto

EXECUTING = frozenset(
    """
    exec_driver_sql execute executemany executescript scalar scalars stream
    stream_scalars
    """.split()  # noqa: SIM905
)
"""Methods of `op`, connections and sessions that run SQL."""

SCHEMA_METHODS = frozenset(
    """
    add_column alter_column create_check_constraint create_foreign_key create_index
    create_table create_unique_constraint drop_column drop_constraint drop_index
    drop_table rename_table
    """.split()  # noqa: SIM905
)
"""Methods of `op` that change columns, constraints or names that fastgen uses."""

_NEUTRAL = frozenset(
    """
    batch_alter_table bulk_insert create_exclude_constraint create_table_comment
    drop_table_comment f get_bind get_context inline_literal
    """.split()  # noqa: SIM905
)
"""Methods of `op` that change no column, constraint or name that fastgen uses."""

_TYPES = frozenset({"Enum", "ENUM", "DOMAIN", "Sequence"})
"""Database objects besides tables with `create` and `drop`."""

_ROOTS = ("op", "context")


class CallKind(Enum):
    OPERATION = auto()
    UNKNOWN = auto()
    """The call may change any table."""
    OTHER = auto()


def kind_of_call(call: ast.Call) -> CallKind:
    match call.func:
        case ast.Attribute(value=owner, attr=attr):
            if is_op(owner) or batch_of(owner):
                return CallKind.OTHER if attr in _NEUTRAL else CallKind.OPERATION
            if attr in EXECUTING:
                return CallKind.OPERATION
            if attr in ("create_all", "drop_all", *SCHEMA_METHODS):
                return CallKind.UNKNOWN
            given = [*call.args, *(word.value for word in call.keywords)]
            if attr in ("create", "drop") and any(map(mentions_op, given)):
                is_type = (
                    isinstance(owner, ast.Call) and last_name(owner.func) in _TYPES
                )
                return CallKind.OTHER if is_type else CallKind.UNKNOWN
        case ast.Name(name) if name != "getattr":
            # An unknown function that receives `op` itself.
            given = [*call.args, *(word.value for word in call.keywords)]
            if any(is_op(each) for each in given):
                return CallKind.UNKNOWN
        case _ if mentions_op(call.func):  # `getattr(op, name)(...)`
            return CallKind.UNKNOWN
    return CallKind.OTHER


def is_op(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "op"


def batch_of(node: ast.expr) -> ast.Call | None:
    """`node` if it is a call of `op.batch_alter_table`, else None."""
    if isinstance(node, ast.Call) and last_name(node.func) == "batch_alter_table":
        return node
    return None


def operates(node: ast.AST) -> bool:
    """Whether the code in `node` may change tables if it runs."""
    nodes = [*ast.walk(node)]
    roots = [n for n in nodes if isinstance(n, ast.Name) and n.id in _ROOTS]
    harmless = [
        n
        for n in nodes
        if isinstance(n, ast.Attribute)
        and isinstance(n.value, ast.Name)
        and n.value.id in _ROOTS
        and n.attr in _NEUTRAL
    ]
    return len(roots) > len(harmless) or any(
        kind_of_call(n) is not CallKind.OTHER for n in nodes if isinstance(n, ast.Call)
    )


def mentions_op(node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id in _ROOTS for each in ast.walk(node)
    )


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(attr=attr):
            return attr
    return ""
