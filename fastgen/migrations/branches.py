"""The schema after alternative branches of operations."""

from collections.abc import Sequence
from dataclasses import replace

from fastgen.migrations.schema import MigratedTable, Place, Schema


def agreed(schemas: Sequence[Schema], place: Place) -> Schema:
    """The tables on which all `schemas` agree. Other tables are marked: the statement
    at `place` may change them."""
    first = schemas[0]
    names = dict.fromkeys(name for schema in schemas for name in schema.tables)
    tables: dict[str, MigratedTable] = {}
    for name in names:
        found = [s.tables[name] for s in schemas if name in s.tables]
        same = len(found) == len(schemas) and all(
            _outline(table) == _outline(found[0]) for table in found
        )
        if same:
            tables[name] = _with_known_types(found)
        else:
            tables[name] = _unread(found, place)
    gone = {n: g for schema in schemas for n, g in schema.gone.items()}
    unread = dict.fromkeys(each for schema in schemas for each in schema.unread)
    return replace(
        first,
        tables=tables,
        gone={name: each for name, each in gone.items() if name not in tables},
        unread=tuple(unread),
        clear=all(schema.clear for schema in schemas),
    )


def _unread(tables: Sequence[MigratedTable], place: Place) -> MigratedTable:
    """The first table with the unreadable statements of all branches; if there are
    none, with the statement at `place`."""
    places = tuple(dict.fromkeys(each for table in tables for each in table.unread))
    known = replace(tables[0], unread=places)
    is_marked = any(table.unread != places for table in tables)
    return known if is_marked else known.not_read(place)


def _outline(table: MigratedTable) -> object:
    """The columns and rules of a table, without places."""
    columns = {column.name: column.nullable for column in table.columns.values()}
    return columns, set(table.rules), table.clear


def _with_known_types(tables: Sequence[MigratedTable]) -> MigratedTable:
    """The first table; types that differ between the tables are unknown."""
    first = tables[0]
    columns = {
        name: column
        if all(table.columns[name].type == column.type for table in tables)
        else replace(column, type=None)
        for name, column in first.columns.items()
    }
    return replace(first, columns=columns)
