"""Import lines for generated statements."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache

_FROM: Mapping[str, str] = {
    **dict.fromkeys(["Annotated", "Any", "Literal", "Optional"], "typing"),
    **dict.fromkeys(["date", "datetime", "time"], "datetime"),
    **dict.fromkeys(
        [
            *("BigInteger", "CheckConstraint", "Double", "ForeignKey"),
            *("String", "UniqueConstraint"),
        ],
        "sqlalchemy",
    ),
    **dict.fromkeys(["Mapped", "mapped_column", "relationship"], "sqlalchemy.orm"),
    **dict.fromkeys(["Field", "MISSING", "Strict", "StrictBool"], "pydantic"),
    **dict.fromkeys(["count", "cycle"], "itertools"),
    "Decimal": "decimal",
    "StrEnum": "enum",
    "UUID": "uuid",
    "b64encode": "base64",
    "randint": "random",
    "uuid4": "uuid",
}

IN_MODELS: Mapping[str, str] = {"Text": "sqlalchemy"}
"""Names that have another meaning in models."""


def imports_of(statements: Iterable[str], other: Mapping[str, str]) -> tuple[str, ...]:
    """The import lines for `statements`.

    `other` maps names to modules and takes precedence over the usual modules. Unknown
    names are assumed to be defined in the file itself.
    """
    places = {**_FROM, **other}
    lines: set[str] = set()
    for name in _names(statements):
        if name == "dt":
            lines.add("import datetime as dt")
        elif name == "sa":
            lines.add("import sqlalchemy as sa")
        elif name == "polyfactory":
            lines.add("import polyfactory")
        elif name in places:
            lines.add(f"from {places[name]} import {name}")
    return tuple(sorted(lines))


def _names(statements: Iterable[str]) -> set[str]:
    """The names that the statements read and that none of them defines."""
    found = [_read_and_assigned(statement) for statement in statements]
    read = {name for names, _ in found for name in names}
    return read.difference(*(own for _, own in found))


@cache
def _read_and_assigned(statement: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that `statement` reads and defines. Cached because resources share
    statements."""
    tree = ast.parse(statement)
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    targets = (s.targets for s in tree.body if isinstance(s, ast.Assign))
    own = {t.id for each in targets for t in each if isinstance(t, ast.Name)}
    own |= {s.name for s in tree.body if isinstance(s, ast.ClassDef)}
    return frozenset(read), frozenset(own)
