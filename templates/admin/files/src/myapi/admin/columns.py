"""Which columns of a table the admin shows, and who gives their values."""

import re
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.orm import Mapper
from sqlalchemy.schema import ColumnCollectionConstraint
from sqlalchemy.sql.elements import KeyedColumnElement

SECRET = re.compile(
    r"password|secret|token|credential|(^|_)(digest|hash|salt|key)(_|$)"
)


def is_secret(column: KeyedColumnElement[Any]) -> bool:
    """By its name, or because it holds bytes: it never leaves the database."""
    name = (column.key or "").lower()
    return bool(SECRET.search(name)) or isinstance(column.type, LargeBinary)


def is_generated(column: KeyedColumnElement[Any]) -> bool:
    """Whether the application or the database gives the value, and not a person."""
    if not isinstance(column, Column) or column.computed or column.onupdate:
        return True
    if column.primary_key:
        counted = column.table.autoincrement_column is column
        return bool(column.default or column.server_default or counted)
    return column.key == "created_at"


def is_detail(column: KeyedColumnElement[Any]) -> bool:
    """Whether it would only fill a list: it is on the page of its row."""
    unreadable = column.primary_key and isinstance(column.type, Uuid)
    changing = isinstance(column, Column) and column.onupdate is not None
    return unreadable or changing or isinstance(column.type, (Text, JSON))


def shown(mapper: Mapper[Any]) -> list[str]:
    """Its attributes in order, with a relationship in place of its foreign key.

    A collection is shown where it is the only way: through an association table."""
    relations = {
        column: relation.key
        for relation in mapper.relationships
        if relation.direction.name == "MANYTOONE" and not relation.viewonly
        for column in relation.local_columns
        if not column.primary_key
    }
    names = [
        relations.get(attribute.columns[0], attribute.key)
        for attribute in mapper.column_attrs
        if not is_secret(attribute.columns[0])
    ]
    names += [
        relation.key
        for relation in mapper.relationships
        if relation.secondary is not None and not relation.viewonly
    ]
    return list(dict.fromkeys(names))


def generated(mapper: Mapper[Any]) -> list[str]:
    return [a.key for a in mapper.column_attrs if any(map(is_generated, a.columns))]


def details(mapper: Mapper[Any]) -> list[str]:
    columns = [a.key for a in mapper.column_attrs if is_detail(a.columns[0])]
    return columns + [r.key for r in mapper.relationships if r.uselist]


def named(mapper: Mapper[Any], message: str) -> set[str]:
    """The attributes that a message of the database is about."""
    words = set(re.findall(r"\w+", message))
    table = cast("Table", mapper.local_table)
    constraints = [
        (constraint.name, set(constraint.columns))
        for constraint in (*table.constraints, *table.indexes)
        if isinstance(constraint, (ColumnCollectionConstraint, Index))
    ]
    columns = {
        column
        for column in table.columns
        if column.name in words
        or any(name in words and column in among for name, among in constraints)
    }
    return {
        attribute.key
        for attribute in mapper.column_attrs
        if not columns.isdisjoint(attribute.columns)
    } | {
        relation.key
        for relation in mapper.relationships
        if not columns.isdisjoint(relation.local_columns)
    }
