"""The values of names in a migration."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastgen.migrations.literals import elements

_DEEPEST = 12
"""Calls of the project's functions inside of one another."""

_STATEMENTS = 3_000
"""Statements of one migration, those of loops counted each time."""


class TooLarge(Exception):
    """A migration would be read as more statements, or larger ones, than is useful."""


@dataclass(frozen=True)
class Function:
    """A function of the migration, and the names that it sees."""

    node: ast.FunctionDef
    names: Mapping[str, "Value"]


@dataclass(frozen=True)
class Imported:
    """A name from a module that is neither a library nor the migration itself."""


Value = ast.expr | Function | Imported


@dataclass(frozen=True)
class Namespace:
    """The values of names. A name without an entry has a value that is unknown."""

    names: dict[str, Value] = field(default_factory=dict)
    dialect: str = ""
    """The database's, as SQLAlchemy calls it; may be unknown."""
    depth: int = 0
    spent: list[None] = field(default_factory=list)
    """One item for each statement that was read, in all scopes together."""

    def spend(self) -> None:
        """Count a statement. Raises TooLarge."""
        self.spent.append(None)
        if len(self.spent) > _STATEMENTS:
            raise TooLarge

    def inner(self, names: Mapping[str, Value]) -> "Namespace":
        """The scope of a function that is called in this one."""
        return replace(self, names=dict(names), depth=self.depth + 1)

    def copy(self) -> "Namespace":
        return replace(self, names=dict(self.names))

    @property
    def is_deep(self) -> bool:
        return self.depth > _DEEPEST

    def bind(self, target: ast.expr, value: ast.expr | None) -> None:
        """Assign `value` to the names in `target`; None stands for an unknown value."""
        match target:
            case ast.Name(name):
                self.names.pop(name, None)
                if value is not None:
                    self.names[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = elements(value) if value is not None else None
                known = values is not None and len(values) == len(targets)
                for number, each in enumerate(targets):
                    self.bind(each, values[number] if known and values else None)
            case ast.Starred(value=inner):
                self.bind(inner, None)
