"""The values of names in a migration."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastgen.migrations.limits import Budget
from fastgen.migrations.literals import elements

_DEEPEST = 12
"""The maximum depth of nested calls of the project's functions."""


@dataclass(frozen=True)
class Function:
    """A function of the migration whose calls are followed, with its visible names. Its
    parameter defaults are folded."""

    node: ast.FunctionDef
    frame: object
    names: Mapping[str, "Value"]


@dataclass(frozen=True)
class Opaque:
    """A definition in the migration that is not followed: a class, or a decorated,
    asynchronous or generator function."""

    node: ast.AST
    names: Mapping[str, "Value"]


@dataclass(frozen=True)
class Imported:
    """A name from a module that is neither a library nor the migration itself."""

    dotted: str
    """The module and the name; for a module, only the module."""


@dataclass(frozen=True)
class Library:
    """A name from a library; it changes tables only if it is called for that."""


Value = ast.expr | Function | Opaque | Imported | Library


@dataclass(frozen=True)
class Namespace:
    """The values of names. A name without an entry is unknown."""

    names: dict[str, Value] = field(default_factory=dict)
    dialect: str = ""
    """SQLAlchemy's name for the database; empty if unknown."""
    constants: Mapping[str, ast.expr] = field(default_factory=dict)
    """The values of the project's constants, by dotted name."""
    changing: frozenset[str] = frozenset()
    """Names that functions assign in outer scopes; always unknown."""
    budget: Budget = field(default_factory=Budget)
    depth: int = 0
    frame: object = field(default_factory=object)
    """The function call that owns these names."""
    frames: Mapping[object, Mapping[str, Value]] = field(default_factory=dict)
    """The names of the enclosing calls."""

    def inner(self, names: Mapping[str, Value]) -> "Namespace":
        """The scope of a function that is called in this scope."""
        frames = {**self.frames, self.frame: self.names}
        depth = self.depth + 1
        return replace(
            self, names=dict(names), depth=depth, frame=object(), frames=frames
        )

    def copy(self) -> "Namespace":
        return replace(self, names=dict(self.names))

    @property
    def is_deep(self) -> bool:
        return self.depth > _DEEPEST

    def names_around(self, function: Function) -> Mapping[str, Value]:
        """The names that `function` sees when it is called now."""
        if function.frame is self.frame:
            return self.names
        return self.frames.get(function.frame, function.names)

    def give(self, name: str, value: Value | None) -> None:
        """Set the value of `name`; None means unknown."""
        self.names.pop(name, None)
        if value is not None and name not in self.changing:
            self.names[name] = value

    def bind(self, target: ast.expr, value: ast.expr | None) -> None:
        """Assign `value` to the names in `target`; None means unknown."""
        match target:
            case ast.Name(name):
                self.give(name, value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = elements(value) if value is not None else None
                known = values is not None and len(values) == len(targets)
                for number, each in enumerate(targets):
                    self.bind(each, values[number] if known and values else None)
            case ast.Starred(value=inner):
                self.bind(inner, None)
