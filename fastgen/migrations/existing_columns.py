"""Columns of a table as created by the project's migrations."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from fastgen.migrations.column_types import equal_type, portable_type
from fastgen.migrations.existing_checks import existing_checks, with_users_values
from fastgen.migrations.schema import MigratedTable, Place
from fastgen.plan import Finding, Severity
from fastgen.resources.constraint_names import ConstraintNames
from fastgen.resources.tables import Column, ForeignKey, Table

KNOWN = ("id", "created_at", "updated_at")
"""The columns of each table besides the columns of fields."""


def existing_table(
    table: Table, known: MigratedTable | None, names: ConstraintNames
) -> Table:
    """`table` with its columns as in `known`, if that table is fully readable."""
    if known is None or not known.clear:
        return table
    columns = {
        name: existing_column(column, column, known, names)
        if name in known.columns
        else column
        for name, column in table.columns.items()
    }
    return replace(table, columns=columns)


def existing_column(
    before: Column, after: Column, known: MigratedTable, names: ConstraintNames
) -> Column:
    """The column of `known` as the migrations created it. Its type is written as in
    fastgen.toml if that is the same type."""
    there = known.columns[before.name]
    types = (c.type for c in (after, before) if equal_type(c.type, there.type))
    stored = next(types, None) or portable_type(there.type) or before.type
    wanted = [c.unique for c in (after, before) if c.unique]
    unique = next((w for w in wanted if any(known.rules_on("uq", w))), ())
    own = (before.name,)
    indexes = [*(c.index for c in (after, before) if c.index), own]
    index = next((i for i in indexes if any(known.rules_on("ix", i))), ())
    is_unique_index = any(known.rules_on("ux", own))
    return replace(
        before,
        type=stored,
        nullable=before.nullable if there.nullable is None else there.nullable,
        unique=unique,
        index=own if is_unique_index else index,
        key=_key(before.name, known),
        is_unique_index=is_unique_index,
        checks=tuple(existing_checks(before, after, known, names)),
    )


def _key(column: str, known: MigratedTable) -> ForeignKey | None:
    rule = next(known.rules_on("fk", (column,)), None)
    if rule is None:
        return None
    default = rule.on_delete == "NO ACTION"
    return ForeignKey(rule.target, "" if default else rule.on_delete)


def changed_column(before: Column, after: Column, real: Column) -> Column:
    """`after`, with the user's changes to parts that the command does not change."""
    same = {
        name: getattr(real, name)
        for name in ("type", "nullable", "unique", "index", "key", "checks")
        if getattr(before, name) == getattr(after, name)
    }
    if real.is_unique_index and before.unique != after.unique:
        same["index"] = after.index
    if "checks" not in same:
        after = with_users_values(before, after, real)
    return replace(after, **same)


def own_columns(known: MigratedTable, columns: Iterable[str]) -> Iterator[Column]:
    """The columns that the user added to a table."""
    names = {*columns, *KNOWN}
    for name, column in known.columns.items():
        stored = portable_type(column.type)
        if name not in names and stored:
            yield Column(
                name=name,
                type=stored,
                kind="",
                nullable=column.nullable is not False,
                unique=(),
                index=(),
                key=_key(name, known),
                fill=None,
                server_default=None,
            )


def already(place: Place, what: str) -> Finding:
    """A notice that an existing migration creates `what`."""
    message = f"already makes {what}, so no other migration does"
    return Finding(Severity.NOTICE, place.path, message, place.line)


def already_gone(place: Place, what: str) -> Finding:
    """A notice that an existing migration drops `what`."""
    message = f"{what} no longer exists, so no other migration drops it"
    return Finding(Severity.NOTICE, place.path, message, place.line)
