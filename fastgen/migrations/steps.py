"""What a migration does, one step after another."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """A call of Alembic's `op`, of a batch or of a connection; its arguments are
    folded."""

    call: ast.Call
    line: int


@dataclass(frozen=True)
class Unread:
    """A statement that may change tables in a way that is unknown."""

    nodes: tuple[ast.AST, ...]
    """The statement, and the code that it may run."""
    line: int


@dataclass(frozen=True)
class Either:
    """Operations of which those of one branch run, and it is unknown of which."""

    branches: tuple[tuple["Step", ...], ...]
    line: int


Step = Operation | Unread | Either
