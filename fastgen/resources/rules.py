"""Rules of a field that are also CHECK constraints of its column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.resources.literals import limit_value, text_of
from fastgen.resources.resource import Field
from fastgen.resources.types import TYPES, Limits

_RESERVED = frozenset(
    """
    abort action add after all alter always analyse analyze and any array as asc
    asymmetric attach authorization autoincrement before begin between binary both by
    cascade case cast check collate collation column commit concurrently conflict
    constraint create cross current current_catalog current_date current_role
    current_schema current_time current_timestamp current_user database default
    deferrable deferred delete desc detach distinct do drop each else end escape except
    exclude exclusive exists explain fail false fetch filter first following for foreign
    freeze from full generated glob grant group groups having if ignore ilike immediate
    in index indexed initially inner insert instead intersect into is isnull join key
    last lateral leading left like limit localtime localtimestamp match materialized
    natural no not nothing notnull null nulls of offset on only or order others outer
    over overlaps partition placing plan pragma preceding primary query raise range
    recursive references regexp reindex release rename replace restrict returning right
    rollback row rows savepoint select session_user set similar some symmetric
    system_user table tablesample temp temporary then ties to trailing transaction
    trigger true unbounded union unique update user using vacuum values variadic verbose
    view virtual when where window with without
    """.split()  # noqa: SIM905
)
"""Keywords of PostgreSQL and SQLite that must be quoted as a column name."""


ENDINGS = ("min", "max", "values", "range")
"""The suffixes of the names of CHECK constraints."""

_IN_PYTHON = {
    "date": "{} BETWEEN '0001-01-02' AND '9999-12-30'",
    "datetime": "{} >= '0001-01-02 00:00+00' AND {} < '9999-12-31 00:00+00'",
    "time": "{} < '24:00'",
}
"""The values that Python can read, by type of field. PostgreSQL also has `infinity`,
years before 1 and after 9999, and 24:00."""


@dataclass(frozen=True)
class Check:
    """A CHECK constraint of one column."""

    ending: str
    """The suffix of its name, one of `ENDINGS`."""
    condition: str
    """A SQL expression with `{}` in place of the column."""

    def name(self, column: str) -> str:
        """The name in the model, which the naming convention extends."""
        return f"{column}_{self.ending}"

    def sql(self, column: str) -> str:
        return self.condition.replace("{}", _quoted(column))


def with_renamed_column(condition: str, old: str, new: str) -> str:
    """The SQL expression `condition` with the column `old` called `new`."""
    return _text_or(old).sub(lambda match: match["text"] or _quoted(new), condition)


def mentions(condition: str, column: str) -> bool:
    """Whether the SQL expression `condition` reads `column`."""
    return any(not match["text"] for match in _text_or(column).finditer(condition))


def _text_or(column: str) -> re.Pattern[str]:
    """A text in SQL, or the column; a function or a table of that name is neither."""
    name = re.escape(column)
    return re.compile(rf"(?P<text>'[^']*')|\"{name}\"|\b{name}\b(?!\s*[(.])")


def _quoted(column: str) -> str:
    return f'"{column}"' if column in _RESERVED else column


def checks_of(field: Field) -> tuple[Check, ...]:
    """The CHECK constraints of the column of `field`."""
    return tuple(_checks(field))


def _checks(field: Field) -> Iterator[Check]:
    if field.kind == "enum":
        values = ", ".join(f"'{value}'" for value in field.arguments)
        yield Check("values", f"{{}} IN ({values})")
    for ending, operator, limit in (("min", ">=", field.min), ("max", "<=", field.max)):
        if limit is not None and (measured := _measured(field, ending)):
            value = text_of(limit_value(field, limit))
            yield Check(ending, f"{measured} {operator} {value}")
    if field.kind in _IN_PYTHON:
        yield Check("range", _IN_PYTHON[field.kind])


def _measured(field: Field, ending: str) -> str:
    """The SQL expression that a limit applies to. Empty if the column's type enforces
    the limit, or if the databases have no common function for it."""
    if TYPES[field.kind].limits is Limits.NUMBER:
        return "{}"
    if field.kind == "list" or (field.kind, ending) == ("str", "max"):
        return ""
    return "length({})"
