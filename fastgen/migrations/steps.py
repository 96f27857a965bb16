"""The steps of a migration."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """A call of Alembic's `op`, a batch or a connection, with folded arguments."""

    call: ast.Call
    line: int


@dataclass(frozen=True)
class Unread:
    """A statement that may change tables in an unknown way."""

    nodes: tuple[ast.AST, ...]
    """The statement and the code that it may run."""
    line: int


@dataclass(frozen=True)
class Either:
    """Alternative branches of operations; only one branch runs, and it is unknown
    which."""

    branches: tuple[tuple["Step", ...], ...]
    line: int


Step = Operation | Unread | Either
