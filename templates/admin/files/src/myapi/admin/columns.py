"""Which columns of a table the admin shows, and who gives their values."""

import re
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Column,
    Enum,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty
from sqlalchemy.schema import ColumnCollectionConstraint
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.types import TypeEngine

SECRET = re.compile(
    r"password|secret|token|credential"
    r"|(^|_)(digest|hash|salt)(_|$)"
    r"|(api|access|private|signing|encryption)_?key"
)

WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def address_of(mapper: Mapper[Any]) -> str:
    return str(mapper.local_table).replace("_", "-")


def name_of(mapper: Mapper[Any]) -> str:
    return WORDS.sub(" ", mapper.class_.__name__)


def kind_of(column: KeyedColumnElement[Any]) -> TypeEngine[Any]:
    """How the database keeps it, under whatever decorates that."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def type_of(column: KeyedColumnElement[Any]) -> type[Any]:
    try:
        return kind_of(column).python_type
    except NotImplementedError:
        return str


def is_secret(column: KeyedColumnElement[Any]) -> bool:
    """Marked by `info={"secret": True}`, by its name, or because it holds bytes: it
    never leaves the database."""
    name = (column.key or "").lower()
    marked = bool(column.info.get("secret") or SECRET.search(name))
    return marked or isinstance(kind_of(column), LargeBinary)


def is_needed(column: KeyedColumnElement[Any]) -> bool:
    """Whether there is no row without a value that somebody gives."""
    return (
        isinstance(column, Column)
        and not column.nullable
        and column.default is None
        and column.server_default is None
        and not is_generated(column)
    )


def has_needed_secret(mapper: Mapper[Any]) -> bool:
    return any(is_secret(c) and is_needed(c) for c in mapper.columns)


def is_hidden(mapper: Mapper[Any]) -> bool:
    """A key is in the addresses of its row, so a secret one hides the table."""
    return any(is_secret(cast("Column[Any]", column)) for column in mapper.primary_key)


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
    kind = kind_of(column)
    unreadable = column.primary_key and isinstance(kind, Uuid)
    changing = isinstance(column, Column) and column.onupdate is not None
    return unreadable or changing or isinstance(kind, (Text, JSON))


def is_text(column: KeyedColumnElement[Any]) -> bool:
    return isinstance(kind_of(column), (String, Enum))


def shown(mapper: Mapper[Any]) -> list[str]:
    """Its attributes in order, with a relationship in place of its foreign key.

    A collection is shown where it is the only way: through an association table, on the
    side that the table begins with."""
    links = [
        relation
        for relation in mapper.relationships
        if not relation.viewonly and not is_hidden(relation.mapper)
    ]
    relations = {
        column: relation.key
        for relation in links
        if relation.direction.name == "MANYTOONE"
        for column in relation.local_columns
        if not column.primary_key
    }
    names = [
        relations.get(attribute.columns[0], attribute.key)
        for attribute in sorted(mapper.column_attrs, key=is_last)
        if not is_secret(attribute.columns[0])
    ]
    names += [relation.key for relation in links if begins_pairs(relation)]
    return list(dict.fromkeys(names))


def begins_pairs(relation: RelationshipProperty[Any]) -> bool:
    if relation.secondary is None:
        return False
    first = next(iter(relation.secondary.columns))
    own = (remote for _, remote in relation.synchronize_pairs)
    return relation.back_populates is None or first in own


def is_last(attribute: ColumnProperty[Any]) -> bool:
    """When it was made and changed comes after what it is."""
    column = attribute.columns[0]
    return is_generated(column) and not column.primary_key


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
